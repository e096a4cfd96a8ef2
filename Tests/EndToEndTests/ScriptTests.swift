import Foundation
import Testing

/// Scripts as their authors use them: from any folder, broken ones, ones that trap.
@Suite struct ScriptTests {
  /// A small experiment, with parts of it replaced.
  static func source(
    _ type: String, sweep: String = "Seeds(0..<4)", report: String = "Note(\"nothing\")", more: String = ""
  ) -> String {
    """
    import Descent

    struct \(type): Experiment {
      let title = "Is it run?"
      var setup: Setup {
        Setup(
          data: .xor, network: .mlp(hidden: 2, activation: .tanh, output: .sigmoid), loss: .meanSquaredError,
          optimizer: .gradientDescent(learningRate: 1), initialization: .fanIn(scale: 1), batch: .full,
          stop: .after(steps: 50))
      }
      var sweep: [Axis] {
        \(sweep)
      }
      var report: [Cell] {
        \(report)
      }
    }
    \(more)
    """
  }

  static func write(_ p: Program, _ path: String, _ text: String) throws -> String {
    let file = p.folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test func aScriptRunsFromAnyFolderAndWritesBesideItself() throws {
    try CommandTests.with { p in
      _ = try Self.write(
        p, "lab/First.swift",
        Self.source("First", more: Self.source("Second", sweep: "Seeds(4..<8)").replacing("import Descent", with: "")))
      let lab = p.folder.appendingPathComponent("lab")
      let outcome = try p.run("run", "First.swift", "--format", "png", in: lab)
      #expect(outcome.status == 0, "\(outcome)")
      for name in ["first", "second"] {
        #expect(outcome.output.contains("\(name): 4 of 4 runs to train"), "\(outcome)")
        #expect(FileManager.default.fileExists(atPath: lab.appendingPathComponent("output/\(name)/report.png").path))
      }
      let plan = try p.run("plan", "lab/First.swift", in: p.folder)
      #expect(plan.output.contains("4 in the archive, 0 to train"), "\(plan)")
    }
  }

  /// The folder `output` is beside `experiments`, wherever in the project the command is given; `list` looks there too.
  @Test func aScriptOfAProjectWritesIntoItsOutputFolder() throws {
    try CommandTests.with { p in
      _ = try Self.write(p, "experiments/Inside.swift", Self.source("Inside"))
      for place in [p.folder, p.folder.appendingPathComponent("experiments")] {
        #expect(try p.run("run", "inside", "--format", "png", "--fresh", in: place).status == 0)
        #expect(
          FileManager.default.fileExists(atPath: p.folder.appendingPathComponent("output/inside/report.png").path))
        #expect(!FileManager.default.fileExists(atPath: p.folder.appendingPathComponent("experiments/output").path))
        #expect(try p.run("list", in: place).output.contains(#/inside +4 +4 /#))
      }
    }
  }

  @Test func filesOfAFolderAreOneScript() throws {
    try CommandTests.with { p in
      _ = try Self.write(p, "lab/Main.swift", Self.source("Pair", sweep: "Seeds(0..<seedCount)"))
      _ = try Self.write(p, "lab/Helper.swift", "let seedCount = 3\n")
      let outcome = try p.run("plan", "lab", in: p.folder)
      #expect(outcome.status == 0 && outcome.output.contains("3 runs"), "\(outcome)")
    }
  }

  /// Several processes compile at once; each has its result, and the next one compiles nothing.
  @Test func twoProcessesMayCompileAtOnce() throws {
    try CommandTests.with { p in
      let file = try Self.write(p, "Twice.swift", Self.source("Twice"))
      let processes = try (0..<3).map { _ in try p.start(["plan", file]) }
      for process in processes {
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
      }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      let events = try p.run("run", file, "--json", "--output", p.output, "--format", "png")
      #expect(events.status == 0 && !events.output.contains("compiling"), "\(events)")
      _ = try Self.write(p, "Twice.swift", Self.source("Twice") + "\n// changed\n")
      #expect(try p.run("run", file, "--json", "--output", p.output).output.contains("\"event\":\"compiling\""))
    }
  }

  @Test func aCompileErrorNamesItsLineAndHarmsOnlyItsFile() throws {
    try CommandTests.with { p in
      let broken = try Self.write(
        p, "experiments/Broken.swift", Self.source("Broken", report: "Figure(\"x\") { Curv(.loss) }"))
      _ = try Self.write(p, "experiments/Sound.swift", Self.source("Sound"))
      let column = "    Figure(\"x\") { C".count
      let outcome = try p.run("run", "broken", in: p.folder)
      #expect(outcome.status == 65, "\(outcome)")
      #expect(outcome.errors.contains("\(broken):15:\(column): error: cannot find 'Curv' in scope"), "\(outcome)")
      #expect(outcome.errors.contains("    Figure(\"x\") { Curv(.loss) }\n"), "the line itself: \(outcome)")
      #expect(outcome.errors.contains("hint: did you mean Curve?"), "\(outcome)")
      let event = try p.run("run", "broken", "--json", in: p.folder).output
      #expect(event.contains("\"column\":\(column),\"event\":\"problem\"") && event.contains(#""line":15"#), "\(event)")
      let list = try p.run("list", in: p.folder)
      #expect(list.output.contains("Broken.swift") && list.output.contains("it does not compile"), "\(list)")
      #expect(list.output.contains(/sound +4 +0 +Is it run\?/), "\(list)")
      #expect(try p.run("run", "sound", "--format", "png", in: p.folder).status == 0)
    }
  }

  static let third = "func third(_ numbers: [Int], _ index: Int) -> Int { numbers[index] }"

  @Test(arguments: [
    ("third([1, 2, 3], r.count)", third, "Index out of range"),
    ("sum(r.count)", "func sum(_ n: Int) -> Int { Int.max - 2 + n }", "a number does not fit its type"),
    ("first(nil)", "func first(_ n: Int?) -> Int { n! }", "Unexpectedly found nil"),
    ("deep(r.count)", "func deep(_ n: Int) -> Int { n < 0 ? n : deep(n + 1) + 1 }", "the stack is full"),
  ])
  func aTrapNamesItsLineAndKeepsTheRuns(_ call: String, _ helper: String, _ reason: String) throws {
    try CommandTests.with { p in
      let file = try Self.write(
        p, "Trap.swift", Self.source("Trapped", report: "Note { r in \"\\(\(call))\" }", more: "\n\n\n\n" + helper))
      let outcome = try p.run("run", file, "--output", p.output)
      #expect(outcome.status == 70, "\(outcome)")
      let line = Self.source("Trapped", report: "x", more: "\n\n\n\n").split(
        separator: "\n", omittingEmptySubsequences: false
      ).count
      #expect(outcome.errors.contains("\(file):\(line):"), "\(outcome)")
      #expect(outcome.errors.contains("the code of trapped ended the program: \(reason)"), "\(outcome)")
      #expect(!outcome.errors.contains("***") && !outcome.errors.contains("0x"), "no dump: \(outcome)")
      #expect(try p.run("plan", file, "--output", p.output).output.contains("4 in the archive, 0 to train"))
    }
  }

  @Test func aScriptWithoutEndIsStopped() throws {
    try CommandTests.with { p in
      let file = try Self.write(
        p, "Endless.swift",
        Self.source(
          "Endless", report: "Note { r in \"\\(endless(r.count))\" }",
          more: "func endless(_ n: Int) -> Int { while n > 0 {}; return n }"))
      let process = try p.start(["run", file, "--output", p.output])
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try process.run()
      for _ in 0..<600 where !FileManager.default.fileExists(atPath: p.file("descent.sqlite").path) { usleep(50_000) }
      sleep(1)
      kill(process.processIdentifier, SIGINT)
      for _ in 0..<200 where process.isRunning { usleep(50_000) }
      #expect(!process.isRunning)
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(try p.run("plan", file, "--output", p.output).output.contains("4 in the archive, 0 to train"))
    }
  }

  /// A mistake in one part of a declaration hides none in another, and each names its line.
  @Test func allMistakesOfADeclarationComeAtOnce() throws {
    try CommandTests.with { p in
      let text = Self.source(
        "Wrong", sweep: "Vary(.learningRate, over: [0.3, 0.3])\n    Seeds(0..<2)",
        report: """
          Figure("Loss") { Curve(.validationLoss).color(by: .learningRate) }
          Expect(.divergedShare, atMost: 0, where: .hidden, is: 9)
          Comparison(of: .depth, below: 0.1)
          """
      ).replacing("steps: 50", with: "steps: 0")
      let file = try Self.write(p, "Wrong.swift", text)
      let outcome = try p.run("run", file, "--set", "hiden=3", "--output", p.output)
      #expect(outcome.status == 64)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (word, message) in [
        ("var setup", "steps: 0"), ("Vary(", "an axis has each value once"), ("Figure(", "does not record it"),
        ("Expect(", "the sweep has no such value"), ("Comparison(", "depth"),
      ] {
        let number = try #require(lines.firstIndex { $0.contains(word) }) + 1
        #expect(
          outcome.errors.split(separator: "\n").contains {
            $0.contains("Wrong.swift:\(number): ") && $0.contains(message)
          },
          "\(word): \(outcome.errors)")
      }
      #expect(outcome.errors.contains("--set hiden") && outcome.errors.contains("Did you mean hidden?"))
      #expect(!FileManager.default.fileExists(atPath: p.file("descent.sqlite").path), "nothing was trained")
    }
  }

  @Test(arguments: [("None.swift", 64), ("Empty.swift", 65), ("folder", 64)])
  func aPathWithoutAnExperimentIsRefused(_ path: String, _ status: Int32) throws {
    try CommandTests.with { p in
      _ = try Self.write(p, "Empty.swift", "import Descent\n")
      _ = try Self.write(p, "folder/notes.txt", "")
      let outcome = try p.run("run", "./\(path)", in: p.folder)
      #expect(outcome.status == status && outcome.errors.contains(path), "\(outcome)")
    }
  }
}
