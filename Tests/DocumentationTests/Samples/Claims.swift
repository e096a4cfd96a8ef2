import Descent

struct ClaimSamples: Experiment {
  let title = "Samples of claims"

  var setup: Setup {
    Setup(
      data: .xor, network: .mlp(hidden: 4), loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1), initialization: .normal(scale: 1), stop: .after(steps: 500))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: [0.03, 0.1, 0.3])
    Seeds(0..<16)
  }

  // snippet
  var report: [Cell] {
    Expect(.share(of: .finalLoss, below: 1e-2), atLeast: 0.5, where: .learningRate, is: 0.3)
    Expect(.median(of: .finalLoss), atMost: 0.1, where: .learningRate, is: 0.3)
    Expect(.divergedShare, atMost: 0)
    Expect("η = 0.3 ends with a lower median loss than η = 0.03") { results in
      let small = try results.where(.learningRate, is: 0.03).median(.finalLoss)
      let large = try results.where(.learningRate, is: 0.3).median(.finalLoss)
      return (large < small, "medians \(NumberText.short(large)) and \(NumberText.short(small))")
    }
  }
  // end

  // snippet
  static let published = Expect("The share is the published one") { results in
    guard results.count >= 1_000 else { throw Untested("the published share is for 1000 runs") }
    let share = try results.share(of: .finalLoss, below: 1e-2)
    return (share.interval.contains(0.62), "\(share)")
  }
  // end

  // snippet
  @ReportBuilder static var derivation: [Cell] {
    ReportTable.derivation("One sample by hand and by the engine") { results in try lines(results) }
    Expect.derivation("Formula and engine agree in every line", within: 1e-11) { results in try lines(results) }
  }

  static func lines(_ results: Results) throws -> [DerivationLine] {
    guard let row = results.rows.first, let data = try results.dataset(of: row),
      let start = try results.trajectory(of: row, at: [0]).first
    else { return [] }
    let engine = try results.backwardPass(of: row, at: start, sample: 0)
    let (y, t) = (engine.outputs[1][0], data.training.target(0)[0])
    return [
      DerivationLine("E", "½(y − t)²", textbook: (y - t) * (y - t) / 2, engine: engine.loss),
      DerivationLine("δ", "y − t", textbook: y - t, engine: engine.delta[1][0]),
    ]
  }
  // end
}

enum ComparisonSamples {
  // snippet
  static let report: [Cell] = [
    Comparison(of: .learningRate, by: .final(.validationLoss)).cell,
    Comparison(of: .learningRate, below: 1e-2).cell,
  ]
  // end
}
