import Foundation
import Testing

@Suite struct CommandTests {
  static func with(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try body(program)
  }

  @Test func runWritesAWholeReportAndTrainsNothingTwice() throws {
    try Self.with { p in
      let first = try p.run("run", "learning-rates", "--seeds", "0..<4", "--output", p.output)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("64 of 64 runs to train"))
      for name in [
        "report-1.png", "report.pdf", "report.md", "runs.csv", "experiment.json", "figures/01-loss-against-step.png",
      ] {
        #expect(FileManager.default.fileExists(atPath: p.file("learning-rates/\(name)").path), "\(name)")
      }
      let csv = try String(contentsOf: p.file("learning-rates/runs.csv"), encoding: .utf8).split(separator: "\n")
      #expect(csv.count == 65)
      #expect(
        csv[0]
          == "data,learning-rate,seed,status,diverged_at,steps,final_loss,best_loss,final_gradient_norm,final_absolute_error,final_accuracy,first_step_below_0.01,key"
      )
      let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: p.file("learning-rates/experiment.json")))
      #expect((json as? [String: Any])?["runs"] as? Int == 64)

      let before = try Data(contentsOf: p.file("learning-rates/report-1.png"))
      let second = try p.run("run", "learning-rates", "--seeds", "0..<4", "--output", p.output)
      #expect(second.output.contains("all 64 runs are in the archive") && !second.output.contains("trained"))
      #expect(
        try Data(contentsOf: p.file("learning-rates/report-1.png")) == before, "the same runs give the same bytes")

      let wider = try p.run("run", "learning-rates", "--seeds", "0..<5", "--output", p.output)
      #expect(wider.output.contains("16 of 80 runs to train"))
      let fresh = try p.run("run", "learning-rates", "--seeds", "0..<4", "--fresh", "--output", p.output)
      #expect(fresh.output.contains("64 of 64 runs to train"))
    }
  }

  @Test func renderNeedsTheArchiveAndNothingElse() throws {
    try Self.with { p in
      let early = try p.run("render", "iris", "--output", p.output)
      #expect(early.status == 65 && early.errors.contains("there is no archive yet"))
      #expect(try p.run("run", "iris", "--seeds", "0..<2", "--output", p.output).status == 0)
      try FileManager.default.removeItem(at: p.file("iris"))
      let partial = try p.run("render", "iris", "--seeds", "0..<3", "--output", p.output)
      #expect(partial.status == 65 && partial.errors.contains("4 of 12 runs are not in the archive"))
      #expect(try p.run("render", "iris", "--seeds", "0..<2", "--format", "svg", "--output", p.output).status == 0)
      #expect(FileManager.default.fileExists(atPath: p.file("iris/report-1.svg").path))
      #expect(!FileManager.default.fileExists(atPath: p.file("iris/report.pdf").path))
    }
  }

  @Test func listPlanCompareAndExportDoWhatTheySay() throws {
    try Self.with { p in
      #expect(try p.run("run", "seeds", "--seeds", "0..<6", "--set", "steps=500", "--output", p.output).status == 0)
      let list = try p.run("list", "--output", p.output)
      for name in ["learning-rates", "hidden-sizes", "initialization-scales", "seeds", "batch-sizes", "iris", "digits"]
      {
        #expect(list.output.contains("\n\(name) "), "\(name)")
      }
      let plan = try p.run("plan", "seeds", "--seeds", "0..<8", "--set", "steps=500", "--output", p.output)
      #expect(
        plan.output.contains("8 runs, 4000 steps at most") && plan.output.contains("6 in the archive, 2 to train"))
      let compare = try p.run(
        "compare", "seeds", "--below", "0.2", "--seeds", "0..<6", "--set", "steps=500", "--output", p.output)
      #expect(compare.status == 0 && compare.output.contains("95 % interval"), "\(compare.errors)")
      #expect(compare.output.contains("There is one setting only"))
      #expect(FileManager.default.fileExists(atPath: p.file("compare-seeds/report.png").path))
      let csv = try p.run(
        "export", "seeds", "--to", "csv", "--seeds", "0..<6", "--set", "steps=500", "--output", p.output)
      #expect(csv.status == 0)
      let lines = try String(contentsOf: p.file("export/seeds/series.csv"), encoding: .utf8).split(separator: "\n")
      #expect(lines[0] == "run,steps,seed,quantity,step,value")
      #expect(lines.count == 1 + 6 * 2 * 500)
      let npy = try p.run(
        "export", "seeds", "--to", "npy", "--seeds", "0..<6", "--set", "steps=500", "--output", p.output)
      #expect(npy.status == 0)
      let bytes = try Data(contentsOf: p.file("export/seeds/loss.npy"))
      #expect(bytes.prefix(6) == Data([0x93]) + Data("NUMPY".utf8))
      let header = Int(bytes[8]) + 256 * Int(bytes[9])
      #expect((10 + header) % 64 == 0 && bytes.count == 10 + header + 6 * 500 * 8)
      let first = bytes[(10 + header)..<(18 + header)].withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
      #expect(lines.contains { $0.hasSuffix(",loss,0,\(first)") })
    }
  }

  /// The numbers of the verdict are those of the runs: recomputed here from the table of runs that the report has written.
  @Test func aComparisonIsThatOfItsRuns() throws {
    try Self.with { p in
      let sweep = ["--seeds", "0..<10", "--set", "learning-rate=0.1,0.3,3", "--set", "steps=300", "--output", p.output]
      #expect(try p.runAll(["run", "learning-rates"] + sweep).status == 0)
      let outcome = try p.runAll(["compare", "learning-rates", "--json"] + sweep)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let events = outcome.output.split(separator: "\n").compactMap { line in
        (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
      }.filter { $0["event"] as? String == "compared" }
      #expect(events.compactMap { $0["task"] as? String }.count == 2, "each data set has its own verdict")
      let csv = try String(contentsOf: p.file("compare-learning-rates/runs.csv"), encoding: .utf8)
      let table = csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let rows = table.dropFirst()
      let status = try #require(table[0].firstIndex(of: "status"))
      let loss = try #require(table[0].firstIndex(of: "final_loss"))
      for (event, data) in zip(events, ["noisy sine", "XOR"]) {
        /// The final losses of a rate by seed, ∞ for a diverged run.
        func losses(_ rate: String) -> [Double] {
          rows.filter { $0[0] == data && Double($0[1]) == Double(rate) }
            .map { $0[status] == "diverged" ? .infinity : Double($0[loss]) ?? .nan }
        }
        let best = try #require((event["reference"] as? String)?.split(separator: " ").last).description
        for pair in try #require(event["pairs"] as? [[String: Any]]) {
          let other = try #require((pair["setting"] as? String)?.split(separator: " ").last).description
          let both = zip(losses(best), losses(other))
          #expect(pair["seeds"] as? Int == 10 && losses(other).count == 10)
          #expect(pair["better"] as? Int == both.filter { $0 < $1 }.count, "\(best) and \(other)")
          #expect(pair["worse"] as? Int == both.filter { $0 > $1 }.count)
        }
        #expect(event["comparisons"] as? Int == 3 && (event["sentence"] as? String)?.contains("of 10 seeds") == true)
      }
      let plan = try p.runAll(["plan", "learning-rates"] + sweep)
      #expect(plan.output.contains("the archived runs as a pilot, compared by final training loss E"), "\(plan.output)")
      let sentences = events.compactMap { $0["sentence"] as? String }
      #expect(sentences.allSatisfy { plan.output.contains($0) }, "the same verdict in plan")
    }
  }

  /// The page about comparisons quotes what the program prints about a built-in experiment.
  @Test func thePageAboutComparisonsQuotesTheProgram() throws {
    try Self.with { p in
      let page = Program.root.appendingPathComponent("Sources/Descent/Descent.docc/ComparingSettings.md")
      let quotes = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("> ") }
        .map { String($0.dropFirst(2)) }
      #expect(try p.run("run", "learning-rates", "--output", p.output).status == 0)
      let printed = try [[], ["--below", "0.01"], ["--seeds", "0..<5"]].map {
        try p.runAll(["compare", "learning-rates", "--output", p.output] + $0).output
      }.joined()
      #expect(quotes.count == 4)
      for quote in quotes { #expect(printed.contains(quote), "\(quote)") }
    }
  }

  @Test func jsonIsOneEventALine() throws {
    try Self.with { p in
      let outcome = try p.run("run", "learning-rates", "--seeds", "0..<2", "--json", "--output", p.output)
      let events = outcome.output.split(separator: "\n").map { line in
        (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
      }
      #expect(events.allSatisfy { $0 != nil })
      let names = events.compactMap { $0?["event"] as? String }
      #expect(
        names.first == "planned" && names.contains("trained") && names.contains("diverged") && names.contains("wrote"))
    }
  }

  @Test func cellsArriveAsTheyAreDrawn() throws {
    try Self.with { p in
      let outcome = try p.run("run", "iris", "--seeds", "0..<2", "--json", "--cells", "--output", p.output)
      let events = outcome.output.split(separator: "\n").compactMap { line in
        (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
      }
      let names = events.compactMap { $0["event"] as? String }.filter {
        ["trained", "report", "cell", "wrote"].contains($0)
      }
      let count = try #require(events.first { $0["event"] as? String == "report" }?["cells"] as? Int)
      // Before any file is written.
      let expected = ["trained", "report"] + Array(repeating: "cell", count: count)
      #expect(Array(names.prefix(expected.count)) == expected)
      let cells = events.filter { $0["event"] as? String == "cell" }
      #expect(cells.compactMap { $0["index"] as? Int } == Array(0..<count))
      let page = try String(contentsOf: p.file("iris/report.html"), encoding: .utf8)
      #expect(page.contains("<main>\n\(cells.compactMap { $0["html"] as? String }.joined())</main>"))
      #expect(try p.run("run", "iris", "--cells", "--output", p.output).errors.contains("Add --json"))
    }
  }

  @Test func quietSaysNothingAndColourIsForTerminals() throws {
    try Self.with { p in
      let outcome = try p.run("run", "iris", "--seeds", "0..<2", "--quiet", "--output", p.output)
      #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
      let wrong = try p.run("run", "irish", "--output", p.output)
      #expect(!wrong.errors.contains("\u{1B}"))
    }
  }

  @Test func strictAsksThatEveryClaimPasses() throws {
    try Self.with { p in
      // Divergence is its subject: runs that diverge are no failure.
      let divergent = try p.run("run", "learning-rates", "--seeds", "0..<8", "--strict", "--output", p.output)
      #expect(divergent.status == 0 && divergent.output.contains("diverged"), "\(divergent)")
      // The claim on η = 0.01 has no run to be tested on.
      let untested = try p.run(
        "run", "learning-rates", "--seeds", "0..<2", "--set", "learning-rate=0.1,0.3,1", "--strict", "--output",
        p.output)
      #expect(untested.status == 1 && untested.output.contains("UNTESTED"), "\(untested)")
      #expect(try p.run("run", "iris", "--seeds", "0..<4", "--strict", "--output", p.output).status == 0)
      let failing = try p.run(
        "run", "iris", "--seeds", "0..<4", "--set", "steps=1", "--set", "learning-rate=0.1", "--strict", "--output",
        p.output)
      #expect(failing.status == 1 && failing.output.contains("FAIL"))
    }
  }

  @Test func newWritesAnExperimentThatIsListed() throws {
    try Self.with { p in
      let project = p.folder.appendingPathComponent("project")
      let sources = project.appendingPathComponent("experiments")
      try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: Program.root.appendingPathComponent("experiments/Iris.swift"),
        to: sources.appendingPathComponent("Iris.swift"))
      let outcome = try p.run("new", "weight-decay", in: project)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let source = sources.appendingPathComponent("WeightDecayStudy.swift")
      #expect(try String(contentsOf: source, encoding: .utf8).contains("struct WeightDecayStudy: Experiment"))
      #expect(try Compiler.complaints(of: source) == "")
      #expect(try p.run("list", in: project).output.contains("weight-decay"))
      #expect(try p.run("new", "weight-decay", in: project).errors.contains("an experiment has this name already"))
      for bad in ["Weight", "weight_decay", "-x", "1st", "iris"] {
        #expect(try p.run("new", bad, in: project).status == 64, "\(bad)")
      }
    }
  }

  @Test func completionsKnowTheExperiments() throws {
    try Self.with { p in
      #expect(try p.run("--generate-completion-script", "bash").output.contains("descent"))
      let names = try p.run("---completion", "run", "--", "names", "0", "0")
      #expect(names.output.contains("learning-rates") && names.output.contains("digits"), "\(names)")
    }
  }
}
