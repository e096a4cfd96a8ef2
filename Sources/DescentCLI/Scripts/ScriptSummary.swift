import Descent
import Foundation
import Learning
import RunArchive
import Scripts
import Studies

/// What `descent list` says of a script's experiments. It is kept with the compiled script, so that a list runs no code.
struct ScriptSummary: Codable {
  /// The experiments, in the order of the source.
  let experiments: [Line]
  /// The data files that the numbers depend on, with their sizes and dates.
  let files: [String: String]

  /// An experiment in the list.
  struct Line: Codable {
    let name: String
    let title: String
    /// The keys of its runs; `nil` where the declaration has mistakes.
    let keys: [String]?
  }

  /// The summary of experiments of this process.
  init(_ types: [any Experiment.Type], files: DataFiles) {
    let used = UsedFiles()
    var files = files
    files.found = { used.add($1) }
    experiments = types.map { type in
      let experiment = type.init()
      let keys = try? Plan(experiment.study, files: files).runs().map(\.key)
      return Line(name: type.name, title: experiment.title, keys: keys)
    }
    self.files = used.stamps
  }

  /// Whether the data files are as they were.
  var isCurrent: Bool { files.allSatisfy { FileStamp.of($0.key) == $0.value } }
}

/// The files that a declaration has read.
private final class UsedFiles: @unchecked Sendable {
  private let lock = NSLock()
  private var urls: Set<String> = []

  func add(_ url: URL) { lock.withLock { _ = urls.insert(url.path) } }

  var stamps: [String: String] {
    lock.withLock { Dictionary(uniqueKeysWithValues: urls.map { ($0, FileStamp.of($0)) }) }
  }
}
