import Descent

/// Where descent starts decides where it can get to.
struct InitializationScales: Experiment {
  let title = "How large should the first weights be?"

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
      All weights of a 2-4-1 network on XOR start as σ₀ times a standard normal number, biases at zero. At σ₀ = 0 all \
      hidden units are the same: they get the same gradient, here zero, and stay the same for ever. At large σ₀ the tanh \
      units begin saturated, where the slope 1 − tanh² is nearly zero.
      """)
    Figure("Loss against step") { Curve(.loss).color(by: .initScale).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Gradient norm against step") { Curve(.gradientNorm).color(by: .initScale).band(.quartiles) }.xScale(.log)
      .yScale(.log)
    Figure("Final loss against initialization scale") { Sensitivity(.finalLoss, to: .initScale) }.yScale(.log)
    Comparison(of: .initScale, below: 0.01)
    Note { results in
      let zero = results.where(.initScale, is: 0)
      let shares = try results.groups(by: .initScale).map {
        ($0.value, try $0.results.share(of: .finalLoss, below: 0.01))
      }
      let top = shares.map(\.1.value).max() ?? 0
      let best = shares.filter { $0.1.value == top }
      return """
        ## Answer

        From the symmetric zero start no run of \(zero.count) learns: all end at a loss of \
        \(NumberText.short(try zero.median(.finalLoss))), the best that a constant answer of ½ can do. Most often solved: \
        σ₀ = \(best.map { "\($0.0)" }.joined(separator: ", ")), each \(best.first.map { "\($0.1)" } ?? "none"). \
        At σ₀ = 10 it is \(try results.where(.initScale, is: 10).share(of: .finalLoss, below: 0.01)).
        """
    }
    Expect("The zero start never learns: every run ends at E = ¼") { results in
      let values = try results.where(.initScale, is: 0).values(.finalLoss)
      let worst = values.map { abs($0 - 0.25) }.max() ?? .infinity
      return (worst < 1e-12, "largest distance from ¼: \(NumberText.short(worst)), n = \(values.count)")
    }
    Expect(.share(of: .finalLoss, below: 0.01), atLeast: 0.7, where: .initScale, is: 1)
  }
}
