package import Foundation

/// Notes in a PNG file: keywords and texts in UTF-8, stored as `iTXt` chunks (PNG specification, third edition, 11.3.3.4).
package enum PNGNotes {
  /// The reasons why the notes of a file cannot be read.
  package enum Failure: Error, Hashable {
    case notPNG
    case damaged
  }

  static let signature: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]

  /// The notes of a file in their order.
  /// - Throws: `Failure` if the file is not a PNG file or is damaged.
  package static func read(_ data: Data) throws -> [(keyword: String, text: String)] {
    try chunks(data).compactMap { chunk in
      guard chunk.type == "iTXt" else { return nil }
      // Keyword, 0, compression flag and method, language, 0, translated keyword, 0, text.
      let parts = chunk.body.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].count >= 2, parts[1].first == 0 else { return nil }
      let rest = parts[1].dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      guard rest.count == 3 else { return nil }
      return (String(decoding: parts[0], as: UTF8.self), String(decoding: rest[2], as: UTF8.self))
    }
  }

  /// Inserts notes before the image data of a file.
  static func add(_ notes: [(String, String)], toFile path: String) throws {
    let url = URL(fileURLWithPath: path)
    let data = try Data(contentsOf: url)
    guard let picture = try chunks(data).first(where: { $0.type == "IDAT" }) else { throw Failure.damaged }
    var result = Data(data[..<picture.start])
    for (keyword, text) in notes {
      result.append(chunk("iTXt", Array(keyword.utf8.prefix(79)) + [0, 0, 0, 0, 0] + Array(text.utf8)))
    }
    result.append(data[picture.start...])
    try result.write(to: url, options: .atomic)
  }

  /// A chunk: its length, its type, its body and their check.
  static func chunk(_ type: String, _ body: [UInt8]) -> Data {
    let checked = Array(type.utf8) + body
    var chunk = Data(bigEndian(UInt32(body.count)))
    chunk.append(contentsOf: checked)
    chunk.append(contentsOf: bigEndian(crc(checked)))
    return chunk
  }

  static func chunks(_ data: Data) throws -> [(type: String, start: Int, body: Data)] {
    let data = Data(data)
    guard data.count >= 8, Array(data.prefix(8)) == signature else { throw Failure.notPNG }
    var result: [(type: String, start: Int, body: Data)] = []
    var at = 8
    while at + 12 <= data.count {
      let length = data[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= data.count - at - 12 else { throw Failure.damaged }
      let type = String(decoding: data[at + 4..<at + 8], as: UTF8.self)
      result.append((type, at, Data(data[at + 8..<at + 8 + length])))
      at += 12 + length
      if type == "IEND" { return result }
    }
    throw Failure.damaged
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

  /// The cyclic redundancy check of a chunk (PNG specification, annex D).
  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      let index = Int((sum ^ UInt32(byte)) & 255)
      sum = (sum >> 8) ^ remainders[index]
    }
    return ~sum
  }

  /// The check of every single byte.
  private static let remainders: [UInt32] = (0..<256).map { byte in
    var value = UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    return value
  }
}
