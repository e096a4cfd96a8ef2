import Foundation
import Learning

/// Errors of the file system as mistakes that say what the user can do.
enum OutputError {
  /// The mistake for the system call that has just failed at a path.
  static func mistake(_ path: String) -> Mistake { mistake(path, code: errno) }

  static func mistake(_ path: String, code: Int32) -> Mistake {
    let (rule, remedy) = words(code)
    return Mistake(.output, at: path, value: "", rule: rule, remedy: remedy)
  }

  /// Runs `body` and converts every system error into a mistake.
  static func during<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error where error is Mistake || error is Mistakes {
      throw error
    } catch {
      throw mistake(path, code: code(error, path))
    }
  }

  /// The system's number of an error; 0 if it has none.
  private static func code(_ error: any Error, _ path: String) -> Int32 {
    var error = error as NSError
    while let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = inner }
    if error.domain == NSPOSIXErrorDomain { return Int32(truncatingIfNeeded: error.code) }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileWriteOutOfSpace where error.domain == NSCocoaErrorDomain: return ENOSPC
    case .fileWriteNoPermission where error.domain == NSCocoaErrorDomain: return EACCES
    case .fileWriteVolumeReadOnly where error.domain == NSCocoaErrorDomain: return EROFS
    default: return isFull(path) ? ENOSPC : 0
    }
  }

  /// Whether the disk is full: Cairo does not report why a write failed.
  private static func isFull(_ path: String) -> Bool {
    var status = statvfs()
    return statvfs(path, &status) == 0 && status.f_bavail * UInt(status.f_frsize) < 1 << 16
  }

  private static func words(_ code: Int32) -> (rule: String, remedy: String) {
    switch code {
    case ENOSPC, EDQUOT:
      ("the disk is full; nothing was replaced", "Free some space and run the same command again")
    case EROFS:
      (
        "the folder is on a read-only file system",
        "Choose another with --output; a symbolic link to descent.sqlite in it makes the archive's runs available there"
      )
    case EACCES, EPERM:
      (
        "the output folder cannot be written: its permissions do not allow it",
        "Change them, or choose another with --output; a symbolic link to descent.sqlite in it makes the archive's runs"
          + " available there"
      )
    default:
      ("the output folder cannot be written", "Check its permissions and the disk, or choose another with --output")
    }
  }
}
