import Foundation
import Learning
import Scripts

/// A file or a folder that a student has handed in.
struct Submission {
  /// The name in tables and of the folder of its results; made of letters, digits, dots, hyphens and underscores.
  let name: String
  /// The path as it was typed.
  let path: String
  let url: URL

  /// The submissions of a command line, each with a name of its own.
  /// - Throws: `Mistakes` for paths without a Swift file.
  static func all(_ paths: [String]) throws -> [Submission] {
    try Mistakes.collect(
      paths.map { path in
        {
          guard FileManager.default.fileExists(atPath: path) else {
            throw Mistake(
              at: path, value: "", rule: "there is no file and no folder at this path",
              remedy: "Name the files of the submissions: submissions/*.swift")
          }
        }
      })
    let urls = paths.map { URL(fileURLWithPath: $0).standardizedFileURL }
    if let twice = urls.indices.first(where: { urls[..<$0].contains(urls[$0]) }) {
      throw Mistake(
        at: paths[twice], value: "given twice", rule: "a submission is marked once", remedy: "Name it once")
    }
    return zip(names(of: urls), zip(paths, urls)).map { Submission(name: $0, path: $1.0, url: $1.1) }
  }

  /// The shortest names that differ: the file's, or with folders above it.
  static func names(of urls: [URL]) -> [String] {
    func name(_ url: URL, folders: Int) -> String {
      let parts = url.deletingPathExtension().pathComponents.filter { $0 != "/" }.suffix(folders + 1)
      return safe(parts.joined(separator: "-"))
    }
    var names = urls.map { name($0, folders: 0) }
    for folders in 1..<8 {
      let counts = Dictionary(names.map { ($0.lowercased(), 1) }, uniquingKeysWith: +)
      let repeated = names.indices.filter { counts[names[$0].lowercased(), default: 0] > 1 }
      if repeated.isEmpty { break }
      for index in repeated { names[index] = name(urls[index], folders: folders) }
    }
    var seen: Set<String> = []
    return names.enumerated().map { index, name in
      seen.insert(name.lowercased()).inserted ? name : "\(name)-\(index + 1)"
    }
  }

  private static func safe(_ text: String) -> String {
    let word = String(
      text.prefix(100).map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    return word.isEmpty || word.hasPrefix(".") ? "_\(word)" : word
  }
}
