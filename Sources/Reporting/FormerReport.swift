import Foundation

/// Recognises files that earlier versions wrote without a manifest, so that their reports and exports can be replaced.
enum FormerReport {
  /// The names of pages: `report.png`, `report-2.svg`.
  static var page: Regex<Substring> { /report(?:-[0-9]+)?\.(?:png|pdf|svg|html|md|json)/ }
  private static var figure: Regex<Substring> { /[0-9]{2,}-[a-z0-9-]+\.(?:png|pdf|svg|apng|mp4)/ }

  /// The files of a report. A folder without `experiment.json` and its provenance is not a report.
  static func files(_ folder: FolderHandle) -> [String] {
    guard has(["name", "declaration", "provenance"], "experiment.json", folder) else { return [] }
    let pages = folder.names.filter {
      $0 == "runs.csv" || $0 == "experiment.json" || $0.wholeMatch(of: page) != nil
    }
    let figures = folder.folder("figures")?.names.filter { $0.wholeMatch(of: figure) != nil } ?? []
    return pages + figures.map { "figures/\($0)" }
  }

  /// The files of an export of series: a table, or arrays with an index.
  static func exports(_ folder: FolderHandle) -> [String] {
    var files: [String] = []
    if let head = head("series.csv", folder), head.hasPrefix("run,"), head.hasSuffix("seed,quantity,step,value") {
      files.append("series.csv")
    }
    if has(["experiment", "quantities", "runs"], "index.json", folder) {
      files += ["index.json"] + folder.names.filter { $0.hasSuffix(".npy") }
    }
    return files
  }

  /// The scripts of an export of figures.
  static func scripts(_ folder: FolderHandle) -> [String] {
    folder.names.filter {
      $0.wholeMatch(of: /[0-9]{2,}-[a-z0-9-]+\.gp/) != nil && (head($0, folder) ?? "").hasPrefix("# Figure ")
    }
  }

  private static func has(_ keys: [String], _ name: String, _ folder: FolderHandle) -> Bool {
    guard let data = folder.content(name), let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return false }
    return keys.allSatisfy { object[$0] != nil }
  }

  /// The first line of a file.
  private static func head(_ name: String, _ folder: FolderHandle) -> String? {
    folder.content(name).map { String(decoding: $0.prefix { $0 != 10 }, as: UTF8.self) }
  }
}
