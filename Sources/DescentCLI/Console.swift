import Foundation
import Scripts
import Synchronization

/// Standard output and standard error, with colours on a terminal.
enum Console {
  /// Whether standard output is a terminal.
  static let isTerminal = isatty(STDOUT_FILENO) == 1
  /// https://no-color.org: any non-empty value switches colours off.
  static let hasColor =
    isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether standard error is a terminal, directly or through the process that has started this one.
  static let isErrorTerminal =
    isatty(STDERR_FILENO) == 1 || ProcessInfo.processInfo.environment[ScriptProcess.terminalVariable] != nil

  private static let lock = Mutex<Void>(())

  /// Whether a write to standard output failed, on a full disk for example. A pipe that its reader has closed does not count.
  static var hasFailed: Bool { failed.load(ordering: .relaxed) }
  private static let failed = Atomic<Bool>(false)

  static func write(_ text: String) {
    lock.withLock { _ in
      if !put(text, STDOUT_FILENO) { failed.store(true, ordering: .relaxed) }
    }
  }

  /// - Returns: `false` if the text could not be written and its reader has not closed the pipe.
  @discardableResult
  private static func put(_ text: String, _ file: Int32) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        // A terminal or pipe in non-blocking mode: wait until it accepts more.
        var readiness = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        poll(&readiness, 1, -1)
      } else if errno != EINTR {
        return errno == EPIPE
      }
    }
    return true
  }

  static func line(_ text: String) { write(text + "\n") }

  static func error(_ message: String) {
    let isColored = isErrorTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    let sign = isColored ? "\u{1B}[31merror:\u{1B}[0m" : "error:"
    put("\(sign) \(message)\n", STDERR_FILENO)
  }

  enum Tint: String {
    case green = "32"
    case red = "31"
    case dim = "2"
    case bold = "1"
  }

  static func tinted(_ text: String, _ tint: Tint) -> String {
    hasColor ? "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Columns of the terminal.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Rows of text in columns as wide as their widest entry; numbers are right-aligned.
  static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return rightAligned.contains(column) ? padding + text : column == row.count - 1 ? text : text + padding
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
