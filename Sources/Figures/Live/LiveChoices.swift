import Documents
import Learning
import PageEngine
import Studies

/// The menus of a live figure. The numbers of a choice are those that describe the same runs with another value.
enum LiveChoices {
  static func activation(_ runs: PageRuns) -> Document.Figure.Live.Control? {
    menu("activation", "layers", "activation φ", runs.network.activation, Activation.hidden) { value in
      var changed = runs
      changed.network.activation = value
      return changed.description?.layers.first.map { Array($0.dropFirst()) }
    }
  }

  static func optimizer(_ optimizer: Optimizer) -> Document.Figure.Live.Control? {
    menu("optimizer", "optimizer", "optimizer", optimizer.rule, Optimizer.Rule.builtIn) { PageRuns.numbers(of: $0) }
  }

  /// No noise, and up to twice that of the set-up; each with its own data.
  static func noise(_ runs: PageRuns, _ own: Double, _ data: (Double) -> Dataset?) -> Document.Figure.Live.Control? {
    let values = own == 0 ? [0, 0.1, 0.3, 1] : [0, own / 2, own, 2 * own]
    return menu("noise", "rest", "noise σ", own, values) { noise in
      var changed = runs
      guard let data = data(noise) else { return nil }
      changed.data = [data]
      return changed.description.map { $0.output + $0.data }
    }
  }

  /// Powers of two below the number of samples, and all samples.
  static func batchSize(_ runs: PageRuns) -> Document.Figure.Live.Control? {
    let samples = runs.data.map(\.training.count).min() ?? 0
    let sizes = [1, 2, 4, 8, 16].filter { $0 < samples }.map { Batching.mini(size: $0) }
    let all = samples < PageRuns.mostSamples ? sizes + [.full] : sizes
    return menu("batch", "batching", "batch size B", runs.batching, all) {
      var changed = runs
      changed.batching = $0
      guard let start = PageRuns.head.firstIndex(of: "batching") else { return nil }
      return changed.description.map { Array($0.head[start...start + 1]) }
    }
  }

  /// The values of an axis that decides the batch size and the number of steps, and nothing else that a page trains by.
  static func batchSize(
    _ parameter: AnyParameter, _ values: [(setting: Setting, setup: Setup)], start: Setting, _ runs: PageRuns,
    _ plot: LivePlot
  ) -> Document.Figure.Live.Control? {
    guard let at = PageRuns.head.firstIndex(of: "batching") else { return nil }
    let choices = values.compactMap { value -> Document.Figure.Live.Choice? in
      var changed = runs
      guard let batch = value.setup.batch else { return nil }
      changed.batching = batch
      changed.stop.steps = value.setup.stop.steps
      let whole = PageRuns(value.setup, seeds: runs.seeds, data: runs.data, plot: plot)
      guard let own = changed.description, let other = whole?.description,
        own.numbers.map(\.bitPattern) == other.numbers.map(\.bitPattern)
      else { return nil }
      return Document.Figure.Live.Choice(
        "\(value.setting)", setting: value.setting.exact, numbers: Array(own.head[at...at + 1]),
        steps: value.setup.stop.steps)
    }
    guard choices.count == values.count, let first = values.firstIndex(where: { $0.setting == start }) else {
      return nil
    }
    return .init(
      parameter.name, field: "batching", label: parameter.label, range: 0...Double(choices.count - 1),
      start: Double(first), isLogarithmic: false, isWhole: true, choices: choices)
  }

  /// A menu of the set-up's own value and all others.
  private static func menu<Value: ParameterValue & Equatable>(
    _ name: String, _ field: String, _ label: String, _ own: Value, _ values: [Value], _ numbers: (Value) -> [Double]?
  ) -> Document.Figure.Live.Control? {
    let all = values.contains(own) ? values : [own] + values
    let choices = all.compactMap { value in
      numbers(value).map { Document.Figure.Live.Choice("\(value.setting)", setting: value.setting.exact, numbers: $0) }
    }
    guard choices.count == all.count, let start = all.firstIndex(of: own) else { return nil }
    return .init(
      name, field: field, label: label, range: 0...Double(all.count - 1), start: Double(start), isLogarithmic: false,
      isWhole: true, choices: choices)
  }
}
