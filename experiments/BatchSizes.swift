import Descent

/// Full batch, mini-batch and single samples: steps and samples that training needs.
struct BatchSizes: Experiment {
  let title = "How many samples should one step use?"

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
      A 2-16-1 network learns 256 points of two moons. A step uses all of them, 32 of them, or one. For each seed, all \
      batch sizes start from the same initial weights and take the same number of steps. The gradient of all samples \
      has no sampling noise, but costs the most work per step. E is the loss on all training data, recorded every 20 \
      steps; it is not the loss of the step's batch.
      """)
    Figure("Training loss against steps") { Curve(.trainingLoss, over: .step).color(by: .batch).band(.quartiles) }
      .yScale(.log)
    Figure("Training loss against samples used") {
      Curve(.trainingLoss, over: .sample).color(by: .batch).band(.quartiles)
    }
    .xScale(.log).yScale(.log)
    Figure("Gradient norm of the step's batch") { Curve(.gradientNorm).color(by: .batch).smoothed(over: 200) }
      .yScale(.log)
    Comparison(of: .batch, below: 0.03)
    Note { results in
      let lines = try results.groups(by: .batch).map { size, runs in
        let steps = try runs.median(.stepsToLoss(0.03))
        let samples = NumberText.short(steps * Double(size.number ?? 256))
        let effort =
          steps.isFinite
          ? "\(NumberText.short(steps)) steps, \(samples) samples until E < 0.03"
          : "the median run does not reach E < 0.03"
        return "- **\(size)**: \(effort); final loss \(NumberText.short(try runs.median(.finalLoss)))"
      }
      return "## Answer\n\nMedians of \(results.groups(by: .batch).first?.results.count ?? 0) runs, by batch size:\n\n"
        + lines.joined(separator: "\n")
    }
    Expect("Single samples reach E < 0.03 after fewer samples than the full batch, in the median") { results in
      let full = try results.where(.batch, is: .full).median(.stepsToLoss(0.03)) * 256
      let single = try results.where(.batch, is: .single).median(.stepsToLoss(0.03))
      return (single < full, "\(NumberText.short(single)) samples (single), \(NumberText.short(full)) (full)")
    }
    Expect(.median(of: .final(.accuracy)), atLeast: 0.97, where: .batch, is: .mini(size: 32))
  }
}
