import Foundation

/// A struct of Thrift's compact protocol, in which Parquet writes its headers: fields in the order of their numbers.
struct ThriftStruct {
  private(set) var data = Data()
  private var last = 0

  /// The types of fields that Parquet's headers need.
  private enum Kind: UInt8 {
    case yes = 1
    case no = 2
    case byte = 3
    case int32 = 5
    case int64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  mutating func add(_ field: Int, bool: Bool) { head(field, bool ? .yes : .no) }

  mutating func add(_ field: Int, byte: UInt8) {
    head(field, .byte)
    data.append(byte)
  }

  mutating func add(_ field: Int, int32 value: Int) {
    head(field, .int32)
    data.append(Self.zigzag(value))
  }

  mutating func add(_ field: Int, int64 value: Int) {
    head(field, .int64)
    data.append(Self.zigzag(value))
  }

  mutating func add(_ field: Int, text: String) {
    head(field, .binary)
    data.append(Self.binary(text))
  }

  mutating func add(_ field: Int, _ value: ThriftStruct) {
    head(field, .structure)
    data.append(value.closed)
  }

  mutating func add(_ field: Int, list: [ThriftStruct]) {
    add(field, .structure, list.map(\.closed))
  }

  mutating func add(_ field: Int, texts: [String]) { add(field, .binary, texts.map(Self.binary)) }

  mutating func add(_ field: Int, int32s: [Int]) { add(field, .int32, int32s.map(Self.zigzag)) }

  /// The struct with its end mark.
  var closed: Data { data + [0] }

  private mutating func add(_ field: Int, _ kind: Kind, _ elements: [Data]) {
    head(field, .list)
    if elements.count < 15 {
      data.append(UInt8(elements.count) << 4 | kind.rawValue)
    } else {
      data.append(0xF0 | kind.rawValue)
      data.append(Self.varint(UInt64(elements.count)))
    }
    for element in elements { data.append(element) }
  }

  private mutating func head(_ field: Int, _ kind: Kind) {
    // Fields are fewer than 16 apart in every header of Parquet.
    data.append(UInt8(truncatingIfNeeded: field - last) << 4 | kind.rawValue)
    last = field
  }

  /// Seven bits a byte, the lowest first.
  static func varint(_ value: UInt64) -> Data {
    var rest = value
    var result = Data()
    while rest > 0x7F {
      result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    result.append(UInt8(truncatingIfNeeded: rest))
    return result
  }

  private static func zigzag(_ value: Int) -> Data { varint(UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))) }

  private static func binary(_ text: String) -> Data { varint(UInt64(text.utf8.count)) + Data(text.utf8) }
}
