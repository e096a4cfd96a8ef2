import Foundation
import Learning
import Scripts
import Synchronization

/// Compiles the scripts of a command, several at a time, and says what came of it.
struct ScriptBuild {
  private let compiler: ScriptCompiler
  private let voice: ScriptVoice

  /// - Parameter purpose: what the scripts must declare.
  init(voice: ScriptVoice, purpose: CompiledScript.Purpose = .experiments) throws {
    compiler = ScriptCompiler(toolchain: try Toolchain(), purpose: purpose)
    self.voice = voice
  }

  /// What came of a script.
  enum Result: Sendable {
    case compiled(CompiledScript)
    case failed(any Error)
  }

  /// The results, in the order of the scripts. Errors of the compiler are printed as they come.
  func compile(_ scripts: [Script]) -> [Result] {
    var results = scripts.map { compiler.known($0).map(Result.compiled) }
    let missing = results.indices.filter { results[$0] == nil }
    guard !missing.isEmpty else { return results.compactMap(\.self) }
    let start = ContinuousClock.now
    voice.compiling(missing.map { scripts[$0] })
    let made = Mutex<[Int: Result]>([:])
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount
    for index in missing {
      queue.addOperation { [compiler, voice] in
        let result: Result
        do {
          let outcome = try compiler.compile(scripts[index])
          voice.warned(outcome.diagnostics)
          result = .compiled(outcome.script)
        } catch {
          result = .failed(error)
        }
        let done = made.withLock { made in
          made[index] = result
          return made.count
        }
        voice.progressed(done, of: missing.count)
      }
    }
    queue.waitUntilAllOperationsAreFinished()
    made.withLock { made in for (index, result) in made { results[index] = result } }
    voice.compiled(missing.count, seconds: (ContinuousClock.now - start).seconds)
    return results.compactMap(\.self)
  }
}
