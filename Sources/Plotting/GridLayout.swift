/// A grid of charts, measured once at a width: its height, the positions of its parts, and its drawing.
package struct GridLayout: Sendable {
  struct Panel {
    var chart: Chart
    var x: Scale
    var y: Scale
    var frame: Rect
    var xTicks: [Tick]
    var yTicks: [Tick]
    var showsXLabels: Bool
    var showsYLabels: Bool
    var turnsXLabels: Bool
    var showsEndLabels: Bool
    var legend: LegendLayout
    var names: SeriesNames
  }

  static let labelSize = 7.5
  static let titleSize = 8.5
  static let topLabelSize = 6.5
  static let topLabelLine = 1.4 * topLabelSize

  /// Total height that the grid takes at its width.
  package let height: Double
  private let grid: ChartGrid
  private let width: Double
  private let legend: LegendLayout
  /// `nil` for a grid without charts.
  private let measures: GridMeasures?

  /// - Parameters:
  ///   - width: of the whole grid, in points.
  ///   - canvas: measures text.
  package init(_ grid: ChartGrid, width: Double, canvas: some Canvas) {
    let legend = LegendLayout(title: grid.legendTitle, grid.legend, width: width, canvas: canvas)
    let hasCharts = grid.charts.contains { !$0.isEmpty }
    let measures = hasCharts ? GridMeasures(grid, width: width, canvas) : nil
    height = legend.height + (measures?.height ?? 0)
    (self.grid, self.width, self.legend, self.measures) = (grid, width, legend, measures)
  }

  /// Draws the grid with its top left corner at a point.
  /// - Parameter height: stretches the panels to fill this height; their own aspect where it is `nil`.
  package func draw(at origin: Point, height: Double? = nil, on canvas: some Canvas) {
    legend.draw(at: origin, on: canvas)
    guard let measures else { return }
    let panels = panels(measures, at: origin, filling: height, canvas)
    for panel in panels { PanelRenderer(panel: panel).draw(on: canvas) }
    guard let colors = grid.colorScale, let first = panels.first?.frame, let last = panels.last?.frame else { return }
    let place = Rect(
      x: origin.x + width - measures.barWidth, y: first.y, width: measures.barWidth, height: last.bottom - first.y)
    ColorBar(colors, in: place, canvas).draw(on: canvas)
  }

  /// Whether there are lines that would hide each other, so that those below are drawn wider.
  func hasCoincidingLines(_ canvas: some Canvas) -> Bool {
    guard let measures else { return false }
    return panels(measures, at: Point(0, 0), filling: nil, canvas).contains(where: Coincidence.isFound)
  }

  private func panels(
    _ measures: GridMeasures, at origin: Point, filling height: Double?, _ canvas: some Canvas
  ) -> [Panel] {
    let tall = measures.frameHeight(filling: height.map { $0 - legend.height })
    var top = origin.y + legend.height
    var panels: [Panel] = []
    for (row, charts) in grid.charts.enumerated() {
      top += measures.heads[row]
      for column in charts.indices {
        let left = origin.x + measures.x(ofColumn: column)
        let frame = Rect(x: left, y: top, width: measures.frameWidth, height: tall)
        panels.append(panel(row, column, frame, measures, canvas))
      }
      top += tall + measures.rowGap
    }
    return panels
  }

  private func panel(
    _ row: Int, _ column: Int, _ frame: Rect, _ measures: GridMeasures, _ canvas: some Canvas
  ) -> Panel {
    let chart = grid.charts[row][column]
    let (x, y) = measures.scales[row][column]
    let isTurned = measures.turnedDepth != nil && x.scale.isOrdinal
    let isLowest = row == grid.charts.count - 1 || column >= grid.charts[row + 1].count
    return Panel(
      chart: chart, x: x.scale, y: y.scale, frame: frame,
      xTicks: x.horizontalTicks(frame.width, turned: isTurned, canvas),
      yTicks: y.verticalTicks(frame.height, canvas),
      showsXLabels: chart.hasAxes && (!grid.sharesAxes || isLowest),
      showsYLabels: chart.hasAxes && (!grid.sharesAxes || column == 0),
      turnsXLabels: isTurned, showsEndLabels: measures.showsEndLabels,
      legend: LegendLayout(title: "", chart.legend, width: frame.width, canvas: canvas),
      names: SeriesNames(chart, grid))
  }

  /// A chart's title, broken into lines where its frame is narrow.
  static func title(_ chart: Chart, width: Double) -> Text {
    Text(chart.title, size: titleSize, style: .bold, width: width)
  }

  /// An axis's title, smaller where it is longer than its axis and would meet that of the next panel.
  static func axisTitle(_ title: String, along length: Double, _ canvas: some Canvas) -> Text {
    let width = canvas.measure(Text(title, size: titleSize)).width
    return Text(title, size: titleSize * min(1, max(0.6, (length + 8) / max(width, 1))))
  }

  /// Room above a frame for its rows of labels.
  static func topLabelHeight(_ chart: Chart) -> Double {
    let rows = chart.marks.compactMap { if case .topLabel(_, _, _, let row) = $0 { row + 1 } else { nil } }
    return topLabelLine * Double(rows.max() ?? 0)
  }
}
