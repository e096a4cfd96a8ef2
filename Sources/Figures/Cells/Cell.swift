public import Analysis

/// What can stand in a report.
public protocol CellDeclaration {
  /// The cell that the declaration adds to the report.
  var cell: Cell { get }
}

/// One piece of a report.
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

/// Markdown between figures: headings, paragraphs, lists, emphasis, code, tables, links; mathematics in Unicode.
public struct Note: CellDeclaration, Sendable {
  package let text: @Sendable (Results) throws -> String

  /// A note with a fixed text.
  public init(_ text: String) { self.text = { _ in text } }

  /// A note that quotes what the runs came to.
  public init(_ text: @escaping @Sendable (_ results: Results) throws -> String) { self.text = text }

  public var cell: Cell { .note(self) }
}
