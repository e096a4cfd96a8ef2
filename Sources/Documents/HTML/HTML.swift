import Plotting

/// Pieces of lines as HTML.
enum HTML {
  static func escaped(_ text: String) -> String { SVGCanvas<RecordingCanvas>.escaped(text) }

  static func markup(_ content: [Inline]) -> String { content.map(markup).joined() }

  /// Text with its indices and exponents as markup.
  private static func typeset(_ text: String) -> String {
    Text.spans(text.withUnbrokenPercents).map { span in
      let text = escaped(span.string)
      if span.style.contains(.subscript) { return "<sub>\(text)</sub>" }
      return span.style.contains(.superscript) ? "<sup>\(text)</sup>" : text
    }.joined()
  }

  private static func markup(_ inline: Inline) -> String {
    switch inline {
    case .text(let text): typeset(text)
    case .strong(let inner): "<strong>\(markup(inner))</strong>"
    case .emphasis(let inner): "<em>\(markup(inner))</em>"
    case .code(let text): "<code>\(escaped(text))</code>"
    case .superscript(let inner): "<sup>\(markup(inner))</sup>"
    case .subscript(let inner): "<sub>\(markup(inner))</sub>"
    case .link(let inner, let target):
      isSafe(target) ? "<a href=\"\(escaped(target))\">\(markup(inner))</a>" : markup(inner)
    case .math(let source): "<i>\(typeset(source))</i>"
    }
  }

  /// Whether a link may have this address: an anchor of the page, a file beside it or the web, but no script.
  private static func isSafe(_ target: String) -> Bool {
    guard let colon = target.firstIndex(of: ":") else { return true }
    return ["http", "https", "mailto"].contains(target[..<colon].lowercased())
  }
}
