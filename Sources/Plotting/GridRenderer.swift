/// Draws charts.
public enum GridRenderer {
  /// The height a grid takes at a width.
  public static func height(of grid: ChartGrid, width: Double, canvas: some Canvas) -> Double {
    GridLayout(grid, in: width, at: Point(0, 0), canvas: canvas).height
  }

  /// Draws a grid with its top left corner at a point.
  /// - Parameter height: stretches the panels to fill this height; their own aspect where it is `nil`.
  public static func draw(
    _ grid: ChartGrid, at origin: Point, width: Double, height: Double? = nil, on canvas: some Canvas
  ) {
    let layout = GridLayout(grid, in: width, at: origin, canvas: canvas, fixedHeight: height)
    layout.legend.draw(on: canvas)
    for panel in layout.panels { PanelRenderer(panel: panel).draw(on: canvas) }
  }
}

/// Draws one chart into its frame.
struct PanelRenderer {
  let panel: GridLayout.Panel

  func draw(on canvas: some Canvas) {
    drawGrid(canvas)
    canvas.clip(to: panel.frame) {
      for mark in panel.chart.marks { draw(mark, canvas) }
    }
    drawEdgeMarkers(canvas)
    drawFrame(canvas)
    drawLabels(canvas)
    drawTitles(canvas)
    drawRuleLabels(canvas)
    drawTopLabels(canvas)
  }

  func x(_ value: Double) -> Double { panel.frame.x + panel.x.share(value) * panel.frame.width }
  func y(_ value: Double) -> Double { panel.frame.bottom - panel.y.share(value) * panel.frame.height }

  // MARK: Axes

  private func drawGrid(_ canvas: some Canvas) {
    let faint = Stroke(.faint, width: 0.6)
    for tick in panel.yTicks where !tick.isMinor {
      canvas.stroke(.line([Point(panel.frame.x, y(tick.value)), Point(panel.frame.right, y(tick.value))]), faint)
    }
    if case .ordinal = panel.x.kind { return }
    for tick in panel.xTicks where !tick.isMinor {
      canvas.stroke(.line([Point(x(tick.value), panel.frame.y), Point(x(tick.value), panel.frame.bottom)]), faint)
    }
  }

  private func drawFrame(_ canvas: some Canvas) {
    let frame = panel.frame
    let line = Stroke(.gray, width: 0.7)
    canvas.stroke(
      .line([Point(frame.x, frame.y), Point(frame.x, frame.bottom), Point(frame.right, frame.bottom)]), line)
    for tick in panel.xTicks {
      let length = tick.isMinor ? 2.0 : 3.5
      canvas.stroke(
        .line([Point(x(tick.value), frame.bottom), Point(x(tick.value), frame.bottom + length)]), line)
    }
    for tick in panel.yTicks {
      let length = tick.isMinor ? 2.0 : 3.5
      canvas.stroke(.line([Point(frame.x - length, y(tick.value)), Point(frame.x, y(tick.value))]), line)
    }
  }

  private func drawLabels(_ canvas: some Canvas) {
    if panel.showsXLabels {
      for tick in panel.xTicks where !tick.label.isEmpty {
        let text = Text(tick.label, size: GridLayout.labelSize, color: .gray)
        let place = Point(x(tick.value), panel.frame.bottom + 5)
        canvas.draw(text, at: place, anchor: panel.turnsXLabels ? .right : .top, angle: panel.turnsXLabels ? 90 : 0)
      }
    }
    if panel.showsYLabels {
      for tick in panel.yTicks where !tick.label.isEmpty {
        canvas.draw(
          Text(tick.label, size: GridLayout.labelSize, color: .gray), at: Point(panel.frame.x - 5, y(tick.value)),
          anchor: .right)
      }
    }
  }

  private func drawTitles(_ canvas: some Canvas) {
    let frame = panel.frame
    if !panel.chart.title.isEmpty {
      canvas.draw(
        GridLayout.title(panel.chart, width: frame.width),
        at: Point(frame.x, frame.y - 3 - GridLayout.topLabelHeight(panel.chart)), anchor: .bottomLeft)
    }
    if panel.showsXTitle, !panel.chart.x.title.isEmpty {
      let labels = labelDepth(canvas)
      canvas.draw(
        Text(panel.chart.x.title, size: GridLayout.titleSize),
        at: Point(frame.center.x, frame.bottom + 5 + labels), anchor: .top)
    }
    if panel.showsYTitle, !panel.chart.y.title.isEmpty {
      let widest =
        panel.yTicks.map { canvas.measure(Text($0.label, size: GridLayout.labelSize)).width }.max() ?? 0
      canvas.draw(
        Text(panel.chart.y.title, size: GridLayout.titleSize), at: Point(frame.x - 8 - widest, frame.center.y),
        anchor: .bottom, angle: 90)
    }
  }

  private func labelDepth(_ canvas: some Canvas) -> Double {
    let sizes = panel.xTicks.filter { !$0.label.isEmpty }.map {
      canvas.measure(Text($0.label, size: GridLayout.labelSize))
    }
    let depth = panel.turnsXLabels ? sizes.map(\.width).max() : sizes.map(\.height).max()
    return (depth ?? 0) + 2
  }

  // MARK: Marks

  private func draw(_ mark: Mark, _ canvas: some Canvas) {
    switch mark {
    case .line(let points, let stroke):
      for piece in pieces(points) { canvas.stroke(.line(Decimation.thin(piece)), stroke) }
    case .steps(let points, let stroke):
      for piece in pieces(points) { canvas.stroke(.line(Decimation.thin(staircase(piece))), stroke) }
    case .band(let xs, let low, let high, let color): drawBand(xs, low, high, color, canvas)
    case .points(let points, let marker, let color, let radius):
      for point in points where panel.x.shows(point.x) && panel.y.shows(point.y) {
        marker.draw(at: Point(x(point.x), y(point.y)), radius: radius, color, on: canvas)
      }
    case .bar(let center, let width, let value, let color):
      guard panel.y.shows(value) else { return }
      let base = panel.y.kind == .log ? panel.y.domain.lowerBound : max(0, panel.y.domain.lowerBound)
      let top = min(y(value), y(base))
      canvas.fill(
        .rect(
          Rect(
            x: x(center - width / 2), y: top, width: x(center + width / 2) - x(center - width / 2),
            height: abs(y(base) - y(value)))), color)
    case .verticalRule(let value, _, let stroke):
      guard panel.x.shows(value) else { return }
      canvas.stroke(.line([Point(x(value), panel.frame.y), Point(x(value), panel.frame.bottom)]), stroke)
    case .horizontalRule(let value, _, let stroke):
      guard panel.y.shows(value) else { return }
      canvas.stroke(.line([Point(panel.frame.x, y(value)), Point(panel.frame.right, y(value))]), stroke)
    case .interval(let at, let low, let high, let stroke):
      guard panel.x.shows(at), low <= high else { return }
      let bottom = panel.y.shows(low) ? y(low) : panel.frame.bottom
      let top = panel.y.shows(high) ? y(high) : panel.frame.y
      var path = Path.line([Point(x(at), bottom), Point(x(at), top)])
      for edge in [bottom, top] {
        path.move(to: Point(x(at) - 2.5, edge))
        path.line(to: Point(x(at) + 2.5, edge))
      }
      canvas.stroke(path, stroke)
    case .text(let text, let point, let anchor):
      guard panel.x.shows(point.x), panel.y.shows(point.y) else { return }
      canvas.draw(text, at: Point(x(point.x), y(point.y)), anchor: anchor)
    case .topLabel: break
    }
  }

  /// Labels above the frame, as many as stand side by side.
  private func drawTopLabels(_ canvas: some Canvas) {
    var end = -Double.infinity
    for case .topLabel(let value, let label) in panel.chart.marks where panel.x.shows(value) {
      let text = Text(label, size: GridLayout.topLabelSize, color: .fail)
      let half = canvas.measure(text).width / 2
      guard x(value) - half > end + 2, x(value) + half < panel.frame.right + 4 else { continue }
      canvas.draw(text, at: Point(x(value), panel.frame.y - 2), anchor: .bottom)
      end = x(value) + half
    }
  }

  /// The curve in page coordinates, cut where a value cannot be shown.
  private func pieces(_ points: [Point]) -> [[Point]] {
    var result: [[Point]] = []
    var piece: [Point] = []
    // Far outside the frame a page coordinate must stay a number that a canvas can take.
    let far = 20 * panel.frame.height
    for point in points {
      if panel.x.shows(point.x), panel.y.shows(point.y) {
        let height = min(max(y(point.y), panel.frame.y - far), panel.frame.bottom + far)
        piece.append(Point(x(point.x), height))
      } else if !piece.isEmpty {
        result.append(piece)
        piece = []
      }
    }
    if !piece.isEmpty { result.append(piece) }
    return result
  }

  private func staircase(_ points: [Point]) -> [Point] {
    var result: [Point] = []
    for point in points {
      if let last = result.last { result.append(Point(point.x, last.y)) }
      result.append(point)
    }
    return result
  }

  /// A band reaches to the frame's edge where a bound cannot be shown: infinity above, zero on a log axis below.
  private func drawBand(_ xs: [Double], _ low: [Double], _ high: [Double], _ color: Color, _ canvas: some Canvas) {
    var upper: [Point] = []
    var lower: [Point] = []
    func flush() {
      if upper.count > 1 {
        canvas.fill(.polygon(Decimation.thin(upper) + Decimation.thin(lower).reversed()), color)
      }
      upper = []
      lower = []
    }
    func height(_ value: Double, orElse edge: Double) -> Double {
      if !panel.y.shows(value) { return value <= 0 ? panel.frame.bottom + 10 : edge }
      return min(max(y(value), panel.frame.y - 10), panel.frame.bottom + 10)
    }
    for (i, value) in xs.enumerated() where panel.x.shows(value) {
      if low[i].isNaN || (!low[i].isFinite && low[i] > 0) {
        flush()
        continue
      }
      upper.append(Point(x(value), height(high[i], orElse: panel.frame.y - 10)))
      lower.append(Point(x(value), height(low[i], orElse: panel.frame.bottom + 10)))
    }
    flush()
  }

  private func holds(_ value: Double) -> Bool { panel.y.shows(value) && panel.y.domain.contains(value) }

  /// Points that the axes cannot show stand as open triangles at the edge that they have left by.
  private func drawEdgeMarkers(_ canvas: some Canvas) {
    for case .points(let points, _, let color, let radius) in panel.chart.marks {
      for point in points where panel.x.shows(point.x) && !holds(point.y) {
        let isHigh = point.y.isNaN || point.y > panel.y.domain.upperBound
        let tip = isHigh ? panel.frame.y + 2 : panel.frame.bottom - 2
        let base = isHigh ? tip + 2 * radius : tip - 2 * radius
        canvas.stroke(
          .polygon([Point(x(point.x), tip), Point(x(point.x) + radius, base), Point(x(point.x) - radius, base)]),
          Stroke(color, width: 0.7))
      }
    }
  }

  /// Labels of rules, inside the frame beside their line.
  private func drawRuleLabels(_ canvas: some Canvas) {
    var taken: [Rect] = []
    for mark in panel.chart.marks {
      switch mark {
      case .verticalRule(let value, let label, let stroke) where !label.isEmpty && panel.x.shows(value):
        let text = Text(label, size: GridLayout.labelSize, color: stroke.color.opacity(1))
        let isRight = x(value) + 3 + canvas.measure(text).width <= panel.frame.right
        guard panel.x.domain.contains(value) else { continue }
        canvas.draw(
          text, at: Point(x(value) + (isRight ? 3 : -3), panel.frame.y + 2), anchor: isRight ? .topLeft : .topRight)
      case .horizontalRule(let value, let label, let stroke) where !label.isEmpty && panel.y.shows(value):
        guard panel.y.domain.contains(value) else { continue }
        let text = Text(label, size: GridLayout.labelSize, color: stroke.color.opacity(1))
        let size = canvas.measure(text)
        // Levels close to each other: the next label stands to the left of the last.
        var box = Rect(
          x: panel.frame.right - 2 - size.width, y: y(value) - 1 - size.height, width: size.width, height: size.height)
        while let met = taken.first(where: { $0.overlaps(box) }) { box.x = met.x - size.width - 5 }
        taken.append(box)
        canvas.draw(text, at: Point(box.x, box.y))
      default: break
      }
    }
  }
}
