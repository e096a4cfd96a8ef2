import Foundation
import Synchronization

/// Ctrl-C and termination, turned into a request to stop.
enum Interruption {
  /// Runs `body`; calls `cancel` at the first signal, and exits at the second.
  static func during<T>(_ cancel: @escaping @Sendable () -> Void, _ body: () throws -> T) rethrows -> T {
    let first = Mutex<ContinuousClock.Instant?>(nil)
    return try handling(
      {
        let isSecond = first.withLock { first in
          guard let before = first else {
            first = .now
            return false
          }
          // A signal for the whole group of processes comes twice: from its sender and from the parent, which passes it on.
          return .now - before > .milliseconds(300)
        }
        if isSecond { _exit(ExitStatus.interrupted) }
        cancel()
      }, during: body)
  }

  /// From here on a signal ends the process with a message and its exit code: no work has begun that must be finished.
  static func leaveAtOnce() {
    for number in [SIGINT, SIGTERM] { signal(number) { _ in Interruption.leave() } }
  }

  /// Runs `body`; calls `handler` at each SIGINT and SIGTERM, on another thread, instead of the default effect of the signal.
  static func handling<T>(_ handler: @escaping @Sendable () -> Void, during body: () throws -> T) rethrows -> T {
    present.withLock { $0 = handler }
    _ = sources
    defer { present.withLock { $0 = leave } }
    return try body()
  }

  /// What a signal does now.
  private static let present = Mutex<@Sendable () -> Void>(leave)

  /// The sources of the signals, made once: one that is made while a former one of the same signal ends would receive nothing.
  nonisolated(unsafe) private static let sources = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
    source.setEventHandler { present.withLock(\.self)() }
    source.resume()
    return source
  }

  /// Only calls that are safe within the handler of a signal.
  @Sendable private static func leave() {
    let message: StaticString = "\ninterrupted\n"
    _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    _exit(ExitStatus.interrupted)
  }
}
