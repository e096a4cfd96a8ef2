import Foundation

/// A folder of a test, with a script and a program that stands for `descent`.
final class Scratch: Sendable {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "notebook-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  /// A program of the shell.
  func program(_ lines: String) throws -> String {
    let name = "descent-\(UUID().uuidString)"
    try write("#!/bin/sh\n\(lines)\n", to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name))
    return path(name)
  }
}

/// Waits until something is true; a test that waits in vain fails at its expectation. The time is long, since other tests may occupy
/// all processors.
func eventually(polls: Int = 6000, _ condition: () async throws -> Bool) async rethrows -> Bool {
  // Polls, not seconds: where other tests keep all threads busy, what is waited for takes as much longer as each poll does.
  for _ in 0..<polls {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}
