import Foundation
import Studies

extension Provenance {
  /// The provenance of runs that this process trains.
  /// - Parameter root: the project's folder; `nil` where the revision is not asked for.
  static func current(root: URL?) -> Provenance {
    let formatter = ISO8601DateFormatter()
    return Provenance(
      revision: root.map(revision) ?? "unknown", toolchain: toolchain, processor: processor,
      semantics: TrainingSemantics.version,
      time: formatter.string(from: now))
  }

  /// The present time, or the time that a reproducible build sets: https://reproducible-builds.org/specs/source-date-epoch/.
  private static var now: Date {
    let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Int.init)
    return epoch.map { Date(timeIntervalSince1970: Double($0)) } ?? Date()
  }

  /// The project's commit, marked where the sources differ from it.
  private static func revision(_ root: URL) -> String {
    guard let commit = git(["rev-parse", "--short=12", "HEAD"], root) else { return "unknown" }
    let isChanged = git(["status", "--porcelain", "--untracked-files=no"], root).map { !$0.isEmpty } ?? false
    return commit + (isChanged ? "+changes" : "")
  }

  private static func git(_ arguments: [String], _ root: URL) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", root.path] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static var toolchain: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2 or earlier"
    #endif
  }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
  }
}
