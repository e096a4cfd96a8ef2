import Foundation

/// A lock between processes while an archive is opened. The kernel releases it when the process ends, so that nothing is
/// left to clean up after a kill.
enum OpeningLock {
  static func during<T>(_ path: String, _ body: () throws -> T) rethrows -> T {
    // Never through a symbolic link, which in a shared folder could lead anywhere.
    let file = open(path + "-lock", O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    // Where no lock can be made the folder cannot be written, which opening the archive reports.
    guard file >= 0 else { return try body() }
    defer { close(file) }
    while flock(file, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}
