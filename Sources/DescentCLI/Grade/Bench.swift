import Foundation
import Learning
import Scripts

/// The folders of one submission while it is marked. They are removed afterwards.
struct Bench: Sendable {
  private let folder: URL

  init(_ folder: URL) { self.folder = folder }

  /// The compiled submission. Its process can read it, not write it.
  var objects: URL { file("objects") }
  /// The working directory of the submission, with its archive, its reports and whatever it writes.
  var scratch: URL { file("scratch") }

  func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func make() throws {
    do {
      for place in [objects, scratch, scratch.appendingPathComponent("tmp")] {
        try FileManager.default.createDirectory(
          at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw Mistake(
        .output, at: folder.path, value: error.localizedDescription, rule: "the folder cannot be written",
        remedy: "Check the disk, or set TMPDIR to a folder with room")
    }
  }

  /// A submission may have made folders that nobody can enter.
  func remove() {
    let places = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let place = places?.nextObject() as? URL {
      var facts = stat()
      if lstat(place.path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR { chmod(place.path, 0o700) }
    }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Nothing of the lecturer's environment but what programs need to start.
  var environment: [String: String] {
    let kept = ["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SOURCE_DATE_EPOCH"]
    let own = ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
    let place = ["HOME": scratch.path, "TMPDIR": scratch.appendingPathComponent("tmp").path, "NO_COLOR": "1"]
    return own.merging(place) { $1 }
  }

  /// The beginning of a file of text.
  func text(_ file: URL) -> String {
    guard let data = MarkChannel.content(of: file, limit: 1 << 30) else { return "" }
    let limit = 16_384
    let text = String(decoding: data.prefix(limit), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return data.count > limit ? text + "\n… (\(data.count) bytes in all)" : text
  }

  /// The pages that the records name, as far as they are files in the scratch folder.
  func pages(_ records: [MarkRecord]) -> [(name: String, content: Data)] {
    let root = scratch.resolvingSymlinksInPath().path + "/"
    return records.compactMap { record in
      guard case .page(let name, let path) = record else { return nil }
      let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
      guard place.path.hasPrefix(root), let content = MarkChannel.content(of: place) else { return nil }
      return (name, content)
    }
  }

  /// A text without the paths of this machine.
  func anonymous(_ text: String, _ submission: Submission) -> String {
    text.replacing(submission.url.path, with: submission.url.lastPathComponent)
      .replacing(submission.url.deletingLastPathComponent().path + "/", with: "").replacing(
        scratch.path + "/", with: ""
      )
      .replacing(folder.path + "/", with: "")
  }
}
