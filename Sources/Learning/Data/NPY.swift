package import Foundation

/// NumPy's array file, version 1.0: little-endian, row by row.
package enum NPY {
  /// The kinds of entries.
  package enum Kind: Hashable, Sendable {
    case float64, int64
    /// Texts of at most so many characters (Unicode scalars).
    case text(width: Int)

    fileprivate var code: String {
      switch self {
      case .float64: "<f8"
      case .int64: "<i8"
      case .text(let width): "<U\(width)"
      }
    }
  }

  package static func header(rows: Int, columns: Int) -> Data { header(.float64, shape: [rows, columns]) }

  package static func header(_ kind: Kind, shape: [Int]) -> Data {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(kind.code)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Magic, version, length and text together fill a multiple of 64 bytes.
    let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
    text += String(repeating: " ", count: padding) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    let length = UInt16(text.utf8.count)
    data.append(UInt8(length & 255))
    data.append(UInt8(length >> 8))
    data.append(Data(text.utf8))
    return data
  }

  /// A whole file of numbers.
  package static func file(_ values: [Double], shape: [Int]) -> Data {
    header(.float64, shape: shape) + values.withUnsafeBytes { Data($0) }
  }

  /// A whole file of integers.
  package static func file(_ values: [Int], shape: [Int]) -> Data {
    header(.int64, shape: shape) + values.withUnsafeBytes { Data($0) }
  }

  /// A whole file of texts.
  package static func file(_ values: [String], shape: [Int]) -> Data {
    // NumPy has no texts of width 0.
    let width = max(1, values.map(\.unicodeScalars.count).max() ?? 1)
    var words: [UInt32] = []
    words.reserveCapacity(values.count * width)
    for value in values {
      let scalars = value.unicodeScalars.map { $0.value.littleEndian }
      words += scalars + repeatElement(0, count: width - scalars.count)
    }
    return header(.text(width: width), shape: shape) + words.withUnsafeBytes { Data($0) }
  }
}
