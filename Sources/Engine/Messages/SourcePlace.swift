/// A line of a source file, for messages about what is declared there.
public struct SourcePlace: Hashable, Sendable {
  /// The path of the file, as the compiler was given it.
  public let file: String
  /// The line, from 1.
  public let line: Int

  /// A line of a file.
  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}
