package import Analysis
package import Foundation
import Learning
package import Studies

/// Writes `weights.npz`: the weights and biases of every run and layer, the settings, the standardisation and the rows of the split.
///
/// Entries: `key`, `seed`, `status`, `steps`, `final_loss` and `setting/NAME`, one value per run; `run/I/W1`, `run/I/b1` …, I counted from 0
/// and layers from 1, or `run/I/parameters` for an objective; `data`, the number of each run's data set, −1 for an objective; and
/// `data/J/…` per data set.
package struct WeightsExport {
  private static let fileName = "weights.npz"

  private let results: Results
  private let store: any RunStore

  package init(_ results: Results, store: any RunStore) {
    self.results = results
    self.store = store
  }

  /// Checks, before any long work, that the file can be written.
  /// - Throws: `Mistake` if it cannot.
  package static func prepare(folder: URL) throws { try self.folder(folder).check([fileName]) }

  private static func folder(_ url: URL, changes: [String] = []) -> OutputFolder {
    OutputFolder(url, changes: changes, adopts: FormerReport.exports)
  }

  /// Writes the file into a folder and returns its path. Other files in the folder are kept.
  /// - Throws: what reading the archive and writing the file throw.
  package func write(to folder: URL) throws -> URL {
    try Self.folder(folder, changes: results.plan.changes).update(replacing: { $0 == Self.fileName }) { staging in
      let url = staging.appendingPathComponent(Self.fileName)
      try OutputError.during(folder.appendingPathComponent(Self.fileName).path) {
        var file = try ZIPWriter(url)
        try addRuns(&file)
        try addData(&file)
        try addWeights(&file)
        try file.close()
      }
    }
    return folder.appendingPathComponent(Self.fileName)
  }

  // MARK: Runs

  private func addRuns(_ file: inout ZIPWriter) throws {
    let rows = results.rows
    let shape = [rows.count]
    try file.add("key.npy", NPY.file(rows.map(\.run.key), shape: shape))
    try file.add("seed.npy", NPY.file(rows.map { Int(clamping: $0.seed) }, shape: shape))
    try file.add(
      "status.npy", NPY.file(rows.map { $0.summary.hasDiverged ? "diverged" : "finished" }, shape: shape))
    try file.add("steps.npy", NPY.file(rows.map(\.summary.steps), shape: shape))
    try file.add("final_loss.npy", NPY.file(rows.map(\.summary.finalLoss), shape: shape))
    let table = SettingTable(results)
    for name in table.names {
      let texts = table.columns[name] ?? []
      let numbers = texts.compactMap(Double.init)
      let content = numbers.count == texts.count ? NPY.file(numbers, shape: shape) : NPY.file(texts, shape: shape)
      // A slash would begin another folder.
      try file.add("setting/\(name.replacing("/", with: "_")).npy", content)
    }
  }

  private func addWeights(_ file: inout ZIPWriter) throws {
    for start in stride(from: 0, to: results.count, by: 1000) {
      let rows = results.rows[start..<min(start + 1000, results.count)]
      let found = try store.finalParameters(of: rows.map(\.run.key))
      for (i, row) in zip(rows.indices, rows) {
        let parameters = found[row.run.key] ?? []
        guard let architecture = try results.plan.network(of: row.run) else {
          try file.add("run/\(i)/parameters.npy", NPY.file(parameters, shape: [parameters.count]))
          continue
        }
        for (number, layer) in zip(1..., architecture.layers) {
          let weights = Array(parameters[layer.offset..<layer.offset + layer.weightCount])
          try file.add("run/\(i)/W\(number).npy", NPY.file(weights, shape: [layer.units, layer.inputs]))
          guard layer.hasBias else { continue }
          let biases = Array(parameters[layer.parameters].dropFirst(layer.weightCount))
          try file.add("run/\(i)/b\(number).npy", NPY.file(biases, shape: [layer.units]))
        }
      }
    }
  }

  // MARK: Data

  /// A data set of the plan: of a source, and of a seed where each run draws its own.
  private struct Source: Hashable {
    let source: DataSource
    let seed: UInt64?
  }

  private func addData(_ file: inout ZIPWriter) throws {
    var numbers: [Source: Int] = [:]
    let data = try results.rows.map { row -> Int in
      guard let source = row.run.setup.data else { return -1 }
      let own = Source(source: source, seed: source.variesWithSeed ? row.seed : nil)
      if let known = numbers[own] { return known }
      let number = numbers.count
      numbers[own] = number
      if let dataset = try results.dataset(of: row) { try add(dataset, "data/\(number)", &file) }
      return number
    }
    try file.add("data.npy", NPY.file(data, shape: [data.count]))
  }

  private func add(_ dataset: Dataset, _ place: String, _ file: inout ZIPWriter) throws {
    func add(_ name: String, _ values: [Double]) throws {
      try file.add("\(place)/\(name).npy", NPY.file(values, shape: [values.count]))
    }
    func add(_ name: String, _ values: [Int]) throws {
      try file.add("\(place)/\(name).npy", NPY.file(values, shape: [values.count]))
    }
    func add(_ name: String, _ values: [String]) throws {
      try file.add("\(place)/\(name).npy", NPY.file(values, shape: [values.count]))
    }
    let preparation = dataset.preparation
    try add("input_names", dataset.inputNames)
    try add("output_names", dataset.outputNames)
    if case .oneHot(let names) = dataset.classes { try add("class_names", names) }
    try file.add("\(place)/input_factor.npy", NPY.file([preparation.inputFactor], shape: []))
    if !preparation.means.isEmpty {
      try add("mean", preparation.means)
      try add("deviation", preparation.deviations)
    }
    if !preparation.targetMeans.isEmpty {
      try add("target_mean", preparation.targetMeans)
      try add("target_deviation", preparation.targetDeviations)
    }
    try add("training_rows", dataset.trainingRows)
    if let held = dataset.validationRows { try add("validation_rows", held) }
    if let test = dataset.testRows { try add("test_rows", test) }
  }
}
