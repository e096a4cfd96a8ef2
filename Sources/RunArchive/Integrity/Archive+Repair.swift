import Foundation
import GRDB
import Learning

/// Finding and removing damage.
extension Archive {
  /// What was done about damage.
  package struct Repair: Sendable {
    /// What was found; its damaged runs are no longer in the archive.
    package var health: ArchiveHealth
    /// Where the former file is, if the sound runs were written to a new one.
    package var former: String?
  }

  /// Reads every byte of an archive. Nothing is changed.
  /// - Throws: `Mistake` where the file is no archive, or cannot be opened for a reason other than damage.
  package static func health(path: String) throws -> ArchiveHealth {
    defer { Salvage(path).clean() }
    return try Examination.of(path).health
  }

  /// Removes the damaged runs, so that they are trained again. Where pages or indexes are damaged, the sound runs are written to a new file, and the
  /// former one is kept beside it.
  /// - Throws: `Mistake` where the file is no archive, is used by another process, or cannot be written.
  package static func repair(path: String) throws -> Repair {
    defer { Salvage(path).clean() }
    do {
      let found = try Examination.of(path)
      if found.health.isSound { return Repair(health: found.health) }
      guard found.health.structure.isEmpty, found.address == path else {
        return Repair(health: found.health, former: try Salvage(path).save(found))
      }
      let archive = try Archive(path: path)
      try archive.change { db in
        for run in found.health.damaged {
          try db.execute(sql: "DELETE FROM series WHERE run = ?", arguments: [run.row])
          try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.row])
        }
      }
      return Repair(health: found.health)
    } catch {
      throw ArchiveError.mistake(error, path, .writing)
    }
  }
}

/// A whole archive, examined.
struct Examination {
  private(set) var health: ArchiveHealth
  /// The rows of the sound runs.
  let sound: [Int64]
  /// The file that was read: the archive, or a copy of it with another first page or with new indexes.
  let address: String

  /// - Throws: `Mistake` where nothing can be read.
  static func of(_ path: String) throws -> Examination {
    let found = try readable(path)
    // Runs that cannot be found by a damaged index can be found by a new one.
    guard !found.health.structure.isEmpty, let copy = try? Salvage(path).rewritten(found.address),
      var again = try? Examination(reading: copy), again.sound.count > found.sound.count
    else { return found }
    again.health.structure = found.health.structure
    return again
  }

  private static func readable(_ path: String) throws -> Examination {
    do {
      return try Examination(reading: path)
    } catch let failure {
      // With a damaged first page SQLite finds no table. Its content is the same in all files of one version.
      guard let mistake = ArchiveError.mistake(failure, path, .reading) as? Mistake, mistake.kind == .archive,
        let copy = try? Salvage(path).withFirstPage(), var found = try? Examination(reading: copy), !found.sound.isEmpty
      else { throw ArchiveError.mistake(failure, path, .reading) }
      found.health.structure.insert("the first page of the file is damaged", at: 0)
      return found
    }
  }

  private init(reading address: String) throws {
    let queue = try ArchiveFile.reader(address)
    var (health, sound) = (ArchiveHealth(), [] as [Int64])
    try queue.inDatabase { db in
      // After it has met a damaged page, SQLite refuses to commit even a transaction that only reads.
      try db.inTransaction(.deferred) {
        var examiner = Examiner(db)
        try examiner.examine()
        (health, sound) = (examiner.health, examiner.sound)
        return .rollback
      }
    }
    (self.health, self.sound) = (health, sound)
    self.address = address
    if ArchiveFile.hasUnknownJournal(address) {
      self.health.structure.append("the header does not tell the kind of the journal")
    }
  }
}
