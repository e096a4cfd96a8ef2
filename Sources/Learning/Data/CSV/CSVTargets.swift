import Foundation

/// The target columns of a CSV file: numbers, or the classes of one column.
struct CSVTargets {
  private enum Kind {
    /// One column whose first row decides.
    case undecided
    case numbers
    /// - Parameter declared: whether the author says that the column holds classes; numbers are labels then.
    case classes(declared: Bool)
  }

  let columns: [Int]
  private let header: CSVHeader
  private var kind: Kind
  private var numbers: [Double] = []
  private var labels = ClassLabels()
  /// The first label and its line, for messages.
  private var firstLabel = (text: "", line: 0)

  init(_ source: CSVSource, _ header: CSVHeader) throws {
    self.header = header
    guard !source.targets.isEmpty else {
      throw Mistake(
        .data, at: source.shownPath, value: "no target column", rule: "training needs at least one",
        remedy: "Name a column")
    }
    columns = try source.targets.map(header.column)
    guard columns.count == 1 || !source.targetIsClass else {
      throw Mistake(
        .data, at: "\(source.shownPath), targets", value: Quoted.list(source.targets),
        rule: "classes come from one column", remedy: "Name one target column, or leave targetIsClass out")
    }
    kind = source.targetIsClass ? .classes(declared: true) : columns.count == 1 ? .undecided : .numbers
  }

  /// Makes room for `count` rows.
  mutating func reserve(_ count: Int) {
    if case .classes = kind { labels.reserve(count) } else { numbers.reserveCapacity(count * columns.count) }
  }

  /// Begins the next row.
  mutating func beginRow() {
    if case .numbers = kind { numbers.append(contentsOf: repeatElement(0, count: columns.count)) }
  }

  /// Adds the field of target number `k` of the row; returns its mistake, if it has one.
  mutating func take(_ field: [UInt8], _ k: Int, line: Int) -> Mistake? {
    switch kind {
    case .undecided:
      if isBlank(field) { return mistake(k, line, "empty", "a sample without a target", Self.fill) }
      kind = DecimalNumber.read(field) == .text ? .classes(declared: false) : .numbers
      beginRow()
      return take(field, k, line: line)
    case .numbers: return takeNumber(field, k, line: line)
    case .classes(let isDeclared): return takeLabel(field, isDeclared, line: line)
    }
  }

  /// The targets of all rows.
  func finish(rows: Int, _ files: DataFiles, at place: String) throws -> Columns {
    guard case .classes = kind else { return Columns(names: columns.map { header.names[$0] }, values: numbers) }
    guard labels.count > 1 else {
      throw Mistake(
        .data, at: "\(place), column \(Quoted.short(header.names[columns[0]]))",
        value: Quoted.short(labels.first ?? ""),
        rule: "there is one class only", remedy: "Use data with at least two classes")
    }
    try files.checkSize(samples: rows, width: labels.count, at: place)
    let (names, values) = labels.oneHot()
    return Columns(names: names, values: values, classes: .oneHot(names: names))
  }

  struct Columns {
    var names: [String]
    /// One row of targets after the other.
    var values: [Double]
    var classes: Dataset.Classes?
  }

  private mutating func takeNumber(_ field: [UInt8], _ k: Int, line: Int) -> Mistake? {
    switch DecimalNumber.read(field) {
    case .number(let value):
      numbers[numbers.count - columns.count + k] = value
      return nil
    case .notFinite: return mistake(k, line, text(field), "every number must be finite", Self.fill)
    case .text:
      let text = text(field)
      let alternative =
        columns.count == 1
        ? "or declare the classes with targetIsClass: true" : "or choose another target; classes are one column alone"
      return mistake(
        k, line, text.isEmpty ? "empty" : text, "it is not a number", CSVAdvice.number(text, or: alternative))
    }
  }

  private mutating func takeLabel(_ field: [UInt8], _ isDeclared: Bool, line: Int) -> Mistake? {
    if isBlank(field) {
      return mistake(0, line, "empty", "a sample without a class", "Fill in the class or remove the row")
    }
    let reading = DecimalNumber.read(field)
    if reading == .notFinite {
      return mistake(0, line, text(field), "a class is a name or a finite number", Self.fill)
    }
    if reading != .text, !isDeclared {
      return mistake(
        0, line, text(field),
        "the column mixes numbers with texts, \(Quoted.short(firstLabel.text)) on line \(firstLabel.line)",
        "Write numbers only, or declare all values as classes with targetIsClass: true")
    }
    if firstLabel.line == 0 { firstLabel = (text(field), line) }
    guard labels.add(field) != nil else {
      return mistake(
        0, line, text(field), "there are at most \(ClassLabels.most) classes, an output each",
        "Name the column that holds the classes; numbers to predict need no targetIsClass")
    }
    return nil
  }

  private static let fill = "Fill in the value or remove the row"

  private func text(_ field: [UInt8]) -> String {
    String(decoding: field.prefix(8 * Quoted.limit), as: UTF8.self).trimmingCharacters(in: .whitespaces)
  }

  private func isBlank(_ field: [UInt8]) -> Bool {
    // Every blank is below "!" or beyond ASCII.
    if let first = field.first, (0x21..<0x80).contains(first) { return false }
    return field.count <= 8 * Quoted.limit && text(field).isEmpty
  }

  private func mistake(_ k: Int, _ line: Int, _ value: String, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(
      .data, at: header.place(line: line, column: columns[k]), value: Quoted.short(value), rule: rule, remedy: remedy)
  }
}
