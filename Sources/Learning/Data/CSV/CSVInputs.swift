package import Foundation

/// Inputs in a CSV file for a network that is trained already: the columns are those of its training, by name, in any order.
package struct CSVInputs: Sendable {
  /// The inputs of each row, in the order of the training.
  package let rows: [[Double]]

  /// Reads a file.
  /// - Parameters:
  ///   - inputs: the columns that the network was trained on.
  ///   - targets: columns that the file may have too; they are not read.
  /// - Throws: `Mistake` for a file that cannot be read, a column that is missing or unknown, and a field that is no number.
  package static func read(_ url: URL, shown path: String, inputs: [String], targets: [String]) throws -> CSVInputs {
    let file = try FileChunks(url, shown: path)
    _ = try CSVSurvey(file)
    var scanner = try CSVScanner(file) { _ in }
    let header = try CSVHeader(&scanner)
    let columns = try columns(header, inputs: inputs, targets: targets, at: path)
    var rows: [[Double]] = []
    while try scanner.beginRow() {
      if let row = try row(&scanner, header, columns, at: path) { rows.append(row) }
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
    _ scanner: inout CSVScanner, _ header: CSVHeader, _ columns: [Int?], at path: String
  ) throws -> [Double]? {
    var row = [Double](repeating: 0, count: columns.compactMap(\.self).count)
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
      guard case .number(let value) = DecimalNumber.read(scanner.field) else {
        let text = String(decoding: scanner.field.prefix(8 * Quoted.limit), as: UTF8.self)
        throw Mistake(
          .data, at: header.place(line: scanner.fieldLine, column: column),
          value: text.isEmpty ? "empty" : Quoted.short(text), rule: "it is not a finite number",
          remedy: CSVAdvice.number(text, or: "or remove the row"))
      }
      row[input] = value
    }
    if separator == .field {
      let count = columns.count + (try scanner.skipRow())
      throw CSVAdvice.raggedRow(count, of: columns.count, path: path, line: line, start: [])
    }
    return row
  }
}
