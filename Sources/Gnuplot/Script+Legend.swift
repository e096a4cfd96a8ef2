import Plotting

/// The places of panels, legend and colour bar on the page of a script, in pixels.
struct ScriptLayout {
  let width: Int
  let height: Int
  private let columns: Int
  private let rows: Int
  /// The height of the title.
  private let head = 36
  /// The height of the legend, 0 without one.
  private let legend: Int
  /// The width of the colour bar with its labels, 0 without one.
  private let bar: Int

  /// Sizes of texts are estimated: gnuplot alone knows its fonts.
  init(_ grid: ChartGrid) {
    rows = max(1, grid.charts.count)
    columns = max(1, grid.charts.map(\.count).max() ?? 1)
    bar = grid.colorScale.map { 80 + 8 * ($0.keys.map(\.label.count).max() ?? 0) } ?? 0
    width = max(900, 420 * columns) + bar
    let widest = grid.legend.map { 70 + 8 * $0.label.count }.max() ?? 0
    let perLine = max(1, (width - bar - 40) / max(1, widest))
    let lines = (grid.legend.count + perLine - 1) / perLine + (grid.legendTitle.isEmpty ? 0 : 1)
    legend = grid.legend.isEmpty ? 0 : 12 + 20 * lines
    height = max(600, 360 * rows) + legend
  }

  /// The place of a panel, counted from the top left.
  func panel(row: Int, column: Int) -> String {
    let wide = Double(width - bar) / Double(columns)
    let tall = Double(height - head - legend) / Double(rows)
    return place(x: Double(column) * wide, y: Double(rows - 1 - row) * tall, wide, tall)
  }

  /// The place of the legend, between the title and the panels.
  var legendPlace: String {
    place(x: 0, y: Double(height - head - legend), Double(width - bar), Double(legend))
  }

  /// The strip of the colour bar, right of the panels.
  var barPlace: String { place(x: Double(width - bar), y: 0, Double(bar), Double(height - head - legend)) }

  /// The colour bar alone, in shares of the page.
  var colorBox: String {
    let panels = Double(height - head - legend)
    return "origin \(x(Double(width - bar) + 6)),\(y(0.12 * panels)) size \(x(14)),\(y(0.76 * panels))"
  }

  private func place(x left: Double, y bottom: Double, _ wide: Double, _ tall: Double) -> String {
    "set origin \(x(left)),\(y(bottom)); set size \(x(wide)),\(y(tall))"
  }

  private func x(_ pixels: Double) -> Double { (10_000 * pixels / Double(width)).rounded() / 10_000 }
  private func y(_ pixels: Double) -> Double { (10_000 * pixels / Double(height)).rounded() / 10_000 }
}

extension ColorScale {
  /// The labels of its bar with their places in shares of it.
  var keys: [(share: Double, label: String)] {
    scale.ticks(count: 8).filter { !$0.label.isEmpty }.map { (scale.share($0.value), $0.label) }
  }
}

/// The legend and the colour bar of a figure, each as a plot without axes beside the panels.
extension Script {
  mutating func writeLegend(_ layout: ScriptLayout) {
    guard !grid.legend.isEmpty else { return }
    beginStrip(layout.legendPlace)
    let title = grid.legendTitle.isEmpty ? "" : " title \(Self.text(grid.legendTitle))"
    lines.append("set key on inside center center horizontal Left reverse samplen 2\(title)")
    // gnuplot draws no key without data: one point that is out of sight.
    let none = "\(block([[0.5, -1]])) using 1:2 with points pt 0 notitle"
    lines.append("plot \(([none] + grid.legend.map(Self.key)).joined(separator: ", \\\n  "))")
  }

  mutating func writeBar(_ colors: ColorScale, _ layout: ScriptLayout) {
    beginStrip(layout.barPlace)
    lines.append("set key off; unset logscale cb; set cbrange [0:1]")
    if case .settings(let settings) = colors.map {
      let stops = settings.enumerated().flatMap { index, color in
        [index, index + 1].map { "\($0) '\(Self.opaque(color))'" }
      }
      lines.append("set palette maxcolors \(settings.count); set palette defined (\(stops.joined(separator: ", ")))")
    } else {
      let stops = (0...16).map { "\($0) '\(Self.opaque(colors.color(atShare: Double($0) / 16)))'" }
      lines.append("set palette defined (\(stops.joined(separator: ", ")))")
    }
    let tics = colors.keys.map { "\(Self.quoted($0.label)) \($0.share)" }
    lines.append("set cbtics (\(tics.joined(separator: ", "))) noenhanced")
    lines.append("set cblabel \(Self.text(colors.title))")
    lines.append("set colorbox user \(layout.colorBox)")
    lines.append("plot \(block([[0.5, -1, 0]])) using 1:2:3 with points palette notitle")
  }

  /// A plot without axes, over the unit square, which fills its place.
  private mutating func beginStrip(_ place: String) {
    lines += [
      place,
      "unset label; unset arrow; unset object; unset logscale; unset nonlinear x; unset nonlinear y; unset title",
      "unset border; unset xtics; unset ytics; unset xlabel; unset ylabel",
      "set lmargin 0; set rmargin 0; set tmargin 0; set bmargin 0; set xrange [0:1]; set yrange [0:1]",
    ]
  }

  /// An entry of a legend.
  static func key(_ entry: LegendEntry) -> String {
    let style =
      switch (entry.hasLine, entry.marker) {
      case (true, nil), (false, nil): "lines"
      case (true, _): "linespoints"
      case (false, _): "points"
      }
    let marker = entry.marker.map { " pt \(shape($0)) ps 1" } ?? ""
    let line = Self.style(Stroke(entry.color, width: 1.6, dash: entry.dash), title: false)
    return "keyentry with \(style) \(line)\(marker) title \(text(entry.label))"
  }
}
