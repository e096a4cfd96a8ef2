package import Foundation
import Learning

/// Files that appear under their names when they are complete and on the disk, or not at all: also on a disk that several machines share.
package enum DurableFile {
  /// Writes content under a temporary name in the same folder, syncs it and renames it.
  /// - Throws: `Mistake` where it cannot be written.
  package static func write(_ content: Data, to file: URL) throws {
    try place(at: file) { temporary in
      guard FileManager.default.createFile(atPath: temporary.path, contents: content) else { throw unwritable(file) }
    }
  }

  /// Copies a file under a temporary name into the folder of another, syncs it and renames it.
  /// - Throws: `Mistake` where it cannot be read or written.
  package static func copy(_ source: URL, to file: URL) throws {
    try place(at: file) { try append(source, to: $0, named: file) }
  }

  /// Lets `make` write a temporary file, syncs it, renames it and syncs the folder. After an error nothing is left.
  package static func place(at file: URL, _ make: (_ temporary: URL) throws -> Void) throws {
    let temporary = file.deletingLastPathComponent().appendingPathComponent(".new-\(UUID().uuidString)")
    do {
      try make(temporary)
      guard sync(temporary.path), rename(temporary.path, file.path) == 0 else { throw unwritable(file) }
    } catch {
      unlink(temporary.path)
      throw error
    }
    // The name itself is on the disk only after the folder is.
    _ = sync(file.deletingLastPathComponent().path)
  }

  /// Writes what is in the buffers of the system to the disk.
  private static func sync(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  private static func append(_ source: URL, to temporary: URL, named file: URL) throws {
    guard let input = try? FileHandle(forReadingFrom: source) else {
      throw Mistake(
        .output, at: source.path, value: "", rule: "the file cannot be read", remedy: "Check the disk and try again")
    }
    defer { try? input.close() }
    guard FileManager.default.createFile(atPath: temporary.path, contents: nil),
      let output = FileHandle(forWritingAtPath: temporary.path)
    else { throw unwritable(file) }
    defer { try? output.close() }
    do {
      while let part = try input.read(upToCount: 1 << 22), !part.isEmpty { try output.write(contentsOf: part) }
    } catch {
      throw unwritable(file)
    }
  }

  private static func unwritable(_ file: URL) -> Mistake {
    Mistake(
      .output, at: file.path, value: String(cString: strerror(errno)), rule: "the file cannot be written",
      remedy: "Check the disk and the permissions of its folder, and run the same command again")
  }
}
