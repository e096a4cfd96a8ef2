import Foundation
import GRDB
import Learning
import RunArchive
import Studies
import Synchronization
import Testing

@Suite struct ArchiveTests {
  static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("a.sqlite").path)
  }

  static let provenance = Provenance(
    revision: "abc", toolchain: "t", processor: "p", semantics: 1, time: "2026-01-01T00:00:00Z")

  static func record(_ key: String, loss: Double = 0.5, status: RunStatus = .finished) -> RunRecord {
    let result = TrainedRun(
      status: status, steps: 3,
      series: [
        .loss: Series(every: 1, values: [1, 0.1 + 0.2, .infinity]),
        .gradientNorm: Series(every: 1, values: [2, .nan, 1e-300]),
        .layerGradientNorm(2): Series(every: 2, values: [7, 8]),
      ], finalParameters: [0.1, -0.0, .leastNonzeroMagnitude], finalLoss: loss, bestLoss: 0.1 + 0.2,
      finals: [.accuracy: 1, .validationLoss: .nan])
    return RunRecord(key: key, description: "d=\(key)", result: result, provenance: provenance)
  }

  @Test func everyBitComesBack() throws {
    try Self.withFolder { path in
      let archive = try Archive(path: path)
      try archive.save([Self.record("k1"), Self.record("k2", loss: .nan, status: .diverged(atStep: 2))])
      let again = try Archive(path: path)
      #expect(try again.known(among: ["k1", "k2", "k3"]) == ["k1", "k2"])
      let loss = try #require(again.series(.loss, of: ["k1"])["k1"])
      #expect(loss.values.map(\.bitPattern) == [1, 0.1 + 0.2, Double.infinity].map(\.bitPattern))
      #expect(try again.series(.gradientNorm, of: ["k1"])["k1"]?.values[1].isNaN == true)
      #expect(try again.series(.layerGradientNorm(2), of: ["k2"])["k2"]?.every == 2)
      #expect(
        try again.finalParameters(of: ["k1"])["k1"]?.map(\.bitPattern)
          == [0.1, -0.0, .leastNonzeroMagnitude].map(\.bitPattern))
      let summaries = try again.summaries(["k1", "k2"])
      #expect(summaries["k1"]?.status == .finished && summaries["k1"]?.finalLoss == 0.5)
      #expect(summaries["k2"]?.status == .diverged(atStep: 2) && summaries["k2"]?.finalLoss.isNaN == true)
      #expect(summaries["k1"]?.bestLoss == 0.1 + 0.2 && summaries["k1"]?.finalGradientNorm == 1e-300)
      #expect(summaries["k1"]?.finals[.accuracy] == 1 && summaries["k1"]?.finals[.validationLoss]?.isNaN == true)
      #expect(try again.provenance(of: ["k1", "k2"]) == [Self.provenance])
      #expect(try again.quantities(of: ["k1"]) == [.gradientNorm, .layerGradientNorm(2), .loss])
    }
  }

  @Test func seriesAreReadOneAtATime() throws {
    struct Refusal: Error, Equatable { var key: String }
    try Self.withFolder { path in
      let archive = try Archive(path: path)
      let keys = (0..<9_000).map { "k\($0)" }
      try archive.save(keys.map { Self.record($0) })
      var seen: [String: Int] = [:]
      try archive.forEachSeries(.loss, of: keys + ["unknown"]) { key, series in
        seen[key, default: 0] += series.values.count
      }
      #expect(seen == Dictionary(uniqueKeysWithValues: keys.map { ($0, 3) }))
      var count = 0
      #expect(throws: Refusal(key: "third")) {
        try archive.forEachSeries(.loss, of: keys) { _, _ in
          count += 1
          if count == 3 { throw Refusal(key: "third") }
        }
      }
      #expect(count == 3)
      try archive.forEachSeries(.accuracy, of: keys) { _, _ in count += 1 }
      #expect(count == 3)
    }
  }

  @Test func theBestStepIsKept() throws {
    try Self.withFolder { path in
      let archive = try Archive(path: path)
      let plain = Self.record("plain")
      var result = plain.result
      result.bestStep = 2
      result.finalGradientNorm = 0.75
      try archive.save([
        plain,
        RunRecord(
          key: "early", description: "d=early", widths: [2, 3, 1], result: result, provenance: Self.provenance),
      ])
      let summaries = try Archive(path: path).summaries(["plain", "early"])
      #expect(summaries["plain"]?.bestStep == nil && summaries["plain"]?.keptStep == 3)
      #expect(summaries["early"]?.bestStep == 2 && summaries["early"]?.keptStep == 2)
      #expect(summaries["early"]?.finalGradientNorm == 0.75)
      try DatabaseQueue(path: path).read { db in
        let steps = try Row.fetchAll(db, sql: "SELECT key, layers, best_step FROM runs ORDER BY key")
        #expect(steps.map { $0["best_step"] as Int? } == [2, nil])
        #expect(steps[0]["layers"] as String? == "2-3-1")
      }
    }
  }

  @Test func aRunTrainedAgainReplacesTheOld() throws {
    try Self.withFolder { path in
      let archive = try Archive(path: path)
      try archive.save([Self.record("k", loss: 1)])
      try archive.save([Self.record("k", loss: 2)])
      #expect(try archive.summaries(["k"])["k"]?.finalLoss == 2)
      #expect(try archive.series(.loss, of: ["k"]).count == 1)
    }
  }

  @Test func manyMayMakeTheArchiveAtOnce() throws {
    for _ in 0..<8 {
      try Self.withFolder { path in
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { i in
          do { try Archive(path: path).save([Self.record("k\(i)")]) } catch {
            failures.withLock { $0.append("\(error)") }
          }
        }
        let found = failures.withLock { $0 }
        #expect(found == [])
        let keys = (0..<6).map { "k\($0)" }
        let kept = try Archive(path: path).known(among: keys)
        #expect(kept.count == 6)
      }
    }
  }

  @Test func twoArchivesOnOneFileSeeEachOther() throws {
    try Self.withFolder { path in
      let a = try Archive(path: path)
      let b = try Archive(path: path)
      DispatchQueue.concurrentPerform(iterations: 40) { i in
        try? (i % 2 == 0 ? a : b).save([Self.record("k\(i)")])
      }
      let keys = (0..<40).map { "k\($0)" }
      #expect(try a.known(among: keys).count == 40)
      #expect(try b.known(among: keys).count == 40)
    }
  }

  @Test(arguments: [
    ("not a database at all, but long enough to look like one", "no SQLite database"),
    (
      "SQLite format 3\u{0} and then nothing that SQLite could read, for quite a while, so that the header is whole and wrong",
      "damaged"
    ),
  ]) func whatIsNoArchiveIsLeftAlone(_ content: String, _ rule: String) throws {
    try Self.withFolder { path in
      try Data(content.utf8).write(to: URL(fileURLWithPath: path))
      do {
        _ = try Archive(path: path)
        Issue.record("was opened")
      } catch let mistake as Mistake {
        #expect(mistake.kind == .archive && mistake.description.contains(rule), "\(mistake)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(content.utf8))
    }
  }

  static func sql(_ path: String, _ statement: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()",
      path,
      statement,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func foreignAndNewerDatabasesAreRefused() throws {
    try Self.withFolder { path in
      try Self.sql(path, "CREATE TABLE theirs (x)")
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(throws: Mistake.self) { try Archive(path: path) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
    try Self.withFolder { path in
      _ = try Archive(path: path)
      try Self.sql(path, "INSERT INTO grdb_migrations VALUES ('99')")
      do {
        _ = try Archive(path: path)
        Issue.record("was opened")
      } catch let mistake as Mistake { #expect(mistake.description.contains("newer version")) }
    }
  }

  @Test func nothingIsMadeByLooking() throws {
    try Self.withFolder { path in
      let none = try Archive.existing(path: path)
      #expect(none == nil)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    #expect(throws: Mistake.self) { try Archive(path: "/proc/none/a.sqlite") }
  }
}
