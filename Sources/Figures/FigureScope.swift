import Analysis
import Studies

/// The runs that a figure covers, for its caption: the selection, the pooled parameters and the number of runs of a setting.
/// Parameters that do not vary in the experiment are not repeated.
struct FigureScope {
  private let figure: Figure
  private let results: Results

  /// - Parameter results: the selected runs of the figure.
  init(_ figure: Figure, _ results: Results) {
    self.figure = figure
    self.results = results
  }

  /// "Runs: data = noisy sine; all 4 values of σ₀ together; n = 32 for each η."; empty if nothing varies.
  var sentence: String {
    var parts = [results.described(figure.selection)]
    if figure.drawing == nil {
      parts += pooled.map { "all \(count($0)) values of \($0.shortTitle) together" }
      if !figure.plots.contains(where: \.statesCount) { parts.append(runs) }
    }
    let text = parts.filter { !$0.isEmpty }.joined(separator: "; ")
    return text.isEmpty ? "" : "Runs: \(text)."
  }

  /// The parameters whose values the figure distinguishes.
  private var shown: [AnyParameter] {
    let isWhole = figure.plots.contains(where: \.showsEveryParameter)
    let names = figure.plotParameters + figure.facetParameters
    return varied.filter { isWhole || names.contains($0.name) }
  }

  /// The parameters that vary among the figure's runs and are not distinguished.
  private var pooled: [AnyParameter] {
    let shown = Set(shown.map(\.name))
    return varied.filter { !shown.contains($0.name) }
  }

  private var varied: [AnyParameter] { results.plan.axes.map(\.parameter).filter { count($0) > 1 } }

  private func count(_ parameter: AnyParameter) -> Int { results.valueCount(named: parameter.name) }

  /// The number of runs per setting: "n = 32 for each η, σ₀"; empty for single runs.
  private var runs: String {
    var groups = [results]
    for parameter in shown { groups = groups.flatMap { $0.groups(named: parameter.name).map(\.results) } }
    let counts = Set(groups.map(\.count)).sorted()
    guard let low = counts.first, let high = counts.last, high > 1 else { return "" }
    let n = low == high ? "\(low)" : "\(low) to \(high)"
    let titles = shown.map(\.shortTitle)
    let each = titles.isEmpty ? "" : " for each \(titles.joined(separator: ", "))"
    return "n\u{00A0}=\u{00A0}\(n)\(each)"
  }
}
