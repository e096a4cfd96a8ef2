import Foundation

/// A canvas that writes the SVG of a page in a browser: colours that follow the page's light or dark theme, texts that are
/// elements of the page, legend entries that are buttons, and notes for the pointer.
///
/// Sizes of text come from another canvas, the one that sets the printed pages, so that both lay out alike. The page's style
/// sheet draws the classes `line` and `area` in the colour `--c`.
package final class SVGCanvas<Ruler: Canvas>: Canvas {
  /// The parts of the drawing in their order. Entries of the legend are separate, because they are buttons with a label for screen
  /// readers, from which everything else is hidden.
  private enum Piece {
    case drawing(String)
    case entry(series: String, label: String, String)
  }

  package let size: Size
  private let ruler: Ruler
  private let identifier: String
  /// The address of an image: a data URL, or a name that the page replaces by one.
  private let address: (Image) -> String
  private var pieces: [Piece] = []
  private var body = ""
  /// The last path, as long as the next one may join it.
  private var pending: (look: String, data: String)?
  private var clips = 0
  /// The words of the legend's entry that is being drawn.
  private var entryWords: [String]?
  /// Colours of the data, and those that something outside of the legend has.
  package private(set) var colors: Set<String> = []
  package private(set) var series: Set<String> = []
  /// The notes of each mark.
  private var noteGroups: [[(place: Point, text: String)]] = []
  private var endsNoteGroup = true
  /// Where the charts are whose runs a reader can point at, in their order.
  package private(set) var panels: [(frame: Rect, x: Scale, y: Scale)] = []

  /// - Parameters:
  ///   - identifier: a name that makes the identifiers of the picture unique in the page.
  ///   - ruler: measures text.
  ///   - address: the address of an image.
  package init(size: Size, identifier: String, ruler: Ruler, address: @escaping (Image) -> String) {
    self.size = size
    self.identifier = identifier
    self.ruler = ruler
    self.address = address
  }

  /// - Parameter encode: an image as the bytes of a PNG file, which the picture contains.
  package convenience init(size: Size, identifier: String, ruler: Ruler, encode: @escaping (Image) -> [UInt8]) {
    self.init(size: size, identifier: identifier, ruler: ruler) { Self.dataAddress(encode($0)) }
  }

  /// The bytes of a PNG file as an address.
  package static func dataAddress(_ png: [UInt8]) -> String {
    "data:image/png;base64,\(Data(png).base64EncodedString())"
  }

  /// Places with their texts, shown under the pointer.
  package var notes: [(place: Point, text: String)] { noteGroups.flatMap(\.self) }

  /// The notes, no more than `limit`: of long series every second, third …, so that every series keeps some.
  package func notes(limit: Int) -> [(place: Point, text: String)] {
    let groups = EvenSample.indices(noteGroups.count, keeping: limit).map { noteGroups[$0] }
    let most = EvenSample.most(perGroup: groups.map(\.count), limit: limit)
    return groups.flatMap { group in EvenSample.indices(group.count, keeping: most).map { group[$0] } }
  }

  /// The whole picture: a group of buttons to a screen reader, for which the description replaces the drawing.
  /// - Parameters:
  ///   - label: the id of the text that names it.
  ///   - description: what it shows, in words.
  ///   - legendTitle: what the legend's entries are values of.
  package func picture(labelledBy label: String, description: String, legendTitle: String = "") -> String {
    Self.picture(
      content(legendTitle: legendTitle), size: size, labelledBy: label, description: description, colors: colors)
  }

  /// A picture of drawings and entries, as `content` gives them.
  /// - Parameter colors: the colours of the data in them.
  package static func picture(
    _ content: String, size: Size, labelledBy label: String, description: String, colors: Set<String>
  ) -> String {
    let rules = colors.sorted().map { ".s\($0){--c:#\($0)}" }.joined()
    return """
      <svg viewBox="0 0 \(number(size.width)) \(number(size.height))" role="group" aria-labelledby="\(label)" \
      font-family="'DejaVu Sans', Verdana, 'Segoe UI', sans-serif">
      <desc>\(escaped(description))</desc>\(rules.isEmpty ? "" : "<style>\(rules)</style>")
      \(content)</svg>
      """
  }

  /// The inside of the picture, an element a line.
  /// - Parameter others: colours of marks in other frames of the figure: their entries are buttons too.
  package func content(legendTitle: String, others: Set<String> = []) -> String {
    endDrawing()
    return pieces.map { markup($0, legendTitle, series.union(others)) }.joined()
  }

  /// An entry is a button where there is something of its colour to hide.
  private func markup(_ piece: Piece, _ legendTitle: String, _ series: Set<String>) -> String {
    switch piece {
    case .drawing(let body): return "<g aria-hidden=\"true\">\n\(body)</g>\n"
    case .entry(let name, let label, let body):
      guard series.contains(name) else { return "<g aria-hidden=\"true\">\n\(body)</g>\n" }
      let title = legendTitle.isEmpty ? label : "\(legendTitle): \(label)"
      return """
        <g class="entry" data-series="s\(name)" tabindex="0" role="button" aria-pressed="true" \
        aria-label="\(Self.escaped(title))">\n\(body)</g>\n
        """
    }
  }

  // MARK: Drawing

  package func fill(_ path: Path, _ color: Color) {
    // Circles turn one way: joined, they leave no holes where they meet.
    let isCircles = path.elements.allSatisfy { if case .circle = $0 { true } else { false } }
    add(path, look("area", "fill", color), joins: isCircles && color.alpha >= 1)
  }

  package func stroke(_ path: Path, _ stroke: Stroke) {
    var look = look("line", "stroke", stroke.color)
    if stroke.width != 1 { look += " stroke-width=\"\(Self.number(stroke.width))\"" }
    if !stroke.dash.isEmpty {
      look += " stroke-dasharray=\"\(stroke.dash.map(Self.number).joined(separator: " "))\""
    }
    add(path, look, joins: stroke.color.alpha >= 1)
  }

  /// - Parameter joins: whether paths of this look one after the other are one element.
  private func add(_ path: Path, _ look: String, joins: Bool) {
    endsNoteGroup = true
    let data = SVGPath.data(path)
    guard !data.isEmpty else { return }
    if joins, let former = pending, former.look == look {
      pending = (look, former.data + data)
    } else {
      flush()
      if joins { pending = (look, data) } else { write(look, data) }
    }
  }

  private func flush() {
    if let pending { write(pending.look, pending.data) }
    pending = nil
  }

  private func write(_ look: String, _ data: String) { body += "<path \(look) d=\"\(data)\"/>\n" }

  /// Markup that is no path.
  private func write(_ markup: String) {
    flush()
    endsNoteGroup = true
    body += markup
  }

  private func endDrawing() {
    flush()
    if !body.isEmpty { pieces.append(.drawing(body)) }
    body = ""
  }

  package func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double) {
    entryWords?.append(text.string)
    let lines = lines(text)
    let lineHeight = 1.164 * text.size
    let height = Double(lines.count) * lineHeight
    let align = anchor.x == 0 ? "" : " text-anchor=\"\(anchor.x == 1 ? "end" : "middle")\""
    let turn =
      angle == 0 ? "" : " transform=\"rotate(\(Self.number(-angle)) \(Self.number(point.x)) \(Self.number(point.y)))\""
    for (index, line) in lines.enumerated() {
      let y = point.y - anchor.y * height + 0.93 * text.size + Double(index) * lineHeight
      write(
        """
        <text \(look("area", "fill", text.color)) x="\(Self.number(point.x))" y="\(Self.number(y))" \
        font-size="\(Self.number(text.size))"\(align)\(turn)>\(line)</text>\n
        """)
    }
  }

  package func measure(_ text: Text) -> Size { ruler.measure(text) }

  package func clip(to rect: Rect, _ draw: () -> Void) {
    clips += 1
    let name = "\(identifier)-clip\(clips)"
    write(
      """
      <clipPath id="\(name)"><rect x="\(Self.number(rect.x))" y="\(Self.number(rect.y))" width="\(Self.number(rect.width))" \
      height="\(Self.number(rect.height))"/></clipPath>\n<g clip-path="url(#\(name))">\n
      """)
    draw()
    write("</g>\n")
  }

  package func draw(_ image: Image, in rect: Rect) {
    write(
      """
      <image x="\(Self.number(rect.x))" y="\(Self.number(rect.y))" width="\(Self.number(rect.width))" \
      height="\(Self.number(rect.height))" preserveAspectRatio="none" href="\(address(image))"/>\n
      """)
  }

  package func legendEntry(_ color: Color, _ draw: () -> Void) {
    endDrawing()
    entryWords = []
    draw()
    flush()
    pieces.append(.entry(series: color.hex, label: entryWords?.joined(separator: " ") ?? "", body))
    (entryWords, body) = (nil, "")
  }

  package func annotate(_ place: Point, _ note: @autoclosure () -> String) {
    if endsNoteGroup { noteGroups.append([]) }
    endsNoteGroup = false
    noteGroups[noteGroups.count - 1].append((place, note()))
  }

  package func locate(_ frame: Rect, x: Scale, y: Scale) { panels.append((frame, x, y)) }

  // MARK: Syntax

  /// Class and colour of an element. By the class of its colour a legend finds its marks; the page's own greys belong to no series.
  private func look(_ kind: String, _ property: String, _ color: Color) -> String {
    let opacity = color.alpha >= 1 ? "" : " \(property)-opacity=\"\(Self.number(color.alpha))\""
    if let variable = Self.variable(color) {
      return "class=\"\(kind)\" style=\"\(property):var(\(variable))\"\(opacity)"
    }
    let name = color.hex
    colors.insert(name)
    if entryWords == nil { series.insert(name) }
    return "class=\"\(kind) s\(name)\"\(opacity)"
  }

  /// Greys belong to the page, not to the data: they follow its theme.
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

  private static func number(_ value: Double) -> String {
    // Coordinates beyond a million points are not visible and are limited.
    let rounded = (min(max(value, -1e6), 1e6) * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
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

  package static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
