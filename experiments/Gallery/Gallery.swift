import Descent

/// The figures that one sweep of a network can fill.
struct Gallery: Experiment {
  static let companions: [any Experiment.Type] = [GalleryCapacity.self, GalleryDescent.self, GalleryMinima.self]
  let title = "Which figures can a report contain?"

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
    training
    settings
    network
    landscape
  }

  @ReportBuilder private var training: [Cell] {
    Note { results in
      let seeds = results.groups(by: .learningRate).first?.results.groups(by: .initScale).first?.results.count ?? 0
      return """
        All figures of this report show one sweep: 120 points of two moons, a 2-5-1 network trained by full-batch gradient \
        descent, \(NumberText.count(results.groups(by: .learningRate).count, "learning rate")) η, \
        \(NumberText.count(results.groups(by: .initScale).count, "initialization scale")) σ₀ and \
        \(NumberText.count(seeds, "seed")). Figures that need other runs are in three companion reports: `gallery-capacity`, \
        `gallery-descent` and `gallery-minima`. Each figure is declared in a few lines of `experiments/Gallery`.
        """
    }
    Note("## During training")
    Figure("Training loss and validation loss") {
      Curve(.loss).color(by: .learningRate).band(.quartiles).runs()
      Curve(.validationLoss).color(by: .learningRate).dashed()
    }
    .where(.initScale, is: 1).xScale(.log).yScale(.log)
    Figure("Gradient norm of each layer, by learning rate") { LayerNorms(layers: 2) }
      .where(.initScale, is: 1).facets(columns: .learningRate).xScale(.log)
    Figure("Ratio of the layers' gradient norms") { LayerNorms(layers: 2, as: .ratios) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[3]).xScale(.log)
    Figure("Share of runs with a loss below 0.25") { Convergence(below: 0.25).color(by: .learningRate) }
      .where(.initScale, is: 1)
    Figure("Steps until the loss is below 0.25") { Sensitivity(.stepsToLoss(0.25), to: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
  }

  @ReportBuilder private var settings: [Cell] {
    Note("## Against the settings")
    Figure("Final loss against the learning rate") { Sensitivity(.finalLoss, to: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
      .caption("Inset: the empirical distribution of the same final losses.")
      .inset(
        at: Rect(x: 0.04, y: 0.5, width: 0.28, height: 0.44),
        Figure("") { Distribution(.finalLoss, as: .empirical) }.where(.initScale, is: 1).xScale(.log))
    Figure("Heat map of the final loss") { HeatMap(.finalLoss, x: .learningRate, y: .initScale) }
    Figure("Contour map of the final loss") { HeatMap(.finalLoss, x: .learningRate, y: .initScale, style: .contours) }
    Figure("Parallel coordinates: settings and final loss") { ParallelCoordinates(.finalLoss) }
    Figure("Final loss of every run") { Distribution(.finalLoss).color(by: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
    Figure("Histograms of the final loss") { Distribution(.finalLoss, as: .histogram).color(by: .initScale) }
      .where(.learningRate, is: rates[4]).xScale(.log)
    Figure("Box plots of the final loss") { Distribution(.finalLoss, as: .strip).color(by: .learningRate) }
      .where(.initScale, is: 1).yScale(.log)
    Figure("Empirical distributions of the final loss") {
      Distribution(.finalLoss, as: .empirical).color(by: .learningRate)
    }
    .where(.initScale, is: 1).xScale(.log)
    Figure("Differences of the final loss, paired by seed") { PairedDifferences(.finalLoss, of: .learningRate) }
      .where(.initScale, is: 1)
  }

  @ReportBuilder private var network: [Cell] {
    Note("## A single network")
    Figure("Decision boundary and the lines of the hidden units") { DecisionBoundary(.best(.finalLoss)) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5]).play(over: .step)
    Figure("Outputs of two hidden units") { HiddenFeatures(units: (1, 2), of: .best(.finalLoss)) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5]).play(over: .step, frames: 30)
    Figure("Weights of the network as a graph") { NetworkGraph(.best(.finalLoss)) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5]).play(over: .step)
  }

  @ReportBuilder private var landscape: [Cell] {
    Note("## The loss in parameter space")
    Figure("Loss in the principal plane of a trajectory") {
      LossSurface(.principal, through: .best(.finalLoss), paths: 3)
    }
    .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Figure("Loss in a random plane around the end point, filter-normalised") {
      LossSurface(.random(seed: 1), through: .best(.finalLoss), paths: 0, x: -8...8, y: -8...8)
    }
    .where(.initScale, is: 1).where(.learningRate, is: rates[5])
    Figure("Loss against two of the weights") { LossSurface(.parameters(0, 1), through: .best(.finalLoss), paths: 1) }
      .where(.initScale, is: 1).where(.learningRate, is: rates[5]).play(over: .step)
    Expect(
      "At η = \(NumberText.short(rates[5])), most runs of all initialization scales end with a training loss below 0.3: "
        + "interval above ½ (bound 0.3 chosen after the first runs)"
    ) { results in
      let share = try results.where(.learningRate, is: rates[5]).share(of: .finalLoss, below: 0.3)
      return (share.interval.lowerBound > 0.5, share.description)
    }
  }

  /// The sweep's learning rates, from the smallest.
  private var rates: [Double] { [Double].logarithmic(0.03...30, count: 7) }
}
