import Foundation

/// Ctrl-C and termination.
enum Signals {
  /// Waits for the first signal. A second one ends the program at once.
  static func next() async {
    let numbers = [SIGINT, SIGTERM, SIGHUP]
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
    for await _ in stream { break }
    for source in sources { source.cancel() }
    for number in numbers { signal(number, SIG_DFL) }
  }
}
