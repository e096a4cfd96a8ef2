import Foundation

/// Notices that a file was written, whichever way an editor does it: in place, or by a new file of the same name.
struct FileWatch {
  private struct Stamp: Equatable {
    var file: ino_t
    var size: off_t
    var seconds: Int
    var nanoseconds: Int
  }

  private let path: String
  private var known: Stamp?
  private var candidate: Stamp?
  private var isCandidate = false

  init(path: String) {
    self.path = path
    known = Self.stamp(path)
  }

  /// Whether the file has changed since the last `true`, and has not changed since the last call: an editor that empties a file and
  /// then fills it is finished.
  mutating func hasSettled() -> Bool {
    let now = Self.stamp(path)
    guard now != known else {
      isCandidate = false
      return false
    }
    guard isCandidate, candidate == now else {
      candidate = now
      isCandidate = true
      return false
    }
    known = now
    isCandidate = false
    return true
  }

  private static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      file: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
