import Plotting

/// The axes and the marks of one chart of a figure, with all their values in the units of the data.
struct JSONFigure {
  private let chart: Chart
  private let grid: ChartGrid
  private let names: SeriesNames

  init(_ chart: Chart, in grid: ChartGrid) {
    self.chart = chart
    self.grid = grid
    names = SeriesNames(chart, grid)
  }

  /// - Parameters:
  ///   - row: the row of the chart in its figure, from 0; `nil` for a chart inside another.
  ///   - column: the column.
  func object(row: Int? = nil, column: Int? = nil) -> JSONText {
    .object([
      "title": .string(chart.title), "row": row.map(JSONText.integer), "column": column.map(JSONText.integer),
      "x": chart.hasAxes ? axis(chart.x) : nil, "y": chart.hasAxes ? axis(chart.y) : nil,
      "legend": chart.legend.isEmpty ? nil : .strings(chart.legend.map(\.label)),
      "series": .array(chart.marks.compactMap(series)),
      "insets": chart.insets.isEmpty ? nil : .array(chart.insets.map { JSONFigure($0.chart, in: grid).object() }),
    ])
  }

  private func axis(_ axis: AxisStyle) -> JSONText {
    let (scale, categories, threshold): (String, [String]?, Double?) =
      switch axis.kind {
      case .linear: ("linear", nil, nil)
      case .log: ("log", nil, nil)
      case .symlog(let threshold): ("symlog", nil, threshold)
      case .ordinal(let names): ("categories", names, nil)
      }
    return .object([
      "title": .string(axis.title), "scale": .string(scale), "threshold": threshold.map(JSONText.number),
      "categories": categories.map(JSONText.strings),
    ])
  }

  // MARK: Marks

  /// The values of a mark; `nil` for one that only decorates another.
  private func series(_ mark: Mark) -> JSONText? {
    switch mark {
    case .line(let points, let stroke): curve("line", names.line(stroke), points)
    case .steps(let points, let stroke): curve("steps", names.line(stroke), points)
    case .bundle(let lines, let stroke): bundle(lines, names.line(stroke))
    case .area(let points, let color): curve("area", names.color(color), points)
    case .points(let points, let marker, let color, _):
      // White points are the rims of others.
      color == .white ? nil : curve("points", names.points(marker, color), points)
    case .jittered(let points, let marker, let color, _):
      curve("points", names.points(marker, color), points.map(\.value))
    case .band(let x, let low, let high, let color):
      numbers("band", names.color(color), ["x": x, "low": low, "high": high])
    case .bar(let x, let width, let y, let color):
      numbers("bar", names.color(color), ["x": [x], "y": [y], "width": [width]])
    case .interval(let x, let low, let high, let stroke):
      numbers("interval", names.line(stroke), ["x": [x], "low": [low], "high": [high]])
    case .box(let box, let color):
      numbers(
        "box", names.color(color),
        [
          "x": [box.x], "low": [box.low], "first": [box.first], "median": [box.median], "third": [box.third],
          "high": [box.high],
        ])
    case .cells, .contours, .arrows: surface(mark)
    case .verticalRule, .horizontalRule, .text, .tag, .topLabel, .endLabel: label(mark)
    }
  }

  /// Points of all curves of a bundle. Of more, the curves keep an even sample with their first and last points.
  static let mostPoints = 20_000

  private func bundle(_ lines: [[Point]], _ name: String) -> JSONText {
    let count = lines.reduce(0) { $0 + $1.count }
    let isWhole = count <= Self.mostPoints
    let kept = isWhole ? lines : lines.map { Self.sample($0, of: lines.count) }
    return .object([
      "kind": .string("lines"), "name": .string(name), "points": isWhole ? nil : .integer(count),
      "lines": .array(kept.map { .object(["x": .numbers($0.map(\.x)), "y": .numbers($0.map(\.y))]) }),
    ])
  }

  private static func sample(_ line: [Point], of count: Int) -> [Point] {
    EvenSample.indices(line.count, keeping: max(2, mostPoints / count)).map { line[$0] }
  }

  /// Values over the plane; `nil` for other marks.
  private func surface(_ mark: Mark) -> JSONText? {
    switch mark {
    case .cells(let cells, let colors):
      .object([
        "kind": .string("cells"), "name": .string(colors.title), "xEdges": .numbers(cells.xEdges),
        "yEdges": .numbers(cells.yEdges), "values": .array(cells.values.map(JSONText.numbers)),
      ])
    case .contours(let field, let levels, let stroke):
      .object([
        "kind": .string("contours"), "name": .string(names.line(stroke)), "x": .numbers(field.x),
        "y": .numbers(field.y), "values": .array(field.values.map(JSONText.numbers)), "levels": .numbers(levels),
      ])
    case .arrows(let arrows, _):
      numbers(
        "arrows", "",
        [
          "x": arrows.map(\.at.x), "y": arrows.map(\.at.y), "dx": arrows.map(\.direction.x),
          "dy": arrows.map(\.direction.y),
        ])
    default: nil
    }
  }

  /// Lines across the chart and words in it; `nil` for other marks.
  private func label(_ mark: Mark) -> JSONText? {
    switch mark {
    case .verticalRule(let x, let label, _):
      .object(["kind": .string("vertical-rule"), "name": .string(label), "x": .numbers([x])])
    case .horizontalRule(let y, let label, _):
      .object(["kind": .string("horizontal-rule"), "name": .string(label), "y": .numbers([y])])
    case .text(let text, let at, _), .tag(let text, let at, _):
      .object([
        "kind": .string("label"), "name": .string(text.string), "x": .numbers([at.x]), "y": .numbers([at.y]),
      ])
    case .topLabel(let x, let text, _, _):
      .object(["kind": .string("label"), "name": .string(text), "x": .numbers([x])])
    case .endLabel(let text, let y, _):
      .object(["kind": .string("label"), "name": .string(text), "y": .numbers([y])])
    default: nil
    }
  }

  private func curve(_ kind: String, _ name: String, _ points: [Point]) -> JSONText {
    numbers(kind, name, ["x": points.map(\.x), "y": points.map(\.y)])
  }

  private func numbers(_ kind: String, _ name: String, _ columns: KeyValuePairs<String, [Double]>) -> JSONText {
    var members: [(String, JSONText?)] = [("kind", .string(kind)), ("name", .string(name))]
    for (name, values) in columns { members.append((name, .numbers(values))) }
    return .object(members)
  }
}
