import Foundation
import Scripts

/// What became of a submission.
enum SubmissionEnding: String, Codable {
  /// Its claims were judged.
  case marked
  /// The compiler refuses it.
  case notCompiled = "does not compile"
  /// Its declaration, or its experiments, are not what the claims need.
  case refused = "cannot be marked"
  /// Its sweep has more steps than allowed.
  case steps = "too many steps"
  /// Its code ended the process.
  case trapped
  /// It was stopped at the limit of seconds, or of seconds of processor time.
  case time = "time limit"
  /// It was stopped at the limit of memory.
  case memory = "memory limit"
  /// It was stopped at the limit of files.
  case files = "file limit"
  /// Its process ended before the claims were judged.
  case ended = "ended early"

  /// What precedes the reason of a trap in the errors of the watching process.
  static let trapSign = "descent-trap: "

  /// The ending of a process with what it wrote to standard error, and the reason in words; `nil` where it ended by itself after
  /// its work.
  static func of(
    _ ending: LimitedProcess.Ending, errors: String, limits: LimitedProcess.Limits
  ) -> (SubmissionEnding, String)? {
    switch ending.stop {
    case .time: return (.time, "stopped after \(EventText.duration(limits.seconds)), the limit of time")
    case .files: return (.files, filesText(limits))
    case .cancelled: return (.ended, "interrupted")
    case nil: break
    }
    let trap = errors.split(separator: "\n").last { $0.hasPrefix(trapSign) }.map {
      String($0.dropFirst(trapSign.count))
    }
    switch ending.code ?? 128 + (ending.signal ?? 0) {
    case ExitStatus.success: return nil
    case ExitStatus.trapped:
      let reason = trap ?? "its code ended the process"
      let isMemory = isAboutMemory(errors)
      return isMemory ? (.memory, memoryText(limits)) : (.trapped, "its code ended the process: \(reason)")
    case 128 + SIGXCPU:
      return (.time, "stopped after \(limits.processorSeconds) s of processor time, the limit")
    case 128 + SIGXFSZ: return (.files, filesText(limits))
    case 128 + SIGKILL:
      return (.ended, "its process was killed, by its own code or by the system, as it does where memory runs out")
    case let code: return (.ended, "its process ended with code \(code) before the claims were judged")
    }
  }

  /// The runtime, the C library and the C++ library say so in their own words where an allocation fails.
  private static func isAboutMemory(_ errors: String) -> Bool {
    ["Could not allocate memory", "bad_alloc", "Cannot allocate memory", "failed to allocate", "out of memory"].contains
    {
      errors.contains($0)
    }
  }

  private static func memoryText(_ limits: LimitedProcess.Limits) -> String {
    "needs more than \(limits.memory >> 20) MB of memory, the limit"
  }

  private static func filesText(_ limits: LimitedProcess.Limits) -> String {
    "its files are larger than \(limits.fileBytes >> 20) MB or more than \(limits.fileCount), the limit"
  }
}
