package import Foundation

/// Inputs in a CSV file for a network that is trained already: the columns are those of its training, by name, in any order.
package struct CSVInputs: Sendable {
  /// The inputs of each row, in the order of the training, with 0 and 1 for categories, and NaN for a missing number that is filled in.
  package let rows: [[Double]]

  /// Reads a file.
  /// - Parameters:
  ///   - columns: the columns that the network was trained on.
  ///   - targets: columns that the file may have too; they are not read.
  /// - Throws: `Mistake` for a file that cannot be read, a column that is missing or unknown, and a field that is no number.
  package static func read(
    _ url: URL, shown path: String, columns inputs: [Dataset.Preparation.Column], targets: [String]
  ) throws -> CSVInputs {
    let file = try FileChunks(url, shown: path)
    _ = try CSVSurvey(file)
    var scanner = try CSVScanner(file) { _ in }
    let header = try CSVHeader(&scanner)
    let columns = try columns(header, inputs: inputs.map(\.name), targets: targets, at: path)
    var rows: [[Double]] = []
    while try scanner.beginRow() {
      if let row = try row(&scanner, header, columns, inputs, at: path) { rows.append(row) }
    }
    guard !rows.isEmpty else {
      throw Mistake(
        .data, at: path, value: "a header and no rows", rule: "there is nothing to predict for",
        remedy: "Add at least one row below the header")
    }
    return CSVInputs(rows: rows)
  }

  /// The place of each input in a row of the file; `nil` for a column that is not read.
  private static func columns(
    _ header: CSVHeader, inputs: [String], targets: [String], at path: String
  ) throws -> [Int?] {
    let missing = inputs.filter { !header.names.contains($0) }
    let unknown = header.names.filter { !inputs.contains($0) && !targets.contains($0) }
    guard missing.isEmpty, unknown.isEmpty else {
      let parts = [("it lacks", missing), ("the network has no input", unknown)].filter { !$0.1.isEmpty }
      let near = missing.compactMap { name in
        Spelling.nearest(to: name, among: unknown).map { "Is \(Quoted.short($0)) the column \(Quoted.short(name))? " }
      }
      throw Mistake(
        .data, at: "\(path), columns", value: parts.map { "\($0.0) \(Quoted.list($0.1))" }.joined(separator: "; "),
        rule: "the columns are those of the training, by name",
        remedy: "\(near.joined())Give the file the columns \(Quoted.list(inputs)), in any order")
    }
    return header.names.map { inputs.firstIndex(of: $0) }
  }

  /// The inputs of a row; `nil` for an empty line.
  private static func row(
    _ scanner: inout CSVScanner, _ header: CSVHeader, _ columns: [Int?],
    _ inputs: [Dataset.Preparation.Column], at path: String
  ) throws -> [Double]? {
    var row = [[Double]](repeating: [], count: inputs.count)
    var separator = try scanner.next()
    if separator != .field, scanner.field.isEmpty, columns.count > 1 { return nil }
    let line = scanner.fieldLine
    for column in columns.indices {
      if column > 0 {
        guard separator == .field else {
          throw CSVAdvice.raggedRow(column, of: columns.count, path: path, line: line, start: [])
        }
        separator = try scanner.next()
      }
      guard let input = columns[column] else { continue }
      let text = String(decoding: scanner.field.prefix(8 * Quoted.limit), as: UTF8.self)
        .trimmingCharacters(in: .whitespaces)
      guard let values = values(of: scanner.field, text, inputs[input]) else {
        throw mistake(text, inputs[input], at: header.place(line: scanner.fieldLine, column: column))
      }
      row[input] = values
    }
    if separator == .field {
      let count = columns.count + (try scanner.skipRow())
      throw CSVAdvice.raggedRow(count, of: columns.count, path: path, line: line, start: [])
    }
    return row.flatMap(\.self)
  }

  /// The inputs that a field becomes, as in the training; `nil` for one that cannot be used.
  private static func values(
    of field: [UInt8], _ text: String, _ column: Dataset.Preparation.Column
  ) -> [Double]? {
    let isMissing = text.isEmpty || CSVAdvice.isMissing(text)
    switch column.kind {
    case .number(let fill):
      if isMissing, fill != nil { return [.nan] }
      guard case .number(let value) = DecimalNumber.read(field) else { return nil }
      return [value]
    case .categories(let names, let known, let fill):
      let found = isMissing ? fill : names.firstIndex(of: DecimalNumber.name(field) ?? text)
      // A category that the training did not have is a mistake here, where nobody else would see it.
      guard let found, known[found] else { return nil }
      return names.indices.map { $0 == found ? 1 : 0 }
    }
  }

  private static func mistake(_ text: String, _ column: Dataset.Preparation.Column, at place: String) -> Mistake {
    guard case .categories(let names, let known, _) = column.kind else {
      return Mistake(
        .data, at: place, value: text.isEmpty ? "empty" : Quoted.short(text), rule: "it is not a finite number",
        remedy: CSVAdvice.number(text, or: "or remove the row"))
    }
    let trained = zip(names, known).filter(\.1).map(\.0)
    return Mistake(
      .data, at: place, value: text.isEmpty ? "empty" : Quoted.short(text),
      rule: "the training had no such category", remedy: "Use one of \(Quoted.list(trained)), or remove the row")
  }
}
