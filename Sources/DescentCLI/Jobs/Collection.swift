import Foundation
import Jobs
import Learning
import RunArchive
import Studies

/// Takes the shards of jobs into an archive.
struct Collection {
  /// What came of it.
  struct Outcome {
    /// Shards that were taken, and what became of their runs.
    var shards = 0
    var merge = Archive.Merge()
    /// Shards that cannot be read, with the reason.
    var damaged: [(file: URL, why: String)] = []
    /// Files with the runs that differ from those of the archive.
    var conflicts: [(file: URL, keys: [String])] = []

    var isClean: Bool { damaged.isEmpty && conflicts.isEmpty }
  }

  let archive: Archive

  /// Takes every shard that is published now. Workers may go on publishing, and other processes may collect.
  /// - Parameter again: also looks at the shards that were taken before, for an archive that has lost runs.
  /// - Throws: `Mistake` where the archive cannot be read or written.
  func collect(_ folders: [JobFolder], again: Bool) throws -> Outcome {
    var outcome = Outcome()
    for folder in folders {
      let old = again ? folder.shards(in: folder.merged) : []
      for shard in folder.shards(in: folder.shards) + old { try take(shard, folder, &outcome) }
    }
    return outcome
  }

  private func take(_ shard: Shard, _ folder: JobFolder, _ outcome: inout Outcome) throws {
    // Another process that collects may take it at any moment.
    func isGone() -> Bool { !FileManager.default.fileExists(atPath: shard.url.path) }
    guard shard.isWhole else {
      if isGone() { return }
      return setAside(shard, folder, "its bytes are not those that its worker has published", &outcome)
    }
    let source: Source
    do { source = try Source(shard) } catch {
      if isGone() { return }
      throw error
    }
    defer { source.close() }
    do {
      try source.archive.verifyAll()
    } catch let mistake as Mistake where mistake.kind == .archive {
      return setAside(shard, folder, mistake.rule, &outcome)
    }
    let side = folder.conflicts.appendingPathComponent(shard.url.lastPathComponent)
    let merge = try archive.merge(source.archive) { keys in
      let kept = try Archive(path: side.path)
      try kept.add(keys, of: source.archive)
      try kept.close()
      try Archive.seal(side.path)
    }
    outcome.shards += 1
    outcome.merge.add(merge)
    if !merge.conflicts.isEmpty { outcome.conflicts.append((side, merge.conflicts)) }
    shard.move(to: folder.merged)
  }

  /// Never half of a shard: its runs are missing, and the next submission sends them again.
  private func setAside(_ shard: Shard, _ folder: JobFolder, _ why: String, _ outcome: inout Outcome) {
    shard.move(to: folder.damaged)
    outcome.damaged.append((folder.damaged.appendingPathComponent(shard.url.lastPathComponent), why))
  }

  /// A shard that is open for reading.
  private struct Source {
    let archive: Archive
    /// A copy with the tables of this version, if the shard is older.
    private let copy: URL?

    init(_ shard: Shard) throws {
      let opened = try Archive.reading(path: shard.url.path)
      if try opened.isCurrent() {
        (archive, copy) = (opened, nil)
      } else {
        try opened.close()
        let folder = try Here.scratch()
        let file = folder.appendingPathComponent("shard.sqlite")
        try DurableFile.copy(shard.url, to: file)
        (archive, copy) = (try Archive(path: file.path), folder)
      }
    }

    func close() {
      try? archive.close()
      if let copy { try? FileManager.default.removeItem(at: copy) }
    }
  }
}

extension Collection.Outcome {
  /// Lines for a person.
  var lines: [String] {
    var lines: [String] = []
    if shards > 0 {
      var text = "collected \(NumberText.count(merge.added, "run")) of \(NumberText.count(shards, "shard"))"
      if merge.equal > 0 { text += "; \(NumberText.grouped(merge.equal)) were in the archive with the same bits" }
      lines.append(text)
    }
    for shard in damaged {
      lines.append("damaged  \(shard.file.relative): \(shard.why). Its runs are missing; submit sends them again")
    }
    for (file, keys) in conflicts {
      lines.append(
        "conflict  \(NumberText.count(keys.count, "run")) with the key of an archived run and other numbers, kept in "
          + "\(file.relative): \(Quoted.list(keys, limit: 3))")
    }
    return lines
  }
}
