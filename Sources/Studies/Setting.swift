/// The value a parameter has in a run, as it is stored, printed and typed.
public enum Setting: Hashable, Sendable, Comparable, CustomStringConvertible {
  case number(Double)
  case integer(Int)
  case text(String)

  public var description: String {
    switch self {
    case .number(let value): NumberText.short(value, digits: 6)
    case .integer(let value): "\(value)"
    case .text(let value): value
    }
  }

  /// Every digit, for files that are read back.
  public var exact: String {
    if case .number(let value) = self { return "\(value)" }
    return description
  }

  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .text: nil
    }
  }

  public static func < (a: Setting, b: Setting) -> Bool {
    if let x = a.number, let y = b.number { return x < y }
    return a.description < b.description
  }
}

/// A type whose values a parameter can take: on an axis, in a set-up, on the command line.
public protocol ParameterValue: Hashable, Sendable {
  var setting: Setting { get }
  /// The value typed as `argument`, or `nil` if it is none.
  init?(argument: String)
  /// What can be typed, for messages.
  static var expectation: String { get }
}
