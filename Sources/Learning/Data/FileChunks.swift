import Foundation

/// The bytes of a file, read from beginning to end in pieces of 1 MiB.
final class FileChunks {
  static let size = 1 << 20

  /// The path as the data source names it, ready for messages.
  let path: String
  let byteCount: Int
  private let handle: FileHandle

  /// - Throws: `Mistake` for a path that leads to no plain file, or to one that cannot be opened.
  init(_ url: URL, shown path: String) throws {
    self.path = path
    let manager = FileManager.default
    guard manager.fileExists(atPath: url.path) else {
      throw Mistake(
        .data, at: path, value: "", rule: "there is no such file",
        remedy: "Put it into experiments/data or give its full path")
    }
    let attributes = try? manager.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
    let type = attributes?[.type] as? FileAttributeType
    guard type == nil || type == .typeRegular else {
      throw Mistake(
        .data, at: path, value: type == .typeDirectory ? "a folder" : "a device or a pipe",
        rule: "data are read from a plain file", remedy: "Give the path of a CSV file")
    }
    guard let handle = try? FileHandle(forReadingFrom: url) else {
      throw Mistake(.data, at: path, value: "", rule: "the file cannot be read", remedy: "Check its permissions")
    }
    self.handle = handle
    byteCount = (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  deinit { try? handle.close() }

  /// The next piece; empty at the end of the file.
  func next() throws -> [UInt8] {
    do {
      return [UInt8](try handle.read(upToCount: Self.size) ?? Data())
    } catch {
      throw Mistake(
        .data, at: path, value: "", rule: "the file cannot be read to its end",
        remedy: "Check the disk, or copy the file to another one")
    }
  }

  func rewind() throws {
    do {
      try handle.seek(toOffset: 0)
    } catch {
      throw Mistake(
        .data, at: path, value: "", rule: "the file cannot be read twice", remedy: "Give the path of a plain file")
    }
  }
}
