import Descent

/// Full batch, mini-batch, single samples: what a step costs and what it is worth.
struct BatchSizes: Experiment {
  let title = "How many samples should a step see?"

  var setup: Setup {
    Setup(
      data: .moons(samples: 256, noise: 0.15),
      network: .mlp(hidden: 16, activation: .tanh, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 8_000),
      record: .also(.trainingLoss, .accuracy, every: 20))
  }

  var sweep: [Axis] {
    Vary(.batch, over: [.full, .mini(size: 32), .single])
    Seeds(0..<24)
  }

  var report: [Cell] {
    Note(
      """
      The same network starts from the same weights and takes the same number of steps on 256 points of two moons, but \
      a step sees all of them, 32, or one. Per step the full gradient is the surest; per sample seen it is the dearest. \
      The loss drawn is that on all training data, measured every 20 steps, not that of the step's own few samples.
      """)
    Figure("Per step") { Curve(.trainingLoss, over: .step).color(by: .batch).band(.quartiles) }.yScale(.log)
    Figure("Per sample seen") { Curve(.trainingLoss, over: .sample).color(by: .batch).band(.quartiles) }
      .xScale(.log).yScale(.log)
    Figure("Gradient norm of the step's own batch") { Curve(.gradientNorm).color(by: .batch).smoothed(over: 200) }
      .yScale(.log)
    Comparison(of: .batch, below: 0.03)
    Note { results in
      let lines = try results.groups(by: .batch).map { size, runs in
        let perStep = Double(size.number ?? 256)
        let steps = try runs.median(.stepsToLoss(0.03))
        return
          "- **\(size)**: \(steps.isFinite ? "\(NumberText.short(steps)) steps, \(NumberText.short(steps * perStep)) samples" : "the median run never gets there") to E < 0.03; final loss \(NumberText.short(try runs.median(.finalLoss)))"
      }
      return "## Answer\n\nMedians over \(results.groups(by: .batch).first?.results.count ?? 0) seeds:\n\n"
        + lines.joined(separator: "\n")
    }
    Expect("Single samples reach E < 0.03 with fewer samples seen than the full batch, in the median") { results in
      let full = try results.where(.batch, is: .full).median(.stepsToLoss(0.03)) * 256
      let single = try results.where(.batch, is: .single).median(.stepsToLoss(0.03))
      return (single < full, "\(NumberText.short(single)) against \(NumberText.short(full)) samples")
    }
    Expect(.median(of: .final(.accuracy)), atLeast: 0.97, where: .batch, is: .mini(size: 32))
  }
}
