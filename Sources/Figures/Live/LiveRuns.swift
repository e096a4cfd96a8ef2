import Analysis
import Documents
import Learning
import PageEngine
import Studies

/// The runs of a live figure: a setting of the sweep as numbers, and the sliders.
struct LiveRuns {
  private let figure: Figure
  private let results: Results

  /// The most seeds that a page trains at once, and how many it begins with.
  static let mostSeeds = 32
  private static let firstSeeds = 16

  init(_ figure: Figure, _ results: Results) {
    self.figure = figure
    self.results = results
  }

  /// - Returns: `nil` where the command line has left no runs that a page can train.
  func form() throws -> Document.Figure.Form? {
    guard let row = start, let curve = figure.liveCurve, let runs = try runs(row), let description = runs.description
    else { return nil }
    let settings = zip(results.plan.axes, row.run.settings).map { axis, setting in
      [axis.parameter.name, setting.exact]
    }
    return .live(
      Document.Figure.Live(
        controls: figure.liveControls.compactMap { Self.control($0, runs) }, fields: PageRuns.head,
        head: description.head, layers: description.layers, rest: description.output + description.data,
        showsGradientNorm: curve.quantity == .gradientNorm, firstSeed: runs.seeds.lowerBound,
        command: "descent run \(results.plan.name)", settings: settings))
  }

  /// A run of the middle value of each parameter that the figure shows.
  private var start: Results.Row? {
    var rest = results
    for axis in results.plan.axes {
      let groups = rest.groups(named: axis.parameter.name)
      guard !groups.isEmpty else { continue }
      rest = groups[(groups.count - 1) / 2].results
    }
    return rest.rows.min { $0.seed < $1.seed }
  }

  private func runs(_ row: Results.Row) throws -> PageRuns? {
    let source = row.run.setup.data
    let first = row.seed
    // Data that vary with the seed are in the page for the seeds of the sweep alone.
    let count = Self.firstSeeds
    let variesWithSeed = source?.variesWithSeed ?? false
    guard let data = try results.dataset(of: row) else { return nil }
    var sets = [data]
    if variesWithSeed {
      let same = results.rows.filter { $0.run.settings == row.run.settings && $0.seed - first < count }
      sets = try same.sorted { $0.seed < $1.seed }.compactMap { try results.dataset(of: $0) }
    }
    return PageRuns(
      row.run.setup, seeds: first..<first + UInt64(variesWithSeed ? sets.count : count), data: sets)
  }

  private static func control(_ control: Figure.LiveControl, _ runs: PageRuns) -> Document.Figure.Live.Control? {
    switch control {
    case .learningRate:
      let rate = runs.optimizer.learningRate
      return .init(
        "learning-rate", field: "learningRate", label: "learning rate η",
        range: min(1e-3, rate / 30)...max(10, rate * 30), start: rate, isLogarithmic: true, isWhole: false)
    case .hiddenUnits:
      let units = runs.network.hidden.first ?? 1
      return .init(
        "hidden", field: "units", label: "hidden units H", range: 1...Double(max(16, 2 * units)),
        start: Double(units), isLogarithmic: false, isWhole: true)
    case .initScale:
      let scale = runs.initialization.scale
      return .init(
        "init-scale", field: "initScale", label: "initialization scale σ₀",
        range: min(0.01, scale / 30)...max(10, scale * 10), start: scale, isLogarithmic: true, isWhole: false)
    case .activation: return LiveChoices.activation(runs)
    case .optimizer: return LiveChoices.optimizer(runs)
    case .batchSize: return LiveChoices.batchSize(runs)
    case .seeds:
      guard runs.data.count == 1 else { return nil }
      return .init(
        "seeds", field: "seedCount", label: "number of seeds", range: 1...Double(mostSeeds),
        start: Double(runs.seeds.count), isLogarithmic: false, isWhole: true)
    }
  }
}

extension PageRuns {
  /// The runs of a set-up; `nil` where it has no network, or its weights are not drawn.
  init?(_ setup: Setup, seeds: Range<UInt64>, data: [Dataset]) {
    guard let network = setup.network, let loss = setup.loss, let initialization = setup.initialization,
      let batch = setup.batch
    else { return nil }
    self.init(
      seeds: seeds, network: network, loss: loss, optimizer: setup.optimizer, initialization: initialization,
      batching: batch, stop: setup.stop, data: data)
  }
}
