import Foundation
import Testing

/// Files that the program did not write are never replaced, removed or written through.
@Suite struct ForeignFilesTests {
  /// Without changes of the sweep, whose reports go to folders of their own.
  static let whole = ["iris", "--format", "png"]

  static func train(_ p: Program, status: Int32 = 0) throws -> Program.Outcome {
    let outcome = try p.runAll(["run"] + whole + ["--output", p.output])
    #expect(outcome.status == status, "\(outcome)")
    return outcome
  }

  static func render(_ p: Program, _ more: [String] = [], environment: [String: String] = [:]) throws
    -> Program.Outcome
  {
    try p.runAll(["render"] + whole + more + ["--output", p.output], environment: environment)
  }

  static func write(_ text: String, _ p: Program, _ path: String) throws {
    let url = p.file(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  static func text(_ p: Program, _ path: String) -> String? { try? String(contentsOf: p.file(path), encoding: .utf8) }

  @Test func notesBesideAReportStay() throws {
    try CommandTests.with { p in
      let foreign = ["iris/data.csv", "iris/notes.txt", "iris/figures/mine.png", "iris/deep/er/x", "iris/.hidden"]
      for path in foreign { try Self.write("mine \(path)", p, path) }
      _ = try Self.train(p)
      #expect(FileManager.default.fileExists(atPath: p.file("iris/report-1.png").path))
      #expect(try Self.render(p).status == 0)
      let svg = try p.runAll(["render"] + Self.whole.dropLast() + ["svg", "--output", p.output])
      #expect(svg.status == 0, "\(svg)")
      for path in foreign { #expect(Self.text(p, path) == "mine \(path)") }
      let names = try p.contents("iris").keys
      #expect(!names.contains { $0.hasSuffix(".png") && !$0.hasSuffix("mine.png") }, "former pages are removed")
      #expect(names.contains("report-1.svg"))
    }
  }

  @Test(arguments: [
    "iris", "iris/report.md", "iris/runs.csv", "iris/experiment.json", "iris/report-1.png", "iris/figures",
    "iris/figures/01-training-loss.png", "iris/.descent-manifest.json",
  ]) func whatIsInTheWayIsRefusedBeforeTraining(_ path: String) throws {
    try CommandTests.with { p in
      try Self.write("mine", p, path)
      let outcome = try Self.train(p, status: 73)
      #expect(
        outcome.errors.contains(p.file(path).path) && outcome.errors.contains("nothing was written"), "\(outcome)")
      #expect(!outcome.output.contains("trained"))
      #expect(Self.text(p, path) == "mine")
    }
  }

  @Test(arguments: ["iris", "iris/report.md", "iris/figures", "iris/figures/01-training-loss.png"])
  func linksAreNeverFollowed(_ path: String) throws {
    try CommandTests.with { p in
      let target = p.folder.appendingPathComponent("target")
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      try Data("theirs".utf8).write(to: target.appendingPathComponent("report.md"))
      let url = p.file(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let end = path.hasSuffix("md") || path.hasSuffix("png") ? target.appendingPathComponent("report.md") : target
      try FileManager.default.createSymbolicLink(at: url, withDestinationURL: end)
      let outcome = try Self.train(p, status: 73)
      #expect(outcome.errors.contains("symbolic link"), "\(outcome)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["report.md"])
      #expect(try String(contentsOf: target.appendingPathComponent("report.md"), encoding: .utf8) == "theirs")
    }
  }

  @Test func aChangedFileOfAReportIsTheUsers() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      let before = try p.contents("iris")
      try Self.write("my own words", p, "iris/report.md")
      let outcome = try Self.render(p)
      #expect(outcome.status == 73 && outcome.errors.contains("changed after it was written"), "\(outcome)")
      var after = try p.contents("iris")
      #expect(after.removeValue(forKey: "report.md") == Data("my own words".utf8))
      #expect(after == before.filter { $0.key != "report.md" }, "nothing was written")
      try FileManager.default.removeItem(at: p.file("iris/report.md"))
      #expect(try Self.render(p).status == 0)
      #expect(try p.contents("iris") == before)
    }
  }

  /// A manifest written by hand cannot lead the removal elsewhere.
  @Test(arguments: ["../victim", "/etc/passwd", "figures/../../victim", "a/b/c"])
  func aManifestStaysInItsFolder(_ path: String) throws {
    try CommandTests.with { p in
      try Self.write("v", p, "victim")
      try Self.write(
        "{\"note\":\"\",\"files\":{\"\(path)\":{\"size\":1,\"checksum\":\"\"}}}", p, "iris/.descent-manifest.json")
      _ = try Self.train(p, status: 73)
      #expect(Self.text(p, "victim") == "v")
    }
  }

  /// An earlier version wrote no manifest.
  @Test func reportsOfTheVersionBeforeAreReplaced() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      try FileManager.default.removeItem(at: p.file("iris/.descent-manifest.json"))
      try Self.write("old", p, "iris/report-7.png")
      try Self.write("old", p, "iris/figures/99-former.png")
      try Self.write("mine", p, "iris/notes.txt")
      #expect(try Self.render(p).status == 0)
      let names = try p.contents("iris").keys
      #expect(!names.contains("report-7.png") && !names.contains("figures/99-former.png"))
      #expect(Self.text(p, "iris/notes.txt") == "mine")
    }
  }

  @Test func exportsAndComparisonsKeepWhatIsTheirs() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      let rest = ["--output", p.output]
      try Self.write("mine", p, "export/iris/notes.txt")
      try Self.write("mine", p, "export/iris/gnuplot/notes.txt")
      try Self.write("mine", p, "compare-iris/notes.txt")
      for kind in ["csv", "npy", "gnuplot", "csv"] {
        let outcome = try p.runAll(["export", "iris", "--to", kind] + rest)
        #expect(outcome.status == 0, "\(outcome)")
      }
      #expect(try p.runAll(["compare", "iris"] + rest).status == 0)
      for folder in ["export/iris", "export/iris/gnuplot", "compare-iris"] {
        #expect(Self.text(p, "\(folder)/notes.txt") == "mine")
      }
      #expect(FileManager.default.fileExists(atPath: p.file("export/iris/loss.npy").path))
      try Self.write("run,mine\n", p, "export/iris/series.csv")
      let refused = try p.runAll(["export", "iris", "--to", "csv"] + rest)
      #expect(refused.status == 73 && Self.text(p, "export/iris/series.csv") == "run,mine\n", "\(refused)")
      try FileManager.default.removeItem(at: p.file("compare-iris"))
      try Self.write("mine", p, "compare-iris")
      #expect(try p.runAll(["compare", "iris"] + rest).status == 73)
      #expect(Self.text(p, "compare-iris") == "mine")
    }
  }

  // MARK: Kills and company

  /// Killed at every move: the files are those of the former manifest, or the next update completes the exchange.
  @Test func aKilledUpdateIsCompletedByTheNext() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      let png = try p.contents("iris")
      let svg = ["render"] + Self.whole.dropLast() + ["svg", "--output", p.output]
      #expect(try p.runAll(svg).status == 0)
      let other = try p.contents("iris")
      #expect(other.keys != png.keys)
      guard try Faults.environment(p, [:]) != nil else { return }
      var kills = 0
      for move in 1...24 {
        let faults = try Faults.environment(p, ["FAULT_KILL_MOVE": "\(move)"]) ?? [:]
        let outcome = try Self.render(p, environment: faults)
        kills += outcome.status == 128 + SIGKILL ? 1 : 0
        let isWhole = !FileManager.default.fileExists(atPath: p.file("iris/.descent-exchange").path)
        if isWhole {
          let found = try p.contents("iris").filter { !$0.key.hasPrefix(".descent-new") }
          #expect(found == other || found == png, "move \(move)")
        }
        #expect(try p.runAll(svg).status == 0, "move \(move)")
        #expect(try p.contents("iris") == other, "move \(move)")
        if outcome.status == 0 { break }
      }
      #expect(kills > 6)
    }
  }

  @Test func severalProcessesWriteOneReport() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      let expected = try p.contents("iris")
      let processes = try (0..<6).map { _ in try p.start(["render"] + Self.whole + ["--quiet", "--output", p.output]) }
      for process in processes { try process.run() }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      #expect(try p.contents("iris") == expected)
    }
  }

  /// Staging folders of others: a living process's and another user's stay, a dead process's goes.
  @Test func stagingFoldersOfTheLivingStay() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      let (dead, living) = (".descent-new-dead", ".descent-new-living")
      for name in [dead, living] { try Self.write("x", p, "iris/\(name)/report.md") }
      let descriptor = open(p.file("iris/\(living)").path, O_RDONLY | O_DIRECTORY)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX) == 0)
      #expect(try Self.render(p).status == 0)
      #expect(FileManager.default.fileExists(atPath: p.file("iris/\(living)").path))
      #expect(!FileManager.default.fileExists(atPath: p.file("iris/\(dead)").path))
      guard getuid() == 0 else { return }
      try Self.write("x", p, "iris/\(dead)/report.md")
      #expect(chown(p.file("iris/\(dead)").path, 65534, 65534) == 0)
      #expect(try Self.render(p).status == 0)
      #expect(FileManager.default.fileExists(atPath: p.file("iris/\(dead)").path), "another user's")
    }
  }

  // MARK: The live log

  @Test(arguments: ["a symbolic link", "another file", "a second name"]) func theLiveLogIsNotWrittenThrough(
    _ kind: String
  ) throws {
    try CommandTests.with { p in
      let victim = p.folder.appendingPathComponent("victim")
      // The third is a live log by its content, and yet somebody's file of another name.
      let content = kind == "a second name" ? "run,step,loss\n1,2,3\n" : "precious"
      try Data(content.utf8).write(to: victim)
      let log = p.file(".live/iris.csv")
      try FileManager.default.createDirectory(at: log.deletingLastPathComponent(), withIntermediateDirectories: true)
      switch kind {
      case "a symbolic link": try FileManager.default.createSymbolicLink(at: log, withDestinationURL: victim)
      case "another file": try Data(content.utf8).write(to: log)
      default: #expect(link(victim.path, log.path) == 0)
      }
      _ = try Self.train(p)
      #expect(try String(contentsOf: victim, encoding: .utf8) == content)
      #expect(try String(contentsOf: log, encoding: .utf8) == content)
    }
  }

  @Test func noProbeOrStagingIsLeft() throws {
    try CommandTests.with { p in
      _ = try Self.train(p)
      let names = try FileManager.default.contentsOfDirectory(atPath: p.output).sorted()
      #expect(names == [".live", "descent.sqlite", "descent.sqlite-lock", "iris"])
      let inside = try FileManager.default.contentsOfDirectory(atPath: p.file("iris").path)
      #expect(!inside.contains { $0.hasPrefix(".descent-new") || $0 == ".descent-exchange" })
    }
  }
}
