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
}

enum ComparisonSamples {
  // snippet
  static let report: [Cell] = [
    Comparison(of: .learningRate, by: .final(.validationLoss)).cell,
    Comparison(of: .learningRate, below: 1e-2).cell,
  ]
  // end
}
