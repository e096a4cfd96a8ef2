/// Draws one chart into its frame.
struct PanelRenderer {
  let panel: GridLayout.Panel

  func draw(on canvas: some Canvas) {
    if panel.chart.hasAxes { drawGrid(canvas) }
    // Where values cannot exceed the ends of the axis, a marker or a line at an end is drawn completely.
    let slack = panel.chart.y.limits == nil ? 0 : 3.5
    canvas.clip(to: panel.frame.inset(by: -slack)) {
      for mark in panel.chart.marks { draw(mark, canvas) }
    }
    drawEdgeMarkers(canvas)
    if panel.chart.hasAxes { drawFrame(canvas) }
    drawLabels(canvas)
    drawTitles(canvas)
    drawRuleLabels(canvas)
    drawTopLabels(canvas)
    if panel.showsEndLabels {
      EndLabels.draw(panel.chart.marks, frame: panel.frame, on: canvas) { panel.y.shows($0) ? y($0) : nil }
    }
    drawInsets(canvas)
  }

  private func drawInsets(_ canvas: some Canvas) {
    for inset in panel.chart.insets {
      let frame = panel.frame
      let place = Rect(
        x: frame.x + inset.place.x * frame.width, y: frame.y + inset.place.y * frame.height,
        width: inset.place.width * frame.width, height: inset.place.height * frame.height)
      canvas.fill(.rect(place.inset(by: -3)), .white)
      canvas.stroke(.rect(place.inset(by: -3)), Stroke(.lightGray, width: 0.6))
      GridRenderer.draw(
        ChartGrid(inset.chart), at: Point(place.x, place.y), width: place.width, height: place.height, on: canvas)
    }
  }

  /// The x coordinate of a value on the page.
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

  private func holds(_ value: Double) -> Bool { panel.y.shows(value) && panel.y.domain.contains(value) }

  /// Points that the axes cannot show stand as open triangles at the edge that they have left by.
  private func drawEdgeMarkers(_ canvas: some Canvas) {
    for mark in panel.chart.marks {
      guard let (points, color, radius) = mark.markers else { continue }
      for point in points where panel.x.shows(point.x) && panel.x.domain.contains(point.x) && !holds(point.y) {
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
