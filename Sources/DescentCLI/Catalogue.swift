public import Descent
import Foundation
import Learning

/// The experiments that a program knows, by name.
public struct Catalogue: Sendable {
  let types: [any Experiment.Type]
  /// The folder of the experiments' sources, with `data` in it.
  let folder: URL

  public init(_ types: [any Experiment.Type], file: String = #filePath) {
    self.types = types
    folder = Self.folder(declared: file)
  }

  var names: [String] { types.map { $0.name } }

  /// The experiment of a name.
  /// - Throws: `Mistake` with the nearest name.
  func experiment(_ name: String) throws -> any Experiment {
    if let type = types.first(where: { $0.name == name }) { return type.init() }
    let near = Spelling.nearest(to: name, among: names).map { "Did you mean \($0)? " } ?? ""
    throw Mistake(
      at: "experiment", value: name, rule: "there is no experiment of this name",
      remedy: "\(near)To list them: descent list")
  }

  /// The names, each followed by the names of the experiment's companions, without repetitions.
  func withCompanions(_ names: [String]) throws -> [String] {
    var all: [String] = []
    for name in names {
      let companions = type(of: try experiment(name)).companions.map { $0.name }
      all += ([name] + companions).filter { !all.contains($0) }
    }
    return all
  }

  /// The project's folder: outputs and data are found from here.
  var root: URL { folder.deletingLastPathComponent() }

  var files: DataFiles {
    DataFiles(
      folders: [
        folder.appendingPathComponent("data"), URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
      ], progress: LargeFileNote.tell)
  }

  /// The folder of the sources: above the working directory if the project was moved, else where it was compiled.
  private static func folder(declared file: String) -> URL {
    var current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for _ in 0..<32 {
      let candidate = current.appendingPathComponent("experiments")
      if FileManager.default.fileExists(atPath: candidate.appendingPathComponent("Catalogue.swift").path) {
        return candidate
      }
      if current.path == "/" { break }
      current.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: file).deletingLastPathComponent()
  }
}
