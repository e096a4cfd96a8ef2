package import Plotting

extension [Inline] {
  /// The pieces of a line as spans of text for a canvas.
  package func spans(_ style: Text.Style = []) -> [Text.Span] {
    flatMap { inline -> [Text.Span] in
      switch inline {
      case .text(let text): Text.spans(text, style: style)
      case .strong(let inner): inner.spans(style.union(.bold))
      case .emphasis(let inner): inner.spans(style.union(.italic))
      case .code(let text): [Text.Span(text, style.union(.monospaced))]
      case .superscript(let inner): inner.spans(style.union(.superscript))
      case .subscript(let inner): inner.spans(style.union(.subscript))
      case .link(let inner, let target):
        inner.spans(style.union(.link)).map { Text.Span($0.string, $0.style, target: target) }
      case .math(let source): Text.spans(source, style: style.union(.italic))
      }
    }
  }
}
