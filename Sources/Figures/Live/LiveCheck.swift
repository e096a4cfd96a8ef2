import Learning
import PageEngine
import Studies

/// The mistakes of a live figure, before training.
struct LiveCheck {
  private let figure: Figure
  private let draft: Draft
  private let place: String
  private let plot: LivePlot?

  static func mistakes(_ figure: Figure, of tasks: [PlotTask], in draft: Draft, place: String) -> [Mistake] {
    guard !figure.liveControls.isEmpty else { return [] }
    let check = LiveCheck(figure: figure, draft: draft, place: place, plot: LivePlot(figure))
    return check.shape + tasks.lazy.compactMap(check.setup).prefix(1)
  }

  private func mistake(_ value: String, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(at: "\(place), live(…)", value: value, rule: rule, remedy: remedy)
  }

  private var shape: [Mistake] {
    var found: [Mistake] = []
    if let plot {
      if let other = figure.liveControls.first(where: { !plot.controls.contains($0) }) {
        found.append(
          mistake(
            other.rawValue, "the plot has no such control",
            "Use " + plot.controls.map { ".\($0.rawValue)" }.joined(separator: ", ")))
      }
    } else {
      found.append(
        mistake(
          figure.title,
          "a page draws its runs over one Curve of the loss or the gradient norm over steps, DecisionBoundary, FittedCurves, "
            + "VectorField, or LossSurface over two parameters",
          "Give the figure one of them, a curve without smoothing"))
    }
    if let facet = figure.facetParameters.first {
      found.append(mistake(facet, "a live figure has one panel", "Choose one value with where(…)"))
    }
    if figure.exploration != nil {
      found.append(mistake("explore or play", "a figure is explored or live", "Make two figures"))
    }
    if Set(figure.liveControls).count < figure.liveControls.count {
      found.append(mistake(figure.title, "a control is named twice", "Name each once"))
    }
    return found
  }

  /// Why a page cannot train the runs of a set-up.
  private func setup(_ task: PlotTask) -> Mistake? {
    let setup = task.setup
    let mostSeed = PageRuns.mostSeed - UInt64(LiveRuns.mostSeeds)
    if let seed = draft.study.seeds.first(where: { $0 > mostSeed }) {
      return mistake("seed \(seed)", "a page trains seeds up to \(mostSeed)", "Choose smaller seeds")
    }
    if case .surface = plot, Parameter<Setup.Start>.start.erased.setting(setup) == nil {
      return mistake(
        "the initial weights",
        "the command line can set the start only where it is given, or all parameters are normally distributed",
        "Use .normal(scale: 1, biases: true), or leave live(…) out of this figure")
    }
    if let objective = setup.objective {
      if case .curve = plot {
        return mistake(objective.name, "a page draws curves of networks", "Use VectorField, or leave live(…) out")
      }
      let descent = PageDescent(objective, start: [0, 0], optimizer: setup.optimizer, stop: setup.stop)
      guard descent.description == nil else { return nil }
      return mistake(
        objective.name,
        "a page trains \(PageDescent.objectives.map(\.name).joined(separator: ", ")), with built-in optimizers, at most 100,000 steps and "
          + "without early stopping", "Leave live(…) out of this figure")
    }
    guard let data = task.data, let runs = PageRuns(setup, seeds: 0..<1, data: [data], plot: plot) else {
      return mistake(
        "the set-up", "a page trains networks whose initial weights are drawn", "Leave live(…) out of this figure")
    }
    guard runs.description != nil, setup.precision ?? .float64 == .float64 else {
      return mistake(
        runs.network.hidden.map(String.init).joined(separator: "-"),
        "a page trains at most 100,000 steps in float64, with built-in functions and without early stopping",
        "Leave live(…) out, or use built-in words")
    }
    guard setup.record.lossEvery == 1 || plot?.showsOneRun ?? true else {
      return mistake("record: .every(…)", "a page draws every step", "Record the loss at every step")
    }
    guard runs.batching.size(samples: data.training.count) < PageRuns.mostSamples else {
      return mistake(
        "\(runs.batching.size(samples: data.training.count)) samples in a step",
        "a page trains batches of fewer than \(PageRuns.mostSamples) samples",
        "Choose smaller data with where(…), or smaller batches")
    }
    let ofLayers = figure.liveControls.first { [.hiddenUnits, .activation].contains($0) }
    if runs.network.hidden.isEmpty, let name = ofLayers?.rawValue {
      return mistake(name, "the network has no hidden layer", "Leave \(name) out of live(…)")
    }
    return nil
  }
}
