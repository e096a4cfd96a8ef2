import Analysis
import Documents
import Figures
import Foundation
import Learning
import Planted
import Reporting
import Studies
import Testing

/// What a report's files say of the machine that made them.
@Suite struct PublishedTextTests {
  @Test func foldersOfDataStayOnTheMachine() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("private-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = folder.appendingPathComponent("points.csv")
    try Data("x,y\n0,0\n1,1\n2,4\n3,9\n".utf8).write(to: data)
    let results = try TrainedRuns.results(
      Setup(
        data: .csv(data.path, targets: ["y"]), network: .linear(), loss: .halfMeanSquaredError,
        optimizer: .gradientDescent(learningRate: 0.01), initialization: .zero, stop: .after(steps: 5))
    ) {
      Vary(
        .data, over: [.csv(data.path, targets: ["y"]), .csv(data.path, targets: ["y"], inputScale: 0.5).standardized()])
    }
    let report = try ReportComposer.compose([Note("A note.").cell], results: results, provenance: [])
    _ = try ReportWriter(output: folder, formats: [.png, .svg, .html], dpi: 72).write(report, name: "report")
    let files = FileManager.default.enumerator(atPath: folder.appendingPathComponent("report").path)
    var read = 0
    for path in files?.allObjects as? [String] ?? [] {
      guard let content = FileManager.default.contents(atPath: "\(folder.path)/report/\(path)") else { continue }
      read += 1
      #expect(content.range(of: Data(folder.path.utf8)) == nil, "\(path)")
    }
    #expect(read > 5)
    let json = try String(contentsOf: folder.appendingPathComponent("report/experiment.json"), encoding: .utf8)
    #expect(json.contains("csv(points.csv)"), "the file is named: \(json)")
  }
}
