public import Analysis

/// A declaration of a part of a report.
public protocol CellDeclaration {
  /// The cell that the declaration adds to the report.
  var cell: Cell { get }
}

/// One part of a report.
public enum Cell: Sendable {
  /// Text.
  case note(Note)
  /// A figure.
  case figure(Figure)
  /// A table.
  case table(ReportTable)
  /// A claim.
  case expect(Expect)
  /// A comparison of convergence across seeds.
  case comparison(Comparison)
}

/// Text in Markdown: headings, paragraphs, lists, emphasis, code, tables and links, with mathematics in Unicode.
public struct Note: CellDeclaration, Sendable {
  package let text: @Sendable (Results) throws -> String

  /// A note with a fixed text.
  public init(_ text: String) { self.text = { _ in text } }

  /// A note with numbers computed from the runs.
  public init(_ text: @escaping @Sendable (_ results: Results) throws -> String) { self.text = text }

  public var cell: Cell { .note(self) }
}
