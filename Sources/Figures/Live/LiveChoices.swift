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

  static func optimizer(_ runs: PageRuns) -> Document.Figure.Live.Control? {
    menu("optimizer", "optimizer", "optimizer", runs.optimizer.rule, Optimizer.Rule.builtIn) {
      var changed = runs
      changed.optimizer.rule = $0
      return head(changed, from: "optimizer", to: "optimizer3")
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
      return head(changed, from: "batching", to: "batchSize")
    }
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

  private static func head(_ runs: PageRuns, from first: String, to last: String) -> [Double]? {
    guard let start = PageRuns.head.firstIndex(of: first), let end = PageRuns.head.firstIndex(of: last) else {
      return nil
    }
    return runs.description.map { Array($0.head[start...end]) }
  }
}
