import Foundation
import Learning
import Scripts

/// The scripts that a command line can name: those of the project by the names of their experiments, all others by their paths.
struct ScriptLibrary {
  /// The project's folder of scripts: above the working directory, else that of the package of this program.
  let folder: URL
  /// Whether the working directory is in the project.
  let isAround: Bool

  init() {
    var place = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for _ in 0..<32 {
      let candidate = place.appendingPathComponent("experiments")
      if !ScriptFolder(candidate).scripts.isEmpty {
        folder = candidate
        isAround = true
        return
      }
      if place.path == "/" { break }
      place.deleteLastPathComponent()
    }
    folder = Toolchain.packageFolder.appendingPathComponent("experiments")
    isAround = false
  }

  /// Whether a script is one of the project's.
  func holds(_ script: URL) -> Bool { script.path.hasPrefix(folder.path + "/") }

  var scripts: [Script] { ScriptFolder(folder).scripts }

  /// The names of the project's experiments, as far as the sources show them.
  var names: [String] { scripts.flatMap { DeclaredNames($0).names } }

  /// The script that an argument names.
  /// - Throws: `Mistake` for an unknown name, and for a path without a script.
  func script(_ argument: String) throws -> Script {
    let isPath = argument.contains("/") || argument.hasSuffix(".swift")
    if !isPath, let found = ScriptFolder(folder).declaring(argument).first { return found }
    guard let script = Script(URL(fileURLWithPath: argument)) else {
      guard isPath else { throw Catalogue.unknown(argument, among: names) }
      throw Mistake(
        at: argument, value: "", rule: "there is no Swift file and no folder with Swift files at this path",
        remedy: "Name a file such as experiments/LearningRates.swift, or an experiment. To list them: descent list")
    }
    return script
  }
}
