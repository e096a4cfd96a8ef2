import Descent

/// Which learning rate reaches the lowest loss, and from which rate on do runs diverge?
struct LearningRates: Experiment {
  let title = "How large should the learning rate be?"

  var setup: Setup {
    Setup(
      data: .noisySine(),
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 2_000))
  }

  var sweep: [Axis] {
    Vary(.data, over: [.noisySine(), .xor])
    Vary(.learningRate, over: .logarithmic(0.01...3, count: 8))
    Seeds(0..<32)
  }

  var report: [Cell] {
    Note(
      """
      The gradient gives the direction in which the loss decreases fastest. The learning rate η decides the length of the \
      step. With a small η training needs many steps; with a large η a step can increase the loss, and a run can diverge. \
      The same network (8 tanh units, full batch, E = 1/(2n) Σ (y−t)²) is trained on two tasks. Every rate uses the same \
      seeds, and so the same initial weights.
      """)
    Figure("Loss against step") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
      .facets(columns: .data).ownAxes().xScale(.log).yScale(.log)
    Figure("Final loss against learning rate") { Sensitivity(.finalLoss, to: .learningRate) }
      .facets(columns: .data).ownAxes().yScale(.log)
    Note { results in
      let sentences = try results.groups(by: .data).map { data, runs in
        let best = try runs.best(.learningRate, by: .finalLoss)
        let slowest = runs.groups(by: .learningRate).first
        let failing = runs.groups(by: .learningRate).first { $0.results.divergedCount > 0 }
        return
          "- **\(data)**: the best of the rates tried is η = \(best?.value.description ?? "none"), with a median final loss of "
          + "\(NumberText.short(try best?.results.median(.finalLoss) ?? .nan)). With the smallest, "
          + "η = \(slowest?.value.description ?? ""), it is \(NumberText.short(try slowest?.results.median(.finalLoss) ?? .nan)). "
          + (failing.map { "The smallest rate at which runs diverge is η = \($0.value): \($0.results.divergedShare)." }
            ?? "No run diverges.")
      }
      return "## Answer\n\n" + sentences.joined(separator: "\n")
    }
    Figure("Gradient norm against step") { Curve(.gradientNorm).color(by: .learningRate) }
      .facets(columns: .data).ownAxes().xScale(.log).yScale(.log)
      .caption("L2 norm of the gradient before each step.")
    Comparison(of: .learningRate, below: 0.01).where(.data, is: .noisySine())
    Expect("On each task the best rate lies strictly between the smallest and the largest") { results in
      let groups = results.groups(by: .data)
      let best = try groups.compactMap { try $0.results.best(.learningRate, by: .finalLoss)?.value }
      let rates = results.groups(by: .learningRate).map(\.value)
      let isInside = best.allSatisfy { $0 != rates.first && $0 != rates.last }
      return (best.count == groups.count && isInside, "best η: \(best.map(\.description).joined(separator: ", "))")
    }
    Expect(.divergedShare, atMost: 0, where: .learningRate, is: 0.01)
  }
}
