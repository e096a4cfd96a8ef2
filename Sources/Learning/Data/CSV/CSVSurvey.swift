/// A first pass over a CSV file: whether its bytes are UTF-8 text, and how many lines it has.
///
/// It finds what cannot be text before a number is parsed, with its line and byte. The count of lines tells how much
/// memory the numbers need.
struct CSVSurvey {
  /// Lines of the file that hold a byte.
  private(set) var lines = 0

  private let path: String
  /// Line of the next byte, from 1, and bytes passed on it.
  private var line = 1
  private var column = 0
  private var isAfterReturn = false

  init(_ file: FileChunks) throws {
    path = file.path
    // The first bytes of a scalar that the end of a piece cuts.
    var cut: [UInt8] = []
    var isFirst = true
    while true {
      let next = try file.next()
      if isFirst, let kind = Self.otherFormat(next) { throw notText(value: kind.name, remedy: kind.remedy) }
      isFirst = false
      let chunk = cut.isEmpty ? next : cut + next
      let used = try pass(chunk, isLast: next.isEmpty)
      if next.isEmpty { break }
      cut = Array(chunk[used...])
    }
    lines = column > 0 ? line : line - 1
    try file.rewind()
  }

  /// Passes the whole scalars of a piece; returns how many bytes they are.
  private mutating func pass(_ chunk: [UInt8], isLast: Bool) throws -> Int {
    var i = 0
    while i < chunk.count {
      let byte = chunk[i]
      if byte < 0x80 {
        if byte == 0 { throw invalid(byte) }
        count(byte)
        i += 1
        continue
      }
      guard let length = Self.scalarLength(chunk, i) else {
        if isLast { throw invalid(byte) }
        return i
      }
      guard length > 0 else { throw invalid(byte) }
      count(byte)
      column += length - 1
      i += length
    }
    return i
  }

  /// A line ends with LF, CR or CR LF.
  private mutating func count(_ byte: UInt8) {
    if byte == 0x0A || byte == 0x0D {
      if byte == 0x0D || !isAfterReturn { line += 1 }
      column = 0
      isAfterReturn = byte == 0x0D
    } else {
      column += 1
      isAfterReturn = false
    }
  }

  /// Bytes of the UTF-8 scalar at `i`; 0 where there is none, `nil` where the piece ends within it.
  ///
  /// Unicode 16, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  private static func scalarLength(_ chunk: [UInt8], _ i: Int) -> Int? {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch chunk[i] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    for k in 1..<length {
      guard i + k < chunk.count else { return nil }
      guard (k == 1 ? second : 0x80...0xBF).contains(chunk[i + k]) else { return 0 }
    }
    return length
  }

  // MARK: Messages

  private func invalid(_ byte: UInt8) -> Mistake {
    let hex = "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    var remedy = "Save the table as CSV in UTF-8"
    if byte >= 0xA0 { remedy += "; in Latin-1 this byte is \(Unicode.Scalar(byte))" }
    if byte == 0 { remedy += "; the file may be binary, or damaged" }
    return notText(value: byte == 0 ? "a NUL byte" : "byte \(hex)", remedy: remedy, at: ", byte \(column + 1)")
  }

  private func notText(value: String, remedy: String, at byte: String = "") -> Mistake {
    Mistake(
      .data, at: "\(path), line \(line)\(byte)", value: value, rule: "a CSV file is UTF-8 text", remedy: remedy)
  }

  /// Formats that are mistaken for CSV, recognised by their first bytes.
  private static func otherFormat(_ bytes: [UInt8]) -> (name: String, remedy: String)? {
    let encoding = "Save the table as CSV in UTF-8"
    let head = Array(bytes.prefix(4))
    if head == [0xFF, 0xFE, 0, 0] || head == [0, 0, 0xFE, 0xFF] { return ("UTF-32 text", encoding) }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return ("UTF-16 text", encoding) }
    if head.count == 4, head.map({ $0 == 0 }) == [false, true, false, true] { return ("UTF-16 text", encoding) }
    if head.count == 4, head.map({ $0 == 0 }) == [true, false, true, false] { return ("UTF-16 text", encoding) }
    if head.starts(with: [0x50, 0x4B, 3, 4]) {
      return ("a ZIP archive, such as an Excel workbook", "Save the worksheet as CSV in UTF-8")
    }
    if head.starts(with: [0x1F, 0x8B]) { return ("a gzip archive", "Unpack the file first") }
    return nil
  }
}
