/// A legend above its charts, entries side by side, broken into lines.
struct LegendLayout {
  struct Item {
    let entry: LegendEntry
    let text: Text
    let origin: Point
  }

  static let size = 8.0
  private static let line = 14.0
  private static let swatch = 18.0

  private(set) var items: [Item] = []
  private(set) var title: (text: Text, origin: Point)?
  private(set) var height = 0.0

  init(title: String, _ entries: [LegendEntry], width: Double, at origin: Point, canvas: some Canvas) {
    guard !entries.isEmpty else { return }
    var x = origin.x
    var y = origin.y
    if !title.isEmpty {
      let text = Text(title, size: Self.size, style: .bold, width: nil)
      self.title = (text, Point(x, y + Self.line / 2))
      x += canvas.measure(text).width + 12
    }
    let start = min(x, origin.x + width / 3)
    x = start
    for entry in entries {
      var text = Text(entry.label, size: Self.size)
      let room = width - Self.swatch - 4 - (start - origin.x)
      if canvas.measure(text).width > room { text = Self.shortened(text, room, canvas) }
      let needed = Self.swatch + 4 + canvas.measure(text).width
      if x > start, x + needed > origin.x + width {
        x = start
        y += Self.line
      }
      items.append(Item(entry: entry, text: text, origin: Point(x, y + Self.line / 2)))
      x += needed + 12
    }
    height = y + Self.line - origin.y + 6
  }

  private static func shortened(_ text: Text, _ room: Double, _ canvas: some Canvas) -> Text {
    var label = text.string
    while label.count > 1 {
      label.removeLast()
      let candidate = Text(label + "…", size: text.size)
      if canvas.measure(candidate).width <= room { return candidate }
    }
    return text
  }

  func draw(on canvas: some Canvas) {
    if let title { canvas.draw(title.text, at: title.origin, anchor: .left) }
    for item in items { canvas.legendEntry(item.entry.color) { draw(item, on: canvas) } }
  }

  private func draw(_ item: Item, on canvas: some Canvas) {
    let left = item.origin
    let middle = Point(left.x + Self.swatch / 2, left.y)
    if item.entry.hasLine {
      canvas.stroke(
        .line([left, Point(left.x + Self.swatch, left.y)]), Stroke(item.entry.color, width: 1.6, dash: item.entry.dash))
    }
    if let marker = item.entry.marker { marker.draw(at: middle, radius: 2.6, item.entry.color, on: canvas) }
    canvas.draw(item.text, at: Point(left.x + Self.swatch + 4, left.y), anchor: .left)
  }
}
