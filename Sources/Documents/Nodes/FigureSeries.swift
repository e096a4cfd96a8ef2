import Foundation
package import Plotting

/// What one mark of a chart shows, as rows of numbers. Marks of one kind and one name that hold a single row are one series.
package struct FigureSeries: Sendable {
  package enum Kind: Hashable, Sendable {
    case line
    /// One of many curves behind the lines that a legend names.
    case faintLine
    case points
    /// x and height.
    case bars
    /// x, least value, quartiles, greatest value.
    case boxes
    /// x, lower and upper bound.
    case intervals, band
    /// The middle of each cell and its value.
    case cells
  }

  package struct Column: Hashable, Sendable {
    package var title: String
    /// What 0, 1, 2 … stand for on an axis of categories.
    package var names: [String] = []

    package func text(_ value: Double, digits: Int = 3) -> String {
      if let index = Int(exactly: value.rounded()), names.indices.contains(index) { return names[index] }
      if !value.isFinite { return value.isNaN ? "no value" : value > 0 ? "∞" : "−∞" }
      return String(format: "%.\(digits)g", value).replacing(/e([+-])0*/) { $0.1 == "-" ? "e-" : "e" }
    }
  }

  package var kind: Kind
  /// Of the chart.
  package var panel: String
  /// What the legend or a label at its end calls it; empty where nothing does.
  package var label: String
  package var columns: [Column]
  package var rows: [[Double]]
}

extension FigureSeries {
  /// The series of a chart that is one of a grid's, in drawing order.
  package static func all(of chart: Chart, in grid: ChartGrid) -> [FigureSeries] {
    let names = SeriesNames(chart, grid)
    return chart.marks.flatMap { parts(of: $0, in: chart, names) }.reduce(into: []) { result, own in
      let isPart = [.points, .bars, .boxes, .intervals].contains(own.kind)
      if isPart, let same = result.firstIndex(where: { $0.kind == own.kind && $0.label == own.label }) {
        result[same].rows += own.rows
      } else {
        result.append(own)
      }
    }
  }

  /// What one mark shows.
  private static func parts(of mark: Mark, in chart: Chart, _ names: SeriesNames) -> [FigureSeries] {
    let (x, y) = (Column(chart.x), Column(chart.y))
    func series(_ kind: Kind, _ label: String, _ rows: [[Double]], more: [String] = []) -> [FigureSeries] {
      let columns = more.isEmpty || kind == .cells ? [x, y] : [x]
      return [
        FigureSeries(
          kind: kind, panel: chart.title, label: label,
          columns: columns + more.map { Column(title: $0, names: kind == .cells ? [] : y.names) }, rows: rows)
      ]
    }
    func shown(_ points: [Point]) -> [[Double]] { points.filter { chart.shows($0) }.map { [$0.x, $0.y] } }
    switch mark {
    case .line(let points, let stroke), .steps(let points, let stroke):
      return series(stroke.color.alpha < 1 ? .faintLine : .line, names.line(stroke), shown(points))
    case .bundle(let lines, let stroke):
      // However many and long: of each where it begins and ends.
      return lines.flatMap { line in
        let ends = [line.first { chart.shows($0) }, line.last { chart.shows($0) }].compactMap(\.self)
        return series(.faintLine, names.line(stroke), ends.map { [$0.x, $0.y] })
      }
    case .points(let points, let marker, let color, _):
      // White points are the rims of others.
      return color == .white ? [] : series(.points, names.points(marker, color), shown(points))
    case .jittered(let points, let marker, let color, _):
      return series(.points, names.points(marker, color), shown(points.map(\.value)))
    case .bar(let at, _, let value, let color): return series(.bars, names.color(color), [[at, value]])
    case .interval(let at, let low, let high, let stroke):
      return series(.intervals, names.line(stroke), [[at, low, high]], more: ["from", "to"])
    case .band(let xs, let low, let high, let color):
      return series(.band, names.color(color), zip(xs, zip(low, high)).map { [$0, $1.0, $1.1] }, more: ["from", "to"])
    case .box(let box, let color):
      let row = [box.x, box.low, box.first, box.median, box.third, box.high]
      return series(.boxes, names.color(color), [row], more: ["least", "quartile", "median", "quartile", "greatest"])
    case .cells(let cells, let colors): return series(.cells, "", rows(cells), more: [colors.title])
    case .area, .contours, .arrows, .verticalRule, .horizontalRule, .text, .tag, .topLabel, .endLabel: return []
    }
  }

  /// The middle of every cell with its value.
  private static func rows(_ cells: CellGrid) -> [[Double]] {
    func middles(_ edges: [Double]) -> [Double] { zip(edges, edges.dropFirst()).map { 0.5 * ($0 + $1) } }
    let xs = middles(cells.xEdges)
    return zip(middles(cells.yEdges), cells.values).flatMap { y, values -> [[Double]] in
      zip(xs, values).map { x, value in [x, y, value] }
    }
  }
}

extension FigureSeries.Column {
  fileprivate init(_ axis: AxisStyle) {
    title = axis.title
    if case .ordinal(let names) = axis.kind { self.names = names }
  }
}

extension Chart {
  /// Whether a point has a place on the axes.
  func shows(_ point: Point) -> Bool { x.shows(point.x) && y.shows(point.y) }
}

extension AxisStyle {
  fileprivate func shows(_ value: Double) -> Bool { value.isFinite && (kind != .log || value > 0) }
}
