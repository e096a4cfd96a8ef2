/// A piece of a line.
package indirect enum Inline: Hashable, Sendable {
  /// Plain text.
  case text(String)
  /// Bold text.
  case strong([Inline])
  /// Italic text.
  case emphasis([Inline])
  /// Text in a font whose characters have one width.
  case code(String)
  /// Raised text.
  case superscript([Inline])
  /// Lowered text.
  case `subscript`([Inline])
  /// Text that leads to an address.
  case link([Inline], target: String)
  /// A formula as typed: `x_k`, `σ^{2}`.
  case math(String)

  /// The text without styles.
  package var plain: String {
    switch self {
    case .text(let text), .code(let text), .math(let text): text
    case .strong(let inner), .emphasis(let inner), .superscript(let inner), .subscript(let inner), .link(let inner, _):
      inner.plain
    }
  }
}

extension [Inline] {
  /// The words without their styles.
  package var plain: String { map(\.plain).joined() }
}
