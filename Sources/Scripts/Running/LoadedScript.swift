package import Figures
import Foundation
import Learning

/// The experiments of compiled scripts, in the process that has loaded them.
package enum LoadedScript {
  /// Loads an object and finds its experiments. The object stays loaded until the process ends.
  /// - Throws: `Mistake` where the object does not fit this program.
  package static func experiments(of script: CompiledScript) throws -> [any Experiment.Type] {
    try load(script)
    return try script.experiments.map { declaration in
      guard let type = _typeByName(declaration.mangledName) as? any Experiment.Type else {
        throw unusable(script, "the type \(declaration.type) is not in it")
      }
      return type
    }
  }

  /// Loads an object and finds its types with claims for marking.
  /// - Throws: `Mistake` where the object does not fit this program.
  package static func markings(of script: CompiledScript) throws -> [any Marking.Type] {
    try load(script)
    return try script.markings.map { declaration in
      guard let type = _typeByName(declaration.mangledName) as? any Marking.Type else {
        throw unusable(script, "the type \(declaration.type) is not in it")
      }
      return type
    }
  }

  private static func load(_ script: CompiledScript) throws {
    guard dlopen(script.object.path, RTLD_NOW | RTLD_LOCAL) != nil else {
      throw unusable(script, dlerror().map { String(cString: $0) } ?? "it cannot be loaded")
    }
  }

  private static func unusable(_ script: CompiledScript, _ what: String) -> Mistake {
    Mistake(
      .environment, at: script.source.path, value: what, rule: "the compiled script does not fit this program",
      remedy: "Save the script again, or remove the folder \(script.object.deletingLastPathComponent().path)")
  }
}
