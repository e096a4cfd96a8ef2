import Foundation
import Testing

/// A sweep that is cut into chunks and trained by several workers, with the real program and without a scheduler.
@Suite struct JobTests {
  /// Two forms, so that chunks must not mix them, one of which diverges in part; and a file of data.
  private static func source(_ p: Program) throws -> String {
    _ = try ScriptTests.write(p, "lab/points.csv", "x,y\n" + (0..<12).map { "\($0),\(2 * $0 % 5)\n" }.joined())
    return try ScriptTests.write(
      p, "lab/Spread.swift",
      """
      import Descent

      struct Spread: Experiment {
        let title = "Is it cut?"
        var setup: Setup {
          Setup(
            data: .csv("points.csv", targets: ["y"]), network: .mlp(hidden: 2, activation: .tanh),
            loss: .halfMeanSquaredError, optimizer: .gradientDescent(learningRate: 0.01), initialization: .fanIn(),
            batch: .full, stop: .after(steps: 40))
        }
        var sweep: [Axis] {
          Vary(.learningRate, over: [0.01, 5])
          Vary(.hidden, over: [2, 3])
          Seeds(0..<40)
        }
        var report: [Cell] { Figure("Loss") { Curve(.loss).color(by: .learningRate) }.facets(columns: .hidden) }
      }
      """)
  }

  private struct Job {
    let p: Program
    let folder: URL
    let chunks: Int

    /// Trains a part, with the job's own program.
    func work(_ part: String, plan: Int = 1, environment: [String: String] = [:]) throws -> Program.Outcome {
      try shell("\"\(folder.path)/work\" plan-00\(plan).json \(part)", environment)
    }

    func shell(_ text: String, _ environment: [String: String] = [:]) throws -> Program.Outcome {
      try JobTests.shell(p, text, environment)
    }

    func names(_ folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: self.folder.appendingPathComponent(folder).path).sorted()
    }
  }

  private static func shell(_ p: Program, _ text: String, _ environment: [String: String] = [:]) throws
    -> Program.Outcome
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", text]
    process.currentDirectoryURL = p.folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let out = p.folder.appendingPathComponent("shell-\(UUID().uuidString)")
    try Data().write(to: out)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return Program.Outcome(
      status: process.terminationStatus, output: String(decoding: try Data(contentsOf: out), as: UTF8.self), errors: "")
  }

  private static func submit(_ p: Program, _ more: String...) throws -> Job {
    let outcome = try p.runAll(
      ["submit", "lab/Spread.swift", "--chunk-minutes", "0.00002", "--output", p.output] + more, in: p.folder)
    #expect(outcome.status == 0, "\(outcome)")
    let jobs = p.file("jobs")
    let names = try FileManager.default.contentsOfDirectory(atPath: jobs.path)
    let newest = try #require(
      try names.max {
        try Self.date(jobs.appendingPathComponent($0)) < Self.date(jobs.appendingPathComponent($1))
      })
    let folder = jobs.appendingPathComponent(newest)
    let plans = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("plan-") }
    let last = try #require(plans.max())
    let data = try Data(contentsOf: folder.appendingPathComponent(last))
    let plan = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return Job(p: p, folder: folder, chunks: try #require(plan["chunks"] as? [Any]).count)
  }

  private static func date(_ url: URL) throws -> Date {
    try FileManager.default.attributesOfItem(atPath: url.path)[.modificationDate] as? Date ?? .distantPast
  }

  /// The archive of one process that was not interrupted.
  private static func whole(_ p: Program) throws -> String {
    let output = p.folder.appendingPathComponent("whole").path
    let outcome = try p.run("run", "lab/Spread.swift", "--output", output, "--format", "png", in: p.folder)
    #expect(outcome.status == 0, "\(outcome)")
    return output + "/descent.sqlite"
  }

  private static func expectSame(_ p: Program, _ whole: String) throws {
    let compare = Program.root.appendingPathComponent("Tests/same_runs").path
    let outcome = try shell(p, "python3 '\(compare)' '\(whole)' '\(p.file("descent.sqlite").path)'")
    #expect(outcome.status == 0 && outcome.output.contains("160 runs"), "\(outcome)")
  }

  @Test func workersMakeTheArchiveOfOneProcess() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let job = try Self.submit(p)
      #expect(job.chunks > 3)
      // Edits after the submission reach nothing: neither the script nor the data nor the folder that they were in.
      try FileManager.default.moveItem(
        at: p.folder.appendingPathComponent("lab"), to: p.folder.appendingPathComponent("away"))
      let waiting = try p.run("status", "spread", "--output", p.output)
      #expect(waiting.output.contains("0 of 160 runs in the archive"), "\(waiting)")
      #expect(waiting.output.contains("\(job.chunks) waiting, 0 running, 0 published, 0 done, 0 failed"), "\(waiting)")
      // In two parts: each takes every second chunk; the second part with the installed program, which enters the job.
      let first = try job.work("1/2")
      #expect(first.status == 0, "\(first)")
      let early = try p.run("collect", "spread", "--output", p.output)
      #expect(early.status == 0 && early.output.contains("collected"), "\(early)")
      let plan = job.folder.appendingPathComponent("plan-001.json").path
      let second = try p.run("worker", plan, "--chunk", "2/2", in: p.folder)
      #expect(second.status == 0, "\(second)")
      #expect(try p.run("collect", "spread", "--output", p.output).status == 0)
      let again = try p.run("collect", "spread", "--output", p.output)
      #expect(again.output.contains("no shard to collect"), "\(again)")
      let all = try p.run("collect", "spread", "--again", "--output", p.output)
      #expect(all.output.contains("collected 0 runs") && all.output.contains("160 were in the archive"), "\(all)")
      let done = try p.run("status", "spread", "--json", "--output", p.output)
      #expect(done.output.contains("\"done\":\(job.chunks)"), "\(done)")
      try FileManager.default.moveItem(
        at: p.folder.appendingPathComponent("away"), to: p.folder.appendingPathComponent("lab"))
      try Self.expectSame(p, try Self.whole(p))
      // Nothing is missing: nothing is sent.
      let nothing = try p.run("submit", "lab/Spread.swift", "--output", p.output, in: p.folder)
      #expect(nothing.status == 0 && nothing.output.contains("160 in the archive, 0 to send"), "\(nothing)")
    }
  }

  @Test func onlyMissingRunsAreSentAgain() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let first = try Self.submit(p)
      for chunk in [1, 3] { #expect(try first.work("\(chunk)/\(first.chunks)").status == 0) }
      // Published runs are collected before it is decided what is missing.
      let second = try Self.submit(p)
      #expect(second.folder == first.folder)
      #expect(try second.names("shards").isEmpty && second.names("merged").count == 2)
      for chunk in 1...second.chunks { #expect(try second.work("\(chunk)/\(second.chunks)", plan: 2).status == 0) }
      let outcome = try p.run("collect", "spread", "--output", p.output)
      #expect(!outcome.output.contains("same bits"), "no run is trained twice: \(outcome)")
      try Self.expectSame(p, try Self.whole(p))
    }
  }

  @Test func aDamagedShardIsNamedAndItsRunsAreMissing() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let job = try Self.submit(p)
      for chunk in 1...job.chunks { #expect(try job.work("\(chunk)/\(job.chunks)").status == 0) }
      let names = try job.names("shards")
      let (half, flipped) = (
        job.folder.appendingPathComponent("shards/\(names[0])"), job.folder.appendingPathComponent("shards/\(names[1])")
      )
      let bytes = try Data(contentsOf: half)
      try bytes.prefix(bytes.count / 2).write(to: half)
      var other = try Data(contentsOf: flipped)
      other[other.count / 2] ^= 16
      try other.write(to: flipped)
      // What a worker is copying has no name yet.
      try bytes.write(to: job.folder.appendingPathComponent("shards/.new-1"))
      let collected = try p.run("collect", "spread", "--output", p.output)
      #expect(collected.status == 74, "\(collected)")
      for name in names[...1] { #expect(collected.output.contains("damaged/\(name)"), "\(collected)") }
      let status = try p.run("status", "spread", "--output", p.output)
      #expect(status.output.contains("2 damaged shards"), "\(status)")
      let again = try Self.submit(p)
      for chunk in 1...again.chunks { #expect(try again.work("\(chunk)/\(again.chunks)", plan: 2).status == 0) }
      #expect(try p.run("collect", "spread", "--output", p.output).status == 0)
      try Self.expectSame(p, try Self.whole(p))
    }
  }

  /// An edit of a custom schedule that its fingerprint does not notice: equal keys, other numbers.
  @Test func otherBitsUnderOneKeyAreReportedAndBothAreKept() throws {
    try CommandTests.with { p in
      func write(_ factor: Double) throws {
        let schedule = """
          let slow = Schedule.custom(CustomSchedule(name: "slow") { r in r == 4_099 ? \(factor) : 0.5 })
          """
        let source = ScriptTests.source("Twice", sweep: "Seeds(0..<4)", more: schedule)
        _ = try ScriptTests.write(
          p, "lab/Twice.swift",
          source.replacing("learningRate: 1)", with: "learningRate: 1, schedule: slow)").replacing(
            "steps: 50", with: "steps: 4_200"))
      }
      try write(0.5)
      let sent = try p.run("submit", "lab/Twice.swift", "--output", p.output, in: p.folder)
      #expect(sent.status == 0, "\(sent)")
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: p.file("jobs").path).first)
      let job = Job(p: p, folder: p.file("jobs/\(name)"), chunks: 1)
      #expect(try job.work("1/1").status == 0)
      try write(0.25)
      let trained = try p.run("run", "lab/Twice.swift", "--output", p.output, "--format", "png", in: p.folder)
      #expect(trained.status == 0 && trained.output.contains("4 of 4 runs to train"), "\(trained)")
      let collected = try p.run("collect", "twice", "--output", p.output)
      #expect(
        collected.status == 74 && collected.output.contains("conflict  4 runs with the key of an archived run"),
        "\(collected)")
      #expect(try job.names("conflicts").filter { $0.hasSuffix(".sqlite") }.count == 1)
      // What the archive had stays, and the report of it can be made.
      #expect(try p.run("render", "lab/Twice.swift", "--output", p.output, "--format", "png", in: p.folder).status == 0)
    }
  }

  @Test func aSignalPublishesWhatIsFinished() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      // One chunk that takes long, of many runs.
      let outcome = try p.run(
        "submit", "lab/Spread.swift", "--seeds", "0..<20000", "--set", "steps=100000", "--set", "learning-rate=0.01",
        "--set",
        "hidden=2", "--output", p.output, in: p.folder)
      #expect(outcome.status == 0, "\(outcome)")
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: p.file("jobs").path).first)
      let job = Job(p: p, folder: p.file("jobs/\(name)"), chunks: 1)
      // The shell's TERM goes to the worker alone, twice, as schedulers do.
      let stopped = try job.shell(
        """
        "\(job.folder.path)/work" plan-001.json 1/1 & worker=$!
        for i in $(seq 100); do grep -q '"runsDone":[1-9]' "\(job.folder.path)"/state/*.json 2>/dev/null && break; sleep 0.2; done
        kill -TERM $worker; sleep 0.6; kill -TERM $worker 2>/dev/null
        wait $worker
        """)
      #expect(stopped.status == 130, "\(stopped)")
      let shards = try job.names("shards")
      #expect(shards.count == 1 && !shards[0].hasPrefix("."), "\(shards) \(stopped)")
      let status = try p.run("status", "spread", "--json", "--output", p.output)
      #expect(status.output.contains("\"failed\":1"), "\(status)")
      let collected = try p.run("collect", "spread", "--output", p.output)
      let count = try #require(collected.output.firstMatch(of: /collected ([\d,. ]+) run/)?.1)
      let number = try #require(Int(count.filter(\.isNumber)))
      #expect((1..<20_000).contains(number), "\(collected)")
    }
  }

  @Test func mistakesAreNamedBeforeAnythingIsWritten() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let cases: [([String], String)] = [
        (["--partition", "short"], "--partition: short: it is an option of Slurm's jobs"),
        (["--chunk-minutes", "0"], "--chunk-minutes: 0.0: must be above 0"),
        (["--threads", "0"], "--threads: 0: must be between 1 and 1024"),
        (["--slurm", "--then", "run"], "--then: run: only these can follow"),
      ]
      for (options, message) in cases {
        let outcome = try p.runAll(["submit", "lab/Spread.swift", "--output", p.output] + options, in: p.folder)
        #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: p.output))
      }
      let none = try p.run("status", "spread", "--output", p.output)
      #expect(none.status == 65 && none.errors.contains("there is no job of this name"), "\(none)")
      let noSlurm = try p.run(
        "submit", "lab/Spread.swift", "--slurm", "--output", p.output, environment: ["SLURM_CONF": "/nonexistent"],
        in: p.folder)
      #expect(noSlurm.status == 69 && noSlurm.errors.contains("Slurm does not answer"), "\(noSlurm)")
    }
  }

  @Test func theProgramForOtherProcessorsIsCopiedToo() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let missing = try p.run(
        "submit", "lab/Spread.swift", "--baseline-program", "/nonexistent", "--output", p.output, in: p.folder)
      #expect(missing.status == 69 && missing.errors.contains("there is no program for other processors"), "\(missing)")
      let job = try Self.submit(p, "--baseline-program", Program.binary.path)
      #expect(try job.names("programs") == ["1-this", "2-baseline"])
    }
  }

  @Test func aDryRunWritesNothing() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let outcome = try p.run("submit", "lab/Spread.swift", "--dry-run", "--output", p.output, in: p.folder)
      #expect(outcome.status == 0 && outcome.output.contains("160 to send"), "\(outcome)")
      #expect(outcome.output.contains("nothing is written"))
      #expect(!FileManager.default.fileExists(atPath: p.output))
    }
  }

  /// The first program of the job that starts is taken: one for another processor is passed over, wherever the folder is.
  @Test func theProgramThatFitsIsTaken() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let job = try Self.submit(p)
      let other = try ScriptTests.write(
        p, "output/jobs/\(job.folder.lastPathComponent)/programs/0-other/descent",
        "#!/bin/sh\necho 'this processor has no AVX-512F' >&2\nexit 69\n")
      chmod(other, 0o755)
      let copy = p.folder.appendingPathComponent("another place")
      try FileManager.default.copyItem(at: job.folder, to: copy)
      let outcome = try job.shell("'\(copy.path)/work' plan-001.json 1/1")
      #expect(outcome.status == 0 && outcome.output.contains("published"), "\(outcome)")
      #expect(!outcome.output.contains("swift runtime"), "\(outcome)")
      let shards = try FileManager.default.contentsOfDirectory(atPath: copy.appendingPathComponent("shards").path)
      #expect(shards.count == job.chunks)
      let left = try job.names("shards")
      #expect(left.isEmpty)
    }
  }

  @Test func aMachineThatRunsNoProgramSaysSo() throws {
    try CommandTests.with { p in
      _ = try Self.source(p)
      let job = try Self.submit(p)
      // A launcher that answers as a processor without the instructions does.
      let launcher = try ScriptTests.write(p, "old", "#!/bin/sh\necho 'this processor has no AVX' >&2\nexit 69\n")
      chmod(launcher, 0o755)
      let outcome = try job.work("1/1", environment: ["DESCENT_LAUNCHER": launcher])
      #expect(outcome.status == 69 && outcome.output.contains("this processor has no AVX"), "\(outcome)")
      #expect(try job.names("shards").isEmpty)
    }
  }

  /// A run of the archive from which others start is copied, too: the worker does not see the archive.
  @Test func aStoredStartTravelsWithTheJob() throws {
    try CommandTests.with { p in
      func write(_ type: String, _ start: String) throws -> String {
        let text = ScriptTests.source(type, sweep: "Seeds(0..<1)")
          .replacing("initialization: .fanIn(scale: 1)", with: start)
        return try ScriptTests.write(p, "\(type).swift", text)
      }
      let first = try write("First", "initialization: .fanIn(scale: 1)")
      #expect(try p.run("run", first, "--output", p.output, "--format", "html").status == 0)
      let table = try String(contentsOf: p.file("first/runs.csv"), encoding: .utf8)
      let key = try #require(table.split(separator: "\n").last?.split(separator: ",").last)
      let second = try write("Second", "start: .run(\"\(key)\")")
      #expect(try p.run("submit", second, "--output", p.output).status == 0)
      let archive = p.file("descent.sqlite")
      try FileManager.default.moveItem(at: archive, to: p.file("away.sqlite"))
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: p.file("jobs").path).first)
      let outcome = try Job(p: p, folder: p.file("jobs/\(name)"), chunks: 1).work("1/1")
      #expect(outcome.status == 0 && outcome.output.contains("published 1 run"), "\(outcome)")
    }
  }
}
