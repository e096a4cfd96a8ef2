import Foundation

/// A canvas that writes the SVG of a page in a browser: colours that follow the page's light or dark dress, text that stays
/// text, legend entries that can be pressed, and notes for the pointer.
///
/// Sizes of text come from another canvas, the one that sets the printed pages, so that both lay out alike.
package final class SVGCanvas<Ruler: Canvas>: Canvas {
  public let size: Size
  private let ruler: Ruler
  private let identifier: String
  private let encode: (Image) -> [UInt8]
  private var body = ""
  private var clips = 0
  private var isInLegend = false
  /// What stands where, for the pointer.
  public private(set) var notes: [(place: Point, text: String)] = []

  /// - Parameters:
  ///   - identifier: tells this picture's clips from those of others on the page.
  ///   - ruler: measures text.
  ///   - encode: an image as the bytes of a PNG file.
  public init(size: Size, identifier: String, ruler: Ruler, encode: @escaping (Image) -> [UInt8]) {
    self.size = size
    self.identifier = identifier
    self.ruler = ruler
    self.encode = encode
  }

  /// The whole picture.
  /// - Parameter label: the id of the text that says what it shows.
  public func picture(labelledBy label: String) -> String {
    """
    <svg viewBox="0 0 \(Self.number(size.width)) \(Self.number(size.height))" role="img" aria-labelledby="\(label)" \
    font-family="'DejaVu Sans', Verdana, 'Segoe UI', sans-serif">\n\(body)</svg>
    """
  }

  // MARK: Drawing

  public func fill(_ path: Path, _ color: Color) {
    body +=
      "<path \(series(color))d=\"\(Self.data(path))\" style=\"fill:\(Self.paint(color))\(Self.opacity("fill", color))\"/>\n"
  }

  public func stroke(_ path: Path, _ stroke: Stroke) {
    let data = Self.data(path)
    guard !data.isEmpty else { return }
    var style =
      "stroke:\(Self.paint(stroke.color))\(Self.opacity("stroke", stroke.color));stroke-width:\(Self.number(stroke.width))"
    if !stroke.dash.isEmpty { style += ";stroke-dasharray:\(stroke.dash.map(Self.number).joined(separator: " "))" }
    body += "<path \(series(stroke.color))fill=\"none\" stroke-linejoin=\"round\" d=\"\(data)\" style=\"\(style)\"/>\n"
  }

  public func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double) {
    let lines = lines(text)
    let lineHeight = 1.164 * text.size
    let height = Double(lines.count) * lineHeight
    let align = anchor.x == 0 ? "start" : anchor.x == 1 ? "end" : "middle"
    let turn =
      angle == 0 ? "" : " transform=\"rotate(\(Self.number(-angle)) \(Self.number(point.x)) \(Self.number(point.y)))\""
    for (index, line) in lines.enumerated() {
      let y = point.y - anchor.y * height + 0.93 * text.size + Double(index) * lineHeight
      body += """
        <text x="\(Self.number(point.x))" y="\(Self.number(y))" font-size="\(Self.number(text.size))" text-anchor="\(align)"\
        \(turn) style="fill:\(Self.paint(text.color))">\(line)</text>\n
        """
    }
  }

  public func measure(_ text: Text) -> Size { ruler.measure(text) }

  public func clip(to rect: Rect, _ draw: () -> Void) {
    clips += 1
    let name = "\(identifier)-clip\(clips)"
    body += """
      <clipPath id="\(name)"><rect x="\(Self.number(rect.x))" y="\(Self.number(rect.y))" width="\(Self.number(rect.width))" \
      height="\(Self.number(rect.height))"/></clipPath>\n<g clip-path="url(#\(name))">\n
      """
    draw()
    body += "</g>\n"
  }

  public func draw(_ image: Image, in rect: Rect) {
    let data = Data(encode(image)).base64EncodedString()
    body += """
      <image x="\(Self.number(rect.x))" y="\(Self.number(rect.y))" width="\(Self.number(rect.width))" \
      height="\(Self.number(rect.height))" preserveAspectRatio="none" href="data:image/png;base64,\(data)"/>\n
      """
  }

  public func legendEntry(_ color: Color, _ draw: () -> Void) {
    body +=
      "<g class=\"entry\" data-series=\"\(Self.name(color))\" tabindex=\"0\" role=\"button\" aria-pressed=\"true\">\n"
    isInLegend = true
    draw()
    isInLegend = false
    body += "</g>\n"
  }

  public func annotate(_ place: Point, _ note: @autoclosure () -> String) {
    if notes.count < 6000 { notes.append((place, note())) }
  }

  // MARK: Spelling

  /// The class by which a legend finds the marks of its colour.
  private func series(_ color: Color) -> String {
    isInLegend || Self.variable(color) != nil ? "" : "class=\"\(Self.name(color))\" "
  }

  private static func hex(_ color: Color) -> String {
    [color.red, color.green, color.blue].map { part in
      let text = String(Int((255 * min(max(part, 0), 1)).rounded()), radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
  }

  private static func name(_ color: Color) -> String { "s\(hex(color))" }

  /// Greys belong to the page, not to the data: they follow its dress.
  private static func variable(_ color: Color) -> String? {
    switch color.opacity(1) {
    case .black: "--ink"
    case .gray: "--muted"
    case .lightGray: "--line"
    case .faint: "--faint"
    case .white: "--paper"
    default: nil
    }
  }

  /// Colours of data are lifted towards white in the dark, where the deepest would be lost.
  private static func paint(_ color: Color) -> String {
    variable(color).map { "var(\($0))" } ?? "color-mix(in oklab,#\(hex(color)),white var(--lift))"
  }

  private static func opacity(_ kind: String, _ color: Color) -> String {
    color.alpha >= 1 ? "" : ";\(kind)-opacity:\(number(color.alpha))"
  }

  private static func number(_ value: Double) -> String {
    // Beyond a million points nothing is seen, and a page's own numbers end.
    let rounded = (min(max(value, -1e6), 1e6) * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func data(_ path: Path) -> String {
    path.elements.map { element in
      switch element {
      case .move(let p): "M\(number(p.x)) \(number(p.y))"
      case .line(let p): "L\(number(p.x)) \(number(p.y))"
      case .circle(let c, let r):
        "M\(number(c.x - r)) \(number(c.y))a\(number(r)) \(number(r)) 0 1 0 \(number(2 * r)) 0a\(number(r)) \(number(r)) 0 1 0 \(number(-2 * r)) 0"
      case .close: "Z"
      }
    }.joined()
  }

  /// The text's lines as markup, broken at its width.
  private func lines(_ text: Text) -> [String] {
    guard let width = text.width, ruler.measure(text).height > 1.6 * text.size else {
      return [Self.markup(text.spans, size: text.size)]
    }
    var lines: [[Text.Span]] = [[]]
    for word in Self.words(text.spans) {
      let longer = lines[lines.count - 1] + word
      if !lines[lines.count - 1].isEmpty, ruler.measure(Text(longer, size: text.size)).width > width {
        lines.append(word)
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines.map { Self.markup($0, size: text.size) }
  }

  /// What no line breaks in: the spans between two spaces, with the space that ends them.
  private static func words(_ spans: [Text.Span]) -> [[Text.Span]] {
    var words: [[Text.Span]] = [[]]
    for span in spans {
      for piece in span.string.withUnbrokenPercents.split(separator: " ", omittingEmptySubsequences: false).enumerated()
      {
        if piece.offset > 0 {
          words[words.count - 1].append(Text.Span(" ", span.style))
          words.append([])
        }
        if !piece.element.isEmpty { words[words.count - 1].append(Text.Span(String(piece.element), span.style)) }
      }
    }
    return words
  }

  /// Spans of one line. Indices are moved by `dy`, which all browsers know, and the next span is moved back.
  private static func markup(_ spans: [Text.Span], size: Double) -> String {
    var lowered = 0.0
    return spans.map { span in
      let wanted = span.style.contains(.superscript) ? -0.35 : span.style.contains(.subscript) ? 0.2 : 0
      var attributes: [String] = []
      if wanted != lowered { attributes.append("dy=\"\(number((wanted - lowered) * size))\"") }
      if wanted != 0 { attributes.append("font-size=\"\(number(0.7 * size))\"") }
      if span.style.contains(.bold) { attributes.append("font-weight=\"bold\"") }
      if span.style.contains(.italic) { attributes.append("font-style=\"italic\"") }
      lowered = wanted
      let text = escaped(span.string)
      return attributes.isEmpty ? text : "<tspan \(attributes.joined(separator: " "))>\(text)</tspan>"
    }.joined()
  }

  public static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
