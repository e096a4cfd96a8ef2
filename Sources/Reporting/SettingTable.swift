import Analysis
import Learning
import Studies

/// The settings of runs as columns: the swept parameters, then every line of the description.
struct SettingTable {
  /// The names of the columns.
  let names: [String]
  /// One text per run, by the name of the column.
  let columns: [String: [String]]

  init(_ results: Results) {
    let plan = results.plan
    let axes = plan.axes.map(\.parameter.name)
    let rows = results.rows.map { row -> [String: String] in
      var found: [String: String] = [:]
      for line in row.run.description.split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] != "seed" { found[String(parts[0])] = plan.published(String(parts[1])) }
      }
      for (name, setting) in zip(axes, row.run.settings) { found[name] = plan.published(setting.exact) }
      return found
    }
    let others = Set(rows.flatMap(\.keys)).subtracting(axes).sorted()
    names = axes + others
    columns = Dictionary(uniqueKeysWithValues: names.map { name in (name, rows.map { $0[name] ?? "" }) })
  }
}
