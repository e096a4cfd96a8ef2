/// Text with styles.
public struct Text: Hashable, Sendable {
  /// A piece of text in one style.
  public struct Span: Hashable, Sendable {
    /// The characters.
    public var string: String
    /// The style of the piece.
    public var style: Style
    /// The address of a link.
    public var target: String?

    /// A piece of text.
    public init(_ string: String, _ style: Style = [], target: String? = nil) {
      self.string = string
      self.style = style
      self.target = target
    }
  }

  /// Styles that can be combined.
  public struct Style: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Bold.
    public static let bold = Style(rawValue: 1)
    /// Italic.
    public static let italic = Style(rawValue: 2)
    /// A font whose characters have one width.
    public static let monospaced = Style(rawValue: 4)
    /// Small and raised.
    public static let superscript = Style(rawValue: 8)
    /// Small and lowered.
    public static let `subscript` = Style(rawValue: 16)
    /// The look of a link.
    public static let link = Style(rawValue: 32)
  }

  /// The alignment of lines in their width.
  public enum Alignment: Hashable, Sendable {
    /// One of three alignments.
    case left, center, right
  }

  /// The pieces in order.
  public var spans: [Span]
  /// Font size in points.
  public var size: Double
  /// The colour of the text.
  public var color: Color
  /// The width in points at which lines are broken; `nil` for a single line.
  public var width: Double?
  /// The alignment of the lines.
  public var alignment: Alignment

  /// A text of pieces in several styles, size in points.
  public init(
    _ spans: [Span], size: Double = 9, color: Color = .black, width: Double? = nil, alignment: Alignment = .left
  ) {
    self.spans = spans
    self.size = size
    self.color = color
    self.width = width
    self.alignment = alignment
  }

  /// A text in one style, size in points. `λ_max` and `10^{−5}` are typeset; code is taken as it is written.
  public init(
    _ string: String, size: Double = 9, style: Style = [], color: Color = .black, width: Double? = nil,
    alignment: Alignment = .left
  ) {
    let spans = style.contains(.monospaced) ? [Span(string, style)] : Self.spans(string, style: style)
    self.init(spans, size: size, color: color, width: width, alignment: alignment)
  }

  /// The characters without their styles.
  public var string: String { spans.map(\.string).joined() }
}

/// The point of a text's box that is placed at a given position.
public struct Anchor: Hashable, Sendable {
  /// 0 left, ½ centre, 1 right.
  public var x: Double
  /// 0 top, ½ middle, 1 bottom.
  public var y: Double

  /// An anchor by its shares of width and height.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// The upper left corner.
  public static let topLeft = Anchor(0, 0)
  /// The middle of the upper edge.
  public static let top = Anchor(0.5, 0)
  /// The upper right corner.
  public static let topRight = Anchor(1, 0)
  /// The middle of the left edge.
  public static let left = Anchor(0, 0.5)
  /// The centre.
  public static let center = Anchor(0.5, 0.5)
  /// The middle of the right edge.
  public static let right = Anchor(1, 0.5)
  /// The lower left corner.
  public static let bottomLeft = Anchor(0, 1)
  /// The middle of the lower edge.
  public static let bottom = Anchor(0.5, 1)
}
