import Foundation
import Learning
import RunArchive
import Scripts

/// The project's experiments with their summaries. What is not known yet is compiled and computed, and kept.
struct ScriptList {
  private let cache = ObjectCache()
  private static let note = "summary.json"

  /// A line of the list.
  enum Line {
    case experiment(ScriptSummary.Line)
    /// A script that does not compile, or whose code cannot be run.
    case broken(Script, why: String)
  }

  func lines() throws -> [Line] {
    let scripts = ScriptLibrary().scripts
    let results = try ScriptBuild(voice: ScriptVoice(isForPrograms: false)).compile(scripts)
    let compiled = results.compactMap { if case .compiled(let script) = $0 { script } else { nil } }
    let missing = compiled.filter { known($0) == nil }
    if !missing.isEmpty { describe(missing) }
    return zip(scripts, results).flatMap { script, result -> [Line] in
      guard case .compiled(let compiled) = result else {
        return [.broken(script, why: "it does not compile: descent run \(script.url.relative)")]
      }
      guard let summary = known(compiled) else {
        return [.broken(script, why: "its code cannot be run: descent run \(script.url.relative)")]
      }
      return summary.experiments.map(Line.experiment)
    }
  }

  private func known(_ script: CompiledScript) -> ScriptSummary? {
    let summary = cache.note(Self.note, of: script).flatMap { try? JSONDecoder().decode(ScriptSummary.self, from: $0) }
    return summary.flatMap { $0.isCurrent ? $0 : nil }
  }

  /// Runs scripts in a child for their summaries: all in one, and each alone where one of them ends it.
  private func describe(_ scripts: [CompiledScript]) {
    if let summaries = summaries(scripts), summaries.count == scripts.count {
      for (script, summary) in zip(scripts, summaries) {
        if let data = try? JSONEncoder().encode(summary) { cache.keep(data, as: Self.note, of: script) }
      }
    } else if scripts.count > 1 {
      for script in scripts { describe([script]) }
    }
  }

  private func summaries(_ scripts: [CompiledScript]) -> [ScriptSummary]? {
    let requests = scripts.map { ScriptProcess.Request(argument: $0.source.path, script: $0) }
    guard let output = try? ScriptProcess(requests).output(["describe"] + scripts.map(\.source.path)) else {
      return nil
    }
    return try? JSONDecoder().decode([ScriptSummary].self, from: output)
  }
}
