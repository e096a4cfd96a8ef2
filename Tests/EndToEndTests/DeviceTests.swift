import Foundation
import Testing

/// Disks that are full, folders that can only be read, clocks that step back, and interruptions.
@Suite struct DeviceTests {
  static let isRoot = getuid() == 0

  /// An output folder on a file system of its own.
  static func withDisk(_ size: String, _ body: (Program) throws -> Void) throws {
    try CommandTests.with { p in
      try FileManager.default.createDirectory(atPath: p.output, withIntermediateDirectories: true)
      guard BadInputTests.shell("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", p.output) == 0 else { return }
      defer { _ = BadInputTests.shell("umount", "-l", p.output) }
      try body(p)
    }
  }

  /// The runs of an experiment that are in the archive.
  static func archived(_ p: Program, _ arguments: [String]) throws -> Int? {
    let plan = try p.runAll(["plan"] + arguments + ["--output", p.output]).output
    let line = plan.split(separator: "\n").first { $0.contains(" in the archive") } ?? ""
    return Int(String(line.prefix { $0 != "i" }.filter(\.isNumber)))
  }

  @Test(.enabled(if: isRoot, "mounting needs root"), arguments: ["2m", "5m", "12m"])
  func aFullDiskSaysHowManyRunsAreKept(_ size: String) throws {
    try Self.withDisk(size) { p in
      let long = ["seeds", "--seeds", "0..<1200"]
      let outcome = try p.runAll(["run"] + long + ["--output", p.output])
      #expect(outcome.status == 73 && outcome.errors.contains("the disk is full"), "\(outcome)")
      guard
        let match = outcome.errors.firstMatch(of: /([0-9\u{202F}]+) of the ([0-9\u{202F}]+) runs just trained are kept/)
      else {
        #expect(!outcome.output.contains("trained"), "\(outcome)")
        return
      }
      let said = Int(match.output.1.filter(\.isNumber))
      #expect(BadInputTests.shell("mount", "-o", "remount,size=200m", p.output) == 0)
      #expect(try Self.archived(p, long) == said, "\(outcome.errors)")
    }
  }

  @Test(.enabled(if: isRoot, "mounting needs root")) func aFullDiskKeepsTheFormerReportAndLeavesNoExport() throws {
    try Self.withDisk("24m") { p in
      #expect(try p.run("run", "iris", "--quiet", "--format", "png", "--output", p.output).status == 0)
      let report = try p.contents("iris")
      #expect(report.count > 5)
      // All but a few kilobytes.
      _ = BadInputTests.shell("dd", "if=/dev/zero", "of=\(p.file("ballast").path)", "bs=64k")
      let rendered = try p.run("render", "iris", "--output", p.output)
      #expect(rendered.status == 73 && rendered.errors.contains("the disk is full"), "\(rendered)")
      #expect(try p.contents("iris") == report)
      let export = try p.run("export", "iris", "--to", "csv", "--output", p.output)
      #expect(export.status == 73 && export.errors.contains("the disk is full"), "\(export)")
      #expect(try p.contents("export").isEmpty)
      for text in [rendered.errors, export.errors] {
        #expect(!text.contains("Error Domain") && !text.contains("No space left") && !text.contains("NS"), "\(text)")
      }
    }
  }

  @Test(arguments: [
    ["list"], ["list", "--json"], ["plan", "iris"], ["show", "REPORT"], ["compare", "iris"], ["--help"],
    ["render", "iris"], ["check", "A"],
  ]) func outputThatCannotBeWrittenIsAnError(_ arguments: [String]) throws {
    try CommandTests.with { p in
      #expect(try p.run("run", "iris", "--format", "png", "--quiet", "--output", p.output).status == 0)
      var arguments = arguments.map { $0 == "REPORT" ? p.file("iris/report-1.png").path : $0 }
      if !["show", "--help", "check"].contains(arguments[0]) { arguments += ["--output", p.output] }
      let process = try p.start(arguments)
      process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 73 && text.contains("standard output"), "\(text)")
    }
  }

  // MARK: Only to be read

  @Test(.enabled(if: isRoot, "mounting needs root")) func anArchiveThatCanOnlyBeReadIsRead() throws {
    try CommandTests.with { p in
      let whole = ["iris"]
      #expect(try p.run("run", "iris", "--format", "png", "--quiet", "--output", p.output).status == 0)
      guard BadInputTests.shell("mount", "--bind", p.output, p.output) == 0 else { return }
      defer { _ = BadInputTests.shell("umount", "-l", p.output) }
      guard BadInputTests.shell("mount", "-o", "remount,ro,bind", p.output) == 0 else { return }
      let list = try p.run("list", "--output", p.output)
      #expect(list.status == 0, "\(list)")
      #expect(try Self.archived(p, whole) == 128)
      // Reports cannot go there; they can go to a folder that links to the archive.
      let refused = try p.runAll(["render"] + whole + ["--output", p.output])
      #expect(refused.status == 73 && refused.errors.contains("symbolic link to descent.sqlite"), "\(refused)")
      let other = p.folder.appendingPathComponent("other")
      try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        at: other.appendingPathComponent("descent.sqlite"), withDestinationURL: p.file("descent.sqlite"))
      for command in [["render"] + whole, ["export"] + whole + ["--to", "csv"], ["compare"] + whole] {
        let outcome = try p.runAll(command + ["--output", other.path])
        #expect(outcome.status == 0, "\(outcome)")
      }
      #expect(FileManager.default.fileExists(atPath: other.appendingPathComponent("export/iris/series.csv").path))
      let training = try p.run("run", "iris", "--seeds", "30..<40", "--output", other.path)
      #expect(training.status == 73, "\(training)")
    }
  }

  /// Another user's archive: not root, whom permissions do not bind.
  @Test(.enabled(if: isRoot, "changing the user needs root")) func anotherUserReadsTheArchive() throws {
    try CommandTests.with { p in
      let small = ["seeds", "--seeds", "0..<3", "--set", "steps=20"]
      #expect(try p.runAll(["run"] + small + ["--quiet", "--output", p.output]).status == 0)
      // The binary and the project have to be readable to others.
      let prefix = ["--reuid=65534", "--regid=65534", "--clear-groups", Program.binary.path]
      guard BadInputTests.shell("setpriv", prefix[0], prefix[1], prefix[2], prefix[3], "--version") == 0 else { return }
      chmod(p.folder.path, 0o755)
      let process = try p.start([])
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["setpriv"] + prefix + ["plan"] + small + ["--output", p.output]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && text.contains("3 in the archive"), "\(text)")
    }
  }

  // MARK: Clocks and signals

  @Test func aClockThatStepsBackStopsNothing() throws {
    try CommandTests.with { p in
      guard let faults = try Faults.environment(p, ["FAULT_CLOCK": "1"]) else { return }
      let long = ["run", "seeds", "--seeds", "0..<4000", "--json", "--output", p.output]
      let process = try p.start(long, environment: faults)
      let log = p.folder.appendingPathComponent("log")
      _ = FileManager.default.createFile(atPath: log.path, contents: nil)
      process.standardOutput = try FileHandle(forWritingTo: log)
      try process.run()
      usleep(2_500_000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
      let done = lines.compactMap { $0.firstMatch(of: /"runsDone":([0-9]+)/).flatMap { Int($0.output.1) } }.max() ?? 0
      #expect(lines.count { $0.contains("\"progressed\"") } > 8, "progress is told all the time")
      let kept = try Self.archived(p, ["seeds", "--seeds", "0..<4000"]) ?? 0
      #expect(done > 0 && 2 * kept > done, "\(kept) of \(done) are kept")
    }
  }

  @Test(arguments: [SIGINT, SIGTERM]) func anInterruptedReportSaysSo(_ signal: Int32) throws {
    try CommandTests.with { p in
      let runs = ["iris", "--format", "png,pdf,svg,html"]
      #expect(try p.runAll(["run"] + runs + ["--quiet", "--output", p.output]).status == 0)
      let report = try p.contents("iris")
      #expect(report.count > 10)
      var interrupted = 0
      // A busy machine takes longer until a report can be interrupted.
      let delays: [UInt32] = [20_000, 60_000, 120_000, 200_000, 300_000, 600_000, 1_200_000, 2_400_000, 4_800_000]
      for delay in delays where delay <= 300_000 || interrupted == 0 {
        let process = try p.start(["render"] + runs + ["--output", p.output])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        usleep(delay)
        kill(process.processIdentifier, signal)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationReason == .exit, process.terminationStatus == 130 {
          interrupted += 1
          #expect(text.contains("interrupted"), "\(text)")
        }
        #expect(try p.contents("iris") == report, "after \(delay) µs")
      }
      #expect(interrupted > 0)
    }
  }

  @Test(arguments: [
    ["--seeds", "1", "--seeds", "2"], ["--seeds=1", "--seeds", "2"], ["--threads", "1", "--threads", "1"],
    ["--dpi", "100", "--dpi", "100"], ["--format", "png", "--format", "pdf"], ["--quiet", "--quiet"],
    ["--fresh", "--fresh"], ["--output", "/nowhere", "--output", "/nowhere"],
  ]) func anOptionIsGivenOnce(_ options: [String]) throws {
    try CommandTests.with { p in
      let outcome = try p.runAll(["run", "iris"] + options)
      let name = options[0].prefix { $0 != "=" }
      #expect(outcome.status == 64 && outcome.errors.contains("\(name): given twice"), "\(outcome)")
    }
  }
}
