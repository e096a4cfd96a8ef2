package import Foundation

/// Writes a ZIP file of stored entries, such as NumPy's `.npz`. Only the list of entries is in memory.
///
/// The format is that of PKWARE's APPNOTE.TXT 6.3.10, with the records of ZIP64 where there are more than 65 534 entries, or where
/// an entry begins beyond 4 GiB. Dates are constant, so that equal entries make equal files.
package struct ZIPWriter {
  private struct Entry {
    let name: Data
    let checksum: UInt32
    let size: UInt32
    let offset: UInt64
  }

  /// 1 January 1980, midnight.
  private static let date: UInt32 = 0x0021_0000
  private static let largest = UInt64(UInt32.max)

  private let handle: FileHandle
  private let url: URL
  private var entries: [Entry] = []
  private var buffer = Data()
  private var position: UInt64 = 0

  /// Creates the file.
  /// - Parameter gap: bytes before the first entry, which the format allows; they take no space on the disk.
  /// - Throws: `CocoaError` if the file cannot be created.
  package init(_ url: URL, after gap: UInt64 = 0) throws {
    guard FileManager.default.createFile(atPath: url.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
    self.url = url
    handle = try FileHandle(forWritingTo: url)
    try handle.seek(toOffset: gap)
    position = gap
  }

  /// Adds an entry.
  /// - Throws: `Mistake` for an entry of 4 GiB or more, and an error of the file system.
  package mutating func add(_ name: String, _ content: Data) throws {
    guard UInt64(content.count) < Self.largest, name.utf8.count <= Int(UInt16.max) else {
      throw Mistake(
        .output, at: "\(url.lastPathComponent), \(Quoted.short(name))", value: "\(content.count) bytes",
        rule: "an entry has less than 4 GiB", remedy: "Choose fewer runs with --seeds or --set")
    }
    let entry = Entry(
      name: Data(name.utf8), checksum: CRC32.of(content), size: UInt32(content.count), offset: position)
    entries.append(entry)
    var head = Data()
    head.add(0x0403_4B50 as UInt32)
    head.append(shared(entry, extra: 0))
    head.append(entry.name)
    try write(head)
    try write(content)
  }

  /// Writes the list of the entries and closes the file.
  /// - Throws: an error of the file system.
  package mutating func close() throws {
    let start = position
    for entry in entries { try write(listed(entry)) }
    try write(end(start: start, size: position - start))
    try flush()
    try handle.close()
  }

  /// The fields that an entry has before its content and in the list: from the version to the length of the extra field.
  private func shared(_ entry: Entry, extra: UInt16) -> Data {
    var data = Data()
    data.add(extra == 0 ? 20 : 45 as UInt16)
    // Names are UTF-8; contents are stored.
    data.add(0x0800 as UInt16)
    data.add(0 as UInt16)
    data.add(Self.date)
    data.add(entry.checksum)
    data.add(entry.size)
    data.add(entry.size)
    data.add(UInt16(entry.name.count))
    data.add(extra)
    return data
  }

  private func listed(_ entry: Entry) -> Data {
    let isFar = entry.offset >= Self.largest
    var data = Data()
    data.add(0x0201_4B50 as UInt32)
    data.add(isFar ? 45 : 20 as UInt16)
    data.append(shared(entry, extra: isFar ? 12 : 0))
    // Comment, disk, attributes inside and outside.
    data.append(Data(count: 10))
    data.add(isFar ? UInt32.max : UInt32(entry.offset))
    data.append(entry.name)
    if isFar {
      data.add(1 as UInt16)
      data.add(8 as UInt16)
      data.add(entry.offset)
    }
    return data
  }

  private func end(start: UInt64, size: UInt64) -> Data {
    let isLarge = entries.count >= Int(UInt16.max) || start + size >= Self.largest
    var data = isLarge ? largeEnd(start: start, size: size) : Data()
    data.add(0x0605_4B50 as UInt32)
    data.add(0 as UInt32)
    for _ in 0..<2 { data.add(isLarge ? UInt16.max : UInt16(entries.count)) }
    data.add(isLarge ? UInt32.max : UInt32(size))
    data.add(isLarge ? UInt32.max : UInt32(start))
    data.add(0 as UInt16)
    return data
  }

  /// The end record of ZIP64 and its locator.
  private func largeEnd(start: UInt64, size: UInt64) -> Data {
    var data = Data()
    data.add(0x0606_4B50 as UInt32)
    data.add(44 as UInt64)
    data.add(45 as UInt16)
    data.add(45 as UInt16)
    data.add(0 as UInt64)
    for number in [UInt64(entries.count), UInt64(entries.count), size, start] { data.add(number) }
    data.add(0x0706_4B50 as UInt32)
    data.add(0 as UInt32)
    data.add(start + size)
    data.add(1 as UInt32)
    return data
  }

  private mutating func write(_ data: Data) throws {
    position += UInt64(data.count)
    buffer.append(data)
    if buffer.count > 1 << 20 { try flush() }
  }

  private mutating func flush() throws {
    try handle.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

/// The checksum of ZIP and PNG: the remainder modulo the polynomial 0x04C11DB7, bits reflected.
package enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
  }

  /// The checksum of bytes.
  package static func of(_ data: Data) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      data.withUnsafeBytes { bytes in
        ~bytes.reduce(~0 as UInt32) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
      }
    }
  }
}

extension Data {
  /// Appends an integer, the least significant byte first.
  fileprivate mutating func add(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
