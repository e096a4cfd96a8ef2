package import Foundation

/// The source of experiments: one Swift file, or a folder of Swift files that are compiled together.
package struct Script: Hashable, Sendable {
  /// The file or the folder, as the user named it or as it was found.
  package let url: URL
  /// The Swift files, in the order of their names.
  package let files: [URL]

  /// The script of a path; `nil` where there is neither a Swift file nor a folder with Swift files.
  package init?(_ url: URL) {
    self.url = url.standardizedFileURL
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return nil }
    files =
      isFolder.boolValue ? Self.swiftFiles(in: url) : url.pathExtension == "swift" ? [url.standardizedFileURL] : []
    if files.isEmpty { return nil }
  }

  /// What the files say now; an unreadable one says nothing.
  var texts: [String] {
    files.map { file in
      FileManager.default.contents(atPath: file.path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }

  /// The name of the compiled module: that of the file, made unique by the path, since one process may load several scripts.
  package var module: String {
    let stem = url.deletingPathExtension().lastPathComponent
    let word = String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return "Script_\(word)_\(StableHash.short(url.path))"
  }

  private static func swiftFiles(in folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }.sorted().map {
      folder.appendingPathComponent($0).standardizedFileURL
    }
  }
}
