/// The value a parameter has in a run, as it is stored, printed and typed.
public enum Setting: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// A real number.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// A name.
  case text(String)
  /// A value too large to print whole: a data set, a custom schedule.
  case content(Content)

  /// A title for people and a key for comparison. Several values may share a title; the key distinguishes them.
  public struct Content: Hashable, Sendable {
    /// The text that people read.
    public var title: String
    /// The text that tells values apart.
    public let key: String

    /// A value with its title and its key.
    public init(title: String, key: String) {
      self.title = title
      self.key = key
    }

    public static func == (a: Self, b: Self) -> Bool { a.key == b.key }
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
  }

  public var description: String {
    switch self {
    case .number(let value): NumberText.short(value, digits: 6)
    case .integer(let value): "\(value)"
    case .text(let value): value
    case .content(let content): content.title
    }
  }

  /// How people read it in figures: the name of an option without hyphens.
  package var title: String {
    guard case .text(let name) = self, name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)+/) != nil else { return description }
    return name.replacing("-", with: " ")
  }

  /// Every digit, for files that are read back.
  public var exact: String {
    if case .number(let value) = self { return "\(value)" }
    return description
  }

  /// The value as a number; `nil` for a text or a content, and for infinity (no clipping, say), which has no place on an axis.
  public var number: Double? {
    switch self {
    case .number(let value): value.isInfinite ? nil : value
    case .integer(let value): Double(value)
    case .text, .content: nil
    }
  }

  public static func < (a: Setting, b: Setting) -> Bool {
    if let x = a.number, let y = b.number { return x < y }
    return a.description < b.description
  }
}

/// A type whose values a parameter can take: on an axis, in a set-up, on the command line.
public protocol ParameterValue: Hashable, Sendable {
  /// The value as it is stored, printed and typed.
  var setting: Setting { get }
  /// Further properties of a value, for axes on which several values share a title: "noise 0.1", "split seed 2".
  var details: [String] { get }
  /// The value typed as `argument`, or `nil` if it is none.
  init?(argument: String)
  /// What can be typed, for messages.
  static var expectation: String { get }
}

extension ParameterValue {
  public var details: [String] { [] }
}
