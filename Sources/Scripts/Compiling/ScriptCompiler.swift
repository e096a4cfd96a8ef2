import Foundation
import Learning

/// Turns scripts into shared objects, each only once.
package struct ScriptCompiler: Sendable {
  private let toolchain: Toolchain
  private let cache: ObjectCache
  private let purpose: CompiledScript.Purpose
  private let runner: Runner

  /// Runs a command of the compiler; returns `nil` where it cannot be started.
  package typealias Runner = @Sendable (_ command: [String]) throws -> Subprocess.Result?

  /// - Parameters:
  ///   - purpose: what a script must declare.
  ///   - runner: runs the compiler; with limits, if the source is somebody else's.
  package init(
    toolchain: Toolchain, cache: ObjectCache = ObjectCache(), purpose: CompiledScript.Purpose = .experiments,
    runner: @escaping Runner = { Subprocess.run($0) }
  ) {
    self.toolchain = toolchain
    self.cache = cache
    self.purpose = purpose
    self.runner = runner
  }

  /// A compiled script, and what the compiler said about it.
  package struct Outcome: Sendable {
    package let script: CompiledScript
    /// Warnings; empty where the object was in the cache.
    package let diagnostics: [Diagnostic]
  }

  /// The object of a script, if its present text has been compiled.
  package func known(_ script: Script) -> CompiledScript? {
    cache.entry(key(script)).flatMap { $0.serves(purpose) ? $0 : nil }
  }

  /// The object of a script.
  /// - Throws: `CompileErrors` for mistakes in the source, `Mistake` where the compiler cannot work.
  package func compile(_ script: Script) throws -> Outcome {
    let key = key(script)
    if let known = cache.entry(key) {
      guard known.serves(purpose) else { throw useless(script) }
      return Outcome(script: known, diagnostics: [])
    }
    let workshop: URL
    do { workshop = try cache.workshop() } catch { throw unwritable(script, error) }
    defer { try? FileManager.default.removeItem(at: workshop) }
    let job = CompileJob(
      sources: script.files, module: script.module, isOptimized: Optimization.pays(script), folder: workshop,
      moduleCache: cache.modules)
    do { try ConformanceList.protocols.write(to: job.protocols) } catch { throw unwritable(script, error) }
    var warnings: [Diagnostic] = []
    for command in toolchain.commands(job) { warnings += try run(command, script) }
    guard let data = FileManager.default.contents(atPath: job.values.path),
      let list = try? JSONDecoder().decode(ConformanceList.self, from: data)
    else { throw broken(script, "the compiler wrote no list of experiments") }
    let compiled = CompiledScript(
      key: key, object: cache.object(key), source: script.url, files: script.files,
      experiments: list.types(conformingTo: "Experiment", in: script.files),
      markings: list.types(conformingTo: "Marking", in: script.files))
    guard compiled.serves(purpose) else { throw useless(script) }
    for file in [job.code, job.links, job.protocols, job.values] { try? FileManager.default.removeItem(at: file) }
    do { try cache.add(compiled, from: workshop) } catch { throw unwritable(script, error) }
    return Outcome(script: compiled, diagnostics: warnings)
  }

  private func key(_ script: Script) -> String {
    let texts = zip(script.files, script.texts).map { "\($0.path)\n\($1)" }
    return StableHash.long(([Self.version, toolchain.identity, script.url.path] + texts).joined(separator: "\u{0}"))
  }

  /// Raised when objects are made in another way.
  private static let version = "2"

  /// - Returns: the warnings.
  private func run(_ command: [String], _ script: Script) throws -> [Diagnostic] {
    guard let result = try runner(command) else { throw broken(script, "\(command[0]) cannot be started") }
    let diagnostics = Diagnostic.parse(result.errors)
    guard result.status != 0 else { return diagnostics }
    guard diagnostics.contains(where: { $0.severity == .error }) else {
      throw broken(script, result.errors.isEmpty ? "status \(result.status)" : result.errors)
    }
    throw CompileErrors(diagnostics, script: script)
  }

  private func useless(_ script: Script) -> Mistake {
    switch purpose {
    case .experiments:
      Mistake(
        .data, at: script.url.path, value: "", rule: "the script declares no experiment",
        remedy: "Declare a type: struct Name: Experiment { … }; for an example: descent new NAME")
    case .marking:
      Mistake(
        .data, at: script.url.path, value: "", rule: "the file declares no claims for marking",
        remedy: "Declare a type: struct Name: Marking { var claims: [Cell] { Expect(…, id: \"q1\", points: 2) } }")
    }
  }

  private func broken(_ script: Script, _ what: String) -> Mistake {
    Mistake(
      .environment, at: script.url.path, value: what, rule: "the compiler failed, not because of the source",
      remedy: "Check the installation of Swift; experiments/run builds Descent again")
  }

  private func unwritable(_ script: Script, _ error: any Error) -> Mistake {
    Mistake(
      .output, at: script.url.path, value: error.localizedDescription, rule: "its compiled form could not be written",
      remedy: "Check the disk and the permissions of the folder of descent")
  }
}
