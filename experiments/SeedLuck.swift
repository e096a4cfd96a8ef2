import Descent

/// One setting, many seeds: how much of a result is luck?
struct SeedLuck: Experiment {
  static let name = "seeds"
  let title = "How much is luck?"

  var setup: Setup {
    Setup(
      data: .xor,
      network: .mlp(hidden: 2, activation: .sigmoid, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 2),
      initialization: .uniform(scale: 1, biases: true),
      batch: .full,
      stop: .after(steps: 20_000))
  }

  var sweep: [Axis] { Seeds(0..<256) }

  var report: [Cell] {
    Note(
      """
      The smallest network that can solve XOR, two hidden sigmoid units, is trained 256 times. Nothing differs but the \
      seed of the starting weights (uniform in [−1, 1]). A single run would show one of these stories and hide the others.
      """)
    Figure("Every run") { Curve(.loss).runs().band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Where the runs end") {
      Distribution(.finalLoss).level(1.0 / 8, "1/8").level(1.0 / 6, "1/6").level(1.0 / 4, "1/4")
    }
    .yScale(.log)
    .caption("Stuck networks end on exact levels: two patterns answered ½ give 1/8, three answered ⅓ or ⅔ give 1/6.")
    Figure("Share of runs below a loss of 0.01") { Convergence(below: 0.01) }.xScale(.log)
    Note { results in
      let losses = try results.values(.finalLoss)
      let stuck = losses.count { abs($0 - 1.0 / 8) < 2e-3 }
      let sixth = losses.count { abs($0 - 1.0 / 6) < 2e-3 }
      let steps = try results.values(.stepsToLoss(0.01)).filter(\.isFinite).sorted()
      return """
        ## Answer

        Solved (E < 0.01): \(try results.share(of: .finalLoss, below: 0.01)). Ended within 0.002 of 1/8: \(stuck); of 1/6: \
        \(sixth). Among the solved, the luckiest took \(steps.first.map { NumberText.short($0) } ?? "–") steps and the \
        unluckiest \(steps.last.map { NumberText.short($0) } ?? "–"). With so many seeds the share is known to the interval \
        given; with five seeds it could have come out as anything between two and five.
        """
    }
    Expect(.share(of: .finalLoss, below: 0.01), atLeast: 0.75)
    Expect(.share(of: .finalLoss, below: 0.01), atMost: 0.9)
  }
}
