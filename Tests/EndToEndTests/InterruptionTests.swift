import Foundation
import Testing

/// Ctrl-C and kill: what was finished is kept, the former report stays whole, the next run goes on.
@Suite struct InterruptionTests {
  static let long = ["run", "seeds", "--seeds", "0..<4000", "--json"]

  /// Starts a long run and waits until some of it is done.
  static func started(_ p: Program) throws -> Process {
    let process = try p.start(long + ["--output", p.output])
    let log = p.folder.appendingPathComponent("log")
    try Data().write(to: log)
    process.standardOutput = try FileHandle(forWritingTo: log)
    try process.run()
    for _ in 0..<600 {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count(where: { $0.contains("\"progressed\"") && !$0.contains("\"runsDone\":0,") })
        >= 3
      {
        return process
      }
      usleep(10_000)
    }
    Issue.record("the run made no progress")
    return process
  }

  static func archived(_ p: Program) throws -> Int {
    let plan = try p.run("plan", "seeds", "--seeds", "0..<4000", "--output", p.output).output
    let line = plan.split(separator: "\n").first { $0.contains("in the archive") } ?? ""
    let digits = line.prefix { $0 != "i" }.filter(\.isNumber)
    return Int(String(digits)) ?? -1
  }

  @Test func controlCEndsWithinASecondAndKeepsEverything() throws {
    try CommandTests.with { p in
      let process = try Self.started(p)
      let start = Date()
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(Date().timeIntervalSince(start) < 2)
      #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
      let kept = try Self.archived(p)
      #expect(kept > 0 && kept < 4000)
      #expect(!FileManager.default.fileExists(atPath: p.file("seeds").path), "no half-written report")
    }
  }

  @Test func aKillLosesNothingThatWasStored() throws {
    try CommandTests.with { p in
      #expect(try p.run("run", "seeds", "--seeds", "0..<4", "--output", p.output).status == 0)
      let report = try Data(contentsOf: p.file("seeds/report-1.png"))
      let process = try Self.started(p)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let kept = try Self.archived(p)
      #expect(kept > 4)
      #expect(try Data(contentsOf: p.file("seeds/report-1.png")) == report)
      let again = try p.run("run", "seeds", "--seeds", "0..<\(kept + 4)", "--output", p.output)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try Self.archived(p) >= kept + 4)
    }
  }

  @Test func twoProcessesShareAnArchive() throws {
    try CommandTests.with { p in
      let one = try p.start(["run", "seeds", "--seeds", "0..<300", "--quiet", "--output", p.output])
      let two = try p.start(["run", "seeds", "--seeds", "100..<400", "--quiet", "--output", p.output])
      try one.run()
      try two.run()
      one.waitUntilExit()
      two.waitUntilExit()
      #expect(one.terminationStatus == 0 && two.terminationStatus == 0)
      let both = try p.run("run", "seeds", "--seeds", "0..<400", "--output", p.output)
      #expect(both.output.contains("all 400 runs are in the archive"))
    }
  }
}
