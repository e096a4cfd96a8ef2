package import Foundation
import Learning
import Studies

/// The keys of all runs of a plan, in its order: 32 bytes each.
package struct KeyList: Sendable {
  private static let width = 32
  /// The bytes of the file.
  package private(set) var bytes: Data

  /// The keys, in hexadecimal digits.
  /// - Throws: `Mistake` where a key is not of this form.
  package init(_ keys: some Sequence<String>) throws {
    bytes = Data()
    for key in keys {
      guard let part = Self.bytes(of: key) else {
        throw Mistake(
          .data, at: "key", value: key, rule: "a key has 64 hexadecimal digits", remedy: "Update the program")
      }
      bytes.append(contentsOf: part)
    }
  }

  /// The keys of a file.
  /// - Throws: `Mistake` where the file is not the one that the job was made with.
  package init(file: URL, digest: String) throws {
    guard let data = try? Data(contentsOf: file, options: .alwaysMapped), data.count % Self.width == 0,
      Digest.sha256(data) == digest
    else {
      throw Mistake(
        .data, at: file.path, value: "", rule: "the list of keys is missing or damaged",
        remedy: "Remove the job folder and send the sweep again: descent submit NAME")
    }
    bytes = data
  }

  /// Number of keys.
  package var count: Int { bytes.count / Self.width }

  /// The digest of the file.
  package var digest: String { Digest.sha256(bytes) }

  /// The key of a run, in hexadecimal digits.
  package subscript(run: Int) -> String {
    let start = bytes.startIndex + run * Self.width
    return String(unsafeUninitializedCapacity: 2 * Self.width) { text in
      for (place, byte) in bytes[start..<start + Self.width].enumerated() {
        text[2 * place] = Self.digits[Int(byte >> 4)]
        text[2 * place + 1] = Self.digits[Int(byte & 15)]
      }
      return 2 * Self.width
    }
  }

  /// A digest of the keys of some runs, in the order of the indices.
  package static func digest(_ keys: some Sequence<String>) throws -> String { try KeyList(keys).digest }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func bytes(of key: String) -> [UInt8]? {
    let digits = key.utf8.map { digit -> UInt8? in
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    guard digits.count == 2 * width else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(width)
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[place], let low = digits[place + 1] else { return nil }
      result.append(high << 4 | low)
    }
    return result
  }
}
