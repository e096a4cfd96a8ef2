import Foundation

/// How a process has ended.
enum ChildEnd: Hashable, Sendable {
  case exited(Int32)
  case killed(Int32)
  /// It did not begin, for this reason.
  case unstarted(String)

  /// What has happened, in words, for an end that the script did not announce; `nil` for an ordinary one.
  /// - Parameter memory: most bytes of its data.
  func explanation(memory: UInt64) -> String? {
    switch self {
    case .exited: return nil
    case .unstarted(let reason): return "The program descent cannot be started: \(reason)."
    case .killed(let number):
      let limit = memory > 0 ? " Memory that exceeds the limit of \(Self.gigabytes(memory)) ends it this way too." : ""
      switch number {
      case SIGILL, SIGTRAP, SIGABRT, SIGFPE:
        return """
          The script has ended with a trap (\(Self.name(number))): an index out of range, an overflow, an unwrapped nil or a \
          failed precondition.\(limit)
          """
      case SIGSEGV, SIGBUS:
        return """
          The script has ended with an invalid memory access (\(Self.name(number))): an endless recursion, or unsafe \
          code.\(limit)
          """
      case SIGKILL:
        return "The script was killed (SIGKILL). The computer may have run out of memory: use less data, or fewer runs."
      default: return "The script was ended by \(Self.name(number))."
      }
    }
  }

  private static func name(_ number: Int32) -> String {
    let names: [Int32: String] = [
      SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGFPE: "SIGFPE", SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS",
      SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGPIPE: "SIGPIPE", SIGXCPU: "SIGXCPU",
    ]
    return names[number] ?? "signal \(number)"
  }

  private static func gigabytes(_ bytes: UInt64) -> String {
    let tenths = Int((Double(bytes) / 1e8).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) GB" : "\(tenths / 10).\(tenths % 10) GB"
  }
}
