import Foundation
import Learning
import Testing

/// A CSV file in a folder of its own, read as a data source reads it.
struct CSVFixture: Sendable {
  var bytes: [UInt8]
  var inputs: [String] = []
  var targets = ["y"]
  var targetIsClass = false
  var inputScale = 1.0

  init(_ text: String) { bytes = Array(text.utf8) }
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var source: DataSource {
    .csv("t.csv", inputs: inputs, targets: targets, targetIsClass: targetIsClass, inputScale: inputScale)
  }

  func read(
    memoryLimit: Int? = nil, seed: UInt64 = 0, _ change: (DataSource) -> DataSource = { $0 },
    progress: (@Sendable (DataFiles.Progress) -> Void)? = nil
  ) throws -> Dataset {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(bytes).write(to: folder.appendingPathComponent("t.csv"))
    return try change(source).make(
      runSeed: seed, files: DataFiles(folders: [folder], memoryLimit: memoryLimit, progress: progress))
  }
}

/// What `body` throws; `nil`, and a recorded issue, where it throws no mistake.
func mistake(_ body: () throws -> Dataset) -> Mistake? {
  do {
    _ = try body()
    Issue.record("was accepted")
  } catch let mistake as Mistake {
    return mistake
  } catch {
    Issue.record("threw \(error)")
  }
  return nil
}
