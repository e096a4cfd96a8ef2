public import Analysis
import Learning
import Plotting
public import Studies

/// The difference of a metric between each setting and the first one, paired by seed and by all other parameters:
/// m(setting, seed) − m(first setting, seed).
public struct PairedDifferences: Plot, DrawnPlot {
  let metric: Metric
  let parameter: String
  private let label: String

  /// The differences of a metric between the values of a parameter.
  public init<Value>(_ metric: Metric, of parameter: Parameter<Value>) {
    self.metric = metric
    self.parameter = parameter.name
    label = parameter.erased.label
  }

  package var colorParameter: String? { nil }
  package var shownParameters: [String] { [parameter] }
  package var usesMarkers: Bool { true }
  package var metrics: [Metric] { [metric] }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let groups = results.groups(named: parameter)
    guard let reference = groups.first else { return PlotContent(marks: [], x: AxisStyle(label), y: AxisStyle("")) }
    let base = try PairedValues(metric, of: reference.results, compared: [parameter])
    var marks: [Mark] = [.horizontalRule(0, label: "", Stroke(.gray, width: 0.8))]
    var lost = 0
    for (place, group) in groups.dropFirst().enumerated() {
      let pairs = try PairedValues(metric, of: group.results, compared: [parameter]).pairs(with: base).map {
        $0.own - $0.other
      }
      let differences = Statistics.sorted(pairs.filter(\.isFinite))
      lost += pairs.count - differences.count
      let style = look.styles(parameter, group.value)
      let points = differences.enumerated().map {
        JitteredPoint(
          Point(Double(place), $1), drawnAt: Point(Double(place) + 0.2 + 0.22 * (Spread.share($0) - 0.5), $1))
      }
      func quartile(_ p: Double) -> Double { Statistics.quantile(sorted: differences, p) }
      if !differences.isEmpty {
        marks.append(
          .box(
            BoxSummary(
              x: Double(place) - 0.2, width: 0.24, low: quartile(0), first: quartile(0.25), median: quartile(0.5),
              third: quartile(0.75), high: quartile(1)), style.color))
      }
      marks.append(.jittered(points, style.marker, style.color.opacity(0.6), radius: 1.5))
    }
    var remarks = [
      "Each mark: a run minus the run of the same seed at \(label) = \(reference.value.title); below 0 it is lower."
    ]
    if lost > 0 {
      let verbs = lost == 1 ? "has no finite difference and is" : "have no finite difference and are"
      remarks.append("\(NumberText.count(lost, "pair")) \(verbs) not drawn.")
    }
    return PlotContent(
      marks: marks, x: AxisStyle(label, .ordinal(groups.dropFirst().map(\.value.title))),
      y: AxisStyle("difference in \(metric.title)", look.yKind ?? .linear), remarks: remarks)
  }
}
