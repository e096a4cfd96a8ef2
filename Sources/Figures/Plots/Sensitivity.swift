public import Analysis
import Foundation
package import Learning
import Plotting
public import Studies

/// A metric against a swept parameter: a marker for each run, a line through the medians, a ring around the best median, and
/// the share of diverged runs along the top.
///
/// A logarithmic axis of losses ends ten decades below the greatest finite one. The red line lies half-way (on the scale of the
/// axis) between the last setting at which at most half of the runs diverge and the first at which more do.
public struct Sensitivity: Plot, DrawnPlot {
  let metric: Metric
  let parameter: String
  private let label: String
  private var edges: [(value: Double, label: String)] = []
  private var hasBaseline = false
  package private(set) var colorParameter: String?

  /// A metric against a parameter.
  public init<Value>(_ metric: Metric, to parameter: Parameter<Value>) {
    self.metric = metric
    self.parameter = parameter.name
    label = parameter.erased.label
  }

  /// Adds a line at a known value of the parameter, for example the stability edge 2/λ_max.
  public func edge(_ value: Double, _ label: String) -> Sensitivity {
    var copy = self
    copy.edges.append((value, label))
    return copy
  }

  /// Adds a dotted line for the best constant output and a line of dashes and dots for the linear model, measured on the same data.
  public func baseline() -> Sensitivity {
    var copy = self
    copy.hasBaseline = true
    return copy
  }

  /// One colour for each value of a parameter.
  public func color<Value>(by parameter: Parameter<Value>) -> Sensitivity {
    var copy = self
    copy.colorParameter = parameter.name
    return copy
  }

  package var shownParameters: [String] { [parameter] }

  package var thresholds: [Double] {
    if case .stepsToLoss(let threshold) = metric { return [threshold] }
    return []
  }

  package var usesMarkers: Bool { true }
  /// Dashed lines are the edges.
  package var usesDashes: Bool { true }
  package var metrics: [Metric] { [metric] }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    hasBaseline ? task.hasBaseline(metric.hasBaseline, metric.title) : []
  }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let axis = results.plan.axes.first { $0.parameter.name == parameter }
    let settings = axis?.values.map(\.setting) ?? []
    let place = Placement(settings, kind: look.xKind)
    let isLogY = look.yKind == .log
    var marks: [Mark] = []
    var traces: [RunTrace] = []
    var best: (median: Double, point: Point, style: SettingStyle)?
    let groups = look.groups(results, by: colorParameter)
    let sample = SingleRuns(of: look.figure)
    for (index, (style, group)) in groups.enumerated() {
      var line: [Point] = []
      for (setting, runs) in group.groups(named: parameter) {
        guard let x = place.x(setting) else { continue }
        let values = try runs.values(metric)
        let shift = Double(index) - Double(groups.count - 1) / 2
        let shown = sample.of(Array(values.indices))
        let points = shown.enumerated().map { i, run in
          let jittered = place.jittered(x, share: shift * 0.12 + Self.jitter(i))
          return JitteredPoint(Point(x, values[run]), drawnAt: Point(jittered, values[run]))
        }
        marks.append(.jittered(points, style.marker, style.color.opacity(0.4), radius: 1.4))
        traces += zip(shown, points).map { RunTrace(run: runs.rows[$0].run.index, points: [$1.drawn]) }
        let median = Statistics.median(values)
        line.append(Point(x, median))
        let isBetter = best.map { metric.prefersMore ? median > $0.median : median < $0.median } ?? true
        if median.isFinite, isBetter, !isLogY || median > 0 { best = (median, Point(x, median), style) }
      }
      marks.append(.line(line, Stroke(style.color, width: 1.5, dash: style.dash)))
    }
    if let best { marks.append(.points([best.point], .ring, .black, radius: 4.5)) }
    var x = AxisStyle(label, place.kind, domain: place.domain)
    x.ticks = settings.compactMap { setting in place.x(setting).map { Tick($0, setting.title) } }
    var y = AxisStyle(metric.title, look.yKind ?? .linear).within(metric.limits)
    var remarks = [try remark(results, sample)]
    if let floor = try look.floor(metric, of: results, vertical: true) {
      y.floor = floor.value
      let isBestBelow = best.map { $0.median < floor.value } ?? false
      remarks.append(floor.remark("values", as: "open triangles\(isBestBelow ? "; large: the best median" : "")"))
    }
    if hasBaseline {
      let baselines = try BaselineLines(metric, groups, of: look.figure)
      marks += try baselines.curves(over: parameter, at: place.x)
      remarks.append(baselines.remark)
    }
    var content = PlotContent(
      marks: marks + divergedShares(groups, place) + divergenceEdge(results, place) + knownEdges(place), x: x, y: y,
      remarks: remarks)
    content.traces = traces
    return content
  }

  private func remark(_ results: Results, _ sample: SingleRuns) throws -> String {
    let markers = sample.markers
    var text = markers.prefix(1).uppercased() + markers.dropFirst() + "; line: median; ring: best median."
    if try results.values(metric).contains(where: { !$0.isFinite }) {
      text += " Open triangles at the edge: values that are not finite."
    }
    if results.divergedCount > 0 {
      text += " Percentages along the top: share of diverged runs\(colorParameter == nil ? "" : " of each colour")."
    }
    return text
  }

  private func knownEdges(_ place: Placement) -> [Mark] {
    guard !place.kind.isOrdinal else { return [] }
    return edges.map { .verticalRule($0.value, label: $0.label, Stroke(.black, width: 0.8, dash: [4, 2])) }
  }

  /// A line half-way between the last setting at which most runs stay finite and the first at which most diverge.
  private func divergenceEdge(_ results: Results, _ place: Placement) -> [Mark] {
    guard !place.kind.isOrdinal else { return [] }
    let shares = results.groups(named: parameter).compactMap { setting, runs in
      place.x(setting).map { (x: $0, share: runs.divergedShare.value) }
    }.sorted { $0.x < $1.x }
    guard let first = shares.firstIndex(where: { $0.share > 0.5 }), first > 0 else { return [] }
    let (a, b) = (shares[first - 1].x, shares[first].x)
    let middle = place.kind == .log ? (a * b).squareRoot() : (a + b) / 2
    return [.verticalRule(middle, label: "most diverge →", Stroke(.fail, width: 0.7, dash: [3, 2]))]
  }

  /// A row of shares for each colour of which runs diverge.
  private func divergedShares(_ groups: [(style: SettingStyle, results: Results)], _ place: Placement) -> [Mark] {
    let diverging = groups.filter { $0.results.divergedCount > 0 }
    return diverging.enumerated().flatMap { row, group in
      group.results.groups(named: parameter).compactMap { setting, runs -> Mark? in
        guard let x = place.x(setting), runs.divergedCount > 0 else { return nil }
        let share = NumberText.percent(runs.divergedShare.value, decimals: 0)
        return .topLabel(x, share, groups.count == 1 ? .fail : group.style.color, row: diverging.count - 1 - row)
      }
    }
  }

  /// The fixed shift of a run from its setting, as a fraction of the distance between settings.
  private static func jitter(_ index: Int) -> Double { (Spread.share(index) - 0.5) * 0.3 }

  /// The positions of settings on the x axis.
  struct Placement {
    let kind: Scale.Kind
    private let places: [Setting: Double]
    private let spacing: Double

    init(_ settings: [Setting], kind wanted: Scale.Kind?) {
      let numbers = settings.compactMap(\.number)
      let isNumeric = numbers.count == settings.count && settings.count > 1
      let positive = numbers.allSatisfy { $0 > 0 }
      let sorted = numbers.sorted()
      let ratio = positive && isNumeric ? (sorted.last ?? 1) / (sorted.first ?? 1) : 1
      if !isNumeric || (wanted == nil && !positive) {
        kind = .ordinal(settings.map(\.title))
        places = Dictionary(uniqueKeysWithValues: settings.enumerated().map { ($1, Double($0)) })
        spacing = 1
      } else {
        let chosen: Scale.Kind = wanted ?? (ratio >= 8 ? .log : .linear)
        kind = chosen
        places = Dictionary(uniqueKeysWithValues: zip(settings, numbers))
        let gaps = zip(sorted, sorted.dropFirst()).map { chosen == .log ? log($1 / $0) : $1 - $0 }
        spacing = gaps.min() ?? 1
      }
    }

    func x(_ setting: Setting) -> Double? { places[setting] }

    func jittered(_ x: Double, share: Double) -> Double {
      kind == .log ? x * exp(share * spacing) : x + share * spacing
    }

    /// The range of the positions with a margin of half a spacing on both sides.
    var domain: ClosedRange<Double>? {
      guard case .ordinal = kind else {
        guard let low = places.values.min(), let high = places.values.max(), low < high else { return nil }
        return jittered(low, share: -0.5)...jittered(high, share: 0.5)
      }
      return nil
    }
  }
}
