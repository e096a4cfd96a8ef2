/// A piece of a line.
public indirect enum Inline: Hashable, Sendable {
  case text(String)
  case strong([Inline])
  case emphasis([Inline])
  case code(String)
  case superscript([Inline])
  case `subscript`([Inline])
  case link([Inline], target: String)
  /// A formula in a line, as its author typed it: `x_k`, `σ^{2}`.
  case math(String)

  /// The words without their styles.
  public var plain: String {
    switch self {
    case .text(let text), .code(let text), .math(let text): text
    case .strong(let inner), .emphasis(let inner), .superscript(let inner), .subscript(let inner), .link(let inner, _):
      inner.plain
    }
  }
}

extension [Inline] {
  public var plain: String { map(\.plain).joined() }
}
