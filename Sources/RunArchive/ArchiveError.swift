import GRDB
import Learning

/// SQLite's errors as mistakes.
enum ArchiveError {
  enum Action { case opening, reading, writing }

  /// A mistake for any error; a mistake itself is returned unchanged.
  static func mistake(_ error: any Error, _ path: String, _ action: Action) -> any Error {
    if error is Mistake || error is Mistakes { return error }
    guard let error = error as? DatabaseError else {
      return Mistake(
        .archive, at: path, value: "", rule: "the archive is damaged: a value in it is not of its kind",
        remedy: "Move it away, or restore a copy")
    }
    switch error.resultCode {
    case .SQLITE_FULL:
      return Mistake(
        .output, at: path, value: "", rule: "the disk is full", remedy: "Free some space and run the same command again"
      )
    case .SQLITE_IOERR where action == .reading:
      return Mistake(
        .archive, at: path, value: "", rule: "the archive cannot be read: the disk reports an error",
        remedy: "Check the disk, or restore a copy of the archive")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_IOERR, .SQLITE_AUTH:
      return Mistake(
        .output, at: path, value: "", rule: "the archive cannot be \(action == .reading ? "read" : "written")",
        remedy: "Check the folder's permissions and the disk, or choose another folder with --output")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Mistake(
        .output, at: path, value: "", rule: "another process has locked the archive for half a minute",
        remedy: "Wait for it, or stop it, and run again")
    default:
      return Mistake(
        .archive, at: path, value: "", rule: "the archive is damaged",
        remedy: "Nothing was written to it. Move it away, or restore a copy")
    }
  }
}

/// Damaged runs, each with a description of the damage.
struct Damage {
  private var found: [String: String] = [:]

  var keys: Set<String> { Set(found.keys) }

  /// What is damaged.
  var descriptions: [String] { found.values.sorted() }

  mutating func add(_ key: String, _ what: String) { if found[key] == nil { found[key] = what } }

  /// Throws a mistake with the key of the first damaged run and the number of the others, if there are damaged runs.
  func refuse(_ path: String) throws {
    guard let (key, what) = found.min(by: { $0.key < $1.key }) else { return }
    let others = found.count == 1 ? "" : ", and \(found.count - 1) more"
    throw Mistake(
      .archive, at: path, value: "run \(key)\(others)", rule: "the run is damaged: \(what)",
      remedy: "Train again with descent run, which replaces damaged runs")
  }
}
