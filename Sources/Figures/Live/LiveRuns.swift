import Analysis
import Documents
import Learning
import PageEngine
import Plotting
import Studies

/// The runs of a live figure: a setting of the sweep as numbers, and the sliders.
struct LiveRuns {
  private let figure: Figure
  private let plot: LivePlot
  private let results: Results
  /// What the live runs are drawn over.
  private let chart: Chart

  /// The most seeds that a page trains at once, and how many it begins with.
  static let mostSeeds = 32
  private static let firstSeeds = 16

  /// - Returns: `nil` where a page can draw nothing over the figure.
  init?(_ figure: Figure, _ results: Results, _ chart: Chart) {
    guard let plot = LivePlot(figure) else { return nil }
    (self.figure, self.plot, self.results, self.chart) = (figure, plot, results, chart)
  }

  /// - Returns: `nil` where the command line has left no runs that a page can train.
  func form() throws -> Document.Figure.Form? {
    guard let row = try start, let drawing = try plot.drawing(results, row), let described = try described(row) else {
      return nil
    }
    let settings = zip(results.plan.axes, row.run.settings).map { axis, setting in
      [axis.parameter.name, setting.exact]
    }
    return .live(
      Document.Figure.Live(
        controls: figure.liveControls.flatMap { controls($0, row, described.runs, drawing) },
        fields: described.fields, head: described.head, layers: described.layers, rest: described.rest,
        drawing: drawing, firstSeed: row.seed, command: "descent run \(results.plan.name)", settings: settings))
  }

  /// A run of the middle value of each parameter that the figure shows.
  private var start: Results.Row? {
    get throws {
      var rest = results
      for axis in results.plan.axes {
        let groups = rest.groups(named: axis.parameter.name)
        guard !groups.isEmpty else { continue }
        rest = groups[(groups.count - 1) / 2].results
      }
      return try plot.row(rest)
    }
  }

  /// A run in numbers, and as a page reads it if it is of a network.
  private struct Described {
    var fields: [String]
    var head: [Double]
    var layers: [[Double]] = []
    var rest: [Double] = []
    var runs: PageRuns?
  }

  private func described(_ row: Results.Row) throws -> Described? {
    let setup = row.run.setup
    if let objective = setup.objective {
      let start = try results.trajectory(of: row, at: [0])[0]
      let descent = PageDescent(objective, start: start, optimizer: setup.optimizer, stop: setup.stop)
      return descent.description.map { Described(fields: PageDescent.head, head: $0) }
    }
    guard let runs = try runs(row), let description = runs.description else { return nil }
    return Described(
      fields: PageRuns.head, head: description.head, layers: description.layers,
      rest: description.output + description.data, runs: runs)
  }

  private func runs(_ row: Results.Row) throws -> PageRuns? {
    let first = row.seed
    // Data that vary with the seed are in the page for the seeds of the sweep alone.
    let count = plot.showsOneRun ? 1 : Self.firstSeeds
    let variesWithSeed = row.run.setup.data?.variesWithSeed ?? false
    guard let data = try results.dataset(of: row) else { return nil }
    var sets = [data]
    if variesWithSeed {
      let same = results.rows.filter {
        $0.run.settings == row.run.settings && $0.seed >= first && $0.seed - first < count
      }
      // A page counts seeds on from the first one.
      let following = same.sorted { $0.seed < $1.seed }.enumerated().prefix { $1.seed == first + UInt64($0) }
      sets = try following.compactMap { try results.dataset(of: $1) }
    }
    return PageRuns(
      row.run.setup, seeds: first..<first + UInt64(variesWithSeed ? sets.count : count), data: sets, plot: plot)
  }

  private func controls(
    _ control: Figure.LiveControl, _ row: Results.Row, _ runs: PageRuns?, _ drawing: Document.Figure.Live.Drawing
  ) -> [Document.Figure.Live.Control] {
    let setup = row.run.setup
    switch control {
    case .start:
      guard case .path(let path) = drawing else { return [] }
      let axes = zip(["x", "y"], zip(path.axes, [chart.x, chart.y]))
      return axes.map { name, axis in
        let value = path.start[axis.0]
        let domain = axis.1.domain ?? value - 1...value + 1
        return .init(
          "start-\(name)", field: "start", label: "start \(axis.1.title)", range: domain,
          start: min(max(value, domain.lowerBound), domain.upperBound), isLogarithmic: false, isWhole: false,
          parameter: axis.0)
      }
    case .learningRate:
      let rate = setup.optimizer.learningRate
      return [
        .init(
          "learning-rate", field: "learningRate", label: "learning rate η",
          range: min(1e-3, rate / 30)...max(runs == nil ? rate * 30 : 10, rate * 30), start: rate,
          isLogarithmic: true, isWhole: false)
      ]
    case .noise:
      guard let runs, runs.data.count == 1, let own = setup.noise else { return [] }
      let made = LiveChoices.noise(runs, own) { noise in
        try? results.plan.dataset(of: setup.with(noise: noise), seed: runs.seeds.lowerBound)
      }
      return [made].compactMap(\.self)
    case .optimizer:
      // The command line sets a rule before what changes it: variants, and the axis over its momentum.
      let names = results.plan.axes.map(\.parameter.name)
      let rules = Set(results.plan.combinations.map(\.setup.optimizer.rule))
      guard rules.count == 1 || names.contains("optimizer") && !names.contains("momentum") else { return [] }
      return [LiveChoices.optimizer(setup.optimizer)].compactMap(\.self)
    default: return [runs.flatMap { network(control, $0, row.run) }].compactMap(\.self)
    }
  }

  /// The controls that an objective does not have.
  private func network(
    _ control: Figure.LiveControl, _ runs: PageRuns, _ run: Plan.Run
  ) -> Document.Figure.Live.Control? {
    switch control {
    case .hiddenUnits:
      let units = runs.network.hidden.first ?? 1
      return .init(
        "hidden", field: "units", label: "hidden units H", range: 1...Double(max(16, 2 * units)),
        start: Double(units), isLogarithmic: false, isWhole: true)
    case .initScale:
      let scale = runs.initialization.scale
      guard scale > 0 else { return nil }
      return .init(
        "init-scale", field: "initScale", label: "initialization scale σ₀",
        range: min(0.01, scale / 30)...max(10, scale * 10), start: scale, isLogarithmic: true, isWhole: false)
    case .activation: return LiveChoices.activation(runs)
    case .batchSize: return batchSize(runs, run)
    case .seeds where run.setup.data?.variesWithSeed ?? false: return nil
    case .seeds where plot.showsOneRun:
      let first = Double(runs.seeds.lowerBound)
      return .init(
        "seed", field: "firstSeed", label: "seed", range: min(first, 0)...max(first, Double(Self.mostSeeds - 1)),
        start: first, isLogarithmic: false, isWhole: true)
    case .seeds:
      return .init(
        "seeds", field: "seedCount", label: "number of seeds", range: 1...Double(Self.mostSeeds),
        start: Double(runs.seeds.count), isLogarithmic: false, isWhole: true)
    default: return nil
    }
  }
}

extension LiveRuns {
  /// Any batch size; where an axis of the sweep decides it together with other parts of the set-up, the values of that axis.
  private func batchSize(_ runs: PageRuns, _ run: Plan.Run) -> Document.Figure.Live.Control? {
    for (place, axis) in results.plan.axes.enumerated() where axis.parameter.name != "batch" {
      let beside = results.plan.combinations.filter { combination in
        combination.settings.indices.allSatisfy { $0 == place || combination.settings[$0] == run.settings[$0] }
      }
      guard Set(beside.map(\.setup.batch)).count > 1 else { continue }
      let samples = runs.data.map(\.training.count).min() ?? 0
      let known = beside.filter { ($0.setup.batch?.size(samples: samples) ?? .max) < PageRuns.mostSamples }
      return LiveChoices.batchSize(
        axis.parameter, known.map { ($0.settings[place], $0.setup) }, start: run.settings[place], runs, plot)
    }
    return LiveChoices.batchSize(runs)
  }
}

extension PageRuns {
  /// The runs of a set-up; `nil` where it has no network, or its weights are not drawn.
  init?(_ setup: Setup, seeds: Range<UInt64>, data: [Dataset], plot: LivePlot?) {
    guard let network = setup.network, let loss = setup.loss, var initialization = setup.initialization,
      let batch = setup.batch
    else { return nil }
    // The start of a path is given anyway.
    if case .surface = plot, case .explicit = initialization.kind { initialization = .zero }
    self.init(
      seeds: seeds, network: network, loss: loss, optimizer: setup.optimizer, initialization: initialization,
      batching: batch, stop: setup.stop, data: data)
  }
}
