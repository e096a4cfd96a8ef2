import Descent

/// Every kind of figure, on real runs.
struct Gallery: Experiment {
  static let companions: [any Experiment.Type] = [GalleryCapacity.self, GalleryDescent.self, GalleryMinima.self]
  let title = "What can be shown?"

  var setup: Setup {
    Setup(
      data: .moons(samples: 120, noise: 0.15).validation(fresh: 240),
      network: .mlp(hidden: [5], activation: .tanh, output: .sigmoid),
      loss: .binaryCrossEntropy,
      optimizer: .gradientDescent(learningRate: 1),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 1_500),
      record: .also(.validationLoss, .layerGradientNorm(1), .layerGradientNorm(2), every: 10))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: .logarithmic(0.03...30, count: 7))
    Vary(.initScale, over: [0.1, 0.5, 1, 2, 5])
    Seeds(0..<16)
  }

  var report: [Cell] {
    Note(
      """
      A tour of the figures, all of one sweep: 120 points of two moons, a 2-5-1 network, seven learning rates η, five \
      initialization scales σ₀, sixteen seeds. Three companions show what needs other runs: `gallery-capacity`, \
      `gallery-descent`, `gallery-minima`. Each figure is declared in a line or two of `experiments/Gallery.swift`.
      """)
    Note("## In the course of training")
    Figure("Loss: median, quartiles, single runs; validation dashed") {
      Curve(.loss).color(by: .learningRate).band(.quartiles).runs()
      Curve(.validationLoss).color(by: .learningRate).dashed()
    }
    .where(.initScale, is: 1).xScale(.log).yScale(.log)
    Figure("Gradient norm per layer, for each learning rate") { LayerNorms(layers: 2) }
      .where(.initScale, is: 1).facets(columns: .learningRate).xScale(.log)
    Figure("Ratio of the layers' gradient norms") { LayerNorms(layers: 2, as: .ratios) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[3]).xScale(.log)
    Figure("Convergence across seeds") { Convergence(below: 0.25).color(by: .learningRate) }.where(.initScale, is: 1)
    Figure("Time to the threshold") { Sensitivity(.stepsToLoss(0.25), to: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)

    Note("## Over the settings")
    Figure("Sensitivity to the learning rate") { Sensitivity(.finalLoss, to: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
      .inset(
        at: Rect(x: 0.04, y: 0.5, width: 0.32, height: 0.44),
        Figure("") { Distribution(.finalLoss, as: .empirical) }.where(.initScale, is: 1).xScale(.log))
    Figure("Heat map of the final loss") { HeatMap(.finalLoss, x: .learningRate, y: .initScale) }
    Figure("The same as contours") { HeatMap(.finalLoss, x: .learningRate, y: .initScale, style: .contours) }
    Figure("All parameters at once") { ParallelCoordinates(.finalLoss) }
    Figure("Distribution of the final loss") { Distribution(.finalLoss).color(by: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
    Figure("As histograms") { Distribution(.finalLoss, as: .histogram).color(by: .initScale) }
      .where(.learningRate, is: rates[4]).xScale(.log)
    Figure("As strips with boxes") { Distribution(.finalLoss, as: .strip).color(by: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
    Figure("As empirical distributions") { Distribution(.finalLoss, as: .empirical).color(by: .learningRate) }
      .where(.initScale, is: 1).xScale(.log)
    Figure("Paired by seed") { PairedDifferences(.finalLoss, of: .learningRate) }
      .where(.initScale, is: 1)

    Note("## Inside a network")
    Figure("Decision boundary, with each hidden unit's line") { DecisionBoundary(.best(.finalLoss)) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Figure("The hidden features") { HiddenFeatures(units: (1, 2), of: .best(.finalLoss)) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Figure("The network as a graph") { NetworkGraph(.best(.finalLoss)) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5])

    Note("## Over parameter space")
    Figure("Loss surface in the principal plane of a descent") {
      LossSurface(.principal, through: .best(.finalLoss), paths: 3)
    }
    .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Figure("In a random, filter-normalised plane around its end") {
      LossSurface(.random(seed: 1), through: .best(.finalLoss), paths: 0, x: -8...8, y: -8...8)
    }
    .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Figure("Over two of its weights") { LossSurface(.parameters(0, 1), through: .best(.finalLoss), paths: 1) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Expect(.share(of: .finalLoss, below: 0.3), atLeast: 0.5, where: .learningRate, is: rates[5])
  }

  /// The sweep's learning rates, from the smallest.
  private var rates: [Double] { [Double].logarithmic(0.03...30, count: 7) }
}
