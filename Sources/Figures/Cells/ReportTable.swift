public import Analysis
public import Documents
import Learning
public import Studies

/// A table whose rows are computed from the runs.
public struct ReportTable: CellDeclaration, Sendable {
  /// What a table needs of the sweep, to be checked before training.
  struct Request: Sendable {
    enum Needs: Sendable {
      /// One landscape, whose minima are counted.
      case census
      /// Classes, and a part of the data.
      case classes(DataPart)
      /// Metrics of the runs by the values of a parameter, if any; with baselines.
      case metrics([Metric], by: String?, baseline: Bool)
    }

    let caption: String
    let needs: Needs
  }

  private let make: @Sendable (Results) throws -> Document.Table
  /// `nil` for a table that is computed by a closure of its author.
  let request: Request?
  var selection: [Selection] = []
  /// The value that the table chooses by the runs, if any.
  var best: BestSetting?
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
  init(request: Request? = nil, content: @escaping @Sendable (Results) throws -> Document.Table) {
    self.request = request
    make = content
  }

  /// Restricts the table to the runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> ReportTable {
    var copy = self
    copy.selection.append(Selection(parameter, value))
    return copy
  }

  /// The table of some runs; without rows where the command line has removed the selected ones.
  /// - Throws: what reading the runs throws.
  package func content(_ results: Results) throws -> Document.Table {
    if let removed = results.removed(selection) {
      return Document.Table("\(request?.caption ?? "Table") (not in the sweep: \(removed))", [""], [])
    }
    let chosen = results.chosen(selection)
    let found = try best?.chosen(chosen)
    var table = try make(found?.results ?? chosen)
    // A census has its selection in the author's caption.
    guard let request else { return table }
    if case .census = request.needs { return table }
    let words = (selection.isEmpty ? [] : [results.described(selection)]) + (found.map { [$0.words] } ?? [])
    if !words.isEmpty { table.caption += Markdown.inlines(" Runs: \(words.joined(separator: "; ")).") }
    return table
  }

  public var cell: Cell { .table(self) }
}

extension Document.Table {
  /// A table whose caption and cells are Markdown.
  package init(_ caption: String, _ columns: [Document.Column], _ rows: [[String]]) {
    self.init(caption: Markdown.inlines(caption), columns: columns, rows: rows.map { $0.map(Markdown.inlines) })
  }
}
