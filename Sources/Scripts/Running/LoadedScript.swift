package import Figures
import Foundation
import Learning

/// The experiments of compiled scripts, in the process that has loaded them.
package enum LoadedScript {
  /// Loads an object and finds its experiments. The object stays loaded until the process ends.
  /// - Throws: `Mistake` where the object does not fit this program.
  package static func experiments(of script: CompiledScript) throws -> [any Experiment.Type] {
    guard dlopen(script.object.path, RTLD_NOW | RTLD_LOCAL) != nil else {
      throw unusable(script, dlerror().map { String(cString: $0) } ?? "it cannot be loaded")
    }
    return try script.experiments.map { declaration in
      guard let type = _typeByName(declaration.mangledName) as? any Experiment.Type else {
        throw unusable(script, "the type \(declaration.type) is not in it")
      }
      return type
    }
  }

  private static func unusable(_ script: CompiledScript, _ what: String) -> Mistake {
    Mistake(
      .environment, at: script.source.path, value: what, rule: "the compiled script does not fit this program",
      remedy: "Save the script again, or remove the folder \(script.object.deletingLastPathComponent().path)")
  }
}
