import Foundation

/// The names of a CSV file's columns.
struct CSVHeader {
  let names: [String]
  /// Line of the file on which the header begins, and the file.
  private let place: String
  private let path: String
  private let index: [String: Int]

  /// Most columns of a file.
  static let most = 10_000_000

  /// Reads the first row that is not empty.
  init(_ scanner: inout CSVScanner) throws {
    var names: [String] = []
    var first = 1
    var separator = CSVScanner.Separator.row
    while names.isEmpty, try scanner.beginRow() {
      repeat {
        separator = try scanner.next()
        if names.isEmpty { first = scanner.fieldLine }
        guard names.count < Self.most else { throw Self.tooMany(scanner.path) }
        names.append(String(decoding: scanner.field, as: UTF8.self).trimmingCharacters(in: .whitespaces))
      } while separator == .field
      if scanner.fieldNumber == 1, scanner.field.isEmpty { names = [] }
    }
    guard !names.isEmpty else {
      throw Mistake(
        .data, at: scanner.path, value: "", rule: "the file is empty",
        remedy: "Give it a header line and at least one row")
    }
    self.names = names
    path = scanner.path
    place = "\(path), line \(first)"
    try Self.checkSeparator(names, at: place)
    index = try Self.index(names, at: place)
  }

  /// - Throws: `Mistake` for a name that no column has.
  func column(_ name: String) throws -> Int {
    if let column = index[name] { return column }
    var remedy = Spelling.nearest(to: name, among: likely(name)).map { "Did you mean \(Quoted.short($0))? " } ?? ""
    if names.allSatisfy({ DecimalNumber.read(Array($0.utf8)) != .text }) {
      remedy += "The file begins with numbers: give it a header line. "
    }
    throw Mistake(
      .data, at: place, value: Quoted.short(name), rule: "there is no such column",
      remedy: "\(remedy)The columns are \(Quoted.list(names))")
  }

  /// The place of a column, for messages.
  func place(line: Int, column: Int) -> String { "\(path), line \(line), column \(Quoted.short(names[column]))" }

  /// Names of about the same length. The search for a near name takes time for each of them.
  private func likely(_ name: String) -> [String] {
    let length = name.utf8.count
    return Array(names.lazy.filter { abs($0.utf8.count - length) <= max(8, length / 3) }.prefix(1000))
  }

  private static func index(_ names: [String], at place: String) throws -> [String: Int] {
    var index: [String: Int] = [:]
    index.reserveCapacity(names.count)
    for (column, name) in names.enumerated() {
      if let first = index.updateValue(column, forKey: name) {
        throw Mistake(
          .data, at: "\(place), field \(column + 1)", value: name.isEmpty ? "an empty name" : Quoted.short(name),
          rule: "column names are unique, and field \(first + 1) has this name", remedy: "Rename one of them")
      }
    }
    return index
  }

  private static func checkSeparator(_ names: [String], at place: String) throws {
    guard names.count == 1, let found = CSVAdvice.separator(in: names[0]) else { return }
    throw Mistake(
      .data, at: place, value: Quoted.short(names[0]), rule: "the header has no comma but \(found)",
      remedy: "Save the table with commas between the fields")
  }

  private static func tooMany(_ path: String) -> Mistake {
    Mistake(
      .data, at: path, value: "more than \(most) fields in the header", rule: "there are at most \(most) columns",
      remedy: "Check that the file has line ends, or use fewer columns")
  }
}
