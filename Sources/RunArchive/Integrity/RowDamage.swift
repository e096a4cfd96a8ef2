import GRDB

/// Where in a row a single bit was flipped: the one place whose other value gives the checksum. For damage of more bits there is no answer.
enum RowDamage {
  /// Longer rows are not searched.
  private static let mostBytes = 20_000

  /// The name of the column with the flipped bit; `nil` where no single bit explains the checksum.
  static func column(_ db: Database, _ row: Int64) throws -> String? {
    let columns = Schema.covered.joined(separator: ", ")
    var found: String?
    try db.forEachRow("SELECT \(columns), checksum FROM run WHERE id = \(row)") { values in
      var (bytes, scratch, ends) = ([] as [UInt8], [] as [UInt8], [] as [Int])
      let own = values.checksum(of: Schema.covered.count, &bytes)
      for count in 1...Schema.covered.count {
        _ = values.checksum(of: count, &scratch)
        ends.append(scratch.count)
      }
      guard bytes.count <= mostBytes, let stored = values.text(Int32(Schema.covered.count)) else { return }
      if zip(own, stored).count(where: { $0 != $1 }) == 1 || UInt64(stored, radix: 16) == nil {
        found = "checksum"
      } else if let wanted = UInt64(stored, radix: 16), let place = flipped(&bytes, wanted) {
        found = ends.firstIndex { place < $0 }.map { Schema.covered[$0] }
      }
    }
    return found
  }

  /// The byte in which one other bit gives the wanted checksum.
  private static func flipped(_ bytes: inout [UInt8], _ wanted: UInt64) -> Int? {
    for place in bytes.indices {
      for bit in 0..<8 {
        bytes[place] ^= 1 << UInt8(bit)
        if bytes.withUnsafeBytes(Checksum.of) == wanted { return place }
        bytes[place] ^= 1 << UInt8(bit)
      }
    }
    return nil
  }
}
