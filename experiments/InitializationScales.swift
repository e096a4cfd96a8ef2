import Descent

/// XOR from initial weights of seven scales: from zero no run learns, and from large weights few do.
struct InitializationScales: Experiment {
  let title = "How large should the initial weights be?"

  var setup: Setup {
    Setup(
      data: .xor,
      network: .mlp(hidden: 4, activation: .tanh, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 1),
      initialization: .normal(scale: 1),
      batch: .full,
      stop: .after(steps: 4_000))
  }

  var sweep: [Axis] {
    Vary(.initScale, over: [0, 0.01, 0.1, 0.3, 1, 3, 10])
    Seeds(0..<64)
  }

  var report: [Cell] {
    Note(
      """
      A 2-4-1 network learns XOR. Its initial weights are σ₀ times standard normal numbers, and its initial biases are zero. \
      At σ₀ = 0 all hidden units are equal. They receive the same gradient, here zero, and stay equal. At large σ₀ the tanh \
      units are saturated at the start: their slope 1 − tanh² is nearly zero.
      """)
    Figure("Loss against step") { Curve(.loss).color(by: .initScale).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Gradient norm against step") { Curve(.gradientNorm).color(by: .initScale).band(.quartiles) }.xScale(.log)
      .yScale(.log)
    Figure("Final loss against initialization scale") { Sensitivity(.finalLoss, to: .initScale) }.yScale(.log)
    Comparison(of: .initScale, below: 0.01)
    Note { results in
      let zero = results.where(.initScale, is: 0)
      let solved = try zero.share(of: .finalLoss, below: 0.01).successes
      let shares = try results.groups(by: .initScale).map {
        ($0.value, try $0.results.share(of: .finalLoss, below: 0.01))
      }
      let top = shares.map(\.1.value).max() ?? 0
      let best = shares.filter { $0.1.value == top }
      return """
        ## Answer

        A run solves XOR if its final loss is below 0.01. At σ₀ = 0, \(solved) of \(zero.count) runs do, and the median final \
        loss is \(NumberText.short(try zero.median(.finalLoss))). A network with the constant output ½ has the loss ¼. The \
        largest share of solved runs is at σ₀ = \(best.map { "\($0.0)" }.joined(separator: ", ")): \
        \(best.first.map { "\($0.1)" } ?? "none"). At σ₀ = 10 it is \
        \(try results.where(.initScale, is: 10).share(of: .finalLoss, below: 0.01)).
        """
    }
    Expect("At σ₀ = 0 no run learns: every run ends at E = ¼") { results in
      let values = try results.where(.initScale, is: 0).values(.finalLoss)
      let worst = values.map { abs($0 - 0.25) }.max() ?? .infinity
      return (worst < 1e-12, "largest distance from ¼: \(NumberText.short(worst)), n = \(values.count)")
    }
    Expect(.share(of: .finalLoss, below: 0.01), atLeast: 0.7, where: .initScale, is: 1)
  }
}
