public import Analysis
package import Learning
import Plotting
public import Studies

/// The distribution of a metric over the runs of each colour. A logarithmic axis of losses ends ten decades below the greatest
/// finite one.
public struct Distribution: Plot, DrawnPlot {
  /// The kind of diagram.
  public enum Style: Sendable {
    /// The values in ascending order; horizontal parts are values that many runs share.
    case staircase
    /// The numbers of runs in bins of equal width on the axis: √(number of runs) of them, from 8 to 40.
    case histogram
    /// A marker for each run and a box of the quartiles for each colour.
    case strip
    /// The share of runs at or below each value.
    case empirical
  }

  let metric: Metric
  private let style: Style
  package private(set) var colorParameter: String?
  private var colorLabel = ""
  private var levels: [(value: Double, label: String)] = []
  private var hasBaseline = false

  /// The values of a metric.
  public init(_ metric: Metric, as style: Style = .staircase) {
    self.metric = metric
    self.style = style
  }

  /// One colour for each value of a parameter.
  public func color<Value>(by parameter: Parameter<Value>) -> Distribution {
    var copy = self
    copy.colorParameter = parameter.name
    copy.colorLabel = parameter.erased.label
    return copy
  }

  /// Adds a line with a label at a known value of the metric, which the axis then includes.
  public func level(_ value: Double, _ label: String) -> Distribution {
    var copy = self
    copy.levels.append((value, label))
    return copy
  }

  /// Adds a dotted line for the best constant output and a line of dashes and dots for the linear model, measured on the same data.
  public func baseline() -> Distribution {
    var copy = self
    copy.hasBaseline = true
    return copy
  }

  package var needsLegend: Bool { style != .strip }
  package var usesMarkers: Bool { style == .staircase || style == .strip }
  /// Dashed lines are known levels where markers tell the settings apart.
  package var usesDashes: Bool { hasBaseline || usesMarkers && !levels.isEmpty }
  package var thresholds: [Double] { if case .stepsToLoss(let threshold) = metric { [threshold] } else { [] } }
  package var metrics: [Metric] { [metric] }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    hasBaseline ? task.hasBaseline(metric.hasBaseline, metric.title) : []
  }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let colored = look.groups(results, by: colorParameter)
    let baselines = hasBaseline ? try BaselineLines(metric, colored, of: look.figure) : nil
    let groups = try colored.map { style, group in
      let (values, runs) = try group.ranked(metric)
      return Group(style: style, values: values, runs: runs)
    }
    let unshown = groups.reduce(0) { $0 + $1.values.count { !$0.isFinite } }
    let known = levels.map(\.value) + (baselines?.values ?? [])
    let floor = try look.floor(metric, of: results, vertical: usesMarkers, levels: known)
    var content =
      switch style {
      case .staircase: staircase(groups, look)
      case .histogram: try histogram(groups, results, look, floor, including: known)
      case .strip: strip(groups, results, look)
      case .empirical: empirical(groups, look, floor, including: known)
      }
    if let baselines {
      content.marks += baselines.rules(vertical: !usesMarkers)
      content.remarks.append(baselines.remark)
    }
    if let floor {
      if usesMarkers { content.y.floor = floor.value }
      content.remarks.append(floor.remark("values", as: usesMarkers ? "open triangles" : nil))
    }
    if unshown > 0 {
      let place = usesMarkers ? " (open triangles at the edge)" : ""
      let verb = unshown == 1 ? "is" : "are"
      content.remarks.append("\(unshown) of \(NumberText.count(results.count, "value")) \(verb) not finite\(place).")
    }
    return content
  }

  private struct Group {
    let style: SettingStyle
    /// In ascending order, infinite values last.
    let values: [Double]
    /// The positions of the runs in the plan, in the order of their values.
    let runs: [Int]
  }

  /// Lines at the known values, across the axis of the metric.
  private func rules(vertical: Bool) -> [Mark] {
    let stroke = Stroke(.gray, width: 0.7, dash: usesDashes ? [3, 2] : [])
    return levels.map {
      vertical ? .verticalRule($0.value, label: $0.label, stroke) : .horizontalRule($0.value, label: $0.label, stroke)
    }
  }

  private func staircase(_ groups: [Group], _ look: PlotLook) -> PlotContent {
    var marks = rules(vertical: false)
    var traces: [RunTrace] = []
    let sample = SingleRuns(of: look.figure)
    for group in groups {
      let count = Double(group.values.count)
      let points = SingleRuns.spread(Array(group.values.indices), keeping: SingleRuns.most).map {
        Point(100 * (Double($0) + 0.5) / count, group.values[$0])
      }
      marks.append(.steps(points, Stroke(group.style.color, width: 1, dash: group.style.dash)))
      if points.count <= 400 { marks.append(.points(points, group.style.marker, group.style.color, radius: 1.5)) }
      traces += sample.of(Array(group.values.indices)).map {
        RunTrace(run: group.runs[$0], points: [Point(100 * (Double($0) + 0.5) / count, group.values[$0])])
      }
    }
    var content = PlotContent(
      marks: marks, x: AxisStyle("share of runs in %", .linear, domain: 0...100),
      y: AxisStyle(metric.title, look.yKind ?? .linear).within(metric.limits),
      remarks: ["Runs sorted by their value."])
    content.traces = traces
    return content
  }

  private func histogram(
    _ groups: [Group], _ results: Results, _ look: PlotLook, _ floor: LossFloor?, including known: [Double]
  ) throws -> PlotContent {
    let kind = look.xKind ?? .linear
    let values = try look.figure.values(metric) + known
    let scale = floor?.scale(values, air: 0.02) ?? Scale.fitting(kind, values, air: 0.02)
    let count = min(40, max(8, Int(Double(results.count).squareRoot())))
    func edge(_ index: Int) -> Double { scale.value(atShare: Double(index) / Double(count)) }
    var bars: [Mark] = []
    var outlines: [Mark] = []
    for group in groups {
      var counts = Array(repeating: 0.0, count: count)
      for value in group.values where scale.shows(value) && floor.map({ value >= $0.value }) ?? true {
        counts[min(max(Int(scale.share(value) * Double(count)), 0), count - 1)] += 1
      }
      let outline = (0..<count).flatMap { [Point(edge($0), counts[$0]), Point(edge($0 + 1), counts[$0])] }
      bars.append(.area([Point(edge(0), 0)] + outline + [Point(edge(count), 0)], group.style.color.opacity(0.25)))
      outlines.append(.line(outline, Stroke(group.style.color, width: 1.1, dash: group.style.dash)))
    }
    return PlotContent(
      marks: bars + outlines + rules(vertical: true), x: AxisStyle(metric.title, kind, domain: scale.domain),
      y: AxisStyle("runs", look.yKind ?? .linear, including: [0]),
      remarks: ["\(count) bins of equal width on the axis."])
  }

  private func strip(_ groups: [Group], _ results: Results, _ look: PlotLook) -> PlotContent {
    var marks = rules(vertical: false)
    var traces: [RunTrace] = []
    let sample = SingleRuns(of: look.figure)
    for (place, group) in groups.enumerated() {
      let center = Double(place)
      func quartile(_ p: Double) -> Double { Statistics.quantile(sorted: group.values, p) }
      marks.append(
        .box(
          BoxSummary(
            x: center - 0.22, width: 0.24, low: quartile(0), first: quartile(0.25), median: quartile(0.5),
            third: quartile(0.75), high: quartile(1)), group.style.color))
      let shown = sample.of(Array(group.values.indices))
      let points = shown.enumerated().map { i, index in
        let (value, place) = (group.values[index], center + 0.2 + 0.2 * (Spread.share(i) - 0.5))
        return JitteredPoint(Point(center, value), drawnAt: Point(place, value))
      }
      marks.append(.jittered(points, group.style.marker, group.style.color.opacity(0.6), radius: 1.5))
      traces += zip(shown, points).map { RunTrace(run: group.runs[$0], points: [$1.drawn]) }
    }
    let names = colorParameter.map { results.groups(named: $0).map(\.value.title) } ?? [""]
    var content = PlotContent(
      marks: marks, x: AxisStyle(colorLabel, .ordinal(names)),
      y: AxisStyle(metric.title, look.yKind ?? .linear).within(metric.limits),
      remarks: ["Boxes: quartiles; bar: median; whiskers: least and greatest value; \(sample.markers)."])
    content.traces = traces
    return content
  }

  private func empirical(
    _ groups: [Group], _ look: PlotLook, _ floor: LossFloor?, including known: [Double]
  ) -> PlotContent {
    let all = groups.flatMap(\.values) + known
    let finite = floor?.scale(all, air: 0.04) ?? Scale.fitting(look.xKind ?? .linear, all)
    var marks = rules(vertical: true)
    for group in groups {
      func share(_ count: Int) -> Double { 100 * Double(count) / Double(max(1, group.values.count)) }
      let shown = group.values.filter { $0.isFinite }
      // The curve enters the axis with the share of the runs below it.
      let below = floor.map { floor in shown.count { $0 < floor.value } } ?? 0
      var points = [Point(finite.domain.lowerBound, share(below))]
      points += SingleRuns.spread(Array(shown.indices.dropFirst(below)), keeping: SingleRuns.most).map {
        Point(shown[$0], share($0 + 1))
      }
      points.append(Point(finite.domain.upperBound, points[points.count - 1].y))
      marks.append(.steps(points, Stroke(group.style.color, width: 1.3, dash: group.style.dash)))
    }
    return PlotContent(
      marks: marks, x: AxisStyle(metric.title, look.xKind ?? .linear, domain: finite.domain),
      y: AxisStyle("share of runs at or below, in %", .linear, domain: 0...100),
      remarks: ["Each step is the value of one run."])
  }
}

/// Evenly spread offsets without a visible pattern: multiples of the golden ratio modulo 1.
enum Spread {
  static func share(_ index: Int) -> Double {
    (Double(index + 1) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
  }
}
