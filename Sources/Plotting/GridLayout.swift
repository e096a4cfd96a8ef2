/// Measures a grid of charts and says where everything goes: measure first, then place, then draw.
struct GridLayout {
  struct Panel {
    var chart: Chart
    var x: Scale
    var y: Scale
    var frame: Rect
    var xTicks: [Tick]
    var yTicks: [Tick]
    var showsXLabels: Bool
    var showsYLabels: Bool
    var showsXTitle: Bool
    var showsYTitle: Bool
    var turnsXLabels: Bool
    var showsEndLabels: Bool
  }

  static let labelSize = 7.5
  static let titleSize = 8.5
  static let topLabelSize = 6.5
  private static let gap = 5.0

  private(set) var panels: [Panel] = []
  private(set) var legend: LegendLayout
  private(set) var colorBar: ColorBar?
  /// Total height that the grid takes at its width.
  private(set) var height = 0.0

  init(_ grid: ChartGrid, in width: Double, at origin: Point, canvas: some Canvas, fixedHeight: Double? = nil) {
    legend = LegendLayout(title: grid.legendTitle, grid.legend, width: width, at: origin, canvas: canvas)
    let rows = grid.charts.count
    let columns = grid.charts.map(\.count).max() ?? 0
    guard rows > 0, columns > 0 else {
      height = legend.height
      return
    }
    let scales = Self.scales(grid)
    let barWidth = grid.colorScale.map { ColorBar.width($0, canvas) } ?? 0
    let width = width - barWidth
    // Widths of the y labels decide the panels' width, their width decides the ticks, and ticks decide labels: settle
    // with the longest labels that any tick count between few and many gives.
    let hasAxes = grid.charts.contains { $0.contains(where: \.hasAxes) }
    let yLabels = Self.yLabelWidth(grid, scales, canvas)
    let yTitle = Self.titleSize * 1.35 + 2
    let left = hasAxes ? yLabels + Self.gap + yTitle + 3 : 4
    let overhang = Self.rightMargin(grid, scales, canvas)
    func frameWidth(right: Double, between: Double) -> Double {
      (width - left - right - Double(columns - 1) * between) / Double(columns)
    }
    // The last label of a panel and the first of its neighbour each stand out by half.
    func between(right: Double) -> Double { grid.sharesAxes ? max(10, overhang + right) : left + right }
    // Labels at line ends must leave the lines their room.
    let labelled = overhang + EndLabels.width(grid, canvas)
    let showsEndLabels = frameWidth(right: labelled, between: between(right: labelled)) >= 60
    let right = showsEndLabels ? labelled : overhang
    let between = between(right: right)
    let frameWidth = max(30, frameWidth(right: right, between: between))
    let titleHeights = grid.charts.map { row in
      let titles = row.filter { !$0.title.isEmpty }.map { canvas.measure(Self.title($0, width: frameWidth)).height + 4 }
      return (titles.max() ?? 0) + (row.map(Self.topLabelHeight).max() ?? 0)
    }
    let turned = Self.turnsLabels(grid, scales, frameWidth, canvas)
    let xLabels = turned.map { $0 + Self.gap } ?? (1.25 * Self.labelSize + Self.gap)
    let xTitle = 1.3 * Self.titleSize + 2
    let fixed = titleHeights.reduce(0, +) + legend.height
    let below = hasAxes ? xLabels + xTitle : 4
    let rowGap = grid.sharesAxes ? 8.0 : below + 8
    var frameHeight = frameWidth / grid.aspect
    if let fixedHeight {
      frameHeight = max(20, (fixedHeight - fixed - below - Double(rows - 1) * rowGap) / Double(rows))
    }
    var y = origin.y + legend.height
    for (r, row) in grid.charts.enumerated() {
      y += titleHeights[r]
      for (c, chart) in row.enumerated() {
        let frame = Rect(
          x: origin.x + left + Double(c) * (frameWidth + between), y: y, width: frameWidth, height: frameHeight)
        let (xScale, yScale) = scales[r][c]
        let isTurned = turned != nil && xScale.isOrdinal
        let isLowest = r == rows - 1 || c >= grid.charts[r + 1].count
        panels.append(
          Panel(
            chart: chart, x: xScale, y: yScale, frame: frame,
            xTicks: Self.xTicks(xScale, chart.x.ticks, frameWidth, canvas, turned: isTurned),
            yTicks: Self.yTicks(yScale, frameHeight, canvas),
            showsXLabels: chart.hasAxes && (!grid.sharesAxes || isLowest),
            showsYLabels: chart.hasAxes && (!grid.sharesAxes || c == 0),
            showsXTitle: chart.hasAxes && (!grid.sharesAxes || isLowest),
            showsYTitle: chart.hasAxes && (!grid.sharesAxes || c == 0),
            turnsXLabels: isTurned, showsEndLabels: showsEndLabels))
      }
      y += frameHeight + (r == rows - 1 ? below : rowGap)
    }
    height = y - origin.y
    if let scale = grid.colorScale, let first = panels.first?.frame, let last = panels.last?.frame {
      let tall = Rect(x: origin.x + width, y: first.y, width: barWidth, height: last.bottom - first.y)
      colorBar = ColorBar(scale, in: tall, canvas)
    }
  }

  /// A chart's title, broken into lines where its frame is narrow.
  static func title(_ chart: Chart, width: Double) -> Text {
    Text(chart.title, size: titleSize, style: .bold, width: width)
  }

  /// Room above a frame for the labels that stand there.
  static func topLabelHeight(_ chart: Chart) -> Double {
    chart.marks.contains { if case .topLabel = $0 { true } else { false } } ? 1.4 * topLabelSize : 0
  }

  // MARK: Scales

  private static func scales(_ grid: ChartGrid) -> [[(Scale, Scale)]] {
    func scale(_ style: AxisStyle, _ extent: Extent) -> Scale {
      if let domain = style.domain { return Scale(style.kind, domain: domain) }
      let fitting = Scale.fitting(style.kind, style.ceiling.map(extent.cut) ?? extent, including: style.including)
      return style.limits.map(fitting.clamped(to:)) ?? fitting
    }
    let extents = grid.charts.map { $0.map { Self.union($0.marks.map(\.extent)) } }
    guard grid.sharesAxes, let first = grid.charts.first?.first else {
      return zip(grid.charts, extents).map { row, values in
        zip(row, values).map { (scale($0.x, $1.x), scale($0.y, $1.y)) }
      }
    }
    let all = Self.union(extents.flatMap(\.self))
    var y = first.y
    y.ceiling = grid.charts.flatMap(\.self).compactMap(\.y.ceiling).max()
    let shared = (scale(first.x, all.x), scale(y, all.y))
    return grid.charts.map { $0.map { _ in shared } }
  }

  private static func union(_ parts: [(x: Extent, y: Extent)]) -> (x: Extent, y: Extent) {
    parts.reduce((Extent(), Extent())) { ($0.0.union($1.x), $0.1.union($1.y)) }
  }

  // MARK: Room for labels

  private static func text(_ label: String) -> Text { Text(label, size: labelSize) }

  private static func yLabelWidth(_ grid: ChartGrid, _ scales: [[(Scale, Scale)]], _ canvas: some Canvas) -> Double {
    var widest = 8.0
    for row in scales {
      for (_, y) in row {
        for count in 2...24 {
          for tick in y.ticks(count: count) { widest = max(widest, canvas.measure(text(tick.label)).width) }
        }
      }
      if grid.sharesAxes { break }
    }
    return widest
  }

  /// Half of the last x label may stand out on the right.
  private static func rightMargin(_ grid: ChartGrid, _ scales: [[(Scale, Scale)]], _ canvas: some Canvas) -> Double {
    var widest = 0.0
    for (x, _) in scales.flatMap(\.self) {
      if case .ordinal = x.kind { continue }
      for count in 2...10 {
        for tick in x.ticks(count: count) { widest = max(widest, canvas.measure(text(tick.label)).width) }
      }
    }
    return max(6, widest / 2 + 2)
  }

  /// The height of turned labels, where an ordinal axis has names too long to stand side by side.
  private static func turnsLabels(
    _ grid: ChartGrid, _ scales: [[(Scale, Scale)]], _ width: Double, _ canvas: some Canvas
  ) -> Double? {
    var longest = 0.0
    var isNeeded = false
    for (x, _) in scales.flatMap(\.self) {
      guard case .ordinal(let names) = x.kind, !names.isEmpty else { continue }
      let widest = names.map { canvas.measure(text($0)).width }.max() ?? 0
      longest = max(longest, widest)
      if widest + 6 > width / Double(names.count) { isNeeded = true }
    }
    return isNeeded ? longest : nil
  }

  // MARK: Ticks without overlap

  private static func xTicks(
    _ scale: Scale, _ wanted: [Tick]?, _ width: Double, _ canvas: some Canvas, turned: Bool
  ) -> [Tick] {
    if let wanted, fits(wanted, scale, width, gap: 4, extent: { canvas.measure(text($0)).width }) { return wanted }
    if case .ordinal(let names) = scale.kind {
      // Turned labels need their height side by side; beyond that only every second, third … is written.
      let room = turned ? labelSize * 1.3 : 0
      let stride = max(1, Int((room * Double(names.count) / width).rounded(.up)))
      return scale.ticks(count: names.count).enumerated().map { index, tick in
        index % stride == 0 ? tick : Tick(tick.value, "", isMinor: true)
      }
    }
    for count in stride(from: max(2, Int(width / 34)), through: 2, by: -1) {
      let ticks = scale.ticks(count: count)
      if fits(ticks, scale, width, gap: 6, extent: { canvas.measure(text($0)).width }) { return ticks }
    }
    return Array(scale.ticks(count: 2).filter { !$0.label.isEmpty }.prefix(1))
  }

  static func yTicks(_ scale: Scale, _ height: Double, _ canvas: some Canvas) -> [Tick] {
    if case .ordinal = scale.kind { return scale.ticks(count: 0) }
    for count in stride(from: max(2, Int(height / 22)), through: 2, by: -1) {
      let ticks = scale.ticks(count: count)
      if fits(ticks, scale, height, gap: 3, extent: { canvas.measure(text($0)).height }) { return ticks }
    }
    return Array(scale.ticks(count: 2).filter { !$0.label.isEmpty }.prefix(1))
  }

  private static func fits(
    _ ticks: [Tick], _ scale: Scale, _ length: Double, gap: Double, extent: (String) -> Double
  ) -> Bool {
    var end = -Double.infinity
    for tick in ticks where !tick.label.isEmpty {
      let half = extent(tick.label) / 2
      let center = scale.share(tick.value) * length
      if center - half < end + gap { return false }
      end = center + half
    }
    return true
  }
}
