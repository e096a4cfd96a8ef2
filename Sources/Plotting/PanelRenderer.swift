/// Draws one chart into its frame.
struct PanelRenderer {
  let panel: GridLayout.Panel

  func draw(on canvas: some Canvas) {
    if panel.chart.isLocated { canvas.locate(panel.frame, x: panel.x, y: panel.y) }
    if panel.chart.hasAxes { drawGrid(canvas) }
    // Where values cannot exceed the ends of the axis, a marker or a line at an end is drawn completely.
    let slack = panel.chart.y.limits == nil ? 0 : 3.5
    canvas.clip(to: panel.frame.inset(by: -slack)) {
      let marks = Coincidence.spread(panel.chart.marks) { shows($0) ? place($0) : nil }
      for mark in marks { draw(mark, canvas) }
    }
    drawEdgeMarkers(canvas)
    if panel.chart.hasAxes { drawFrame(canvas) }
    drawTickLabels(canvas)
    drawTitles(canvas)
    drawLabels(canvas)
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
      GridLayout(ChartGrid(inset.chart), width: place.width, canvas: canvas)
        .draw(at: Point(place.x, place.y), height: place.height, on: canvas)
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

  private func drawTickLabels(_ canvas: some Canvas) {
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
    let legendTop = frame.y - GridLayout.topLabelHeight(panel.chart) - panel.legend.height
    panel.legend.draw(at: Point(frame.x, legendTop), on: canvas)
    if !panel.chart.title.isEmpty {
      canvas.draw(
        GridLayout.title(panel.chart, width: frame.width), at: Point(frame.x, legendTop - 3), anchor: .bottomLeft)
    }
    if panel.showsXLabels, !panel.chart.x.title.isEmpty {
      let labels = labelDepth(canvas)
      canvas.draw(
        GridLayout.axisTitle(panel.chart.x.title, along: frame.width, canvas),
        at: Point(frame.center.x, frame.bottom + 5 + labels), anchor: .top)
    }
    if panel.showsYLabels, !panel.chart.y.title.isEmpty {
      let widest =
        panel.yTicks.map { canvas.measure(Text($0.label, size: GridLayout.labelSize)).width }.max() ?? 0
      canvas.draw(
        GridLayout.axisTitle(panel.chart.y.title, along: frame.height, canvas),
        at: Point(frame.x - 8 - widest, frame.center.y), anchor: .bottom, angle: 90)
    }
  }

  private func labelDepth(_ canvas: some Canvas) -> Double {
    let sizes = panel.xTicks.filter { !$0.label.isEmpty }.map {
      canvas.measure(Text($0.label, size: GridLayout.labelSize))
    }
    let depth = panel.turnsXLabels ? sizes.map(\.width).max() : sizes.map(\.height).max()
    return (depth ?? 0) + 2
  }

  /// Labels above the frame, in each row as many as fit side by side.
  private func drawTopLabels(_ canvas: some Canvas) {
    var ends: [Int: Double] = [:]
    for case .topLabel(let value, let label, let color, let row) in panel.chart.marks where panel.x.shows(value) {
      let text = Text(label, size: GridLayout.topLabelSize, color: color)
      let half = canvas.measure(text).width / 2
      guard x(value) - half > ends[row, default: -.infinity] + 2, x(value) + half < panel.frame.right + 4 else {
        continue
      }
      let bottom = panel.frame.y - 2 - Double(row) * GridLayout.topLabelLine
      canvas.draw(text, at: Point(x(value), bottom), anchor: .bottom)
      ends[row] = x(value) + half
    }
  }
}
