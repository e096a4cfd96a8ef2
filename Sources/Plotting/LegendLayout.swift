/// A legend above its charts, entries side by side, broken into lines.
struct LegendLayout {
  struct Item {
    let entry: LegendEntry
    let text: Text
    /// From the legend's top left corner to the middle of the entry's left side.
    var place: Point
  }

  static let size = 8.0
  private static let line = 14.0
  private static let swatch = 18.0
  private static let gap = 12.0

  private(set) var items: [Item] = []
  private(set) var title: Text?
  private(set) var height = 0.0

  init(title: String, _ entries: [LegendEntry], width: Double, canvas: some Canvas) {
    guard !entries.isEmpty else { return }
    var head = 0.0
    if !title.isEmpty {
      let text = Text(title, size: Self.size, style: .bold)
      self.title = text
      head = canvas.measure(text).width + Self.gap
    }
    // Lines after the first are indented like it, unless the title is so long that little would be left.
    let indent = min(head, width / 3)
    let texts = entries.map { Self.fitting($0.label, width - Self.swatch - 4 - indent, canvas) }
    let widths = texts.map { Self.swatch + 4 + canvas.measure($0).width }
    var breaks = Self.breaks(widths, first: width - head, others: width - indent)
    // A title that leaves no entry room beside it has its line for itself.
    let isAlone = head > 0 && widths[0] > width - head
    if isAlone { breaks = Self.breaks(widths, first: width - indent, others: width - indent) }
    var y = Self.line / 2 + (isAlone ? Self.line : 0)
    for (row, range) in zip(breaks, breaks.dropFirst() + [entries.count]).map({ $0..<$1 }).enumerated() {
      var x = row == 0 && !isAlone ? head : indent
      for index in range {
        items.append(Item(entry: entries[index], text: texts[index], place: Point(x, y)))
        x += widths[index] + Self.gap
      }
      y += Self.line
    }
    height = y - Self.line / 2 + 6
  }

  /// The first entry of each line: as few lines as possible, no last line of a single entry if possible,
  /// and then lines as even as possible.
  private static func breaks(_ widths: [Double], first: Double, others: Double) -> [Int] {
    /// The least cost of setting the entries from an index on, and where its first line ends.
    var best: [(cost: Double, end: Int)] = Array(repeating: (.infinity, widths.count), count: widths.count + 1)
    best[widths.count].cost = 0
    for start in widths.indices.reversed() {
      let room = start == 0 ? first : others
      var used = -gap
      for end in (start + 1)...widths.count {
        used += gap + widths[end - 1]
        if used > room, end > start + 1 { break }
        let isOrphan = end == widths.count && end == start + 1 && start > 0
        let slack = max(0, room - used) / room
        let line: Double = isOrphan ? 1500 : 1000
        let cost = line + slack * slack + best[end].cost
        if cost < best[start].cost { best[start] = (cost, end) }
      }
    }
    var starts = [0]
    var end = best[0].end
    while end < widths.count {
      starts.append(end)
      end = best[end].end
    }
    return starts
  }

  private static func fitting(_ label: String, _ room: Double, _ canvas: some Canvas) -> Text {
    let whole = Text(label, size: size)
    guard canvas.measure(whole).width > room else { return whole }
    var label = label
    while label.count > 1 {
      label.removeLast()
      let candidate = Text(label + "…", size: size)
      if canvas.measure(candidate).width <= room { return candidate }
    }
    return whole
  }

  func draw(at origin: Point, on canvas: some Canvas) {
    if let title { canvas.draw(title, at: Point(origin.x, origin.y + Self.line / 2), anchor: .left) }
    for item in items {
      let left = Point(origin.x + item.place.x, origin.y + item.place.y)
      canvas.legendEntry(item.entry.color) { draw(item, at: left, on: canvas) }
    }
  }

  private func draw(_ item: Item, at left: Point, on canvas: some Canvas) {
    let middle = Point(left.x + Self.swatch / 2, left.y)
    if item.entry.hasLine {
      canvas.stroke(
        .line([left, Point(left.x + Self.swatch, left.y)]), Stroke(item.entry.color, width: 1.6, dash: item.entry.dash))
    }
    if let marker = item.entry.marker { marker.draw(at: middle, radius: 2.6, item.entry.color, on: canvas) }
    canvas.draw(item.text, at: Point(left.x + Self.swatch + 4, left.y), anchor: .left)
  }
}
