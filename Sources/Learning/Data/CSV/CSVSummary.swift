import Foundation

/// What a CSV file holds: its rows, and for each column its kind, range, missing values and distinct values.
///
/// The file is read in pieces; the memory depends on the columns and their distinct values, not on the rows.
package struct CSVSummary: Sendable {
  /// One column of the file.
  package struct Column: Sendable {
    /// The name in the header.
    package let name: String
    /// Fields that hold a finite number.
    package fileprivate(set) var numbers = 0
    /// Fields that hold a text.
    package fileprivate(set) var texts = 0
    /// Empty fields, and fields with a usual sign for a missing value.
    package fileprivate(set) var missing = 0
    /// `nan`, `inf` and numbers beyond the largest double.
    package fileprivate(set) var notFinite = 0
    /// The smallest and the largest number.
    package fileprivate(set) var least = Double.infinity
    package fileprivate(set) var greatest = -Double.infinity
    /// Whether every number is a whole number.
    package fileprivate(set) var isWhole = true
    /// The mean of the numbers.
    package fileprivate(set) var mean = 0.0
    /// How often each value occurs; `nil` where there are more than `CSVSummary.mostValues`.
    package fileprivate(set) var values: [String: Int]? = [:]

    init(name: String) { self.name = name }

    /// Whether the column can be an input: finite numbers, perhaps with missing values.
    package var isNumeric: Bool { numbers > 0 && texts == 0 && notFinite == 0 }
    /// Whether the column can be an input for each of its values: texts, at most 50 different ones, each twice or more in the mean.
    package var hasCategories: Bool {
      guard texts > 0, notFinite == 0, let values else { return false }
      return values.count <= 50 && numbers + texts >= 2 * values.count
    }
    /// Whether the column can hold classes: a few values, each more than once in the mean.
    package var isClassLike: Bool {
      guard let values, notFinite == 0, values.count > 1 else { return false }
      return texts > 0
        ? texts + numbers >= 2 * values.count : isWhole && values.count <= 20 && numbers >= 5 * values.count
    }
  }

  /// The file's path as the user wrote it.
  package let path: String
  /// The file's size in bytes.
  package let byteCount: Int
  /// The rows below the header.
  package private(set) var rows = 0
  /// The columns in their order.
  package private(set) var columns: [Column]

  /// The largest number of distinct values that are counted in a column.
  package static let mostValues = 1000

  /// Reads a file.
  /// - Throws: `Mistake` for a file that cannot be read, is not UTF-8 text, or has rows of different lengths.
  package init(_ path: String, files: DataFiles) throws {
    let shown = Quoted.short(path, limit: 300)
    let file = try FileChunks(files.url(for: path), shown: shown)
    _ = try CSVSurvey(file)
    self.path = path
    byteCount = file.byteCount
    var scanner = try CSVScanner(file) { _ in }
    columns = try CSVHeader(&scanner).names.map(Column.init)
    while try scanner.beginRow() { try readRow(&scanner) }
  }

  private mutating func readRow(_ scanner: inout CSVScanner) throws {
    var separator = try scanner.next()
    if separator != .field, scanner.field.isEmpty { return }
    let line = scanner.fieldLine
    let start = scanner.field.count < 10_000 ? scanner.field : []
    for index in columns.indices {
      if index > 0 {
        guard separator == .field else { throw ragged(index, line: line, start: start) }
        separator = try scanner.next()
      }
      columns[index].add(scanner.field)
    }
    if separator == .field { throw ragged(columns.count + (try scanner.skipRow()), line: line, start: start) }
    rows += 1
  }

  private func ragged(_ count: Int, line: Int, start: [UInt8]) -> Mistake {
    CSVAdvice.raggedRow(
      count, of: columns.count, path: Quoted.short(path, limit: 300), line: line, start: start)
  }
}

extension CSVSummary.Column {
  fileprivate mutating func add(_ field: [UInt8]) {
    let text = String(decoding: field.prefix(8 * Quoted.limit), as: UTF8.self).trimmingCharacters(in: .whitespaces)
    if text.isEmpty || CSVAdvice.isMissing(text) {
      missing += 1
      return
    }
    switch DecimalNumber.read(field) {
    case .number(let value): add(value)
    case .notFinite: notFinite += 1
    case .text: texts += 1
    }
    guard values != nil else { return }
    values?[DecimalNumber.name(field) ?? text, default: 0] += 1
    if values?.count ?? 0 > CSVSummary.mostValues { values = nil }
  }

  private mutating func add(_ value: Double) {
    numbers += 1
    least = min(least, value)
    greatest = max(greatest, value)
    isWhole = isWhole && value == value.rounded()
    mean += (value - mean) / Double(numbers)
  }
}
