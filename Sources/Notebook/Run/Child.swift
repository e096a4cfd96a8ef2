import CPlatform
import Foundation
import Synchronization

/// A program in a process of its own, with its output line by line.
///
/// A thread that does nothing else starts the process, reads from it and waits for it, so that the kernel can end the process
/// together with this program.
final class Child: Sendable {
  struct Command: Sendable {
    var program: String
    var arguments: [String]
    var folder: String
    /// Most bytes of data; 0 is no limit.
    var memory: UInt64 = 0
  }

  enum Output: Sendable {
    case line(String)
    case errorLine(String)
    /// The process has ended; nothing follows.
    case ended(ChildEnd)
  }

  private enum Phase {
    case starting
    case running(pid_t)
    case ended
  }

  let outputs: AsyncStream<Output>
  private let phase = Mutex(Phase.starting)
  private let continuation: AsyncStream<Output>.Continuation
  /// Outputs that nobody has taken yet: a program that prints faster than the page reads has to wait.
  private let room = DispatchSemaphore(value: 512)

  init(_ command: Command) {
    (outputs, continuation) = AsyncStream.makeStream()
    let thread = Thread { [self] in work(command) }
    thread.name = "child"
    thread.start()
  }

  /// Says that an output has been taken.
  func release() { room.signal() }

  /// Sends a signal to the process and all that it has started.
  func signal(_ number: Int32) {
    phase.withLock { phase in
      // The number belongs to this process until its end is collected under the same lock.
      if case .running(let process) = phase { kill(-process, number) }
    }
  }

  // MARK: The thread

  private func work(_ command: Command) {
    var files: (Int32, Int32) = (-1, -1)
    let process = Self.start(command, &files)
    guard process > 0 else {
      send(.ended(.unstarted(String(cString: strerror(-process)))))
      return continuation.finish()
    }
    phase.withLock { $0 = .running(process) }
    var streams = [LineStream(file: files.0) { .line($0) }, LineStream(file: files.1) { .errorLine($0) }]
    var hasEnded = false
    while !streams.isEmpty {
      let isReady = Self.wait(streams.map(\.file))
      // What the process has started may keep the pipes open after its end.
      if hasEnded && !isReady.contains(true) { break }
      for (index, ready) in isReady.enumerated() where ready { streams[index].read { send($0) } }
      for index in streams.indices where streams[index].isAtEnd { streams[index].close { send($0) } }
      streams.removeAll(where: \.isAtEnd)
      if !hasEnded { hasEnded = Self.hasEnded(process, waits: false) }
    }
    for index in streams.indices { streams[index].close { send($0) } }
    _ = Self.hasEnded(process, waits: true)
    send(.ended(collect(process)))
    continuation.finish()
  }

  private func send(_ output: Output) {
    room.wait()
    continuation.yield(output)
  }

  private static func start(_ command: Command, _ files: inout (Int32, Int32)) -> pid_t {
    let arguments = ([command.program] + command.arguments).map { strdup($0) }
    // Colours and the backtraces of a terminal are not for a page.
    let own = ["NO_COLOR": "1", "SWIFT_BACKTRACE": "enable=no"]
    let variables = ProcessInfo.processInfo.environment.merging(own) { $1 }
    let environment = variables.map { strdup("\($0)=\($1)") }
    defer { (arguments + environment).forEach { free($0) } }
    var output: Int32 = -1
    var errors: Int32 = -1
    let process = descent_start(
      command.program, arguments + [nil], environment + [nil], command.folder, command.memory, &output, &errors)
    files = (output, errors)
    return process
  }

  /// Which files can be read, or have ended; waits at most a twentieth of a second.
  private static func wait(_ files: [Int32]) -> [Bool] {
    var states = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&states, nfds_t(states.count), 50) > 0 else { return files.map { _ in false } }
    return states.map { $0.revents != 0 }
  }

  private static func hasEnded(_ process: pid_t, waits: Bool) -> Bool {
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | (waits ? 0 : WNOHANG)) != 0 {
      guard errno == EINTR else { return true }
    }
    return information.si_signo != 0
  }

  /// Ends what the process has left behind, and takes its status.
  private func collect(_ process: pid_t) -> ChildEnd {
    phase.withLock { phase in
      kill(-process, SIGKILL)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      phase = .ended
      let signal = status & 0x7F
      return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
    }
  }
}
