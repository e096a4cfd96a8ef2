public import Foundation

/// Where experiments keep their files.
public struct DataFiles: Sendable {
  /// Folders searched in turn for a relative path.
  public let folders: [URL]

  public init(folders: [URL]) { self.folders = folders }

  func url(for path: String) -> URL {
    if path.hasPrefix("/") { return URL(fileURLWithPath: path) }
    let candidates = folders.map { $0.appendingPathComponent(path) }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates.first
      ?? URL(fileURLWithPath: path)
  }
}

/// Columns of a CSV file as inputs and targets. A target column of text holds classes, made into one output each.
public struct CSVSource: Hashable, Sendable {
  /// Relative to `experiments/data`, or absolute.
  public var path: String
  /// Input columns by name; all columns that are no targets where none are named.
  public var inputs: [String]
  public var targets: [String]
  /// Whether a numeric target column holds class labels.
  public var targetIsClass: Bool
  /// Factor on every input: 1/16 brings grey levels 0…16 to 0…1.
  public var inputScale: Double

  public var title: String {
    (path as NSString).lastPathComponent.replacingOccurrences(of: ".csv", with: "")
  }

  public var name: String {
    let factor = inputScale == 1 ? "" : " input-scale(\(inputScale))"
    return "csv(\(path)) inputs(\(inputs.joined(separator: ","))) targets(\(targets.joined(separator: ",")))"
      + (targetIsClass ? " classes" : "") + factor
  }

  func read(_ files: DataFiles) throws -> DataDraft {
    let table = try CSVTable(contentsOf: files.url(for: path), shown: path)
    guard !targets.isEmpty else {
      throw Mistake(
        .data, at: path, value: "no target column", rule: "training needs at least one", remedy: "Name a column")
    }
    let targetColumns = try targets.map { try column($0, in: table) }
    let named = inputs.isEmpty ? table.header.filter { !targets.contains($0) } : inputs
    let inputColumns = try named.map { try column($0, in: table) }
    guard !inputColumns.isEmpty else {
      throw Mistake(
        .data, at: path, value: "no input column", rule: "training needs at least one", remedy: "Name a column")
    }
    let x = try table.rows.map { row in
      try inputColumns.map { try number(row, $0, table) * inputScale }
    }
    let texts = targetColumns.count == 1 ? table.rows.map { $0.fields[targetColumns[0]] } : []
    let isText = texts.contains { Double($0.trimmingCharacters(in: .whitespaces)) == nil }
    if targetIsClass || (isText && !texts.isEmpty && texts.allSatisfy { Double($0) == nil }) {
      return try classes(texts, x, named, lines: table.rows.map(\.line))
    }
    let t = try table.rows.map { row in try targetColumns.map { try number(row, $0, table) } }
    return DataDraft(inputNames: named, outputNames: targets, inputs: x, targets: t)
  }

  private static let mostClasses = 1000

  private func classes(_ labels: [String], _ x: [[Double]], _ names: [String], lines: [Int]) throws -> DataDraft {
    let labels = labels.map { $0.trimmingCharacters(in: .whitespaces) }
    if let empty = labels.firstIndex(of: "") {
      throw Mistake(
        .data, at: "\(path), line \(lines[empty]), column \(targets[0])", value: "empty",
        rule: "a sample without a class",
        remedy: "Fill in the class or remove the row")
    }
    let kinds = Array(Set(labels)).sorted { ($0 as NSString).compare($1, options: .numeric) == .orderedAscending }
    guard kinds.count > 1 else {
      throw Mistake(
        .data, at: "\(path), column \(targets[0])", value: kinds.first ?? "", rule: "there is one class only",
        remedy: "Use data with at least two classes")
    }
    guard kinds.count <= Self.mostClasses else {
      throw Mistake(
        .data, at: "\(path), column \(targets[0])", value: "\(kinds.count) different texts",
        rule: "there are at most \(Self.mostClasses) classes, an output each", remedy: "Is this the right column?")
    }
    let targets = labels.map { label in kinds.map { $0 == label ? 1.0 : 0 } }
    return DataDraft(
      inputNames: names, outputNames: kinds, inputs: x, targets: targets, classes: .oneHot(names: kinds))
  }

  private func column(_ name: String, in table: CSVTable) throws -> Int {
    if let index = table.header.firstIndex(of: name) { return index }
    let near = Spelling.nearest(to: name, among: table.header).map { "Did you mean \($0)? " } ?? ""
    throw Mistake(
      .data, at: "\(path), line 1", value: name, rule: "there is no such column",
      remedy: "\(near)The columns are \(table.header.joined(separator: ", "))")
  }

  private func number(_ row: CSVTable.Row, _ index: Int, _ table: CSVTable) throws -> Double {
    let text = row.fields[index].trimmingCharacters(in: .whitespaces)
    guard let value = Double(text) else {
      throw Mistake(
        .data, at: "\(path), line \(row.line), column \(table.header[index])", value: text.isEmpty ? "empty" : text,
        rule: "it is not a number", remedy: "Write a number, or leave the column out of the inputs")
    }
    guard value.isFinite else {
      throw Mistake(
        .data, at: "\(path), line \(row.line), column \(table.header[index])", value: text,
        rule: "every number must be finite", remedy: "Remove the row or fill in the value")
    }
    return value
  }
}

extension DataSource {
  /// Columns of a CSV file; see `CSVSource`.
  public static func csv(
    _ path: String, inputs: [String] = [], targets: [String], targetIsClass: Bool = false, inputScale: Double = 1
  ) -> Self {
    Self(
      .csv(
        CSVSource(path: path, inputs: inputs, targets: targets, targetIsClass: targetIsClass, inputScale: inputScale)))
  }
}
