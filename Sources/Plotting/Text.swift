/// Text with styles, to be set by a canvas.
public struct Text: Hashable, Sendable {
  public struct Span: Hashable, Sendable {
    public var string: String
    public var style: Style
    /// Where a link leads.
    public var target: String?

    public init(_ string: String, _ style: Style = [], target: String? = nil) {
      self.string = string
      self.style = style
      self.target = target
    }
  }

  public struct Style: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let bold = Style(rawValue: 1)
    public static let italic = Style(rawValue: 2)
    public static let monospaced = Style(rawValue: 4)
    public static let superscript = Style(rawValue: 8)
    public static let `subscript` = Style(rawValue: 16)
    public static let link = Style(rawValue: 32)
  }

  public enum Alignment: Hashable, Sendable {
    case left, center, right
  }

  public var spans: [Span]
  /// Font size in points.
  public var size: Double
  public var color: Color
  /// Lines break at this width; `nil` for a single line.
  public var width: Double?
  public var alignment: Alignment

  public init(
    _ spans: [Span], size: Double = 9, color: Color = .black, width: Double? = nil, alignment: Alignment = .left
  ) {
    self.spans = spans
    self.size = size
    self.color = color
    self.width = width
    self.alignment = alignment
  }

  public init(
    _ string: String, size: Double = 9, style: Style = [], color: Color = .black, width: Double? = nil,
    alignment: Alignment = .left
  ) {
    self.init([Span(string, style)], size: size, color: color, width: width, alignment: alignment)
  }

  public var string: String { spans.map(\.string).joined() }
}

/// Which point of a text's box is put at a place.
public struct Anchor: Hashable, Sendable {
  /// 0 left, ½ centre, 1 right.
  public var x: Double
  /// 0 top, ½ middle, 1 bottom.
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  public static let topLeft = Anchor(0, 0)
  public static let top = Anchor(0.5, 0)
  public static let topRight = Anchor(1, 0)
  public static let left = Anchor(0, 0.5)
  public static let center = Anchor(0.5, 0.5)
  public static let right = Anchor(1, 0.5)
  public static let bottomLeft = Anchor(0, 1)
  public static let bottom = Anchor(0.5, 1)
}
