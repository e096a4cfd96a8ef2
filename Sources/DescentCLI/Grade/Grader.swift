import Foundation
import Learning
import Scripts
import Studies

/// Marks submissions, each in a process and a folder of its own.
struct Grader {
  let scheme: MarkingScheme
  /// The compiled claims.
  let claims: CompiledScript
  let seeds: [UInt64]?
  let limits: LimitedProcess.Limits
  let maximumSteps: Int
  let threads: Int
  let isIsolated: Bool
  /// Files that no submission may read: the lecturer's file, and all submissions.
  let hidden: [URL]
  /// A folder for temporary files, empty at the beginning.
  let workshop: URL
  let isCancelled: @Sendable () -> Bool

  /// The result of a submission. Whatever it does, there is one.
  /// - Throws: `Mistake` where this machine cannot do it: the disk is full, no process can be started.
  func grade(_ submission: Submission) throws -> GradedSubmission {
    let began = ContinuousClock.now
    let folder = workshop.appendingPathComponent(UUID().uuidString)
    let bench = Bench(folder)
    try bench.make()
    defer { bench.remove() }
    var graded: GradedSubmission
    do {
      graded = try run(try compile(submission, bench), submission, bench)
    } catch let errors as CompileErrors {
      graded = failed(submission, .notCompiled, Self.text(errors))
    } catch let limit as CompilerLimit {
      graded = failed(submission, .notCompiled, limit.why)
    } catch let mistake as Mistake where mistake.kind == .data {
      graded = failed(submission, .refused, "\(mistake.rule). \(mistake.remedy)")
    }
    if graded.log.isEmpty { graded.log = graded.message }
    graded.log = bench.anonymous(graded.log, submission)
    graded.message = bench.anonymous(graded.message, submission)
    graded.seconds = (ContinuousClock.now - began).seconds
    return graded
  }

  private func failed(_ submission: Submission, _ ending: SubmissionEnding, _ message: String) -> GradedSubmission {
    GradedSubmission(submission, scheme: scheme, records: [], ending: ending, message: message)
  }

  // MARK: Compiling

  /// The compiler runs none of the submission's code. It has the limits of time and memory too, since a source may keep it busy for ever.
  private func compile(_ submission: Submission, _ bench: Bench) throws -> CompiledScript {
    guard let script = Script(submission.url) else {
      throw Mistake(
        .data, at: submission.path, value: "", rule: "it is not a Swift file and has none in it",
        remedy: "Hand in a file NAME.swift, or a folder with Swift files")
    }
    let (limits, isCancelled) = (limits, isCancelled)
    let cache = ObjectCache(folder: bench.objects, modules: ObjectCache().modules)
    let compiler = ScriptCompiler(toolchain: try Toolchain(), cache: cache) { command in
      let process = LimitedProcess(scratch: bench.objects, isIsolated: false, limits: limits)
      let files = (out: bench.file("compiler.out"), err: bench.file("compiler.err"))
      for file in [files.out, files.err] { try? FileManager.default.removeItem(at: file) }
      let ending = try process.run(
        ["/usr/bin/env"] + command, environment: ProcessInfo.processInfo.environment, output: files.out,
        errors: files.err, isCancelled: isCancelled)
      let errors = bench.text(files.err)
      if ending.stop != nil || ending.signal != nil, !isCancelled() {
        throw CompilerLimit(why: "the compiler needs more time or memory for it than the limits allow")
      }
      return Subprocess.Result(status: ending.code ?? 1, output: bench.text(files.out), errors: errors)
    }
    return try compiler.compile(script).script
  }

  private static func text(_ errors: CompileErrors) -> String {
    errors.diagnostics.enumerated().filter { $1.severity == .error }.prefix(8).map { index, diagnostic in
      let place = "\(URL(fileURLWithPath: diagnostic.file).lastPathComponent):\(diagnostic.line):\(diagnostic.column)"
      return "\(place): \(diagnostic.message)" + (errors.hints[index].map { " (hint: \($0))" } ?? "")
    }.joined(separator: "\n")
  }

  // MARK: Running

  private func run(_ script: CompiledScript, _ submission: Submission, _ bench: Bench) throws -> GradedSubmission {
    let job = MarkingJob(
      claims: claims.entry, submission: script.entry, seeds: seeds, maximumSteps: maximumSteps, threads: threads,
      dataFolders: dataFolders(submission), result: bench.scratch.appendingPathComponent("records"),
      scratch: bench.scratch)
    try job.write(to: bench.file("job.json"))
    let secret = MarkChannel.newSecret()
    let others = hidden.filter { $0 != submission.url }
    let process = LimitedProcess(scratch: bench.scratch, hidden: others, isIsolated: isIsolated, limits: limits)
    let ending = try process.run(
      [Toolchain.currentProgram.path, "mark", "watch", bench.file("job.json").path],
      environment: bench.environment, input: Data(secret.utf8), output: bench.file("out"), errors: bench.file("err"),
      isCancelled: isCancelled)
    let records = MarkChannel(job.result, secret: secret).records()
    let errors = bench.text(bench.file("err"))
    let (outcome, message) = Self.verdict(
      records, SubmissionEnding.of(ending, errors: errors, limits: limits), parts: scheme.parts.count)
    var graded = GradedSubmission(submission, scheme: scheme, records: records, ending: outcome, message: message)
    graded.pages = bench.pages(records)
    let said = errors.split(separator: "\n").filter { !$0.hasPrefix(SubmissionEnding.trapSign) }
    graded.log = ([message, bench.text(bench.file("out"))] + said.map(String.init)).filter { !$0.isEmpty }.joined(
      separator: "\n")
    return graded
  }

  /// What happened, from the records and from the end of the process. What is judged stays judged, whatever came after.
  private static func verdict(
    _ records: [MarkRecord], _ ending: (SubmissionEnding, String)?, parts: Int
  ) -> (SubmissionEnding, String) {
    var (isJudged, refusals, isLarge, remark) = (false, [String](), false, "")
    for record in records {
      switch record {
      case .judged: isJudged = true
      case .refused(_, let steps, let messages):
        refusals += messages
        isLarge = isLarge || steps
      case .withoutReport(let why): remark = "its own report cannot be written: \(why)"
      case .claim, .page: break
      }
    }
    if isJudged, refusals.count > 0, !records.contains(where: { if case .claim = $0 { true } else { false } }) {
      return (isLarge ? .steps : .refused, refusals.joined(separator: "\n"))
    }
    if isJudged {
      let later = ending.map { "its own report was not finished: \($0.1)" }
      return (.marked, (refusals + [later ?? remark]).filter { !$0.isEmpty }.joined(separator: "\n"))
    }
    return ending ?? (.ended, "its process ended before the claims were judged")
  }

  /// Beside the submission, beside the lecturer's file, and in the working directory.
  private func dataFolders(_ submission: Submission) -> [URL] {
    let near = [submission.url, claims.source].map { $0.deletingLastPathComponent() }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    return (near + [here]).flatMap { [$0.appendingPathComponent("data"), $0] }
  }
}

/// The compiler was stopped at a limit.
private struct CompilerLimit: Error {
  let why: String
}
