import Descent

/// The gallery's figures of a function of two variables: its gradient, its surface and the trajectories.
struct GalleryDescent: Experiment {
  let title = "Which minimum does gradient descent find?"

  var setup: Setup {
    Setup(
      objective: .himmelblau, start: .uniform(-5...5), optimizer: .gradientDescent(learningRate: 0.005),
      stop: .after(steps: 400))
  }

  var sweep: [Axis] { Seeds(0..<64) }

  var report: [Cell] {
    Note(
      """
      Himmelblau's function has four minima, all of value 0. Gradient descent with the exact gradient has no random steps: the \
      starting point, which the seed draws, decides which minimum a run finds.
      """)
    Figure("Directions of steepest descent, and trajectories") { VectorField(x: -5...5, y: -5...5, paths: 12) }
    Figure("The function as a surface, with the same trajectories") {
      LossSurface(.parameters(0, 1), through: .firstSeed, paths: 12, x: -5.5...5.5, y: -5.5...5.5)
    }
    Figure("Value of the function in every run") { Curve(.loss).runs().band(.deciles) }.yScale(.log)
    ReportTable("End points of the runs, rounded", columns: [.number("x"), .number("y"), "runs"]) { results in
      try Self.ends(results).map { end in
        [NumberText.short(end.x), NumberText.short(end.y), Share(end.count, of: results.count).description]
      }
    }
    Expect(.share(of: .finalLoss, below: 1e-6), atLeast: 0.9)
    Expect(
      "Every one of the four minima is the end point of some run, and at least 90 % of the runs end at one of them"
    ) {
      results in
      let ends = try Self.ends(results)
      let share = Share(ends.reduce(0) { $0 + $1.count }, of: results.count)
      return (ends.count == 4 && share.value >= 0.9, "\(ends.count) end points; \(share)")
    }
  }

  /// The end points of the runs with a value below 10⁻⁶, to two decimals, and how many runs ended at each.
  private static func ends(_ results: Results) throws -> [(x: Double, y: Double, count: Int)] {
    let ends = try results.rows.filter { $0.summary.finalLoss < 1e-6 }.map { row in
      try results.parameters(of: row).map { ($0 * 100).rounded() / 100 }
    }
    return Dictionary(grouping: ends) { $0 }.map { (x: $0[0], y: $0[1], count: $1.count) }
      .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }
}
