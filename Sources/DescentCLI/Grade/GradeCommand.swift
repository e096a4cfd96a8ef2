import ArgumentParser
import Foundation
import Learning
import Scripts
import Studies
import Synchronization

struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Mark submissions with the claims of a lecturer's file.",
    discussion: """
      Each submission is compiled alone and runs in a process of its own, without network, with limits of time, memory, steps and files. \
      The results are a table, results.json as Gradescope reads it, JUnit XML and pages. The page Marking coursework of the documentation \
      describes the lecturer's file.
      """)

  @Option(name: .long, help: ArgumentHelp("The lecturer's file with the claims. Required.", valueName: "file"))
  var claims: String

  @Argument(help: ArgumentHelp("Files, or folders with Swift files, one for each submission.", valueName: "submission"))
  var submissions: [String]

  @Option(
    name: .long,
    help: .option("Seeds that students do not know: 1000..<1032.", default: "seeds of the lecturer's file", "seeds"))
  var seeds: String?

  @OptionGroup var limits: LimitOptions

  @Option(name: .long, help: .option("Number of threads that train.", default: "number of processors", "number"))
  var threads: Int?

  @Option(name: .long, help: .option("Folder of the results.", default: "grades", "folder"))
  var output: String?

  @Option(
    name: .long,
    help: .option(
      "Who sees the claims in Gradescope: visible, hidden, after_due_date or after_published.", default: "visible",
      "word"))
  var visibility: String?

  @Flag(name: .long, help: "Exit with code 1 unless every claim of every submission passes.")
  var strict = false

  @Flag(
    name: .long,
    help:
      "Mark also where the system does not isolate processes. The limits hold; files and network are open to submissions."
  )
  var unconfined = false

  @OptionGroup var voice: VoiceOptions

  func run() throws {
    guard Program.isScripted else {
      throw Mistake(
        at: "grade", value: "", rule: "this program has its experiments compiled in, and submissions are scripts",
        remedy: "Use the program descent")
    }
    let visibility = try chosenVisibility()
    let threads = try chosenThreads()
    let limits = try limits.limits(threads: threads)
    let list = try seeds.map(SeedList.parse)
    let submissions = try Submission.all(submissions)
    let results = GradeFolder(URL(fileURLWithPath: output ?? "grades"), visibility: visibility)
    try results.check(submissions)
    let workshop = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("descent-grade-\(UUID().uuidString)")
    try Self.make(workshop)
    defer { try? FileManager.default.removeItem(at: workshop) }
    let isCancelled = Cancellation()
    try Interruption.handling({ isCancelled.set() }) {
      guard let described = try ClaimsFile(claims, seeds: list, workshop: workshop, voice: voice).describe() else {
        return
      }
      let isIsolated = try isolation(workshop)
      let grader = Grader(
        scheme: described.scheme, claims: described.script, seeds: list, limits: limits,
        maximumSteps: self.limits.maximumSteps, threads: threads, isIsolated: isIsolated,
        hidden: described.script.files + submissions.map(\.url), workshop: workshop, isCancelled: { isCancelled.isSet })
      try grade(submissions, grader, results, isCancelled)
    }
  }

  private func grade(
    _ submissions: [Submission], _ grader: Grader, _ results: GradeFolder, _ isCancelled: Cancellation
  ) throws {
    let report = GradeVoice(voice)
    var graded: [GradedSubmission] = []
    for (index, submission) in submissions.enumerated() {
      report.begins(submission, index + 1, of: submissions.count)
      let one = try grader.grade(submission)
      if isCancelled.isSet {
        report.interrupted()
        throw ExitCode(ExitStatus.interrupted)
      }
      graded.append(one)
      report.ended(one)
    }
    report.table(graded, grader.scheme)
    let conditions = GradeConditions(claims: claims, grader: grader).sentences
    let page = try results.write(graded, grader.scheme, claims: claims, conditions, isIsolated: grader.isIsolated)
    report.wrote(page)
    if strict && !graded.allSatisfy(\.isClean) { throw ExitCode(ExitStatus.strict) }
  }

  /// Whether submissions run in namespaces of their own.
  /// - Throws: `Mistake` where the system has none and the user has not accepted that.
  private func isolation(_ workshop: URL) throws -> Bool {
    let trial = workshop.appendingPathComponent("trial")
    try Self.make(trial)
    if LimitedProcess.isIsolationAvailable(in: trial) { return true }
    guard unconfined else {
      throw Mistake(
        .environment, at: "grade", value: "user namespaces",
        rule: "this system does not let submissions run apart from your files and from the network",
        remedy:
          "Allow them (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or run in a "
          + "container and add --unconfined: then only the limits and the container protect")
    }
    return false
  }

  private static func make(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Mistake(
        .output, at: folder.path, value: error.localizedDescription, rule: "the folder cannot be made",
        remedy: "Check the disk, or set TMPDIR to a folder with room")
    }
  }

  private func chosenThreads() throws -> Int {
    guard let threads else { return ProcessInfo.processInfo.activeProcessorCount }
    guard (1...1024).contains(threads) else {
      throw Mistake(
        at: "--threads", value: "\(threads)", rule: "must be between 1 and 1024",
        remedy: "Leave it out to use all processors")
    }
    return threads
  }

  private func chosenVisibility() throws -> GradescopeFile.Visibility {
    guard let visibility else { return .visible }
    guard let known = GradescopeFile.Visibility(rawValue: visibility) else {
      let all = GradescopeFile.Visibility.allCases.map(\.rawValue)
      let near = Spelling.nearest(to: visibility, among: all).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        at: "--visibility", value: visibility, rule: "Gradescope has no such word",
        remedy: "\(near)Write one of \(all.joined(separator: ", "))")
    }
    return known
  }
}

/// Whether a signal has asked the program to end.
final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
