import Foundation

/// A canvas that writes SVG for an HTML page: colours that follow the light or dark theme, text that can be selected, legend
/// entries as buttons, and notes for the pointer.
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
  /// The notes with their positions, for the pointer.
  public private(set) var notes: [(place: Point, text: String)] = []

  /// - Parameters:
  ///   - identifier: a name that makes the identifiers of the picture unique in the page.
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

  // MARK: Syntax

  /// The class attribute by which a legend entry finds the marks of its colour.
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

  /// The style variable of a grey, which follows the theme; `nil` for the colours of data.
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

  /// The CSS colour. In the dark theme the colours of data are mixed with white, because dark ones would be hard to see.
  private static func paint(_ color: Color) -> String {
    variable(color).map { "var(\($0))" } ?? "color-mix(in oklab,#\(hex(color)),white var(--lift))"
  }

  private static func opacity(_ kind: String, _ color: Color) -> String {
    color.alpha >= 1 ? "" : ";\(kind)-opacity:\(number(color.alpha))"
  }

  private static func number(_ value: Double) -> String {
    // Coordinates beyond a million points are not visible and are limited.
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
      return [text.spans.map(Self.markup).joined()]
    }
    var lines: [String] = []
    var line = ""
    for word in text.string.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : "\(line) \(word)"
      let style = text.spans.first?.style ?? []
      if !line.isEmpty, ruler.measure(Text(longer, size: text.size, style: style)).width > width {
        lines.append(line)
        line = String(word)
      } else {
        line = longer
      }
    }
    lines.append(line)
    return lines.map { Self.markup(Text.Span($0, text.spans.first?.style ?? [])) }
  }

  private static func markup(_ span: Text.Span) -> String {
    let text = escaped(span.string)
    var attributes: [String] = []
    if span.style.contains(.bold) { attributes.append("font-weight=\"bold\"") }
    if span.style.contains(.italic) { attributes.append("font-style=\"italic\"") }
    if span.style.contains(.superscript) { attributes.append("baseline-shift=\"super\" font-size=\"70%\"") }
    if span.style.contains(.subscript) { attributes.append("baseline-shift=\"sub\" font-size=\"70%\"") }
    return attributes.isEmpty ? text : "<tspan \(attributes.joined(separator: " "))>\(text)</tspan>"
  }

  public static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
