import Descent

/// The gallery's comparison of minima: the places where runs of the smallest XOR network end.
struct GalleryMinima: Experiment {
  let title = "Where do descents end?"

  var setup: Setup {
    Setup(
      data: .noisySine(samples: 24, noise: 0),
      network: .mlp(hidden: 2, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.1),
      initialization: .normal(scale: 2, biases: true),
      batch: .full,
      stop: .after(steps: 20_000))
  }

  var sweep: [Axis] { Seeds(0..<200) }

  var report: [Cell] {
    Note("Two hidden units are fitted to a sine, 200 times. The runs end on a few levels: places of their own.")
    Figure("Local minima compared") { results in try Self.comparison(results).grid() }
      .caption("Levels of the final loss shared by at least three runs, lowest first; intervals: Wilson 95 %.")
    Figure("What each computes") { results in
      let data = try results.rows.first.flatMap { try results.dataset(of: $0) }?.training
      let points = data.map { data in (0..<data.count).map { Point(data.inputs[$0], data.targets[$0]) } } ?? []
      return try Self.comparison(results).functionGrid(data: points)
    }
    .caption("Rings: the data.")
    Figure("Every run") { Distribution(.finalLoss) }.yScale(.log)
  }

  /// Runs in order of their loss belong to one place as long as none is a tenth above the one before.
  private static func comparison(_ results: Results) throws -> MinimumComparison {
    var levels: [[Results.Row]] = []
    for row in results.rows.sorted(by: { $0.summary.finalLoss < $1.summary.finalLoss }) where !row.summary.hasDiverged {
      if let last = levels.last?.last, row.summary.finalLoss < 1.1 * last.summary.finalLoss {
        levels[levels.count - 1].append(row)
      } else {
        levels.append([row])
      }
    }
    let shared = levels.filter { $0.count >= 3 }.prefix(5)
    let xs = (0...80).map { -1.3 + 2.6 * Double($0) / 80 }
    let entries = try shared.enumerated().map { index, rows in
      let row = rows[0]
      return MinimumComparison.Entry(
        name: String(UnicodeScalar(UInt8(65 + index))), loss: row.summary.finalLoss, count: rows.count,
        eigenvalues: try results.hessianEigenvalues(at: row),
        function: try results.network(of: row).map { network in xs.map { Point($0, network([$0])[0]) } } ?? [])
    }
    let passages = try zip(shared, shared.dropFirst()).enumerated().map { index, pair in
      MinimumComparison.Passage(
        name: "\(entries[index].name) to \(entries[index + 1].name)",
        points: try results.passage(from: pair.0[0], to: pair.1[0]))
    }
    return MinimumComparison(entries: entries, passages: passages, runs: results.count)
  }
}
