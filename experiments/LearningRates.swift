import Descent

/// How far can the learning rate be pushed before gradient descent diverges?
struct LearningRates: Experiment {
  let title = "How far should one step go?"

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
      The gradient says in which direction the loss falls, not how far to walk. A small rate η wastes steps; a large one \
      overshoots, and beyond some point every step makes things worse. The same network (8 tanh units, full batch, \
      E = 1/(2n) Σ (y−t)²) is trained on two tasks, each rate from the same 32 starting points.
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
          "- **\(data)**: the best of the rates tried is η = \(best?.value.description ?? "none"), median final loss \(NumberText.short(try best?.results.median(.finalLoss) ?? .nan)); "
          + "the smallest, η = \(slowest?.value.description ?? ""), is still at \(NumberText.short(try slowest?.results.median(.finalLoss) ?? .nan)). "
          + (failing.map { "The first rate at which runs diverge is η = \($0.value): \($0.results.divergedShare)." }
            ?? "No run diverges.")
      }
      return "## Answer\n\n" + sentences.joined(separator: "\n")
        + "\n\nToo small a rate wastes its steps, too large a one loses everything: what is best lies between, and is a task's own."
    }
    Figure("Gradient norm against step") { Curve(.gradientNorm).color(by: .learningRate) }
      .facets(columns: .data).ownAxes().xScale(.log).yScale(.log)
      .caption("A norm that falls steadily is a valley being descended; one that stays up is a step too long for it.")
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
