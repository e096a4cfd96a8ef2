package import Analysis
package import Foundation
package import Learning
import Studies

/// Writes every recorded series of a plan's runs, for pandas, NumPy and programs that read Parquet.
package struct SeriesExport {
  package enum Format: String, CaseIterable, Sendable {
    case csv, npy, parquet
  }

  let results: Results
  let quantities: [Quantity]

  package init(_ results: Results, quantities: [Quantity]) {
    self.results = results
    self.quantities = quantities
  }

  /// Writes the series into a folder and returns the paths of the files. Other files in the folder are kept.
  package func write(_ format: Format, to folder: URL) throws -> [URL] {
    var written: [String] = []
    try Self.folder(folder, changes: results.plan.changes).update(replacing: { Self.belongs($0, to: format) }) {
      staging in
      switch format {
      case .csv: written = [try writeCSV(staging)] + (try writeTables(staging))
      case .npy: written = try writeNPY(staging)
      case .parquet: written = try writeParquet(staging)
      }
    }
    return written.map { folder.appendingPathComponent($0) }
  }

  /// Checks, before any long work, that the files can be written.
  package static func prepare(_ format: Format, quantities: [Quantity], folder: URL) throws {
    switch format {
    case .csv: try Self.folder(folder).check(tables)
    case .npy: try Self.folder(folder).check(["index.json"] + quantities.map { "\($0.name).npy" })
    case .parquet: try Self.folder(folder).check(parquetFiles)
    }
  }

  private static let tables = ["series.csv", "settings.csv", "quantities.csv"]

  private static func belongs(_ file: String, to format: Format) -> Bool {
    switch format {
    case .csv: tables.contains(file)
    case .npy: file == "index.json" || file.hasSuffix(".npy")
    case .parquet: parquetFiles.contains(file)
    }
  }

  private static func folder(_ url: URL, changes: [String] = []) -> OutputFolder {
    OutputFolder(url, changes: changes, adopts: FormerReport.exports)
  }

  /// Writes one table with a line per value: run, its parameters, seed, quantity, step, value.
  private func writeCSV(_ folder: URL) throws -> String {
    let file = folder.appendingPathComponent("series.csv")
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw OutputError.mistake(file.path) }
    let handle = try FileHandle(forWritingTo: file)
    let axes = results.plan.axes.map(\.parameter.name)
    var text =
      (["run"] + axes + ["seed", "quantity", "step", "value"]).map(CSVText.quoted).joined(separator: ",") + "\n"
    for quantity in quantities {
      for row in results.rows {
        guard let series = try results.series(quantity, row) else { continue }
        let fields = ["\(row.run.index)"] + row.run.settings.map(\.exact) + ["\(row.seed)", quantity.name]
        let head = fields.map(CSVText.quoted).joined(separator: ",")
        for (i, value) in series.values.enumerated() { text += "\(head),\(series.step(i)),\(value)\n" }
        if text.utf8.count > 1 << 22 {
          try handle.write(contentsOf: Data(text.utf8))
          text = ""
        }
      }
    }
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
    return file.lastPathComponent
  }

  /// Writes the settings of the runs, and the units of the quantities.
  private func writeTables(_ folder: URL) throws -> [String] {
    let table = SettingTable(results)
    let names = table.names.map { Self.renamed($0, beside: Self.ownColumns) }
    var lines = [Self.ownColumns + names]
    for (i, row) in results.rows.enumerated() {
      lines.append(["\(row.run.index)", row.run.key, "\(row.seed)"] + table.names.map { table.columns[$0]?[i] ?? "" })
    }
    for (name, lines) in [("settings.csv", lines), ("quantities.csv", [["quantity", "title", "unit"]] + units)] {
      let text = lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return ["settings.csv", "quantities.csv"]
  }

  /// The first columns of the table of settings.
  static let ownColumns = ["run", "key", "seed"]

  /// A swept parameter with the name of another column is renamed, as in `runs.csv`.
  static func renamed(_ name: String, beside columns: [String]) -> String {
    columns.contains(name) ? "set_\(name)" : name
  }

  /// Name, title and unit of each quantity.
  var units: [[String]] { quantities.map { [$0.name, $0.title, $0.unit(loss: lossUnit)] } }

  /// The loss function whose values the losses are.
  private var lossUnit: String {
    let names = Set(results.plan.combinations.map { $0.setup.loss?.name ?? "value of the objective" })
    return names.count == 1 ? names.first ?? "" : "loss function of the run's setting loss"
  }

  /// Writes one array (runs × values) per quantity, shorter runs padded with NaN, and an index of the rows.
  private func writeNPY(_ folder: URL) throws -> [String] {
    var written: [String] = []
    let table = SettingTable(results)
    var index: [String: Any] = [
      "experiment": results.plan.name,
      "runs": results.rows.enumerated().map { i, row -> [String: Any] in
        var entry: [String: Any] = [
          "seed": row.seed, "steps": row.summary.steps, "diverged": row.summary.hasDiverged, "key": row.run.key,
          "settings": table.columns.mapValues { $0[i] },
        ]
        entry["best_step"] = row.summary.bestStep
        for (axis, setting) in zip(results.plan.axes, row.run.settings) {
          entry[axis.parameter.name] = setting.number ?? setting.description
        }
        return entry
      },
    ]
    var files: [String: Any] = [:]
    for quantity in quantities {
      let url = folder.appendingPathComponent("\(quantity.name).npy")
      files[quantity.name] = [
        "file": url.lastPathComponent, "every": try writeArray(quantity, to: url), "title": quantity.title,
        "unit": quantity.unit(loss: lossUnit),
      ]
      written.append(url.lastPathComponent)
    }
    index["quantities"] = files
    let url = folder.appendingPathComponent("index.json")
    try JSONSerialization.data(withJSONObject: index, options: [.prettyPrinted, .sortedKeys]).write(to: url)
    return written + [url.lastPathComponent]
  }

  /// Writes the array of a quantity run by run, and returns the cadence of each run's series; 0 for a run that has none.
  private func writeArray(_ quantity: Quantity, to url: URL) throws -> [Int] {
    var cadences: [Int] = []
    var width = 0
    for row in results.rows {
      let series = try results.series(quantity, row)
      cadences.append(series?.every ?? 0)
      width = max(width, series?.values.count ?? 0)
    }
    guard FileManager.default.createFile(atPath: url.path, contents: nil) else { throw OutputError.mistake(url.path) }
    let handle = try FileHandle(forWritingTo: url)
    var data = NPY.header(rows: results.count, columns: width)
    for row in results.rows {
      let values = try results.series(quantity, row)?.values ?? []
      let padded = values + Array(repeating: Double.nan, count: width - values.count)
      padded.withUnsafeBytes { data.append(contentsOf: $0) }
      guard data.count > 1 << 22 else { continue }
      try handle.write(contentsOf: data)
      data.removeAll(keepingCapacity: true)
    }
    try handle.write(contentsOf: data)
    try handle.close()
    return cadences
  }
}
