import Foundation

/// A lock between processes for the moment in which an archive is opened. The kernel lets go of it with the process, so
/// a kill leaves nothing behind that would have to be cleared away.
enum OpeningLock {
  static func during<T>(_ path: String, _ body: () throws -> T) rethrows -> T {
    // Never through a symbolic link, which in a shared folder could lead anywhere.
    let file = open(path + "-lock", O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    // Where no lock can be made the folder cannot be written, which opening the archive will say better.
    guard file >= 0 else { return try body() }
    defer { close(file) }
    while flock(file, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}
