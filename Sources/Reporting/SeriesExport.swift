public import Foundation
public import Learning
import Studies

/// Every recorded series of a plan's runs, for pandas and NumPy.
public struct SeriesExport {
  public enum Format: String, CaseIterable, Sendable {
    case csv, npy
  }

  private let results: Results
  private let quantities: [Quantity]

  public init(_ results: Results, quantities: [Quantity]) {
    self.results = results
    self.quantities = quantities
  }

  /// Writes into a folder and returns what was written.
  public func write(_ format: Format, to folder: URL) throws -> [URL] {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      switch format {
      case .csv: return [try writeCSV(folder)]
      case .npy: return try writeNPY(folder)
      }
    } catch let mistake as Mistake {
      throw mistake
    } catch {
      throw Mistake(
        .output, at: folder.path, value: "\(error)", rule: "the export could not be written",
        remedy: "Check the disk and the folder's permissions")
    }
  }

  /// One tidy table: run, its parameters, seed, quantity, step, value.
  private func writeCSV(_ folder: URL) throws -> URL {
    let url = folder.appendingPathComponent("series.csv")
    let file = folder.appendingPathComponent(".series.csv-\(getpid())")
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
    let handle = try FileHandle(forWritingTo: file)
    let axes = results.plan.axes.map(\.parameter.name)
    var text =
      (["run"] + axes + ["seed", "quantity", "step", "value"]).map(RunTable.quoted).joined(separator: ",") + "\n"
    for quantity in quantities {
      for (row, series) in zip(results.rows, results.series(quantity)) {
        guard let series else { continue }
        let fields = ["\(row.run.index)"] + row.run.settings.map(\.exact) + ["\(row.seed)", quantity.name]
        let head = fields.map(RunTable.quoted).joined(separator: ",")
        for (i, value) in series.values.enumerated() { text += "\(head),\(series.step(i)),\(value)\n" }
        if text.utf8.count > 1 << 22 {
          try handle.write(contentsOf: Data(text.utf8))
          text = ""
        }
      }
    }
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
    guard rename(file.path, url.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    return url
  }

  /// One array (runs × values) a quantity, short runs filled up with NaN, and an index of the rows.
  private func writeNPY(_ folder: URL) throws -> [URL] {
    var written: [URL] = []
    var index: [String: Any] = [
      "experiment": results.plan.name,
      "runs": results.rows.map { row -> [String: Any] in
        var entry: [String: Any] = ["seed": row.seed, "steps": row.summary.steps, "diverged": row.summary.hasDiverged]
        for (axis, setting) in zip(results.plan.axes, row.run.settings) {
          entry[axis.parameter.name] = setting.number ?? setting.description
        }
        return entry
      },
    ]
    var files: [String: Any] = [:]
    for quantity in quantities {
      let series = results.series(quantity)
      let width = series.compactMap { $0?.values.count }.max() ?? 0
      let url = folder.appendingPathComponent("\(quantity.name).npy")
      var data = NPY.header(rows: series.count, columns: width)
      for one in series {
        let values = one?.values ?? []
        let padded = values + Array(repeating: Double.nan, count: width - values.count)
        padded.withUnsafeBytes { data.append(contentsOf: $0) }
      }
      try data.write(to: url, options: .atomic)
      files[quantity.name] = ["file": url.lastPathComponent, "every": series.compactMap { $0?.every }.first ?? 1]
      written.append(url)
    }
    index["quantities"] = files
    let url = folder.appendingPathComponent("index.json")
    try JSONSerialization.data(withJSONObject: index, options: [.prettyPrinted, .sortedKeys]).write(
      to: url, options: .atomic)
    return written + [url]
  }
}
