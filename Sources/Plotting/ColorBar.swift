/// The bar that shows which colour means which value, laid out to the right of its charts.
struct ColorBar {
  private static let thickness = 9.0
  private static let gap = 12.0

  private let colors: ColorScale
  private let bar: Rect
  private let ticks: [Tick]
  private let title: Text

  /// The width that it takes with gap, labels and title.
  static func width(_ colors: ColorScale, _ canvas: some Canvas) -> Double {
    gap + thickness + 9 + colors.axis.widestLabel(2...32, canvas) + canvas.measure(title(colors)).height + 2
  }

  private static func title(_ colors: ColorScale) -> Text { Text(colors.title, size: GridLayout.titleSize) }

  init(_ colors: ColorScale, in place: Rect, _ canvas: some Canvas) {
    self.colors = colors
    bar = Rect(x: place.x + Self.gap, y: place.y, width: Self.thickness, height: place.height)
    ticks = colors.axis.verticalTicks(bar.height, canvas)
    title = GridLayout.axisTitle(colors.title, along: bar.height, canvas)
  }

  func draw(on canvas: some Canvas) {
    var widest = 0.0
    drawColors(on: canvas)
    canvas.stroke(.rect(bar), Stroke(.gray, width: 0.5))
    for tick in ticks {
      let y = height(tick)
      let length = tick.isMinor ? 2 : 3.5
      canvas.stroke(.line([Point(bar.right, y), Point(bar.right + length, y)]), Stroke(.gray, width: 0.7))
      if !colors.isOfSettings { drawLabel(tick, on: canvas) }
      widest = max(widest, AxisScale.size(tick.label, canvas).width)
    }
    canvas.draw(title, at: Point(bar.right + 9 + widest, bar.center.y), anchor: .top, angle: 90)
  }

  private func height(_ tick: Tick) -> Double { bar.bottom - colors.scale.share(tick.value) * bar.height }

  private func drawLabel(_ tick: Tick, on canvas: some Canvas) {
    guard !tick.label.isEmpty else { return }
    let label = Text(tick.label, size: GridLayout.labelSize, color: .gray)
    canvas.draw(label, at: Point(bar.right + 5, height(tick)), anchor: .left)
  }

  /// A gradient, or a block with its label for each of some settings: they can be pressed where a legend's entries can.
  private func drawColors(on canvas: some Canvas) {
    if case .settings(let settings) = colors.map {
      let tall = bar.height / Double(settings.count)
      for (color, tick) in zip(settings, ticks) {
        let block = Rect(x: bar.x, y: height(tick) - tall / 2, width: bar.width, height: tall)
        canvas.legendEntry(color) {
          canvas.fill(.rect(block), color)
          drawLabel(tick, on: canvas)
        }
      }
      return
    }
    let steps = 128
    var image = Image(width: 1, height: steps)
    for step in 0..<steps { image[0, step] = colors.color(atShare: 1 - (Double(step) + 0.5) / Double(steps)) }
    canvas.draw(image, in: bar)
  }
}

extension ColorScale {
  fileprivate var axis: AxisScale { AxisScale(AxisStyle(title, scale.kind, domain: scale.domain), Extent()) }
}
