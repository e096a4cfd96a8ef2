import Foundation
import GRDB
import Learning
import RunArchive
import Studies
import Testing

/// Archives of earlier versions: read as they are, used on by this version, and not trained again.
@Suite struct OlderArchiveTests {
  @Test(arguments: [2, 4]) func everyBitOfAnOlderArchiveIsRead(_ version: Int) throws {
    try ArchiveTests.withFolder { path in
      try OlderArchive(version: version).write(DamageTests.records, to: path)
      let archive = try Archive(path: path)
      #expect(try archive.known(among: DamageTests.keys) == Set(DamageTests.keys))
      #expect(try archive.examine(DamageTests.keys).sound == Set(DamageTests.keys))
      let older = try DamageTests.everything(archive)
      try DamageTests.withArchive { other in
        let newer = try DamageTests.everything(try Archive(path: other))
        #expect(older == newer)
      }
    }
  }

  @Test func newRunsJoinThoseOfAnOlderArchive() throws {
    try ArchiveTests.withFolder { path in
      try OlderArchive(version: 4).write(Array(DamageTests.records.prefix(5)), to: path)
      let archive = try Archive(path: path)
      // One of them replaces an older run.
      try archive.save(Array(DamageTests.records.suffix(4)))
      #expect(try archive.examine(DamageTests.keys).sound == Set(DamageTests.keys))
      let encodings = try ViewTests.rows(path, "SELECT encoding, count(*) AS n FROM run_series GROUP BY encoding")
      #expect(encodings.map { $0["encoding"] as Int } == [0, 1])
      let count = try ViewTests.rows(path, "SELECT count(*) AS n FROM run")[0]["n"] as Int
      #expect(count == 8)
    }
  }

  /// Opening it must not need the newest schema where the file cannot be changed.
  @Test(.enabled(if: getuid() != 0)) func anOlderArchiveThatCanOnlyBeReadHasItsCurves() throws {
    try ArchiveTests.withFolder { path in
      try OlderArchive(version: 4).write(DamageTests.records, to: path)
      chmod(path, 0o444)
      defer { chmod(path, 0o644) }
      let archive = try #require(try Archive.existing(path: path))
      let texts = try DamageTests.everything(archive)
      #expect(texts.count == 8)
    }
  }
}
