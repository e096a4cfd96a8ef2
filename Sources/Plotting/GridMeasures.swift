/// The lengths that all panels of a grid share.
///
/// The y labels determine the width of the panels, this width the number of ticks, and the ticks the labels. To avoid the circle, the
/// width is computed with the longest labels that any possible number of ticks has.
struct GridMeasures {
  private static let gap = 5.0

  let scales: [[(x: AxisScale, y: AxisScale)]]
  let barWidth: Double
  let frameWidth: Double
  let showsEndLabels: Bool
  /// Titles, legends and labels above the frames of each row.
  let heads: [Double]
  /// The height of turned x labels, where they do not fit side by side.
  let turnedDepth: Double?
  /// Labels and titles below the frames of the last row.
  let below: Double
  let rowGap: Double
  private let left: Double
  private let between: Double
  private let aspect: Double

  init(_ grid: ChartGrid, width: Double, _ canvas: some Canvas) {
    scales = Self.scales(grid)
    aspect = grid.aspect
    let bar = grid.colorScale.map { ColorBar.width($0, canvas) } ?? 0
    barWidth = bar
    let charts = grid.charts.flatMap(\.self)
    let axes = scales.flatMap(\.self)
    let hasAxes = charts.contains(where: \.hasAxes)
    let yTitle = charts.contains { !$0.y.title.isEmpty } ? Self.titleHeight(charts.map(\.y.title), canvas) + 2 : 0
    let yLabels = max(8, Set(axes.map(\.y)).map { $0.widestLabel(2...24, canvas) }.max() ?? 0)
    let left = hasAxes ? yLabels + Self.gap + yTitle + 3 : 4
    // Half of the last x label is right of the frame.
    let xLabels = Set(axes.map(\.x)).filter { !$0.scale.isOrdinal }.map { $0.widestLabel(2...10, canvas) }.max() ?? 0
    let overhang = max(6, xLabels / 2 + 2)
    let columns = Double(grid.charts.map(\.count).max() ?? 1)
    // The last label of a panel and the first of its neighbour each pass their frame by half.
    func spacing(_ right: Double) -> Double { grid.sharesAxes ? max(10, overhang + right) : left + right }
    func room(_ right: Double) -> Double {
      (width - bar - left - right - (columns - 1) * spacing(right)) / columns
    }
    // Labels at line ends must leave the lines their room.
    let labelled = overhang + EndLabels.width(grid, canvas)
    let showsEndLabels = room(labelled) >= 60
    let right = showsEndLabels ? labelled : overhang
    let wide = max(30, room(right))
    (self.left, between, frameWidth, self.showsEndLabels) = (left, spacing(right), wide, showsEndLabels)
    heads = grid.charts.map { Self.head($0, wide, canvas) }
    let turned = Self.turnedDepth(axes.map(\.x.scale), wide, canvas)
    turnedDepth = turned
    let xTitle = charts.contains { !$0.x.title.isEmpty } ? Self.titleHeight(charts.map(\.x.title), canvas) + 2 : 0
    let below = hasAxes ? (turned ?? 1.25 * GridLayout.labelSize) + Self.gap + xTitle + 2 : 4
    self.below = below
    rowGap = grid.sharesAxes ? 8 : below + 8
  }

  func x(ofColumn column: Int) -> Double { left + Double(column) * (frameWidth + between) }

  /// The height of all rows with the texts above and below them, without the grid's legend.
  var height: Double { heads.reduce(0, +) + rows * naturalHeight + (rows - 1) * rowGap + below }

  /// The height of each frame: by the grid's aspect, or what fills a height.
  func frameHeight(filling height: Double?) -> Double {
    guard let height else { return naturalHeight }
    return max(20, naturalHeight + (height - self.height) / rows)
  }

  private var rows: Double { Double(heads.count) }
  private var naturalHeight: Double { frameWidth / aspect }

  // MARK: Scales

  private static func scales(_ grid: ChartGrid) -> [[(x: AxisScale, y: AxisScale)]] {
    let extents = grid.charts.map { $0.map(extent) }
    guard grid.sharesAxes, let first = grid.charts.first?.first else {
      return zip(grid.charts, extents).map { row, values in
        zip(row, values).map { (AxisScale($0.x, $1.x), AxisScale($0.y, $1.y)) }
      }
    }
    let all = union(extents.flatMap(\.self))
    var y = first.y
    y.ceiling = grid.charts.flatMap(\.self).compactMap(\.y.ceiling).max()
    y.floor = grid.charts.flatMap(\.self).compactMap(\.y.floor).min()
    let shared = (x: AxisScale(first.x, all.x), y: AxisScale(y, all.y))
    return grid.charts.map { $0.map { _ in shared } }
  }

  /// The extent of a chart's marks, or that of the marks of all frames.
  static func extent(_ chart: Chart) -> (x: Extent, y: Extent) {
    let own = union(chart.marks.map(\.extent))
    return (chart.x.shared ?? own.x, chart.y.shared ?? own.y)
  }

  static func union(_ parts: [(x: Extent, y: Extent)]) -> (x: Extent, y: Extent) {
    parts.reduce((Extent(), Extent())) { ($0.0.union($1.x), $0.1.union($1.y)) }
  }

  // MARK: Room for text

  /// The height of the tallest of some axis titles: one with an index is taller than one without.
  private static func titleHeight(_ titles: [String], _ canvas: some Canvas) -> Double {
    Set(titles).map { canvas.measure(Text($0, size: GridLayout.titleSize)).height }.max() ?? 0
  }

  /// The height of the texts above the frames of a row: titles, legends, labels.
  private static func head(_ row: [Chart], _ width: Double, _ canvas: some Canvas) -> Double {
    let titles = row.filter { !$0.title.isEmpty }.map {
      canvas.measure(GridLayout.title($0, width: width)).height + 4
    }
    let legends = row.map { LegendLayout(title: "", $0.legend, width: width, canvas: canvas).height }
    let words = (titles.max() ?? 0) + (legends.max() ?? 0) + (row.map(GridLayout.topLabelHeight).max() ?? 0)
    // Half of the topmost y label is above the frame.
    return max(words, row.contains(where: \.hasAxes) ? 0.65 * GridLayout.labelSize : 0)
  }

  /// The height of turned labels, where an ordinal axis has names too long to be side by side.
  private static func turnedDepth(_ scales: [Scale], _ width: Double, _ canvas: some Canvas) -> Double? {
    var longest = 0.0
    var isNeeded = false
    for scale in Set(scales) {
      guard case .ordinal(let names) = scale.kind, !names.isEmpty else { continue }
      let widest = names.map { AxisScale.size($0, canvas).width }.max() ?? 0
      longest = max(longest, widest)
      if widest + 6 > width / Double(names.count) { isNeeded = true }
    }
    return isNeeded ? longest : nil
  }
}
