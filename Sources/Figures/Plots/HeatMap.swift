public import Analysis
import Learning
public import Plotting
public import Studies

/// The median of a metric over two swept parameters, as coloured cells with their values, or as contour lines between the
/// settings.
public struct HeatMap: Plot, DrawnPlot {
  /// The kind of diagram.
  public enum Style: Sendable {
    /// Cells with their values, or lines of equal value with linear interpolation between the settings.
    case cells, contours
  }

  let metric: Metric
  let xParameter: String
  let yParameter: String
  private let labels: (x: String, y: String)
  private let style: Style
  private var kind: Scale.Kind = .log

  /// The median of a metric over two parameters.
  public init<X, Y>(_ metric: Metric, x: Parameter<X>, y: Parameter<Y>, style: Style = .cells) {
    self.metric = metric
    xParameter = x.name
    yParameter = y.name
    labels = (x.erased.label, y.erased.label)
    self.style = style
  }

  /// Sets the scale of the colours. The default is logarithmic, or linear if some values are not positive.
  public func colors(_ kind: Scale.Kind) -> HeatMap {
    var copy = self
    copy.kind = kind
    return copy
  }

  package var colorParameter: String? { nil }
  package var shownParameters: [String] { [xParameter, yParameter] }
  package var thresholds: [Double] { if case .stepsToLoss(let threshold) = metric { [threshold] } else { [] } }
  package var statesCount: Bool { true }
  package var metrics: [Metric] { [metric] }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let (columns, rows) = (settings(xParameter, results), settings(yParameter, results))
    let cells = rows.map { row in
      columns.map { column in
        results.filtered {
          results.setting(xParameter, $0) == column && results.setting(yParameter, $0) == row
        }
      }
    }
    let medians = try cells.map { try $0.map { $0.isEmpty ? .nan : try $0.median(metric) } }
    let colors = try scale(look.figure)
    let isSingle = results.count <= columns.count * rows.count
    var remarks = [
      isSingle ? "One run per cell." : "Median of \(results.count / max(1, columns.count * rows.count)) runs per cell."
    ]
    if cells.flatMap(\.self).contains(where: { $0.divergedCount > 0 }), style == .cells {
      remarks.append(
        "Percentages: share of diverged runs; pale or crossed cells: the median is not finite.")
    }
    var marks: [Mark]
    var (x, y) = (axis(labels.x, columns), axis(labels.y, rows))
    switch style {
    case .cells:
      let grid = CellGrid(
        xEdges: (0...columns.count).map { Double($0) - 0.5 }, yEdges: (0...rows.count).map { Double($0) - 0.5 },
        values: medians, labels: try cells.map { try $0.map(label) })
      marks = [.cells(grid, colors)]
    case .contours:
      let places = [columns, rows].map { axis in axis.compactMap(\.number) }
      let isNumeric = places[0].count == columns.count && places[1].count == rows.count
      let xs = isNumeric ? places[0] : columns.indices.map(Double.init)
      let ys = isNumeric ? places[1] : rows.indices.map(Double.init)
      if isNumeric { (x, y) = (Self.numeric(labels.x, xs, look.xKind), Self.numeric(labels.y, ys, look.yKind)) }
      let field = Field(x: xs, y: ys, values: medians)
      marks = Surface.marks(
        field, x: Scale(x.kind, domain: x.domain ?? 0...1), y: Scale(y.kind, domain: y.domain ?? 0...1), colors)
      remarks.append("Lines: equal values, interpolated between the settings (dots).")
      let dots = ys.flatMap { y in xs.map { Point($0, y) } }
      marks.append(.points(dots, .circle, .black.opacity(0.55), radius: 1.1))
    }
    return PlotContent(marks: marks, x: x, y: y, remarks: remarks, colors: colors, aspect: 1.5)
  }

  private func settings(_ parameter: String, _ results: Results) -> [Setting] {
    results.plan.axes.first { $0.parameter.name == parameter }?.values.map(\.setting) ?? []
  }

  private func axis(_ label: String, _ settings: [Setting]) -> AxisStyle {
    AxisStyle(label, .ordinal(settings.map(\.title)))
  }

  private static func numeric(_ label: String, _ values: [Double], _ wanted: Scale.Kind?) -> AxisStyle {
    let sorted = values.sorted()
    let (low, high) = (sorted.first ?? 0, sorted.last ?? 1)
    let kind = wanted ?? (low > 0 && high / low >= 8 ? .log : .linear)
    return AxisStyle(label, kind, domain: low < high ? low...high : low - 1...high + 1)
  }

  private func scale(_ figure: Results) throws -> ColorScale {
    let columns = settings(xParameter, figure)
    let medians = try columns.flatMap { column -> [Double] in
      let part = figure.filtered { figure.setting(xParameter, $0) == column }
      return try part.groups(named: yParameter).map { try $0.results.median(metric) }
    }
    let isPositive = medians.filter(\.isFinite).allSatisfy { $0 > 0 }
    let (low, high) = (medians.filter(\.isFinite).min() ?? 0, medians.filter(\.isFinite).max() ?? 1)
    let fits = kind != .log || (isPositive && high / low > 3)
    return .fitting(metric.title, medians, kind: fits ? kind : .linear)
  }

  private func label(_ runs: Results) throws -> String {
    guard !runs.isEmpty else { return "" }
    let median = try runs.median(metric)
    let value = median.isFinite ? NumberText.short(median, digits: 2) : "∞"
    return runs.divergedCount > 0 ? "\(value)\n\(NumberText.percent(runs.divergedShare.value, decimals: 0))" : value
  }
}

/// A surface over a plane, as small coloured cells and lines of equal value.
enum Surface {
  /// - Parameter fineness: the number of cells along each side. The field is interpolated bilinearly in page coordinates.
  static func marks(
    _ field: Field, x: Scale, y: Scale, _ colors: ColorScale, levels count: Int = 9, fineness: Int = 96
  ) -> [Mark] {
    let xs = (0...fineness).map { x.value(atShare: Double($0) / Double(fineness)) }
    let ys = (0...fineness).map { y.value(atShare: Double($0) / Double(fineness)) }
    let values = (0..<fineness).map { row in
      (0..<fineness).map { column in
        interpolate(
          field, x.value(atShare: (Double(column) + 0.5) / Double(fineness)),
          y.value(atShare: (Double(row) + 0.5) / Double(fineness)), x, y)
      }
    }
    let cells = CellGrid(xEdges: xs, yEdges: ys, values: values)
    let levels = (1..<count + 1).map { colors.scale.value(atShare: Double($0) / Double(count + 1)) }
    return [.cells(cells, colors), .contours(field, levels: levels, Stroke(.white.opacity(0.75), width: 0.7))]
  }

  private static func interpolate(_ field: Field, _ px: Double, _ py: Double, _ x: Scale, _ y: Scale) -> Double {
    func bracket(_ values: [Double], _ p: Double, _ scale: Scale) -> (Int, Double) {
      let index = min(max((values.lastIndex { $0 <= p } ?? 0), 0), max(0, values.count - 2))
      guard values.count > 1 else { return (0, 0) }
      let (a, b) = (scale.share(values[index]), scale.share(values[index + 1]))
      return (index, a == b ? 0 : min(max((scale.share(p) - a) / (b - a), 0), 1))
    }
    let (i, u) = bracket(field.x, px, x)
    let (j, v) = bracket(field.y, py, y)
    func at(_ column: Int, _ row: Int) -> Double {
      field.values[min(row, field.y.count - 1)][min(column, field.x.count - 1)]
    }
    let low = at(i, j) * (1 - u) + at(i + 1, j) * u
    let high = at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u
    return low * (1 - v) + high * v
  }
}
