import Foundation

/// The port and the token of a script's page, kept for the next start, so that an open page finds the program again.
///
/// The file is readable for its owner alone, as Jupyter keeps its tokens: `$XDG_STATE_HOME/descent/notebook-….json`.
package struct PageMemory: Sendable {
  package struct Place: Codable, Hashable, Sendable {
    package var port: UInt16
    package var token: String

    package init(port: UInt16, token: String) {
      self.port = port
      self.token = token
    }
  }

  private let path: String

  /// - Parameter folder: the folder of the state of programs; by default that of the user.
  package init(script: ScriptFile, folder: String? = nil) {
    let environment = ProcessInfo.processInfo.environment
    let states = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let folder = folder ?? states ?? "\(environment["HOME"] ?? NSTemporaryDirectory())/.local/state"
    path = "\(folder)/descent/notebook-\(ContentHash.text(of: script.path)).json"
  }

  /// The place of the last start; `nil` if there is none, or if others may have read or written it.
  package func read() -> Place? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0, let data = FileManager.default.contents(atPath: path),
      let place = try? JSONDecoder().decode(Place.self, from: data), place.token.utf8.count == 64
    else { return nil }
    return place
  }

  /// Keeps a place. If it cannot be written, an open page has to be opened again after the next start.
  package func write(_ place: Place) {
    guard let data = try? JSONEncoder().encode(place) else { return }
    Self.write(data, to: path)
  }

  /// Writes a file that leads a browser to an address: the arguments of a program, with the token in them, would be visible to
  /// everybody on the computer.
  /// - Returns: its path; `nil` if it cannot be written.
  package func opener(to address: String) -> String? {
    let opener = path.replacing(/\.json$/, with: ".html")
    let page = "<!DOCTYPE html><title>Descent</title><meta http-equiv=\"refresh\" content=\"0; url=\(address)\">\n"
    return Self.write(Data(page.utf8), to: opener) ? opener : nil
  }

  @discardableResult
  private static func write(_ data: Data, to path: String) -> Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    unlink(path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    return (try? FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: data)) != nil
  }
}
