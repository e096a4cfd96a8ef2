import CPlatform
import Foundation
import Learning

/// The one file that a page reads and writes.
package struct ScriptFile: Sendable {
  /// The text of the file and its version, a hash of the text.
  package struct Content: Hashable, Sendable {
    package let text: String
    package let version: String

    package init(_ text: String) {
      self.text = text
      version = ContentHash.text(of: text)
    }
  }

  /// The result of a request to write.
  package enum Outcome: Hashable, Sendable {
    case saved(Content)
    /// The file is not the one that the writer knows; `nil` if there is none any more. Nothing was written.
    case conflict(Content?)
  }

  /// Most bytes of a script.
  package static let limit = 2 << 20

  /// The path with all links resolved: what a link points to later has no effect.
  package let path: String

  package var name: String { URL(fileURLWithPath: path).lastPathComponent }
  package var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// - Throws: `Mistake` if there is no such file, or if it is no text.
  package init(path: String) throws {
    guard let resolved = realpath(path, nil) else {
      throw Mistake(
        at: "notebook", value: path, rule: "there is no such file",
        remedy: "Write a new experiment with experiments/run new NAME, then open its file")
    }
    defer { free(resolved) }
    self.path = String(cString: resolved)
    _ = try content()
  }

  /// The present text; `nil` if the file was removed.
  /// - Throws: `Mistake` if it cannot be read, is too large, or is not UTF-8.
  package func content() throws -> Content? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    func mistake(_ rule: String, _ remedy: String) -> Mistake {
      Mistake(.data, at: "notebook", value: path, rule: rule, remedy: remedy)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw mistake("is not a regular file", "Name the Swift file of an experiment")
    }
    guard status.st_size <= Self.limit else {
      throw mistake("a script has at most 2 MB", "Keep data in files of their own")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      guard errno != ENOENT else { return nil }
      throw mistake("cannot be read", "Check its permissions")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw mistake("is not UTF-8 text", "Save it as UTF-8")
    }
    return Content(text)
  }

  /// Replaces the text if the file still has the version `base`; the empty version is that of a file that was removed. Another program
  /// that writes at the same moment loses nothing: what the new text replaced is compared too, and comes back if it is not `base`.
  /// - Throws: `Mistake` if the file cannot be written.
  package func write(_ text: String, over base: String) throws -> Outcome {
    // Two pages of one file write one after the other. Without the lock, on a file system that has none, each is as any other program.
    let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(lock) }
    flock(lock, LOCK_EX)
    let present = try content()
    guard present?.version ?? "" == base else { return .conflict(present) }
    let draft = try draft(of: text)
    defer { unlink(draft) }
    let status = present == nil ? ENOENT : descent_exchange(draft, path)
    guard status == 0 else {
      // A file that was removed, or a file system that cannot exchange.
      guard rename(draft, path) == 0 else { throw unwritable() }
      return .saved(Content(text))
    }
    guard Self.text(draft).map({ Content($0).version }) == base else {
      _ = descent_exchange(draft, path)
      // Something newer may have come in the meantime: then it is in the draft now, and goes back too.
      if Self.text(draft) != text { _ = descent_exchange(draft, path) }
      return .conflict(try content())
    }
    return .saved(Content(text))
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Writes a text into a new file beside the script, with the same permissions.
  private func draft(of text: String) throws -> String {
    let random = String(UInt64.random(in: 0 ... .max), radix: 36)
    let draft = "\(folder)/.\(name).\(random)"
    var status = stat()
    let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw unwritable() }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: Data(text.utf8))
      guard fchmod(file, mode) == 0, fsync(file) == 0 else { throw unwritable() }
    } catch {
      unlink(draft)
      throw unwritable()
    }
    return draft
  }

  private func unwritable() -> Mistake {
    Mistake(
      .output, at: "notebook", value: path, rule: "cannot be written: \(String(cString: strerror(errno)))",
      remedy: "Check the permissions of the file and of its folder, and the space on the disk")
  }
}
