public import Descent
import Foundation
import Learning
import Scripts

/// The experiments that a program can run, by name.
public struct Catalogue: Sendable {
  let types: [any Experiment.Type]
  /// The experiments that an argument of the command line stands for: a path may name several.
  private let arguments: [String: [String]]
  /// The folder of the experiments' sources, with `data` in it.
  let folder: URL
  /// The folder in which outputs are found: the project's, or that of a script from elsewhere.
  let root: URL
  /// Where scripts declare their experiments, by name.
  private var declarations: [String: CompiledScript.Declaration] = [:]
  /// Folders in which data are looked for first: those of scripts from elsewhere.
  private var nearFolders: [URL]

  /// Experiments that are compiled into a program.
  public init(_ types: [any Experiment.Type], file: String = #filePath) {
    self.types = types
    arguments = [:]
    folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    root = folder.deletingLastPathComponent()
    nearFolders = []
  }

  /// The experiments of scripts, which are loaded into this process.
  /// - Throws: `Mistake` where a script cannot be loaded, or two of them declare the same name.
  init(loading requests: [ScriptProcess.Request]) throws {
    var types: [any Experiment.Type] = []
    var arguments: [String: [String]] = [:]
    var loaded: [String: [any Experiment.Type]] = [:]
    for request in requests {
      let found = try loaded[request.script.key] ?? LoadedScript.experiments(of: request.script)
      let names = found.map { $0.name }
      if loaded.updateValue(found, forKey: request.script.key) == nil {
        for name in names where types.contains(where: { $0.name == name }) {
          throw Mistake(
            at: request.script.source.relative, value: name, rule: "two scripts declare an experiment of this name",
            remedy: "Give one of them another name: static let name = \"…\"")
        }
        types += found
        for (name, declaration) in zip(names, request.script.experiments) { declarations[name] = declaration }
      }
      // A path stands for all experiments of its script, a name for itself.
      arguments[request.argument] = names.contains(request.argument) ? [request.argument] : names
    }
    self.types = types
    self.arguments = arguments
    let library = ScriptLibrary()
    let foreign = requests.map(\.script.source).filter { !library.holds($0) }.map { $0.deletingLastPathComponent() }
    // A script from elsewhere has its outputs beside it.
    let elsewhere = foreign.count == requests.count ? foreign.first : nil
    folder = elsewhere ?? library.folder
    root = elsewhere ?? library.folder.deletingLastPathComponent()
    nearFolders = foreign + [library.folder]
  }

  /// The part of an experiment's source in which a mistake is that no single declaration made; `nil` where it is not known.
  func place(of mistake: Mistake, in name: String) -> SourcePlace? {
    guard let declaration = declarations[name] else { return nil }
    let part = ["sweep", "seeds", "variant"].contains { mistake.place.hasPrefix($0) } ? "sweep" : "setup"
    return SourcePlace(file: declaration.file, line: declaration.lines[part] ?? declaration.line)
  }

  var names: [String] { types.map { $0.name } }

  /// The experiment of a name.
  /// - Throws: `Mistake` with the nearest name.
  func experiment(_ name: String) throws -> any Experiment {
    if let type = types.first(where: { $0.name == name }) { return type.init() }
    throw Self.unknown(name, among: names)
  }

  static func unknown(_ name: String, among names: [String]) -> Mistake {
    let near = Spelling.nearest(to: name, among: names).map { "Did you mean \($0)? " } ?? ""
    return Mistake(
      at: "experiment", value: name, rule: "there is no experiment of this name",
      remedy: "\(near)To list them: descent list")
  }

  /// The names that arguments of the command line stand for.
  func names(of arguments: [String]) -> [String] {
    var all: [String] = []
    for argument in arguments {
      all += (self.arguments[argument] ?? [argument]).filter { !all.contains($0) }
    }
    return all
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

  /// Looks for data in further folders too.
  mutating func searchAlso(_ folders: [URL]) { nearFolders += folders }

  var files: DataFiles {
    let folders =
      nearFolders.flatMap { [$0.appendingPathComponent("data"), $0] } + [folder.appendingPathComponent("data")]
    var files = DataFiles(
      folders: folders + [URL(fileURLWithPath: FileManager.default.currentDirectoryPath)], progress: LargeFileNote.tell)
    files.copies = FrozenJob.current?.dataCopies ?? [:]
    return files
  }
}
