import Foundation
import Learning

/// Writes a table as an Apache Parquet file, group of rows by group of rows, without compression.
///
/// The format is that of apache/parquet-format 2.10: data pages of version 1, PLAIN for values that differ, RLE_DICTIONARY for repeated ones.
struct ParquetWriter {
  private static let mark = Data("PAR1".utf8)

  private let handle: FileHandle
  private let names: [String]
  private var schema: [ThriftStruct] = []
  private var groups: [ThriftStruct] = []
  private var rowCount = 0
  private var position = 0

  /// Whether there is no group of rows yet.
  var isEmpty: Bool { groups.isEmpty }

  /// Creates the file.
  /// - Throws: an error of the file system.
  init(_ url: URL, columns names: [String]) throws {
    guard FileManager.default.createFile(atPath: url.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
    handle = try FileHandle(forWritingTo: url)
    self.names = names
    try write(Self.mark)
  }

  /// Adds a group of rows: one column for each name, all with as many rows, and of the same types as in the groups before.
  /// - Throws: `Mistake` for a column of 2 GiB or more, and an error of the file system.
  mutating func add(_ columns: [ParquetColumn]) throws {
    if schema.isEmpty { schema = zip(names, columns).map { $1.schema($0) } }
    let start = position
    let chunks = try zip(names, columns).map { try add($1, named: $0) }
    var group = ThriftStruct()
    group.add(1, list: chunks)
    group.add(2, int64: position - start)
    let rows = columns.first?.rowCount ?? 0
    group.add(3, int64: rows)
    groups.append(group)
    rowCount += rows
  }

  /// Writes the description of the table and closes the file.
  /// - Parameter metadata: texts that describe the table.
  /// - Throws: an error of the file system.
  mutating func close(metadata: [(key: String, value: String)] = []) throws {
    var root = ThriftStruct()
    root.add(4, text: "schema")
    root.add(5, int32: schema.count)
    var file = ThriftStruct()
    file.add(1, int32: 2)
    file.add(2, list: [root] + schema)
    file.add(3, int64: rowCount)
    file.add(4, list: groups)
    file.add(
      5,
      list: metadata.map { key, value in
        var pair = ThriftStruct()
        pair.add(1, text: key)
        pair.add(2, text: value)
        return pair
      })
    file.add(6, text: "descent")
    let footer = file.closed
    try write(footer)
    try write(withUnsafeBytes(of: UInt32(clamping: footer.count).littleEndian) { Data($0) })
    try write(Self.mark)
    try handle.close()
  }

  private enum Encoding {
    static let plain = 0
    static let rle = 3
    static let dictionary = 8
  }

  private mutating func add(_ column: ParquetColumn, named name: String) throws -> ThriftStruct {
    let start = position
    var dictionaryStart: Int?
    if column.counts == nil {
      try addPage(column.plain, rows: column.rowCount, Encoding.plain)
    } else {
      let (count, values, positions) = column.dictionary
      var own = ThriftStruct()
      own.add(1, int32: count)
      own.add(2, int32: Encoding.plain)
      dictionaryStart = position
      try add(page: values, type: 2, header: (7, own))
      try addPage(positions, rows: column.rowCount, Encoding.dictionary)
    }
    var data = ThriftStruct()
    data.add(1, int32: column.type)
    data.add(2, int32s: [Encoding.plain, Encoding.rle] + (dictionaryStart == nil ? [] : [Encoding.dictionary]))
    data.add(3, texts: [name])
    data.add(4, int32: 0)
    data.add(5, int64: column.rowCount)
    data.add(6, int64: position - start)
    data.add(7, int64: position - start)
    data.add(9, int64: pageStart)
    if let dictionaryStart { data.add(11, int64: dictionaryStart) }
    var chunk = ThriftStruct()
    chunk.add(2, int64: start)
    chunk.add(3, data)
    return chunk
  }

  /// Where the last data page begins.
  private var pageStart = 0

  private mutating func addPage(_ content: Data, rows: Int, _ encoding: Int) throws {
    var own = ThriftStruct()
    own.add(1, int32: rows)
    own.add(2, int32: encoding)
    own.add(3, int32: Encoding.rle)
    own.add(4, int32: Encoding.rle)
    pageStart = position
    try add(page: content, type: 0, header: (5, own))
  }

  private mutating func add(page content: Data, type: Int, header: (field: Int, own: ThriftStruct)) throws {
    // The header has the size in 32 bits.
    guard content.count <= Int(Int32.max) else {
      throw Mistake(
        .output, at: "--to parquet", value: "\(content.count) bytes of one column",
        rule: "a run, or the settings of a sweep, have less than 2 GiB in a column",
        remedy: "Choose fewer runs with --seeds or --set, or use --to npy")
    }
    var head = ThriftStruct()
    head.add(1, int32: type)
    head.add(2, int32: content.count)
    head.add(3, int32: content.count)
    head.add(header.field, header.own)
    try write(head.closed)
    try write(content)
  }

  private mutating func write(_ data: Data) throws {
    try handle.write(contentsOf: data)
    position += data.count
  }
}
