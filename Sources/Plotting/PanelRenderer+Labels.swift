/// Draws what is inside a frame besides the data: labels of rules, texts, markers at the edge.
extension PanelRenderer {
  /// Draws texts at their positions, and labels of rules where they overlap no text, no marker at the edge and no other label.
  func drawLabels(_ canvas: some Canvas) {
    var places = LabelPlaces(edgeMarkers.map(\.box))
    for mark in panel.chart.marks {
      guard let (text, point, anchor) = mark.text, shows(point) else { continue }
      places.add(Self.box(canvas.measure(text), at: place(point), anchor))
    }
    for mark in panel.chart.marks {
      switch mark {
      case .verticalRule(let value, let label, let stroke) where !label.isEmpty && panel.x.holds(value):
        let text = Text(label, size: GridLayout.labelSize, color: stroke.color.opacity(1))
        draw(text, in: places.take(besideVertical(x(value), canvas.measure(text))), canvas)
      case .horizontalRule(let value, let label, let stroke) where !label.isEmpty && panel.y.holds(value):
        let text = Text(label, size: GridLayout.labelSize, color: stroke.color.opacity(1))
        draw(text, in: places.take(besideHorizontal(y(value), canvas.measure(text))), canvas)
      default: break
      }
    }
  }

  private func draw(_ text: Text, in box: Rect?, _ canvas: some Canvas) {
    if let box { canvas.draw(text, at: Point(box.x, box.y)) }
  }

  /// Right of a line, then left of it, each time a little lower.
  private func besideVertical(_ x: Double, _ size: Size) -> [Rect] {
    let frame = panel.frame
    let sides = [x + 3, x - 3 - size.width]
    let boxes = stride(from: frame.y + 2, through: max(frame.y + 2, frame.bottom - size.height), by: size.height)
      .flatMap { top in sides.map { Rect(x: $0, y: top, width: size.width, height: size.height) } }
    return boxes.filter { $0.x >= frame.x && $0.right <= frame.right + 2 }.ifEmpty(boxes)
  }

  /// Above a line at its right end, then below it, each time further left.
  private func besideHorizontal(_ y: Double, _ size: Size) -> [Rect] {
    let frame = panel.frame
    let last = frame.right - 2 - size.width
    let sides = [y - 1 - size.height, y + 1]
    let boxes = stride(from: last, through: min(last, frame.x + 2), by: -max(8, size.width / 2))
      .flatMap { x in sides.map { Rect(x: x, y: $0, width: size.width, height: size.height) } }
    return boxes.filter { $0.y >= frame.y - 1 && $0.bottom <= frame.bottom + 1 }.ifEmpty(boxes)
  }

  static func box(_ size: Size, at point: Point, _ anchor: Anchor) -> Rect {
    Rect(
      x: point.x - anchor.x * size.width, y: point.y - anchor.y * size.height, width: size.width, height: size.height)
  }

  // MARK: Markers at the edge

  /// Points beyond the axes are open triangles at the edge nearest to them.
  func drawEdgeMarkers(_ canvas: some Canvas) {
    for (box, isHigh, color) in edgeMarkers {
      let (tip, base) = isHigh ? (box.y, box.bottom) : (box.bottom, box.y)
      canvas.stroke(
        .polygon([Point(box.center.x, tip), Point(box.right, base), Point(box.x, base)]), Stroke(color, width: 0.7))
    }
  }

  private var edgeMarkers: [(box: Rect, isHigh: Bool, color: Color)] {
    panel.chart.marks.flatMap { mark -> [(Rect, Bool, Color)] in
      guard let (points, color, radius) = mark.markers else { return [] }
      return points.filter { panel.x.holds($0.x) && !panel.y.holds($0.y) }.map { point in
        let isHigh = point.y.isNaN || point.y > panel.y.domain.upperBound
        let top = isHigh ? panel.frame.y + 2 : panel.frame.bottom - 2 - 2 * radius
        return (Rect(x: x(point.x) - radius, y: top, width: 2 * radius, height: 2 * radius), isHigh, color)
      }
    }
  }
}

/// Boxes that are taken inside a frame, and where the next label finds room.
struct LabelPlaces {
  private var taken: [Rect]

  init(_ taken: [Rect]) { self.taken = taken }

  mutating func add(_ box: Rect) { taken.append(box) }

  /// Takes the first of some places that meets no other; the first of all where every one does.
  mutating func take(_ candidates: [Rect]) -> Rect? {
    guard let place = candidates.first(where: { box in !taken.contains { $0.overlaps(box) } }) ?? candidates.first
    else { return nil }
    add(place)
    return place
  }
}

extension Scale {
  /// Whether a value lies on the part of the axis that is shown.
  func holds(_ value: Double) -> Bool { shows(value) && domain.contains(value) }
}

extension Array {
  fileprivate func ifEmpty(_ others: [Element]) -> [Element] { isEmpty ? others : self }
}
