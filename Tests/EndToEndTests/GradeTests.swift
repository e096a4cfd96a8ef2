import Foundation
import FoundationXML
import Testing

/// `descent grade` as a lecturer uses it: submissions that are right, wrong, and hostile.
@Suite struct GradeTests {
  /// Whether this machine lets a process run apart from the files of its user.
  static let isIsolating: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", "--user", "--mount", "--pid", "--net", "--fork", "true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  static let claims = """
    import Descent

    struct LabMarking: Marking {
      let experiment = "lab"
      let seeds = 7000..<7004

      var claims: [Cell] {
        Note("The network learns XOR.")
        Expect(.median(of: .finalLoss), atMost: 0.2, where: .learningRate, is: 1, id: "q1", points: 2)
        Expect("Every run has the seeds of the lecturer", id: "q2", points: 1.5) { results in
          (results.count == 4, "n = \\(results.count) <&\\"")
        }
        Expect("No reference", id: "q3", points: 1) { _ in throw Untested("no reference") }
        Expect(.divergedShare, atMost: 0)
      }
    }
    """

  /// A submission; parts of it are replaced by what a student did.
  static func lab(rate: String = "1", setup: String = "", report: String = "Note(\"mine\")", more: String = "")
    -> String
  {
    """
    import Descent
    import Foundation

    struct Lab: Experiment {
      let title = "XOR"
      var setup: Setup {
        \(setup)
        return Setup(
          data: .xor, network: .mlp(hidden: 4, activation: .tanh, output: .sigmoid), loss: .meanSquaredError,
          optimizer: .gradientDescent(learningRate: 3), initialization: .fanIn(scale: 1), batch: .full,
          stop: .after(steps: 3_000))
      }
      var sweep: [Axis] {
        Vary(.learningRate, over: [\(rate)])
        Seeds(0..<2)
      }
      var report: [Cell] {
        \(report)
      }
    }
    \(more)
    """
  }

  struct Test: Decodable {
    let name: String
    let number: String
    let score: Double
    let max_score: Double
    let status: String
    let output: String
    let visibility: String
  }

  struct Results: Decodable {
    let score: Double
    let output: String
    let tests: [Test]
  }

  /// Marks submissions in a folder of the test.
  static func grade(
    _ p: Program, _ submissions: [(name: String, text: String)], claims: String = Self.claims, _ options: String...
  ) throws -> Program.Outcome {
    let files = try submissions.map { try ScriptTests.write(p, "in/\($0.name).swift", $0.text) }
    let marking = try ScriptTests.write(p, "lecturer/marking.swift", claims)
    return try p.runAll(["grade", "--claims", marking, "--output", p.output] + options + files, in: p.folder)
  }

  static func results(_ p: Program, _ name: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: p.file("\(name)/results.json")))
  }

  @Test(.enabled(if: isIsolating)) func rightWrongAndBrokenSubmissionsHaveTheirPoints() throws {
    try CommandTests.with { p in
      let outcome = try Self.grade(
        p, [("right", Self.lab()), ("wrong", Self.lab(rate: "0.01")), ("broken", Self.lab(report: "Nte(\"mine\")"))])
      #expect(outcome.status == 0, "\(outcome)")
      // At η = 0.01 the value of the claim is not on the axis.
      for (name, score, words) in [
        ("right", "3.5", "3 of 4 claims passed"), ("wrong", "1.5", "2 of 4 claims passed"),
        ("broken", "0", "does not compile: broken.swift:18:5: cannot find 'Nte' in scope (hint: did you mean Note?)"),
      ] {
        let line = outcome.output.split(separator: "\n").first { $0.hasPrefix("\(name) ") } ?? ""
        #expect(line.split(separator: " ").prefix(3) == [name[...], score[...], "4.5"], "\(outcome)")
        #expect(line.hasSuffix(words), "\(outcome)")
      }
      let right = try Self.results(p, "right")
      #expect(right.score == 3.5 && right.tests.map(\.score) == [2, 1.5, 0, 0])
      #expect(right.tests.map(\.max_score) == [2, 1.5, 1, 0] && right.tests.map(\.number) == ["q1", "q2", "q3", "4"])
      #expect(right.tests.map(\.status) == ["passed", "passed", "failed", "passed"])
      #expect(right.tests[1].output == "n = 4 <&\"" && right.tests[2].output == "untested: no reference")
      #expect(right.tests.allSatisfy { $0.visibility == "visible" })
      let wrong = try Self.results(p, "wrong")
      #expect(wrong.tests[0].output.contains("the sweep has no such value. Choose one of 0.01"), "\(wrong)")
      let broken = try Self.results(p, "broken")
      #expect(broken.score == 0 && broken.tests.map(\.score) == [0, 0, 0, 0] && broken.output.contains("'Nte'"))
      try Self.checkFiles(p)
    }
  }

  /// Pages, JUnit and the overview say the same.
  private static func checkFiles(_ p: Program) throws {
    let index = try String(contentsOf: p.file("index.html"), encoding: .utf8)
    #expect(index.contains("href=\"right/marking.html\"") && index.contains("href=\"right/report.html\""))
    #expect(
      index.contains("7000..&lt;7004") && index.contains("without network") && !index.contains("href=\"broken/marking"))
    let marking = try String(contentsOf: p.file("right/marking.html"), encoding: .utf8)
    #expect(marking.contains("The network learns XOR.") && marking.contains("2 of 2 points"))
    let report = try String(contentsOf: p.file("right/report.html"), encoding: .utf8)
    #expect(report.contains("mine") && !report.contains("2 of 2 points"))
    let junit = try XMLReader(contentsOf: p.file("junit.xml"))
    #expect(junit.attributes["testsuites"] == ["tests": "12", "failures": "1", "errors": "4", "skipped": "2"])
    #expect(junit.count("testsuite") == 3 && junit.count("testcase") == 12)
    let overview = try JSONSerialization.jsonObject(with: Data(contentsOf: p.file("overview.json"))) as? [String: Any]
    let entries = overview?["submissions"] as? [[String: Any]] ?? []
    #expect(entries.map { $0["score"] as? Double } == [3.5, 1.5, 0] && overview?["points"] as? Double == 4.5)
    #expect(entries.map { $0["outcome"] as? String } == ["marked", "marked", "does not compile"])
    #expect(overview?["isolated"] as? Bool == true)
  }

  /// Each has its own result, in time, and the next one is marked as if nothing had been.
  @Test(.enabled(if: isIsolating)) func hostileSubmissionsHarmNobody() throws {
    try CommandTests.with { p in
      let victim = try ScriptTests.write(p, "victims/notes.txt", "dear")
      let archive = try ScriptTests.write(p, "victims/descent.sqlite", "runs")
      let folder = URL(fileURLWithPath: victim).deletingLastPathComponent().path
      let destroy = """
        for path in ["\(victim)", "\(archive)", "\(folder)", "\(p.folder.path)/in/right.swift"] {
          try? FileManager.default.removeItem(atPath: path)
          try? "gone".write(toFile: path, atomically: false, encoding: .utf8)
        }
        """
      let kill = "for number in 2..<40_000 { kill(Int32(number), SIGKILL) }"
      let outcome = try Self.grade(
        p,
        [
          ("endless", Self.lab(setup: "while true {}")),
          ("sleeping", Self.lab(setup: "while true { sleep(1) }")),
          (
            "greedy",
            Self.lab(setup: "var all: [[UInt8]] = []; while true { all.append(Array(repeating: 1, count: 1 << 24)) }")
          ),
          ("trap", Self.lab(setup: "let few = [1]; _ = few[title.count]")),
          ("late", Self.lab(report: "Note { r in \"\\([1][r.count])\" }")),
          ("destroyer", Self.lab(setup: destroy)), ("killer", Self.lab(setup: kill)),
          (
            "filler",
            Self.lab(
              setup:
                "for i in 0..<400 { try? Data(count: 1 << 20).write(to: URL(fileURLWithPath: \"f\\(i)\")) }; sleep(60)")
          ),
          ("leaver", Self.lab(setup: "exit(0)")), ("forger", Self.lab(setup: Self.forgery)),
          ("large", Self.lab().replacing("3_000", with: "30_000")),
          ("right", Self.lab()),
        ], "--time", "8", "--cpu", "3", "--memory", "512", "--files", "64", "--steps", "50000")
      #expect(outcome.status == 0, "\(outcome)")
      for (name, outcome, words) in [
        ("endless", "time limit", "3 s of processor time"), ("sleeping", "time limit", "stopped after 8 s"),
        ("greedy", "memory limit", "512 MB"), ("trap", "trapped", "trap.swift:7: Index out of range"),
        ("late", "marked", "its own report was not finished"), ("destroyer", "marked", ""),
        ("killer", "ended early", ""),
        ("filler", "file limit", "64 MB"), ("leaver", "ended early", "before the claims were judged"),
        ("forger", "ended early", ""), ("large", "too many steps", "120\u{202F}000 steps"),
        ("right", "marked", ""),
      ] {
        let entry = try Self.entry(p, name)
        #expect(entry["outcome"] as? String == outcome, "\(name): \(entry)")
        #expect(words.isEmpty || (entry["message"] as? String)?.contains(words) == true, "\(name): \(entry)")
        let isMarked = outcome == "marked"
        #expect(try Self.results(p, name).score == (isMarked ? 3.5 : 0), "\(name)")
      }
      #expect(try String(contentsOfFile: victim, encoding: .utf8) == "dear")
      #expect(try String(contentsOfFile: archive, encoding: .utf8) == "runs")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["descent.sqlite", "notes.txt"])
      #expect(try String(contentsOfFile: "\(p.folder.path)/in/right.swift", encoding: .utf8) == Self.lab())
    }
  }

  /// Writes results as the grader would read them, were it not for the digest.
  private static let forgery = """
    let line = "0000 {\\"claim\\":{\\"_0\\":{\\"part\\":0,\\"index\\":0,\\"outcome\\":\\"pass\\",\\"evidence\\":\\"\\",\\"mark\\":{\\"points\\":2}}}}\\n0000 {\\"judged\\":{}}\\n"
    try? line.write(toFile: "records", atomically: false, encoding: .utf8)
    print(line, readLine() ?? "nothing to read")
    exit(0)
    """

  private static func entry(_ p: Program, _ name: String) throws -> [String: Any] {
    let overview = try JSONSerialization.jsonObject(with: Data(contentsOf: p.file("overview.json"))) as? [String: Any]
    let entries = overview?["submissions"] as? [[String: Any]] ?? []
    return try #require(entries.first { $0["name"] as? String == name })
  }

  /// A submission cannot read the claims, another submission, or the variables of the grader; and it has no network.
  @Test(.enabled(if: isIsolating)) func aSubmissionSeesNothingOfTheGrader() throws {
    try CommandTests.with { p in
      let spy = """
        Note { _ in
          let files = ["\(p.folder.path)/lecturer/marking.swift", "\(p.folder.path)/in/right.swift"]
          let sizes = files.map { (try? String(contentsOfFile: $0, encoding: .utf8))?.count ?? -1 }
          let secret = ProcessInfo.processInfo.environment["COURSE_SECRET"] ?? "none"
          let links = (try? String(contentsOfFile: "/proc/net/dev", encoding: .utf8))?.split(separator: "\\n").count ?? 0
          return "sizes \\(sizes) secret \\(secret) links \\(links - 2) processes \\(processes()) disk \\(access("/dev/mem", F_OK))"
        }
        """
      let more = """
        func processes() -> Int {
          let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
          return names.count { Int($0) != nil }
        }
        """
      let files = try [("spy", Self.lab(report: spy, more: more)), ("right", Self.lab())].map {
        try ScriptTests.write(p, "in/\($0.0).swift", $0.1)
      }
      let marking = try ScriptTests.write(p, "lecturer/marking.swift", Self.claims)
      let outcome = try p.runAll(
        ["grade", "--claims", marking, "--output", p.output] + files, environment: ["COURSE_SECRET": "xyzzy"],
        in: p.folder)
      #expect(outcome.status == 0, "\(outcome)")
      let page = try String(contentsOf: p.file("spy/report.html"), encoding: .utf8)
      #expect(page.contains("sizes [-1, -1] secret none links 1 processes 2 disk -1"), "\(page.suffix(2000))")
    }
  }

  @Test(.enabled(if: isIsolating)) func seedsOfTheCommandLineAndStrictness() throws {
    try CommandTests.with { p in
      let outcome = try Self.grade(
        p, [("right", Self.lab())], claims: Self.claims, "--seeds", "5,9", "--strict", "--json")
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.output.contains(#""outcome":"fail","points":1.5,"score":0,"submission":"right""#), "\(outcome)")
      #expect(outcome.output.contains(#""event":"graded","message":"","outcome":"marked","points":4.5,"score":2"#))
      #expect(try Self.results(p, "right").tests[1].output == "n = 2 <&\"")
      let clean = Self.claims.replacing("throw Untested(\"no reference\")", with: "(true, \"\")")
      #expect(try Self.grade(p, [("right", Self.lab())], claims: clean, "--strict").status == 0)
    }
  }

  /// What is wrong with the lecturer's file or with the options is said with its line before any submission runs.
  @Test(arguments: [
    (
      "id: \"q2\"", "id: \"q1\"", 64,
      "marking.swift:10: claim “Every run has the seeds of the lecturer”: id: q1: another claim"
    ),
    ("points: 2", "points: -2", 64, "marking.swift:9: "), ("points: 2", "points: .nan", 64, "marking.swift:9: "),
    ("7000..<7004", "-3..<4", 64, "marking.swift:5: LabMarking.seeds: -3..<4: seeds are whole numbers from 0"),
    ("Untested(", "Untestd(", 65, "hint: did you mean Untested?"),
  ])
  func mistakesOfTheLecturerComeFirst(_ old: String, _ new: String, _ status: Int32, _ words: String) throws {
    try CommandTests.with { p in
      let claims = Self.claims.replacing(old, with: new, maxReplacements: 1)
      let outcome = try Self.grade(p, [("right", Self.lab())], claims: claims)
      #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: p.file("index.html").path))
    }
  }

  @Test func aFileWithoutClaimsIsRefused() throws {
    try CommandTests.with { p in
      let outcome = try Self.grade(p, [("right", Self.lab())], claims: Self.lab())
      #expect(outcome.status == 65 && outcome.errors.contains("the file declares no claims for marking"), "\(outcome)")
    }
  }

  @Test(arguments: [
    (["--memory", "1"], "--memory"), (["--time", "0"], "--time"), (["--visibility", "hiden"], "Did you mean hidden?"),
    (["--seeds", "x"], "--seeds"), (["nowhere.swift"], "nowhere.swift: there is no file"),
    (["--threads", "0"], "--threads"),
  ])
  func optionsAreChecked(_ options: [String], _ words: String) throws {
    try CommandTests.with { p in
      let file = try ScriptTests.write(p, "in/right.swift", Self.lab())
      let marking = try ScriptTests.write(p, "marking.swift", Self.claims)
      let outcome = try p.runAll(["grade", "--claims", marking, "--output", p.output, file] + options, in: p.folder)
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome)")
    }
  }
}

/// The elements of an XML file with the numbers of its root.
private final class XMLReader: NSObject, XMLParserDelegate {
  private(set) var attributes: [String: [String: String]] = [:]
  private var counts: [String: Int] = [:]

  struct Broken: Error {}

  init(contentsOf file: URL) throws {
    super.init()
    let parser = XMLParser(data: try Data(contentsOf: file))
    parser.delegate = self
    guard parser.parse() else { throw Broken() }
  }

  func count(_ element: String) -> Int { counts[element, default: 0] }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes found: [String: String]
  ) {
    counts[name, default: 0] += 1
    if attributes[name] == nil { attributes[name] = found.filter { $0.key != "name" && $0.key != "time" } }
  }
}
