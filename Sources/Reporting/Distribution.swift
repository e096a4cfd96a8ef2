import Learning
import Plotting
public import Studies

/// The runs' values of a metric in rising order: how much of the result is luck. Flat stretches are levels that many
/// runs share.
public struct Distribution: Plot {
  let metric: Metric
  public private(set) var colorParameter: String?
  private var levels: [(value: Double, label: String)] = []

  public init(_ metric: Metric) { self.metric = metric }

  public func color<Value>(by parameter: Parameter<Value>) -> Distribution {
    var copy = self
    copy.colorParameter = parameter.name
    return copy
  }

  /// Rules a known level across the plot.
  public func level(_ value: Double, _ label: String) -> Distribution {
    var copy = self
    copy.levels.append((value, label))
    return copy
  }

  public var usesMarkers: Bool { true }

  public func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    var marks: [Mark] = levels.map {
      .horizontalRule($0.value, label: $0.label, Stroke(.gray, width: 0.7, dash: [3, 2]))
    }
    var unshown = 0
    for (style, group) in look.groups(results, by: colorParameter) {
      let values = Statistics.sorted(group.values(metric))
      unshown += values.count { !$0.isFinite }
      let points = values.enumerated().map { Point(100 * (Double($0) + 0.5) / Double(values.count), $1) }
      marks.append(.steps(points, Stroke(style.color, width: 1, dash: style.dash)))
      if values.count <= 400 { marks.append(.points(points, style.marker, style.color, radius: 1.5)) }
    }
    var remark = "Runs in rising order of their result."
    if unshown > 0 { remark += " Open triangles at the edge: \(unshown) values that are not finite." }
    return PlotContent(
      marks: marks, x: AxisStyle("share of runs in %", .linear, domain: 0...100),
      y: AxisStyle(metric.title, look.yKind ?? .linear), remarks: [remark])
  }
}
