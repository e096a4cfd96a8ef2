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
    Note { results in
      func values<Value>(_ parameter: Parameter<Value>) -> String {
        results.groups(by: parameter).map(\.value.description).joined(separator: ", ")
      }
      return """
        A network with \(values(.hidden)) hidden units learns \(values(.samples)) points of two moons by plain gradient descent, \
        without momentum. The batch size B is the number of points that one step uses: \(values(.batch)), where full means all \
        points. Smaller batches are the next points of a shuffled epoch, so every point is used once before any is used again. \
        For each seed, all batch sizes start from the same initial weights and take the same number of steps. The gradient of \
        all samples has no sampling noise, but costs the most work per step. E is the loss on all training data; it is not the \
        loss of the step's batch.
        """
    }
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
        let samples = NumberText.short(steps * Double(size.number ?? Self.samples(results)))
        let effort =
          steps.isFinite
          ? "\(NumberText.short(steps)) steps, \(samples) samples until E < 0.03"
          : "the median run does not reach E < 0.03"
        return "- **\(size)**: \(effort); final loss \(NumberText.short(try runs.median(.finalLoss)))"
      }
      return "## Answer\n\nMedians of \(results.groups(by: .batch).first?.results.count ?? 0) runs, by batch size:\n\n"
        + lines.joined(separator: "\n")
    }
    Expect("Single samples reach E < 0.03 after fewer samples than the full batch (ratio below 1, paired by seed)") {
      results in
      let (single, full) = (results.where(.batch, is: .single), results.where(.batch, is: .full))
      let (median, interval) = try Self.ratio(.stepsToLoss(0.03), of: single, to: full)
      guard let interval else { throw Untested("too few seeds for an interval") }
      let n = Self.samples(results)
      return (
        interval.upperBound < n,
        "samples: median ratio \(NumberText.short(median / n)), 95 % interval "
          + NumberText.interval(interval.lowerBound / n...interval.upperBound / n)
      )
    }
    Expect("Single samples need more steps than the full batch (ratio above 1, paired by seed)") { results in
      let (single, full) = (results.where(.batch, is: .single), results.where(.batch, is: .full))
      let (median, interval) = try Self.ratio(.stepsToLoss(0.03), of: single, to: full)
      guard let interval else { throw Untested("too few seeds for an interval") }
      return (
        interval.lowerBound > 1,
        "steps: median ratio \(NumberText.short(median)), 95 % interval \(NumberText.interval(interval))"
      )
    }
    Expect(
      "With 32 samples per step more than half of the runs reach an accuracy above 97 % (a bound chosen after looking; 95 % "
        + "interval above one half)"
    ) { results in
      let share = try results.where(.batch, is: .mini(size: 32)).share(of: .final(.accuracy), above: 0.97)
      return (share.interval.lowerBound > 0.5, "\(share)")
    }
  }

  /// The ratio of a metric between runs of equal seeds: its median, and an interval of the median (sign test).
  private static func ratio(
    _ metric: Metric, of runs: Results, to others: Results, confidence: Double = 0.95
  ) throws -> (median: Double, interval: ClosedRange<Double>?) {
    let base = Dictionary(zip(others.rows.map(\.seed), try others.values(metric))) { first, _ in first }
    let ratios = zip(runs.rows.map(\.seed), try runs.values(metric)).compactMap { seed, value in
      base[seed].map { value / $0 }
    }
    return (Statistics.median(ratios), Statistics.medianInterval(ratios, confidence: confidence))
  }

  /// The number of training samples: those of a full batch.
  private static func samples(_ results: Results) -> Double { results.groups(by: .samples).first?.value.number ?? .nan }
}
