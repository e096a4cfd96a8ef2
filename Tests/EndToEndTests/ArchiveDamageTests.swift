import Foundation
import Testing

/// A damaged or unreadable archive: named with the run's key, the former report untouched, never a wrong figure.
@Suite struct ArchiveDamageTests {
  static let whole = ["iris", "--format", "png"]

  static func trained(_ p: Program) throws -> [String: Data] {
    let outcome = try p.runAll(["run"] + whole + ["--output", p.output])
    #expect(outcome.status == 0, "\(outcome)")
    let files = try p.contents("iris")
    #expect(files.count > 5)
    return files
  }

  static func render(_ p: Program, _ environment: [String: String] = [:]) throws -> Program.Outcome {
    try p.runAll(["render"] + whole + ["--output", p.output], environment: environment)
  }

  static let second = "(SELECT id FROM run ORDER BY id LIMIT 1 OFFSET 1)"

  @Test(
    arguments: [
      "UPDATE run SET final_loss = 0.25 WHERE id = R", "UPDATE run SET steps = 'many' WHERE id = R",
      "UPDATE run SET diverged_at = 9223372036854775807 WHERE id = R",
      "UPDATE series SET every = 9223372036854775807 WHERE run = R",
      "UPDATE series SET every = 0 WHERE run = R", "UPDATE series SET bytes = x'' WHERE run = R AND quantity = 'loss'",
      "UPDATE series SET bytes = zeroblob(length(bytes)) WHERE run = R AND quantity = 'loss'",
      "DELETE FROM series WHERE run = R AND quantity = 'loss'", "UPDATE run SET parameters = x'0011' WHERE id = R",
      "UPDATE run SET parameters = 'text' WHERE id = R", "UPDATE run SET revision = 5 WHERE id = R",
    ]) func aDamagedRunIsNamedAndTrainedAgain(_ wound: String) throws
  {
    try CommandTests.with { p in
      let report = try Self.trained(p)
      try p.sql(wound.replacingOccurrences(of: "R", with: Self.second, options: [], range: wound.range(of: "= R")))
      let rendered = try Self.render(p)
      #expect(rendered.status == 74, "\(rendered)")
      #expect(rendered.errors.contains(/run [0-9a-f]{64}/) && rendered.errors.contains("damaged"), "\(rendered)")
      #expect(!rendered.output.contains("FAIL"))
      #expect(try p.contents("iris") == report, "the former report stays")
      let again = try p.runAll(["run"] + Self.whole + ["--output", p.output])
      #expect(again.status == 0 && again.output.contains("1 of 128 runs to train"), "\(again)")
      #expect(again.output.contains("1 damaged run in the archive, trained again"), "\(again)")
      let whole = try p.runAll(["run"] + Self.whole + ["--output", p.output])
      #expect(whole.output.contains("all 128 runs are in the archive"), "\(whole)")
    }
  }

  private static func archive(_ p: Program, _ command: String) throws -> Program.Outcome {
    try p.runAll(["archive", command, "--output", p.output])
  }

  @Test func checkNamesADamagedRunAndRepairRemovesIt() throws {
    try CommandTests.with { p in
      let none = try Self.archive(p, "check")
      #expect(none.status == 65 && none.errors.contains("there is no archive yet"), "\(none)")
      _ = try Self.trained(p)
      let sound = try Self.archive(p, "check")
      #expect(sound.status == 0 && sound.output.contains("128 sound runs\n"), "\(sound)")
      try p.sql("UPDATE series SET bytes = zeroblob(length(bytes)) WHERE run = \(Self.second) AND quantity = 'loss'")
      let found = try Self.archive(p, "check")
      #expect(found.status == 74 && found.output.contains("127 sound runs, 1 damaged"), "\(found)")
      #expect(found.output.contains(/run [0-9a-f]{64}: its series loss differs/), "\(found)")
      #expect(found.output.contains(#/\n    .*learning-rate=.* seed=/#), "\(found)")
      let repaired = try Self.archive(p, "repair")
      #expect(repaired.status == 0 && repaired.output.contains("trains them again"), "\(repaired)")
      #expect(try Self.archive(p, "check").status == 0)
      let again = try p.runAll(["run"] + Self.whole + ["--output", p.output])
      #expect(again.status == 0 && again.output.contains("1 of 128 runs to train"), "\(again)")
      let size = try Self.archive(p, "size")
      #expect(size.output.contains(#/\niris +128 /#) && size.output.contains(#/\nin no report +0 /#), "\(size)")
      let compact = try Self.archive(p, "compact")
      #expect(
        compact.status == 0 && compact.output.contains("before") && compact.output.contains("after"), "\(compact)")
      #expect(try Self.archive(p, "repair").output.contains("nothing to repair"))
    }
  }

  /// Flipped bits in the closed file: found with a code, or `render` writes what it wrote before; never a crash.
  @Test func aFlippedByteIsFoundOrHarmless() throws {
    try CommandTests.with { p in
      let report = try Self.trained(p)
      try p.sql("PRAGMA journal_mode = DELETE")
      let good = try Data(contentsOf: p.file("descent.sqlite"))
      var found = 0
      for (index, part) in [0, 18, 40, 70_000, good.count / 2, good.count / 2 + 30, good.count - 400, good.count - 9]
        .enumerated()
      {
        var data = good
        data[part] ^= 1 << UInt8(index % 8)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(at: p.file("descent.sqlite" + suffix)) }
        try data.write(to: p.file("descent.sqlite"))
        let check = try Self.archive(p, "check")
        #expect([0, 74].contains(check.status), "byte \(part): \(check)")
        if check.status == 74 {
          found += 1
        } else {
          let rendered = try Self.render(p)
          #expect(rendered.status == 0, "byte \(part): \(rendered)")
          #expect(try p.contents("iris") == report, "byte \(part)")
        }
      }
      #expect(found >= 2)
    }
  }

  /// The disk reports errors from some read on: an error is what comes out, wherever it begins.
  @Test func aReadErrorIsNeverAResult() throws {
    try CommandTests.with { p in
      let report = try Self.trained(p)
      var failures = 0
      for first in [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40] {
        guard let faults = try Faults.environment(p, ["FAULT_READ": "\(first)"]) else { return }
        let outcome = try Self.render(p, faults)
        #expect(!outcome.output.contains("FAIL") && !outcome.output.contains("diverged"), "read \(first): \(outcome)")
        #expect(try p.contents("iris") == report, "read \(first): \(outcome)")
        if outcome.status != 0 {
          failures += 1
          #expect([73, 74].contains(outcome.status) && outcome.errors.contains("descent.sqlite"), "\(outcome)")
        }
      }
      #expect(failures > 4)
    }
  }

  @Test(arguments: ["descent.sqlite", "descent.sqlite-wal"]) func aPipeInPlaceOfAnArchiveIsRefusedAtOnce(_ name: String)
    throws
  {
    try CommandTests.with { p in
      if name != "descent.sqlite" { _ = try Self.trained(p) }
      try FileManager.default.createDirectory(atPath: p.output, withIntermediateDirectories: true)
      try? FileManager.default.removeItem(at: p.file(name))
      #expect(mkfifo(p.file(name).path, 0o600) == 0)
      for command in [["list"], ["plan", "seeds"], ["render", "seeds"], ["run", "seeds", "--seeds", "3"]] {
        let process = try p.start(command + ["--output", p.output])
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        for _ in 0..<1000 where process.isRunning { usleep(10_000) }
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          Issue.record("\(command) waits for the pipe")
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 74)
      }
    }
  }
}
