public import Plotting

/// Charts as a gnuplot script with its data, which can be edited and run without this program.
public struct Script {
  let grid: ChartGrid
  private let title: String
  var lines: [String] = []
  private var blocks = 0

  /// A script for charts with a title above them.
  public init(_ grid: ChartGrid, title: String) {
    self.grid = grid
    self.title = title
  }

  /// The text of the script, which writes `name.png` into its working folder.
  public func text(name: String) -> String {
    var script = self
    script.write(name: name)
    return script.lines.joined(separator: "\n") + "\n"
  }

  /// The text of a script that draws the cells of a chart as a surface in three dimensions; `nil` for other charts.
  public func surface(name: String) -> String? {
    for chart in grid.charts.flatMap(\.self) {
      for case .cells(let cells, let colors) in chart.marks where cells.values.count > 2 {
        return surface(cells, colors, chart, name: name)
      }
    }
    return nil
  }

  private mutating func write(name: String) {
    let layout = ScriptLayout(grid)
    lines = [
      "# \(title)", "set terminal pngcairo size \(layout.width),\(layout.height) enhanced",
      "set output \(Self.quoted("\(name).png"))", "set multiplot title \(Self.text(title))", "unset colorbox",
    ]
    for (row, charts) in grid.charts.enumerated() {
      for (column, chart) in charts.enumerated() {
        lines.append(layout.panel(row: row, column: column))
        write(chart)
      }
    }
    writeLegend(layout)
    if let colors = grid.colorScale { writeBar(colors, layout) }
    lines.append("unset multiplot")
  }

  private mutating func setPalette(_ colors: ColorScale) {
    let stops = (0...8).map { "\(Double($0) / 8) '\(Self.opaque(colors.color(atShare: Double($0) / 8)))'" }
    lines.append("set palette defined (\(stops.joined(separator: ", ")))")
    lines.append("set cbrange [\(colors.scale.domain.lowerBound):\(colors.scale.domain.upperBound)]")
    if colors.scale.kind == .log { lines.append("set logscale cb") }
    lines.append("set cblabel \(Self.text(colors.title))")
  }

  // MARK: A chart

  private mutating func write(_ chart: Chart) {
    lines.append(
      "unset label; unset arrow; unset object; unset logscale xy; unset nonlinear x; unset nonlinear y; set nokey; set xtics auto; set ytics auto; set border 3"
    )
    lines.append(chart.title.isEmpty ? "unset title" : "set title \(Self.text(chart.title))")
    if !chart.hasAxes { lines.append("unset border; unset xtics; unset ytics") }
    set(chart.x, "x", chart)
    set(chart.y, "y", chart)
    var plots: [String] = []
    for mark in chart.marks { add(mark, to: &plots) }
    if !chart.legend.isEmpty {
      lines.append("set key on above horizontal left Left reverse samplen 2")
      plots += chart.legend.map(Self.key)
    }
    if plots.isEmpty {
      let data = block([[0, 0]])
      plots.append("\(data) using 1:(1/0) with points notitle")
    }
    lines.append("plot \(plots.joined(separator: ", \\\n  "))")
  }

  private mutating func set(_ axis: AxisStyle, _ name: String, _ chart: Chart) {
    lines.append("set \(name)label \(Self.text(axis.title))")
    switch axis.kind {
    case .log: lines.append("set logscale \(name)")
    case .ordinal(let names):
      lines.append(Self.tics(names, name))
    case .symlog(let c):
      lines.append(
        "set nonlinear \(name) via sgn(\(name))*log10(1+abs(\(name))/\(c)) inverse sgn(\(name))*\(c)*(10**abs(\(name))-1)"
      )
    case .linear: break
    }
    if let domain = axis.domain {
      lines.append("set \(name)range [\(domain.lowerBound):\(domain.upperBound)]")
    } else if case .ordinal(let names) = axis.kind {
      lines.append("set \(name)range [-0.5:\(Double(names.count) - 0.5)]")
    } else {
      let low = axis.including.contains(0) ? "0" : axis.floor.map { "\($0) < *" } ?? "*"
      lines.append("set \(name)range [\(low):\(axis.ceiling.map { "* < \($0)" } ?? "*")]")
    }
  }

  static func shape(_ marker: Marker) -> Int {
    switch marker {
    case .circle: 7
    case .square: 5
    case .triangle: 9
    case .diamond: 13
    case .cross: 2
    case .ring: 6
    }
  }

  private mutating func add(_ mark: Mark, to plots: inout [String]) {
    switch mark {
    case .line(let points, let stroke):
      plots.append("\(block(Self.rows(points))) using 1:2 with lines \(Self.style(stroke))")
    case .bundle(let curves, let stroke):
      plots.append("\(block(curves.map(Self.rows).joined(separator: [[]]))) using 1:2 with lines \(Self.style(stroke))")
    case .steps(let points, let stroke):
      plots.append("\(block(Self.rows(points))) using 1:2 with steps \(Self.style(stroke))")
    case .band(let x, let low, let high, let color):
      let rows = x.indices.map { [x[$0], low[$0], high[$0]] }.filter { $0.allSatisfy(\.isFinite) }
      plots.append("\(block(rows)) using 1:2:3 with filledcurves lc rgb '\(Self.hex(color))' fs solid notitle")
    case .area(let points, let color):
      plots.append("\(block(Self.rows(points))) using 1:2 with filledcurves closed lc rgb '\(Self.hex(color))' notitle")
    case .points(let points, let marker, let color, let radius):
      plots.append(
        "\(block(Self.rows(points))) using 1:2 with points pt \(Self.shape(marker)) ps \(radius / 3) lc rgb '\(Self.hex(color))' notitle"
      )
    case .jittered(let points, let marker, let color, let radius):
      // The first two columns are the drawn positions, the next two the values.
      let rows = points.map { [$0.drawn.x, $0.drawn.y, $0.value.x, $0.value.y] }.filter { $0.allSatisfy(\.isFinite) }
      plots.append(
        "\(block(rows)) using 1:2 with points pt \(Self.shape(marker)) ps \(radius / 3) lc rgb '\(Self.hex(color))' notitle"
      )
    case .bar(let x, let width, let y, let color):
      plots.append("\(block([[x, y, width]])) using 1:2:3 with boxes fs solid lc rgb '\(Self.hex(color))' notitle")
    case .box(let box, let color):
      plots.append(
        "\(block([[box.x, box.first, box.low, box.high, box.third, box.width]])) using 1:2:3:4:5:6 with candlesticks whiskerbars lc rgb '\(Self.hex(color))' notitle"
      )
      plots.append(
        "\(block([[box.x - box.width / 2, box.median], [box.x + box.width / 2, box.median]])) using 1:2 with lines lw 2 lc rgb '\(Self.hex(color))' notitle"
      )
    case .cells(let grid, let colors): addCells(grid, colors, to: &plots)
    case .contours(let field, let levels, let stroke):
      let rows = levels.flatMap { level in field.contour(level).flatMap { [[$0.x, $0.y], [$1.x, $1.y], []] } }
      if !rows.isEmpty { plots.append("\(block(rows)) using 1:2 with lines \(Self.style(stroke))") }
    case .arrows(let arrows, _): addArrows(arrows, to: &plots)
    case .interval(let x, let low, let high, let stroke):
      plots.append(
        "\(block([[x, (low + high) / 2, low, high]])) using 1:2:3:4 with yerrorbars pt 0 \(Self.style(stroke))")
    case .verticalRule, .horizontalRule, .text, .tag, .topLabel, .endLabel: annotate(mark)
    }
  }

  /// Rules and texts, which are no data to plot.
  private mutating func annotate(_ mark: Mark) {
    switch mark {
    case .verticalRule(let x, let label, let stroke):
      lines.append(
        "set arrow from first \(x), graph 0 to first \(x), graph 1 nohead \(Self.style(stroke, title: false))")
      if !label.isEmpty { lines.append(Self.label(Text.spans(label), "at first \(x), graph 0.97 offset 0.5,0")) }
    case .horizontalRule(let y, let label, let stroke):
      lines.append(
        "set arrow from graph 0, first \(y) to graph 1, first \(y) nohead \(Self.style(stroke, title: false))")
      if !label.isEmpty {
        lines.append(Self.label(Text.spans(label), "at graph 0.99, first \(y) right offset 0,0.5"))
      }
    case .text(let text, let at, let anchor), .tag(let text, let at, let anchor):
      let side = anchor.x == 0 ? "left" : anchor.x == 1 ? "right" : "center"
      lines.append(Self.label(text.spans, "at first \(at.x), first \(at.y) \(side)"))
    case .topLabel(let x, let label, let color, let row):
      let place = "at first \(x), graph \(1.02 + 0.05 * Double(row)) center tc rgb '\(Self.hex(color))'"
      lines.append(Self.label(Text.spans(label), place))
    case .endLabel(let label, let y, let color):
      lines.append(Self.label(Text.spans(label), "at graph 1.01, first \(y) tc rgb '\(Self.hex(color))'"))
    default: break
    }
  }

  private mutating func addCells(_ grid: CellGrid, _ colors: ColorScale, to plots: inout [String]) {
    var rows: [[Double]] = []
    for (row, values) in grid.values.enumerated() where row + 1 < grid.yEdges.count {
      for (column, value) in values.enumerated() where column + 1 < grid.xEdges.count {
        guard let color = colors.color(value) else { continue }
        let (x0, x1) = (grid.xEdges[column], grid.xEdges[column + 1])
        let (y0, y1) = (grid.yEdges[row], grid.yEdges[row + 1])
        rows.append([(x0 + x1) / 2, (y0 + y1) / 2, x0, x1, y0, y1, Double(Self.number(color))])
        if row < grid.labels.count, column < grid.labels[row].count, !grid.labels[row][column].isEmpty {
          let label = grid.labels[row][column].split(separator: "\n").joined(separator: " ")
          lines.append(
            Self.label(Text.spans(label), "at first \((x0 + x1) / 2), first \((y0 + y1) / 2) center front")
          )
        }
      }
    }
    plots.append("\(block(rows)) using 1:2:3:4:5:6:7 with boxxyerror fs solid noborder lc rgb variable notitle")
  }

  private mutating func addArrows(_ arrows: [Arrow], to plots: inout [String]) {
    let xs = arrows.map(\.at.x)
    let ys = arrows.map(\.at.y)
    let wide = ((xs.max() ?? 1) - (xs.min() ?? 0)) / 28
    let tall = ((ys.max() ?? 1) - (ys.min() ?? 0)) / 20
    let rows = arrows.map { arrow -> [Double] in
      let (u, v) = (arrow.direction.x / wide, arrow.direction.y / tall)
      let size = (u * u + v * v).squareRoot()
      let (dx, dy) = (u / size * wide, v / size * tall)
      return [arrow.at.x - dx / 2, arrow.at.y - dy / 2, dx, dy, Double(Self.number(arrow.color))]
    }
    plots.append("\(block(rows)) using 1:2:3:4:5 with vectors head filled lc rgb variable notitle")
  }

  private func surface(_ cells: CellGrid, _ colors: ColorScale, _ chart: Chart, name: String) -> String {
    var script = self
    script.lines = [
      "# \(title)", "set terminal pngcairo size 1000,800 enhanced", "set output \(Self.quoted("\(name).png"))",
    ]
    script.setPalette(colors)
    script.lines.append(
      "set xlabel \(Self.text(chart.x.title)); set ylabel \(Self.text(chart.y.title))")
    for (axis, letter) in [(chart.x, "x"), (chart.y, "y")] {
      if axis.kind == .log { script.lines.append("set logscale \(letter)") }
      if case .ordinal(let names) = axis.kind { script.lines.append(Self.tics(names, letter)) }
    }
    if colors.scale.kind == .log { script.lines.append("set logscale z") }
    func middles(_ edges: [Double]) -> [Double] { zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 } }
    let rows = zip(middles(cells.yEdges), cells.values).flatMap { y, values in
      zip(middles(cells.xEdges), values).map { x, value in [x, y, value] } + [[]]
    }
    let data = script.block(rows)
    script.lines.append("set pm3d; set hidden3d; set view 55,35; set ticslevel 0; unset key")
    script.lines.append("splot \(data) using 1:2:3 with pm3d notitle")
    return script.lines.joined(separator: "\n") + "\n"
  }

  // MARK: Syntax

  /// Adds a named block of data and returns its name. An empty row separates curves.
  mutating func block(_ rows: some Sequence<[Double]>) -> String {
    blocks += 1
    let name = "$data\(blocks)"
    lines.append("\(name) << EOD")
    var isEmpty = true
    for row in rows {
      isEmpty = false
      lines.append(row.map { $0.isFinite ? "\($0)" : "NaN" }.joined(separator: " "))
    }
    if isEmpty { lines.append("NaN NaN NaN") }
    lines.append("EOD")
    return name
  }

  private static func tics(_ names: [String], _ axis: String) -> String {
    let tics = names.enumerated().map { "\(quoted($1)) \($0)" }
    return "set \(axis)tics (\(tics.joined(separator: ", "))) noenhanced"
  }

  private static func rows(_ points: [Point]) -> [[Double]] { points.map { [$0.x, $0.y] } }

  static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: "''").replacing("\n", with: " "))'"
  }

  /// A title as gnuplot reads it, with its own marks for indices and exponents where there are some.
  static func text(_ title: String) -> String {
    let spans = Text.spans(title)
    return "\(typeset(spans)) \(mode(spans))"
  }

  private static func label(_ spans: [Text.Span], _ place: String) -> String {
    "set label \(typeset(spans)) \(place) \(mode(spans))"
  }

  private static func mode(_ spans: [Text.Span]) -> String {
    spans.contains { !$0.style.isDisjoint(with: [.subscript, .superscript]) } ? "enhanced" : "noenhanced"
  }

  private static func typeset(_ spans: [Text.Span]) -> String {
    guard mode(spans) == "enhanced" else { return quoted(spans.map(\.string).joined()) }
    return quoted(
      spans.map { span in
        let plain = span.string.replacing(/[\\{}_^@&~]/) { "\\\($0.output)" }
        if span.style.contains(.subscript) { return "_{\(plain)}" }
        return span.style.contains(.superscript) ? "^{\(plain)}" : plain
      }.joined())
  }

  static func style(_ stroke: Stroke, title: Bool = true) -> String {
    let dash = stroke.dash.isEmpty ? "" : " dt (\(stroke.dash.map { "\(2 * $0)" }.joined(separator: ",")))"
    return "lw \(stroke.width) lc rgb '\(hex(stroke.color))'\(dash)\(title ? " notitle" : "")"
  }

  private static func number(_ color: Color) -> Int {
    func part(_ value: Double) -> Int { Int((255 * min(max(value, 0), 1)).rounded()) }
    return part(1 - color.alpha) << 24 | part(color.red) << 16 | part(color.green) << 8 | part(color.blue)
  }

  /// A colour as #RRGGBB, for palettes, which have no transparency.
  static func opaque(_ color: Color) -> String { "#" + hex(color.opacity(1)).suffix(6) }

  /// A colour as #AARRGGBB, where AA is gnuplot's transparency: 0 is opaque.
  static func hex(_ color: Color) -> String {
    let digits = String(number(color), radix: 16)
    return "#" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
