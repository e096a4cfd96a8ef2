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
    Note { results in
      let hidden = results.groups(by: .hidden).map(\.value.description).joined(separator: ", ")
      return """
        The gradient gives the direction in which the loss decreases fastest. The learning rate η decides the length of the \
        step. With a small η training needs many steps; with a large η a step can increase the loss, and a run can diverge. \
        The same network (\(hidden) tanh units, E = 1/(2n) Σ (y − t)²) is trained on each task by plain gradient descent with all \
        samples in every step: θ ← θ − η∇E(θ). Every rate uses the same seeds, and so the same initial weights.
        """
    }
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
    Figure("Any learning rate: XOR") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
      .where(.data, is: .xor).xScale(.log).yScale(.log)
      .live(.learningRate, .hiddenUnits, .initScale, .activation, .optimizer, .batchSize, .seeds)
      .caption("In report.html the sliders take any value: the page trains the runs.")
    Comparison(of: .learningRate, below: 0.01).where(.data, is: .noisySine())
    Expect("On each task the best rate lies strictly between the smallest and the largest") { results in
      let groups = results.groups(by: .data)
      let best = try groups.compactMap { try $0.results.best(.learningRate, by: .finalLoss)?.value }
      let rates = results.groups(by: .learningRate).map(\.value)
      guard rates.count > 2 else { throw Untested("there is no rate between the smallest and the largest") }
      let isInside = best.allSatisfy { $0 != rates.first && $0 != rates.last }
      return (best.count == groups.count && isInside, "best η: \(best.map(\.description).joined(separator: ", "))")
    }
    Expect("On each task the smallest rate ends at a higher loss than the best one (ratio above 1, paired by seed)") {
      results in
      let ratios = try results.groups(by: .data).map { task, runs in
        let groups = runs.groups(by: .learningRate)
        guard groups.count > 1, let best = try runs.best(.learningRate, by: .finalLoss), let first = groups.first,
          let interval = try Self.ratio(of: first.results, to: best.results)
        else { throw Untested("one rate only, or too few seeds for an interval") }
        return (task: task, interval: interval)
      }
      let words = ratios.map { "\($0.task): 95 % interval \(NumberText.interval($0.interval))" }
      return (ratios.allSatisfy { $0.interval.lowerBound > 1 }, words.joined(separator: "; "))
    }
    Expect(
      "On each task no run diverges at η = 0.01, and more than half diverge at η = 3 (95 % interval above one half)"
    ) {
      results in
      let shares = results.groups(by: .data).map { task, runs in
        (
          task: task, low: runs.where(.learningRate, is: 0.01).divergedShare,
          high: runs.where(.learningRate, is: 3).divergedShare
        )
      }
      let holds = shares.allSatisfy { $0.low.successes == 0 && $0.high.interval.lowerBound > 0.5 }
      let words = shares.map {
        "\($0.task): \($0.low.successes) of \($0.low.count), and \($0.high.successes) of \($0.high.count)"
      }
      return (holds, words.joined(separator: "; "))
    }
  }

  /// The 95 % interval of the median ratio of final losses between runs of equal seeds (sign test).
  private static func ratio(of runs: Results, to others: Results) throws -> ClosedRange<Double>? {
    let base = Dictionary(zip(others.rows.map(\.seed), try others.values(.finalLoss))) { first, _ in first }
    let ratios = zip(runs.rows.map(\.seed), try runs.values(.finalLoss)).compactMap { seed, value in
      base[seed].map { value / $0 }
    }
    return Statistics.medianInterval(ratios, confidence: 0.95)
  }
}
