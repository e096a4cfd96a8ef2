package import Foundation

/// A script as a shared object, with the experiments that it declares.
package struct CompiledScript: Codable, Hashable, Sendable {
  /// The digest of everything that the object is made from.
  package let key: String
  /// The shared object.
  package let object: URL
  /// The file or folder of the source.
  package let source: URL
  /// The Swift files.
  package let files: [URL]
  /// The experiments, in the order in which the sources declare them.
  package let experiments: [Declaration]
  /// The types with claims for marking, in the order of the sources.
  package let markings: [Declaration]

  package init(
    key: String, object: URL, source: URL, files: [URL], experiments: [Declaration], markings: [Declaration] = []
  ) {
    self.key = key
    self.object = object
    self.source = source
    self.files = files
    self.experiments = experiments
    self.markings = markings
  }

  /// The folder of the object and of what is known of it.
  package var entry: URL { object.deletingLastPathComponent() }

  /// What a script is compiled for.
  package enum Purpose: String, Sendable {
    /// Experiments that are run.
    case experiments
    /// Claims with which submissions are marked.
    case marking
  }

  /// Whether the script declares what it is compiled for.
  func serves(_ purpose: Purpose) -> Bool {
    switch purpose {
    case .experiments: !experiments.isEmpty
    case .marking: !markings.isEmpty
    }
  }

  /// An experiment, or a type with claims, as the compiler reports it.
  package struct Declaration: Codable, Hashable, Sendable {
    /// The mangled name of the type.
    let mangledName: String
    /// The name of the type.
    package let type: String
    /// The file of the declaration.
    package let file: String
    /// The line of the type.
    package let line: Int
    /// The lines of `setup`, `sweep`, `report` and other properties.
    package let lines: [String: Int]
  }
}

/// The compiler's list of the types that conform to `Experiment` or `Marking`.
struct ConformanceList: Decodable {
  private let types: [Entry]

  private struct Entry: Decodable {
    let typeName: String
    let mangledTypeName: String
    let file: String
    let line: Int
    let conformances: [String]?
    let properties: [Property]?
  }

  private struct Property: Decodable {
    let label: String
    let line: Int?
  }

  init(from decoder: any Decoder) throws { types = try decoder.singleValueContainer().decode([Entry].self) }

  /// The protocols whose conformances are listed.
  static let protocols = Data(#"["Experiment","Marking"]"#.utf8)

  /// The types that conform to a protocol, in the order of the sources.
  func types(conformingTo name: String, in files: [URL]) -> [CompiledScript.Declaration] {
    let order = Dictionary(files.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { a, _ in a })
    let found = types.filter { $0.conformances?.contains { $0.hasSuffix(".\(name)") } ?? false }
    return found.sorted { (order[$0.file] ?? 0, $0.line) < (order[$1.file] ?? 0, $1.line) }.map { entry in
      CompiledScript.Declaration(
        mangledName: entry.mangledTypeName, type: entry.typeName.split(separator: ".").last.map(String.init) ?? "",
        file: entry.file, line: entry.line,
        lines: Dictionary(
          (entry.properties ?? []).compactMap { property in property.line.map { (property.label, $0) } },
          uniquingKeysWith: { a, _ in a }))
    }
  }
}
