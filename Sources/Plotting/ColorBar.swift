/// The bar that says which colour is which value, laid out to the right of its charts.
struct ColorBar {
  private static let thickness = 9.0
  private static let gap = 12.0

  private let colors: ColorScale
  private let bar: Rect
  private let ticks: [Tick]
  private let title: Text

  /// The width that it takes with gap, labels and title.
  static func width(_ colors: ColorScale, _ canvas: some Canvas) -> Double {
    gap + thickness + 9 + labelWidth(colors, canvas) + GridLayout.titleSize * 1.4
  }

  private static func labelWidth(_ colors: ColorScale, _ canvas: some Canvas) -> Double {
    (2...32).flatMap { colors.scale.ticks(count: $0) }
      .map { canvas.measure(Text($0.label, size: GridLayout.labelSize)).width }.max() ?? 0
  }

  init(_ colors: ColorScale, in place: Rect, _ canvas: some Canvas) {
    self.colors = colors
    bar = Rect(x: place.x + Self.gap, y: place.y, width: Self.thickness, height: place.height)
    ticks = GridLayout.yTicks(colors.scale, bar.height, canvas)
    title = Text(colors.title, size: GridLayout.titleSize)
  }

  func draw(on canvas: some Canvas) {
    let steps = 128
    var image = Image(width: 1, height: steps)
    for step in 0..<steps { image[0, step] = colors.color(atShare: 1 - (Double(step) + 0.5) / Double(steps)) }
    canvas.draw(image, in: bar)
    canvas.stroke(.rect(bar), Stroke(.gray, width: 0.5))
    var widest = 0.0
    for tick in ticks {
      let y = bar.bottom - colors.scale.share(tick.value) * bar.height
      canvas.stroke(
        .line([Point(bar.right, y), Point(bar.right + (tick.isMinor ? 2 : 3.5), y)]), Stroke(.gray, width: 0.7))
      let label = Text(tick.label, size: GridLayout.labelSize, color: .gray)
      if !tick.label.isEmpty { canvas.draw(label, at: Point(bar.right + 5, y), anchor: .left) }
      widest = max(widest, canvas.measure(label).width)
    }
    canvas.draw(title, at: Point(bar.right + 9 + widest, bar.center.y), anchor: .top, angle: 90)
  }
}
