import Foundation

/// A column of a Parquet file, for some of its rows. No value is missing.
struct ParquetColumn {
  enum Values {
    case texts([String])
    case numbers([Double])
    case integers([Int])
    case unsigned([UInt64])
  }

  let values: Values
  /// How often each value is repeated; `nil` for once each. Repeated values take their room once.
  var counts: [Int]?

  /// Number of rows.
  var rowCount: Int { counts?.reduce(0, +) ?? valueCount }

  private var valueCount: Int {
    switch values {
    case .texts(let values): values.count
    case .numbers(let values): values.count
    case .integers(let values): values.count
    case .unsigned(let values): values.count
    }
  }

  /// Parquet's number of the type.
  var type: Int {
    switch values {
    case .numbers: 5
    case .integers, .unsigned: 2
    case .texts: 6
    }
  }

  /// The schema's entry of the column.
  func schema(_ name: String) -> ThriftStruct {
    var element = ThriftStruct()
    element.add(1, int32: type)
    element.add(3, int32: 0)
    element.add(4, text: name)
    var logical = ThriftStruct()
    switch values {
    case .texts:
      element.add(6, int32: 0)
      logical.add(1, ThriftStruct())
      element.add(10, logical)
    case .unsigned:
      element.add(6, int32: 14)
      var integer = ThriftStruct()
      integer.add(1, byte: 64)
      integer.add(2, bool: false)
      logical.add(10, integer)
      element.add(10, logical)
    case .numbers, .integers: break
    }
    return element
  }

  /// The values one after another: PLAIN.
  var plain: Data { Self.plain(values) }

  private static func plain(_ values: Values) -> Data {
    switch values {
    case .numbers(let values): return values.withUnsafeBytes { Data($0) }
    case .integers(let values): return values.withUnsafeBytes { Data($0) }
    case .unsigned(let values): return values.withUnsafeBytes { Data($0) }
    case .texts(let texts):
      var data = Data()
      for text in texts {
        withUnsafeBytes(of: UInt32(clamping: text.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: text.utf8)
      }
      return data
    }
  }

  /// The different values, and their positions there with the repetitions: RLE_DICTIONARY.
  var dictionary: (count: Int, values: Data, positions: Data) {
    switch values {
    case .texts(let values): Self.dictionary(values, counts, Values.texts) { $0 }
    // Two numbers are the same where their bits are: NaN is a value too.
    case .numbers(let values): Self.dictionary(values, counts, Values.numbers) { $0.bitPattern }
    case .integers(let values): Self.dictionary(values, counts, Values.integers) { $0 }
    case .unsigned(let values): Self.dictionary(values, counts, Values.unsigned) { $0 }
    }
  }

  private static func dictionary<Value, Key: Hashable>(
    _ values: [Value], _ counts: [Int]?, _ kind: ([Value]) -> Values, key: (Value) -> Key
  ) -> (count: Int, values: Data, positions: Data) {
    var known: [Key: Int] = [:]
    var different: [Value] = []
    let places = values.map { value -> Int in
      if let place = known[key(value)] { return place }
      known[key(value)] = different.count
      different.append(value)
      return different.count - 1
    }
    let width = Int.bitWidth - max(1, different.count - 1).leadingZeroBitCount
    var positions = Data([UInt8(width)])
    for (place, count) in zip(places, counts ?? Array(repeating: 1, count: places.count)) where count > 0 {
      // A run of one value: its length, then the value in as many bytes as its bits need.
      positions.append(ThriftStruct.varint(UInt64(count) << 1))
      for byte in 0..<(width + 7) / 8 { positions.append(UInt8(truncatingIfNeeded: place >> (8 * byte))) }
    }
    return (different.count, plain(kind(different)), positions)
  }
}
