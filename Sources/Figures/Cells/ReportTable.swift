public import Analysis
public import Documents
import Learning
import Studies

/// A table whose rows are computed from the runs.
public struct ReportTable: CellDeclaration, Sendable {
  /// The caption and the selection of a table of a census, to be checked before training.
  struct CensusRequest: Sendable {
    let caption: String
    let selection: [Selection]
  }

  package let content: @Sendable (Results) throws -> Document.Table
  let census: CensusRequest?
  /// The line of the declaration.
  var place: SourcePlace?

  /// - Parameters:
  ///   - caption: the text above the table, in Markdown.
  ///   - columns: plain strings for columns of words, `.number("runs")` for columns of numbers.
  ///   - rows: the cells of each row, in Markdown.
  public init(
    _ caption: String, columns: [Document.Column],
    rows: @escaping @Sendable (_ results: Results) throws -> [[String]]
  ) {
    self.init { Document.Table(caption, columns, try rows($0)) }
  }

  /// A table whose caption and columns are computed from the runs as well.
  init(census: CensusRequest? = nil, content: @escaping @Sendable (Results) throws -> Document.Table) {
    self.census = census
    self.content = content
  }

  public var cell: Cell { .table(self) }
}

extension Document.Table {
  /// A table whose caption and cells are Markdown.
  package init(_ caption: String, _ columns: [Document.Column], _ rows: [[String]]) {
    self.init(caption: Markdown.inlines(caption), columns: columns, rows: rows.map { $0.map(Markdown.inlines) })
  }
}
