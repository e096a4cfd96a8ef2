import Foundation
import Learning

/// One script, the process that runs it, and the pages that show it.
package actor NotebookSession {
  /// What a session works with.
  package struct Configuration: Sendable {
    package var script: ScriptFile
    /// The path of the program `descent`.
    package var program: String
    /// The folder of reports and archive; `nil` for that of `descent run`.
    package var output: String?
    /// Most bytes of the script's data; 0 is no limit.
    package var memory: UInt64
    /// How long a script may take to stop before the next, stronger signal.
    package var grace: Duration

    package init(
      script: ScriptFile, program: String, output: String? = nil, memory: UInt64 = 0, grace: Duration = .seconds(3)
    ) {
      self.script = script
      self.program = program
      self.output = output
      self.memory = memory
      self.grace = grace
    }
  }

  private enum Ending {
    case byItself
    case stopped
    /// For a newer version of the script.
    case replaced
  }

  private struct Run {
    let number: Int
    let child: Child
    let started = ContinuousClock.now
    var ending = Ending.byItself
    var errors: [String] = []
    var hasProblem = false
  }

  package nonisolated let configuration: Configuration
  /// Distinguishes this start of the program from another.
  private let identity = String(UInt64.random(in: 0 ... .max), radix: 36)
  private var content: ScriptFile.Content?
  private var watch: FileWatch
  private var log = EventLog()
  private var run: Run?
  private var count = 0
  private var pages: [Int: AsyncStream<String>.Continuation] = [:]
  private var pageCount = 0
  private var waiters: [CheckedContinuation<Void, Never>] = []

  /// - Throws: `Mistake` if the script cannot be read.
  package init(_ configuration: Configuration) throws {
    self.configuration = configuration
    watch = FileWatch(path: configuration.script.path)
    content = try configuration.script.content()
  }

  private var script: ScriptFile { configuration.script }

  // MARK: Pages

  /// The present state as events, then every event as it comes.
  package func open() -> AsyncStream<String> {
    let number = pageCount
    pageCount += 1
    let (stream, page) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(8_192))
    page.onTermination = { [weak self] _ in Task { await self?.close(number) } }
    page.yield(
      JSONLine.text([
        "event": "hello", "identity": identity, "file": script.name, "path": script.path, "isRunning": run != nil,
        "text": content?.text ?? "", "version": content?.version ?? "", "isRemoved": content == nil,
      ]))
    for line in log.lines { page.yield(line) }
    page.yield(JSONLine.text(["event": "ready"]))
    pages[number] = page
    return stream
  }

  private func close(_ number: Int) { pages[number] = nil }

  private func tell(_ line: String) {
    for (number, page) in pages {
      // A page that does not read loses events: it has to come back, and gets the present state.
      if case .dropped = page.yield(line) {
        page.finish()
        pages[number] = nil
      }
    }
  }

  private func tell(_ fields: [String: Any]) { tell(JSONLine.text(fields)) }

  /// Tells every page that the program is there.
  package func beat() { tell(["event": "beat"]) }

  // MARK: The script

  /// Writes the text of a page, if the file is still the one that the page knows, and runs it.
  /// - Throws: `Mistake` if the file cannot be written.
  package func save(_ text: String, over base: String) throws -> ScriptFile.Outcome {
    let outcome = try script.write(text, over: base)
    switch outcome {
    case .saved(let saved): take(saved)
    case .conflict(let present): if present != content { take(present) }
    }
    return outcome
  }

  /// Looks whether another program has saved the file.
  package func look() {
    guard watch.hasSettled() else { return }
    do {
      let present = try script.content()
      if present != content { take(present) }
    } catch {
      tell(["event": "unreadable", "message": "\(error)"])
    }
  }

  private func take(_ present: ScriptFile.Content?) {
    let isNew = present != content
    content = present
    tell([
      "event": "source", "text": present?.text ?? "", "version": present?.version ?? "", "isRemoved": present == nil,
    ])
    if isNew && present != nil { start() }
  }

  // MARK: Runs

  /// Runs the script; a run of an older version is stopped before.
  package func start() {
    guard run == nil else { return end(as: .replaced) }
    count += 1
    var arguments = ["run", script.path, "--json", "--cells", "--format", "png,html"]
    if let output = configuration.output { arguments += ["--output", output] }
    let child = Child(
      Child.Command(
        program: configuration.program, arguments: arguments,
        folder: FileManager.default.currentDirectoryPath, memory: configuration.memory))
    let number = count
    run = Run(number: number, child: child)
    let began = JSONLine.text(["event": "began", "run": number, "version": content?.version ?? ""])
    log.begin(began)
    tell(began)
    Task {
      for await output in child.outputs {
        hear(output, of: number)
        child.release()
      }
    }
  }

  /// Stops the present run. Finished runs of its sweep are kept.
  package func stop() { end(as: .stopped) }

  /// Stops the present run and waits for its end.
  package func leave() async {
    guard run != nil else { return }
    stop()
    await withCheckedContinuation { waiters.append($0) }
  }

  private func end(as ending: Ending) {
    guard let run else { return }
    let isStopping = run.ending != .byItself
    // A stop that somebody asks for is not followed by another run.
    if run.ending != .stopped || ending == .stopped { self.run?.ending = ending }
    if isStopping { return }
    tell(["event": "stopping"])
    let grace = configuration.grace
    Task {
      for signal in [SIGINT, SIGTERM, SIGKILL] {
        run.child.signal(signal)
        try? await Task.sleep(for: grace)
      }
    }
  }

  private func hear(_ output: Child.Output, of number: Int) {
    guard run?.number == number else { return }
    switch output {
    case .line(let line):
      if let fields = JSONLine.fields(line), fields["event"] is String {
        pass(fields, line)
      } else {
        log.add(printed: line)
        tell(["event": "printed", "text": String(line.prefix(2_000))])
      }
    case .errorLine(let line):
      if let problem = Trap.problem(line) { pass(problem, JSONLine.text(problem)) }
      run?.errors.append(String(line.prefix(2_000)))
      if run?.errors.count ?? 0 > 400 { run?.errors.removeFirst(200) }
    case .ended(let end): finish(end)
    }
  }

  private func pass(_ fields: [String: Any], _ line: String) {
    let isError = fields["event"] as? String == "problem" && fields["severity"] as? String ?? "error" == "error"
    if isError { run?.hasProblem = true }
    if log.add(fields, line) { tell(line) }
  }

  private func finish(_ end: ChildEnd) {
    guard let run else { return }
    let isFinished = end == .exited(0) && run.ending == .byItself
    let isStopped = run.ending == .stopped || (run.ending == .byItself && end == .exited(130))
    if !isFinished && run.ending == .byItself && !isStopped && !run.hasProblem { explain(end, run.errors) }
    let outcome = isFinished ? "finished" : isStopped ? "stopped" : run.ending == .replaced ? "replaced" : "failed"
    let ended = JSONLine.text([
      "event": "ended", "run": run.number, "outcome": outcome,
      "seconds": (ContinuousClock.now - run.started) / .seconds(1),
    ])
    log.end(ended, isFinished: isFinished)
    tell(ended)
    self.run = nil
    for waiter in waiters { waiter.resume() }
    waiters = []
    if run.ending == .replaced { start() }
  }

  /// Tells why a run has failed if no event has told it.
  private func explain(_ end: ChildEnd, _ errors: [String]) {
    let said = errors.filter { $0.hasPrefix("error: ") }.map { String($0.dropFirst(7)) }
    let last = errors.suffix(12).joined(separator: "\n")
    let why = end.explanation(memory: configuration.memory).map { last.isEmpty ? $0 : "\($0)\n\(last)" }
    let messages =
      why.map { [$0] } ?? (said.isEmpty ? [last.isEmpty ? "The run has failed without a message." : last] : said)
    for message in messages {
      let problem: [String: Any] = ["event": "problem", "severity": "error", "message": message]
      pass(problem, JSONLine.text(problem))
    }
  }
}
