package import Foundation

/// The end of a process by its own code: an index out of range, an overflow, a failed precondition, a stack overflow.
package struct Trap: Hashable, Sendable {
  /// What was wrong, in the words of the runtime: "Index out of range".
  package let reason: String
  /// The place in the script, the innermost one; `nil` where the trap was not in the script's code.
  package let place: Place?

  package struct Place: Hashable, Sendable {
    package let file: String
    package let line: Int
    package let column: Int
    /// The function, as the source writes it.
    package let function: String

    package init(file: String, line: Int, column: Int, function: String) {
      self.file = file
      self.line = line
      self.column = column
      self.function = function
    }
  }

  /// - Parameters:
  ///   - message: what the runtime wrote, if anything.
  ///   - backtrace: the file of the backtrace, in JSON.
  package init(signal: Int32, message: String?, backtrace: URL, scripts: [CompiledScript]) {
    let frames = FileManager.default.contents(atPath: backtrace.path).flatMap {
      try? JSONDecoder().decode(Backtrace.self, from: $0)
    }
    let own = Set(scripts.flatMap { $0.files.map(\.path) })
    let places = frames?.crashed ?? []
    place = places.first { own.contains($0.file) }
    reason = message ?? Self.reason(of: signal, depth: places.count { own.contains($0.file) })
  }

  /// The message in a line of the runtime: "Module/File.swift:12: Fatal error: Index out of range".
  package static func message(in line: String) -> String? {
    guard let found = line.firstMatch(of: /: (Fatal error|Precondition failed|Assertion failed)(?:: (.*))?\n?$/) else {
      return nil
    }
    let detail = found.output.2.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    return detail.isEmpty ? String(found.output.1) : detail
  }

  private static func reason(of signal: Int32, depth: Int) -> String {
    switch signal {
    case SIGSEGV where depth > 20: "the stack is full: a function calls itself without end"
    case SIGSEGV, SIGBUS: "access to memory that is not its own"
    case SIGFPE: "division by zero"
    case SIGABRT: "the program gave up"
    default: "a number does not fit its type, an index is out of range, or a value is missing"
    }
  }
}

/// What Swift's backtrace program writes.
private struct Backtrace: Decodable {
  let threads: [ThreadOfCrash]

  struct ThreadOfCrash: Decodable {
    let crashed: Bool?
    let frames: [Frame]
  }

  struct Frame: Decodable {
    let symbol: String?
    let demangledSymbol: String?
    let sourceLocation: Location?
  }

  struct Location: Decodable {
    let file: String
    let line: Int
    let column: Int?
  }

  /// The frames with a place in a source, the innermost first.
  var crashed: [Trap.Place] {
    let thread = threads.first { $0.crashed ?? false } ?? threads.first
    return (thread?.frames ?? []).compactMap { frame in
      frame.sourceLocation.map {
        Trap.Place(
          file: $0.file, line: $0.line, column: $0.column ?? 0, function: frame.demangledSymbol ?? frame.symbol ?? "")
      }
    }
  }
}
