import Analysis
import Foundation
import Learning
import Studies

/// The tables of `--to csv` as Parquet files, with numbers as numbers.
extension SeriesExport {
  static let parquetFiles = ["series.parquet", "settings.parquet", "quantities.parquet"]

  /// Rows of `series.parquet` that are in memory at once.
  private static let groupRows = 1 << 20

  func writeParquet(_ folder: URL) throws -> [String] {
    try writeSeries(folder.appendingPathComponent(Self.parquetFiles[0]))
    try writeSettings(folder.appendingPathComponent(Self.parquetFiles[1]))
    var quantities = try ParquetWriter(
      folder.appendingPathComponent(Self.parquetFiles[2]), columns: ["quantity", "title", "unit"])
    try quantities.add((0..<3).map { column in ParquetColumn(values: .texts(units.map { $0[column] })) })
    try quantities.close()
    return Self.parquetFiles
  }

  /// One row per value, as in `series.csv`: run, swept parameters, seed, quantity, unit, step, value.
  private func writeSeries(_ file: URL) throws {
    let (first, last) = (["run"], ["seed", "quantity", "unit", "step", "value"])
    let axes = results.plan.axes.map { Self.renamed($0.parameter.name, beside: first + last) }
    var writer = try ParquetWriter(file, columns: first + axes + last)
    // Columns of settings have one type in all groups of rows.
    let isNumeric = results.plan.axes.indices.map { axis in
      results.rows.allSatisfy { Self.number($0.run.settings[axis]) != nil }
    }
    var group = SeriesGroup()
    for (quantity, unit) in zip(quantities, units.map { $0[2] }) {
      for (row, series) in zip(results.rows, try results.series(quantity)) {
        guard let series, !series.values.isEmpty else { continue }
        group.add(row, quantity, unit, series)
        if group.values.count >= Self.groupRows {
          try writer.add(group.columns(isNumeric))
          group = SeriesGroup()
        }
      }
    }
    // A file has at least one group, so that its columns have types.
    if !group.values.isEmpty || writer.isEmpty { try writer.add(group.columns(isNumeric)) }
    try writer.close()
  }

  /// Series side by side, until they are written.
  private struct SeriesGroup {
    var rows: [Results.Row] = []
    var names: [String] = []
    var units: [String] = []
    var counts: [Int] = []
    var steps: [Int] = []
    var values: [Double] = []

    mutating func add(_ row: Results.Row, _ quantity: Quantity, _ unit: String, _ series: Series) {
      rows.append(row)
      names.append(quantity.name)
      units.append(unit)
      counts.append(series.values.count)
      steps.append(contentsOf: series.values.indices.map(series.step))
      values.append(contentsOf: series.values)
    }

    func columns(_ isNumeric: [Bool]) -> [ParquetColumn] {
      func repeated(_ values: ParquetColumn.Values) -> ParquetColumn { ParquetColumn(values: values, counts: counts) }
      let settings = isNumeric.enumerated().map { axis, isNumber in
        isNumber
          ? ParquetColumn.Values.numbers(rows.map { SeriesExport.number($0.run.settings[axis]) ?? .nan })
          : .texts(rows.map { $0.run.settings[axis].exact })
      }
      return [repeated(.integers(rows.map(\.run.index)))] + settings.map(repeated)
        + [
          repeated(.unsigned(rows.map(\.seed))), repeated(.texts(names)), repeated(.texts(units)),
          ParquetColumn(values: .integers(steps)), ParquetColumn(values: .numbers(values)),
        ]
    }
  }

  /// One row per run: number, key, seed and every setting, as numbers where all are numbers.
  private func writeSettings(_ file: URL) throws {
    let table = SettingTable(results)
    var writer = try ParquetWriter(
      file, columns: Self.ownColumns + table.names.map { Self.renamed($0, beside: Self.ownColumns) })
    let settings = table.names.map { name -> ParquetColumn in
      let texts = table.columns[name] ?? []
      let numbers = texts.compactMap(Double.init)
      let values = numbers.count == texts.count ? ParquetColumn.Values.numbers(numbers) : .texts(texts)
      return ParquetColumn(values: values, counts: texts.map { _ in 1 })
    }
    let rows = results.rows
    try writer.add(
      [
        ParquetColumn(values: .integers(rows.map(\.run.index))), ParquetColumn(values: .texts(rows.map(\.run.key))),
        ParquetColumn(values: .unsigned(rows.map(\.seed))),
      ] + settings)
    try writer.close()
  }

  /// The number of a setting as `runs.csv` prints it; `nil` for a text.
  fileprivate static func number(_ setting: Setting) -> Double? { Double(setting.exact) }
}
