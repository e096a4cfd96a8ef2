public import Analysis
public import Documents
import Studies

/// A table whose rows the runs decide.
public struct ReportTable: CellDeclaration, Sendable {
  /// What a table of a census is made of; `nil` for others.
  struct CensusRequest: Sendable {
    let caption: String
    let selection: [Selection]
  }

  package let content: @Sendable (Results) throws -> Document.Table
  let census: CensusRequest?

  /// - Parameters:
  ///   - caption: above the table; Markdown.
  ///   - columns: plain strings for columns of words, `.number("runs")` for columns of numbers.
  ///   - rows: the cells of each row, in Markdown.
  public init(
    _ caption: String, columns: [Document.Column],
    rows: @escaping @Sendable (_ results: Results) throws -> [[String]]
  ) {
    self.init { Document.Table(caption, columns, try rows($0)) }
  }

  /// A table whose caption and columns the runs decide too.
  init(census: CensusRequest? = nil, content: @escaping @Sendable (Results) throws -> Document.Table) {
    self.census = census
    self.content = content
  }

  public var cell: Cell { .table(self) }
}

extension Document.Table {
  /// A table of texts in Markdown.
  package init(_ caption: String, _ columns: [Document.Column], _ rows: [[String]]) {
    self.init(caption: Markdown.inlines(caption), columns: columns, rows: rows.map { $0.map(Markdown.inlines) })
  }
}
