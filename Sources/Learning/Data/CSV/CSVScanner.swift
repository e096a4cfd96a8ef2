/// Splits a CSV file into fields, as RFC 4180 writes them: quoted fields, doubled quotes, LF, CR or CR LF, a byte order
/// mark.
///
/// It works on bytes and keeps one field at a time. It is written here rather than taken from a library because every
/// error has to name its line and field.
struct CSVScanner {
  /// What follows a field.
  enum Separator { case field, row, file }

  /// The content of the field read last, without its quotes.
  private(set) var field: [UInt8] = []
  /// Where the field read last begins: its line and its place on the row, both from 1.
  private(set) var fieldLine = 1
  private(set) var fieldNumber = 0

  let path: String
  private let file: FileChunks
  private let progress: (Int) -> Void
  private var chunk: [UInt8] = []
  private var position = 0
  private var line = 1
  private var bytesRead = 0

  /// The greatest number of bytes in a field. A longer one is a quote without its closing quote.
  static let longestField = 10_000_000

  /// - Parameter progress: called with the number of bytes read so far.
  init(_ file: FileChunks, progress: @escaping (Int) -> Void) throws {
    path = file.path
    self.file = file
    self.progress = progress
    if try peek() == 0xEF, chunk.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Whether a row begins here; the next field is its first.
  mutating func beginRow() throws -> Bool {
    fieldNumber = 0
    return try peek() != nil
  }

  /// Reads the next field of the row.
  /// - Throws: `Mistake` for a quote within a plain field, an open quote, or text behind a closing quote.
  mutating func next() throws -> Separator {
    field.removeAll(keepingCapacity: true)
    fieldNumber += 1
    fieldLine = line
    if try peek() == Byte.quote {
      try readQuoted()
    } else {
      try readPlain()
    }
    return try separator()
  }

  /// Reads the remaining fields of a row; returns how many there were.
  mutating func skipRow() throws -> Int {
    var count = 1
    while try next() == .field { count += 1 }
    return count
  }

  private enum Byte {
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    static let feed = UInt8(ascii: "\n")
    static let `return` = UInt8(ascii: "\r")
  }

  /// The next byte; `nil` at the end of the file.
  private mutating func peek() throws -> UInt8? {
    if position == chunk.count {
      chunk = try file.next()
      position = 0
      bytesRead += chunk.count
      progress(bytesRead)
    }
    return position < chunk.count ? chunk[position] : nil
  }

  private mutating func readPlain() throws {
    while let byte = try peek() {
      if byte == Byte.comma || byte == Byte.feed || byte == Byte.return { return }
      if byte == Byte.quote {
        throw mistake(
          Quoted.short(text) + "\"", "a field with a quote in it is quoted as a whole",
          "Put quotes around it and double the inner ones")
      }
      let start = position
      position = chunk.withUnsafeBufferPointer { bytes in
        var i = start
        while i < bytes.count, bytes[i] != Byte.comma, bytes[i] != Byte.feed, bytes[i] != Byte.return,
          bytes[i] != Byte.quote
        { i += 1 }
        return i
      }
      try take(from: start)
    }
  }

  private mutating func readQuoted() throws {
    position += 1
    while let byte = try peek() {
      if byte == Byte.quote {
        position += 1
        guard try peek() == Byte.quote else { return try endQuoted() }
        field.append(byte)
        position += 1
      } else if byte == Byte.feed || byte == Byte.return {
        if byte == Byte.return || field.last != Byte.return { line += 1 }
        field.append(byte)
        position += 1
      } else {
        let start = position
        while position < chunk.count, chunk[position] != Byte.quote, chunk[position] != Byte.feed,
          chunk[position] != Byte.return
        { position += 1 }
        try take(from: start)
      }
    }
    throw mistake("\"" + Quoted.short(text), "the quote is never closed", "Close it with \"")
  }

  private mutating func endQuoted() throws {
    guard let byte = try peek(), byte != Byte.comma, byte != Byte.feed, byte != Byte.return else { return }
    throw mistake(
      Quoted.short(text), "a quoted field ends at its closing quote", "Double quotes inside the field")
  }

  private mutating func take(from start: Int) throws {
    field.append(contentsOf: chunk[start..<position])
    guard field.count <= Self.longestField else {
      throw mistake(
        Quoted.short(text), "a field has at most \(DataFiles.size(Double(Self.longestField)))",
        "Close the quote, if one is open, or shorten the field")
    }
  }

  private mutating func separator() throws -> Separator {
    guard let byte = try peek() else { return .file }
    position += 1
    if byte == Byte.comma { return .field }
    if byte == Byte.return, try peek() == Byte.feed { position += 1 }
    line += 1
    return .row
  }

  /// The field as text, or as much of it as a message needs.
  private var text: String { String(decoding: field.prefix(8 * Quoted.limit), as: UTF8.self) }

  private func mistake(_ value: String, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(
      .data, at: "\(path), line \(fieldLine), field \(fieldNumber)", value: value, rule: rule, remedy: remedy)
  }
}
