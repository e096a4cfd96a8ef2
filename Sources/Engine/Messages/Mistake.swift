/// An error in the input: its place, the value found there, the rule that the value breaks, and the remedy.
public struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of input that is wrong; the command line turns it into an exit code.
  public enum Kind: String, Sendable {
    /// A name, option or declaration.
    case usage
    /// The content of a file or a data set.
    case data
    /// A file or folder that cannot be created or written.
    case output
    /// The archive is damaged, foreign or newer than this program.
    case archive
    /// A library, font or instruction set is missing.
    case environment
  }

  /// The kind, which decides the exit code.
  public var kind: Kind
  /// File with line and column, parameter, option or declaration.
  public var place: String
  /// The value found there, as the user wrote it.
  public var value: String
  /// The rule for such values.
  public var rule: String
  /// What to do about it.
  public var remedy: String

  /// The line of the declaration, where it is known.
  public var source: SourcePlace?

  /// The mistake with the line of its declaration; one that it has already is kept.
  package func declared(at source: SourcePlace?) -> Mistake {
    var copy = self
    copy.source = self.source ?? source
    return copy
  }

  /// Shortens long texts and escapes control characters in them, so that the message is readable whatever was typed.
  public init(_ kind: Kind = .usage, at place: String, value: String, rule: String, remedy: String) {
    self.kind = kind
    self.place = Quoted.short(place, limit: 400)
    self.value = Quoted.short(value, limit: 160)
    self.rule = Quoted.short(rule, limit: 300)
    self.remedy = Quoted.short(remedy, limit: 400)
  }

  public var description: String {
    value.isEmpty ? "\(place): \(rule). \(remedy)." : "\(place): \(value): \(rule). \(remedy)."
  }
}

/// All mistakes found in one declaration, reported together.
package struct Mistakes: Error, Sendable, CustomStringConvertible {
  /// The mistakes, in the order in which they were found.
  package var all: [Mistake]

  /// Mistakes that are reported together.
  package init(_ all: [Mistake]) { self.all = all }

  package var description: String { all.map { $0.description }.joined(separator: "\n") }
}
