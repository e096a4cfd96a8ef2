public import Analysis
import Learning

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

extension Cell {
  /// The cell with the line of its declaration, for messages about mistakes in it.
  func declared(at place: SourcePlace) -> Cell {
    switch self {
    case .note: return self
    case .figure(var figure):
      figure.place = place
      return .figure(figure)
    case .table(var table):
      table.place = place
      return .table(table)
    case .expect(var expect):
      expect.place = place
      return .expect(expect)
    case .comparison(var comparison):
      comparison.place = place
      return .comparison(comparison)
    }
  }

  /// The line of the declaration.
  var place: SourcePlace? {
    switch self {
    case .note: nil
    case .figure(let figure): figure.place
    case .table(let table): table.place
    case .expect(let expect): expect.place
    case .comparison(let comparison): comparison.place
    }
  }
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
