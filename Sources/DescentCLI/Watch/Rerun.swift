import Foundation
import Learning
import Scripts
import Studies

/// Compiles a script, trains its new runs and renders, and describes in a few lines what came of it.
struct Rerun {
  /// What `descent run` is given: a name or a path.
  let argument: String
  /// The names of the experiments.
  let names: [String]
  let output: URL

  func run(after file: String) -> String {
    let before = pictures()
    let start = ContinuousClock.now
    let command = [Toolchain.currentProgram.path, "run", argument, "--json", "--output", output.path]
    guard let result = Subprocess.run(command) else { return "\(file): the run cannot be started" }
    let events = result.output.split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    guard result.status == 0 else {
      let problems = events.filter { $0["event"] as? String == "problem" && $0["severity"] as? String == "error" }
      let lines = problems.isEmpty ? [result.errors] : problems.map(Self.line)
      return "\(file):\n" + lines.joined(separator: "\n")
    }
    let planned = events.filter { $0["event"] as? String == "planned" }
    let new = planned.reduce(0) { $0 + ($1["runs"] as? Int ?? 0) - ($1["cached"] as? Int ?? 0) }
    let after = pictures()
    let changed = Set(after.keys).union(before.keys).filter { after[$0] != before[$0] }.sorted()
    let runs = new == 0 ? "no new runs" : NumberText.count(new, "new run")
    let figures = changed.isEmpty ? "no figure changed" : "changed: \(changed.joined(separator: ", "))"
    return "\(file): \(runs), \(figures) (\(EventText.duration((ContinuousClock.now - start).seconds)))"
  }

  /// "X.swift:12:7: message", with its hint.
  private static func line(_ problem: [String: Any]) -> String {
    let file = (problem["file"] as? String).map { URL(fileURLWithPath: $0).relative }
    let place = [file, (problem["line"] as? Int).map(String.init), (problem["column"] as? Int).map(String.init)]
    let hint = (problem["hint"] as? String).map { "\nhint: \($0)" } ?? ""
    let message = problem["message"] as? String ?? ""
    return (place.compactMap(\.self) + [" error: \(message)"]).joined(separator: ":") + hint
  }

  private func pictures() -> [String: Data] {
    let all = names.flatMap { name -> [(String, Data)] in
      let folder = output.appendingPathComponent(name).appendingPathComponent("figures")
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      // The last bytes of a picture, without the notes in front, which name the time of training.
      return files.compactMap { file in
        FileManager.default.contents(atPath: folder.appendingPathComponent(file).path).map { (file, $0.suffix(2048)) }
      }
    }
    return Dictionary(all, uniquingKeysWith: { a, _ in a })
  }
}
