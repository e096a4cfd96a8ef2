import CPlatform
package import Foundation
import Learning

/// A child process in which the code of scripts runs: a trap, an endless loop or an allocation beyond all memory ends only the child.
package struct ScriptProcess: Sendable {
  /// The variable of the environment by which a child knows its scripts.
  private static let variable = "DESCENT_SCRIPTS"
  /// The variable by which a child knows the number of its parent.
  private static let parentVariable = "DESCENT_PARENT"
  /// Set for a child whose error messages come to a terminal, through a pipe.
  package static let terminalVariable = "DESCENT_ERRORS_ON_TERMINAL"

  /// A script as the command line names it.
  package struct Request: Hashable, Sendable {
    /// The argument: a path or the name of an experiment.
    package let argument: String
    package let script: CompiledScript

    package init(argument: String, script: CompiledScript) {
      self.argument = argument
      self.script = script
    }
  }

  private let requests: [Request]

  package init(_ requests: [Request]) { self.requests = requests }

  /// The number of the process that has started this one as such a child; 0 where none has.
  package static let parent = ProcessInfo.processInfo.environment[parentVariable].flatMap { Int32($0) } ?? 0

  /// The scripts of this process, if it is such a child.
  package static func requests() -> [Request]? {
    guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
    // Programs that this process starts are no such children.
    unsetenv(variable)
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, let script = ObjectCache.entry(at: URL(fileURLWithPath: String(parts[0])))
      else { return nil }
      return Request(argument: String(parts[1]), script: script)
    }
  }

  // MARK: Running

  /// How a child has ended.
  package enum Ending: Sendable {
    /// With an exit code.
    case exited(Int32)
    /// By a signal that its own code caused.
    case trapped(Trap)
    /// By a signal of another process, or of the kernel.
    case killed(signal: Int32)
  }

  /// Runs this program again as a child, with the same standard input and output.
  /// - Parameters:
  ///   - arguments: those of the command line, without the program's name.
  ///   - errors: takes what the child writes to standard error, in whole lines but for the last.
  /// - Throws: `Mistake` where no process can be started.
  package func run(_ arguments: [String], output: Int32 = STDOUT_FILENO, errors: (String) -> Void) throws -> Ending {
    let crash = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: crash) }
    let ends = try Self.pipe()
    let child: pid_t
    do { child = try spawn(arguments, output: output, errors: ends[1], crash: crash) } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    close(ends[1])
    descent_pass_signals_on(child)
    var fatal: String?
    var blank = ""
    Self.readLines(ends[0]) { line in
      // The backtrace program speaks between empty lines; what it and the runtime say is in the trap.
      if line == "\n" {
        blank += line
      } else if line.hasPrefix("*** Signal") || line.hasPrefix("swift-runtime: ")
        || line.hasPrefix("swift runtime: ")
      {
        blank = ""
      } else if let message = Trap.message(in: line) {
        fatal = message
      } else {
        errors(blank + line)
        blank = ""
      }
    }
    close(ends[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    guard signal != 0 else { return .exited(status >> 8 & 0xff) }
    guard [SIGTRAP, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGFPE].contains(signal) else { return .killed(signal: signal) }
    return .trapped(Trap(signal: signal, message: fatal, backtrace: crash, scripts: requests.map(\.script)))
  }

  /// What a child writes to standard output; `nil` where it fails. Its error messages are not shown.
  package func output(_ arguments: [String]) throws -> Data? {
    let ends = try Self.pipe()
    let reader = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    let received = PipeReader(reader)
    let ending: Ending
    do {
      ending = try run(arguments, output: ends[1], errors: { _ in })
      close(ends[1])
    } catch {
      close(ends[1])
      throw error
    }
    guard case .exited(0) = ending else { return nil }
    return received.data()
  }

  private func spawn(_ arguments: [String], output: Int32, errors: Int32, crash: URL) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    if output != STDOUT_FILENO { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    var environment = ProcessInfo.processInfo.environment
    environment[Self.variable] = requests.map { "\($0.script.entry.path)\t\($0.argument)" }.joined(separator: "\n")
    environment[Self.parentVariable] = "\(getpid())"
    environment["SWIFT_BACKTRACE"] =
      "enable=yes,format=json,threads=crashed,registers=none,images=none,interactive=no,color=no,sanitize=no,limit=48,output-to=\(crash.path)"
    if isatty(STDERR_FILENO) == 1 { environment[Self.terminalVariable] = "1" }
    let words = [CommandLine.arguments.first ?? "descent"] + arguments
    var child: pid_t = 0
    let status = CStrings.with(words) { words in
      CStrings.with(environment.map { "\($0)=\($1)" }) { variables in
        posix_spawn(&child, Toolchain.currentProgram.path, &actions, nil, words, variables)
      }
    }
    guard status == 0 else { throw Self.refused(status) }
    return child
  }

  /// A pipe, its end for reading first, that no other child inherits.
  private static func pipe() throws -> [Int32] {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else { throw refused() }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return ends
  }

  private static func refused(_ code: Int32 = errno) -> Mistake {
    Mistake(
      .environment, at: "script", value: String(cString: strerror(code)),
      rule: "the process for the script cannot be started",
      remedy: "Close other programs, or raise the limit of processes")
  }

  private static func readLines(_ file: Int32, _ take: (String) -> Void) {
    var pending: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      pending += buffer[..<count]
      while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        take(String(decoding: pending[...end], as: UTF8.self))
        pending.removeFirst(end + 1)
      }
    }
    if !pending.isEmpty { take(String(decoding: pending, as: UTF8.self)) }
  }
}
