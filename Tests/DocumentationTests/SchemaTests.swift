import Foundation
import RunArchive
import Testing

/// The page on the archive names every table and column that an archive has.
@Suite struct SchemaTests {
  @Test func everyColumnIsDescribed() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("descent.sqlite").path
    _ = try Archive(path: path)
    let page = try Pages.page("ArchiveSchema")
    let columns = try lines(
      """
      import sqlite3, sys
      archive = sqlite3.connect(sys.argv[1])
      print("application_id", archive.execute("PRAGMA application_id").fetchone()[0])
      for table in "run", "series":
          for column in archive.execute(f"PRAGMA table_info({table})"):
              print(column[1], column[2])
      """, path)
    #expect(columns.first.map { page.contains($0.replacing("application_id ", with: "is ")) } == true)
    #expect(columns.count == 1 + 17 + 5)
    for column in columns.dropFirst() {
      let parts = column.split(separator: " ")
      #expect(page.contains("\n| `\(parts[0])` | \(parts[1]) |"), "\(column)")
    }
  }

  @Test(arguments: ["runs", "run_settings", "run_series"]) func everyColumnOfAViewIsDescribed(_ view: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("descent.sqlite").path
    _ = try Archive(path: path)
    let section = try #require(
      Pages.page("ArchiveSchema").components(separatedBy: "\n## ").first { $0.hasPrefix("View \(view)\n") })
    let columns = try lines(
      """
      import sqlite3, sys
      for column in sqlite3.connect(sys.argv[1]).execute("PRAGMA table_info(\(view))"):
          print(column[1])
      """, path)
    #expect(columns.count >= 3)
    for column in columns { #expect(section.contains("`\(column)`"), "\(column)") }
  }

  private func lines(_ script: String, _ argument: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, argument]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
