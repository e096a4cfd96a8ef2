import Foundation

/// A table of text fields as RFC 4180 writes it: quoted fields, doubled quotes, LF or CRLF, an optional byte order mark.
///
/// Written here rather than taken from a library because every error has to name its line and column.
struct CSVTable {
  struct Row {
    /// Line of the file on which the row begins, from 1.
    let line: Int
    let fields: [String]
  }

  let header: [String]
  let rows: [Row]

  /// - Throws: `Mistake` for a file that is missing, empty, binary, badly quoted or ragged.
  init(contentsOf url: URL, shown path: String) throws {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Mistake(
        .data, at: path, value: "", rule: "there is no such file",
        remedy: "Put it into experiments/data or give its full path")
    }
    guard let bytes = try? Data(contentsOf: url) else {
      throw Mistake(
        .data, at: path, value: "", rule: "the file cannot be read", remedy: "Check its permissions")
    }
    guard !bytes.contains(0), let text = String(data: bytes, encoding: .utf8) else {
      throw Mistake(
        .data, at: path, value: "binary content", rule: "a CSV file is UTF-8 text",
        remedy: "Save the table as CSV in UTF-8")
    }
    var parser = Parser(text: text, path: path)
    var all = try parser.rows()
    if let last = all.last, last.fields == [""] { all.removeLast() }
    guard let first = all.first else {
      throw Mistake(
        .data, at: path, value: "", rule: "the file is empty", remedy: "Give it a header line and at least one row")
    }
    guard all.count > 1 else {
      throw Mistake(
        .data, at: "\(path), line 1", value: "a header and no rows", rule: "there are no samples",
        remedy: "Add at least one row below the header")
    }
    for row in all.dropFirst() where row.fields.count != first.fields.count {
      throw Mistake(
        .data, at: "\(path), line \(row.line)", value: "\(row.fields.count) fields",
        rule: "every row has as many fields as the header, here \(first.fields.count)",
        remedy: "Mend the row, or quote the field that holds a comma")
    }
    header = first.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    if let twice = Dictionary(grouping: header, by: \.self).first(where: { $0.value.count > 1 })?.key {
      throw Mistake(
        .data, at: "\(path), line 1", value: twice, rule: "column names are unique", remedy: "Rename one of them")
    }
    rows = Array(all.dropFirst())
  }

  private struct Parser {
    private var rest: Substring.UnicodeScalarView
    private let path: String
    private var line = 1

    init(text: String, path: String) {
      var scalars = Substring(text).unicodeScalars
      if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
      rest = scalars
      self.path = path
    }

    mutating func rows() throws -> [Row] {
      var result: [Row] = []
      while !rest.isEmpty {
        let start = line
        var fields: [String] = []
        repeat { fields.append(try field(number: fields.count + 1)) } while skip(",")
        skipLineEnd()
        result.append(Row(line: start, fields: fields))
      }
      return result.filter { $0.fields != [""] || result.count == 1 }
    }

    private mutating func field(number: Int) throws -> String {
      guard rest.first == "\"" else {
        var text = String.UnicodeScalarView()
        while let next = rest.first, next != ",", next != "\n", next != "\r" {
          if next == "\"" {
            throw Mistake(
              .data, at: "\(path), line \(line), field \(number)", value: String(text) + "\"",
              rule: "a field with a quote in it is quoted as a whole",
              remedy: "Put quotes around it and double the inner ones")
          }
          text.append(rest.removeFirst())
        }
        return String(text)
      }
      let start = line
      rest.removeFirst()
      var text = String.UnicodeScalarView()
      while let next = rest.popFirst() {
        if next == "\"" {
          if rest.first == "\"" {
            text.append(rest.removeFirst())
            continue
          }
          guard rest.isEmpty || [",", "\n", "\r"].contains(rest.first) else {
            throw Mistake(
              .data, at: "\(path), line \(line), field \(number)", value: String(text),
              rule: "a quoted field ends at its closing quote", remedy: "Double quotes inside the field")
          }
          return String(text)
        }
        if next == "\n" { line += 1 }
        text.append(next)
      }
      throw Mistake(
        .data, at: "\(path), line \(start), field \(number)",
        value: "\"\(String(text).prefix(20).prefix { !$0.isNewline })…",
        rule: "the quote is never closed", remedy: "Close it with \"")
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == scalar else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func skipLineEnd() {
      if skip("\r") { _ = skip("\n") } else { _ = skip("\n") }
      line += 1
    }
  }
}
