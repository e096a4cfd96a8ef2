public import Analysis

/// What can stand in a report.
public protocol CellDeclaration {
  var cell: Cell { get }
}

/// One piece of a report.
public enum Cell: Sendable {
  case note(Note)
  case figure(Figure)
  case table(ReportTable)
  case expect(Expect)
  case comparison(Comparison)
}

/// Markdown between figures: headings, paragraphs, lists, emphasis, code, tables, links; mathematics in Unicode.
public struct Note: CellDeclaration, Sendable {
  package let text: @Sendable (Results) throws -> String

  public init(_ text: String) { self.text = { _ in text } }

  /// A note that quotes what the runs came to.
  public init(_ text: @escaping @Sendable (_ results: Results) throws -> String) { self.text = text }

  public var cell: Cell { .note(self) }
}
