/// A canvas that records all commands, for tests.
package final class RecordingCanvas: Canvas {
  public enum Command: Hashable, Sendable {
    case fill(Path, Color)
    case stroke(Path, Stroke)
    case text(Text, box: Rect, angle: Double)
    case image(Image, Rect)
  }

  public let size: Size
  public private(set) var commands: [Command] = []
  /// The clip rectangle at each command; the whole page without one.
  public private(set) var clips: [Rect] = []
  private var clip: Rect
  private let ruler: (any Canvas)?

  /// - Parameter ruler: measures text as the canvas of a real page does; without one, sizes are estimated.
  public init(size: Size, ruler: (any Canvas)? = nil) {
    self.size = size
    self.ruler = ruler
    clip = Rect(x: 0, y: 0, width: size.width, height: size.height)
  }

  public func fill(_ path: Path, _ color: Color) { add(.fill(path, color)) }
  public func stroke(_ path: Path, _ stroke: Stroke) { add(.stroke(path, stroke)) }

  public func draw(_ image: Image, in rect: Rect) { add(.image(image, rect)) }

  public func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double) {
    let upright = measure(text)
    // A quarter turn swaps width and height; other angles are not used where overlap matters.
    let isTurned = abs(angle.truncatingRemainder(dividingBy: 180)) == 90
    let box = isTurned ? Size(upright.height, upright.width) : upright
    let at = isTurned ? Anchor(anchor.y, 1 - anchor.x) : anchor
    add(
      .text(
        text,
        box: Rect(x: point.x - at.x * box.width, y: point.y - at.y * box.height, width: box.width, height: box.height),
        angle: angle))
  }

  /// Every character half as wide as the font is high: near enough to a sans serif's average for layout.
  public func measure(_ text: Text) -> Size {
    if let ruler { return ruler.measure(text) }
    let width = text.spans.reduce(0) { sum, span in
      let isSmall = !span.style.isDisjoint(with: [.subscript, .superscript])
      return sum + 0.52 * text.size * Double(span.string.count) * (isSmall ? 0.7 : 1)
    }
    guard let limit = text.width, width > limit else { return Size(width, 1.25 * text.size) }
    return Size(limit, 1.25 * text.size * (width / limit).rounded(.up))
  }

  public func clip(to rect: Rect, _ body: () -> Void) {
    let outer = clip
    clip = rect
    body()
    clip = outer
  }

  private func add(_ command: Command) {
    commands.append(command)
    clips.append(clip)
  }

  /// Every text drawn, with its box.
  public var texts: [(text: Text, box: Rect)] {
    commands.compactMap { if case .text(let text, let box, _) = $0 { (text, box) } else { nil } }
  }

  public func strokes(colored color: Color) -> [Path] {
    commands.compactMap { if case .stroke(let path, let stroke) = $0, stroke.color == color { path } else { nil } }
  }
}
