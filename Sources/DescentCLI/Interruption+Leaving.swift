import Foundation
import Reporting
import Studies

extension Interruption {
  /// Runs work that may end at any moment: reading an archive, composing and writing a report. A signal ends the process
  /// with a word; files that are just being moved into their place arrive first, and former ones stay otherwise.
  static func leaving<T>(_ listener: any EventListener, _ body: () throws -> T) rethrows -> T {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        OutputFolder.leaving {
          listener.hear(.failed(message: "interrupted; what had not been written yet stays as it was"))
          _exit(ExitStatus.interrupted)
        }
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
    return try body()
  }
}
