import Foundation
import Learning
import RunArchive

/// An open folder. Its files are opened relative to it and never through a symbolic link, so that in a shared folder no other
/// user can redirect a write or a removal.
package final class FolderHandle {
  package let descriptor: Int32

  /// The kind of a folder's entry.
  enum Entry: Equatable {
    case absent
    case file(size: Int)
    case folder
    /// A symbolic link, a pipe, a device or a socket, with its name for messages.
    case other(String)

    var words: String {
      switch self {
      case .absent: "nothing"
      case .file: "a file"
      case .folder: "a folder"
      case .other(let words): words
      }
    }
  }

  /// Opens a folder; `nil` if it does not exist, is a symbolic link or cannot be read.
  package init?(_ path: String) {
    let file = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if file < 0 { return nil }
    descriptor = file
  }

  private init?(_ name: String, in parent: FolderHandle) {
    let file = openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if file < 0 { return nil }
    descriptor = file
  }

  deinit { close(descriptor) }

  func folder(_ name: String) -> FolderHandle? { FolderHandle(name, in: self) }

  static func entry(_ path: String) -> Entry {
    var status = stat()
    return lstat(path, &status) == 0 ? entry(status) : .absent
  }

  func entry(_ name: String) -> Entry {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? Self.entry(status) : .absent
  }

  private static func entry(_ status: stat) -> Entry {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file(size: Int(status.st_size))
    case S_IFDIR: .folder
    case S_IFLNK: .other("a symbolic link")
    case S_IFIFO: .other("a pipe")
    default: .other("a device or a socket")
    }
  }

  /// The names in the folder, sorted.
  var names: [String] {
    // A separate descriptor, because reading changes its position.
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { found.append(name) }
    }
    return found.sorted()
  }

  /// A regular file opened for reading; `nil` for anything else. Opening never blocks on a pipe.
  private func file(_ name: String) -> FileHandle? {
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    var status = stat()
    return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? handle : nil
  }

  func content(_ name: String) -> Data? { file(name).flatMap { try? $0.readToEnd() ?? Data() } }

  /// The size and the checksum of a regular file.
  func mark(_ name: String) -> FileMark? { file(name).flatMap { try? FileMark($0) } }

  // MARK: Locks

  /// Waits for the folder's lock, which the kernel releases when the process ends. Returns `false` on file systems without locks.
  @discardableResult
  func lock() -> Bool {
    while flock(descriptor, LOCK_EX) != 0 { if errno != EINTR { return false } }
    return true
  }

  /// Takes the lock if no other process has it.
  func tryLock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  func unlock() { flock(descriptor, LOCK_UN) }

  /// Whether the folder belongs to the user of this process.
  var isOwn: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_uid == geteuid()
  }
}

/// The fingerprint of a file: its length in bytes, and the checksum of the checksums of its parts of 4 MiB, so that a file of
/// any length needs little memory.
struct FileMark: Codable, Hashable {
  let size: Int
  let checksum: String

  init(_ file: FileHandle) throws {
    var size = 0
    var sums: [UInt64] = []
    while let part = try file.read(upToCount: 1 << 22), !part.isEmpty {
      size += part.count
      sums.append(part.withUnsafeBytes(Checksum.of).littleEndian)
    }
    self.size = size
    checksum = sums.withUnsafeBytes(Checksum.text)
  }
}
