import Foundation

/// Reads columns of a CSV file straight into rows of numbers.
///
/// The file is read twice in pieces of 1 MiB: once to verify its encoding and to count its lines, once to parse it.
/// Besides the numbers that the data set consists of, only one field is in memory.
/// - Complexity: O(bytes of the file) in time.
struct CSVReader {
  private enum Role {
    case ignored
    case input(Int)
    case target(Int)
  }

  private let source: CSVSource
  private let files: DataFiles
  private let header: CSVHeader
  private let inputColumns: [Int]
  private let roles: [Role]
  private let path: String
  private var scanner: CSVScanner
  private var targets: CSVTargets
  private var inputs: [Double] = []
  private var count = 0
  /// The categories of each input column that has them.
  private var categories: [Int: ClassLabels] = [:]
  /// With `dropRows`: the target fields of the row, which count only if nothing in the row is missing.
  private var rowTargets: [(field: [UInt8], index: Int, line: Int)] = []
  private var rowIsIncomplete = false
  /// With `dropRows`: the rows that are kept.
  private var kept: [Int] = []
  private var rowsRead = 0

  /// - Throws: `Mistake` for a file, a field or a declaration that cannot be used.
  static func read(_ source: CSVSource, _ files: DataFiles) throws -> DataDraft {
    var reader = try CSVReader(source, files)
    return try reader.readRows()
  }

  private init(_ source: CSVSource, _ files: DataFiles) throws {
    self.source = source
    self.files = files
    path = source.shownPath
    try source.checkScale()
    let file = try FileChunks(files.url(for: source.path), shown: path)
    let survey = try CSVSurvey(file)
    scanner = try CSVScanner(file, progress: Self.progress(source, files, of: file.byteCount))
    header = try CSVHeader(&scanner)
    targets = try CSVTargets(source, header)
    inputColumns = try Self.inputColumns(source, header, targets: targets.columns)
    roles = try Self.roles(header, inputs: inputColumns, targets: targets.columns, at: path)
    // Quoted line ends and empty lines count as lines, so that this is the largest possible number of rows.
    let rows = max(0, survey.lines - 1)
    try files.checkSize(samples: rows, width: inputColumns.count + targets.columns.count, at: path)
    for name in source.categories {
      guard let input = inputColumns.firstIndex(of: try header.column(name)) else {
        throw Mistake(
          .data, at: "\(path), categories", value: Quoted.short(name), rule: "it is not among the inputs",
          remedy: "Name it among the inputs, or leave it out of the categories")
      }
      categories[input] = ClassLabels()
    }
    inputs.reserveCapacity(rows * inputColumns.count)
    targets.reserve(rows)
  }

  private static func progress(_ source: CSVSource, _ files: DataFiles, of byteCount: Int) -> (Int) -> Void {
    guard let report = files.progress else { return { _ in } }
    let period = 16 * FileChunks.size
    return { bytes in
      if bytes > 0, bytes % period == 0 {
        report(DataFiles.Progress(path: source.path, bytesRead: bytes, byteCount: byteCount))
      }
    }
  }

  private static func inputColumns(_ source: CSVSource, _ header: CSVHeader, targets: [Int]) throws -> [Int] {
    let others = Set(targets)
    let columns =
      source.inputs.isEmpty
      ? header.names.indices.filter { !others.contains($0) } : try source.inputs.map(header.column)
    guard !columns.isEmpty else {
      throw Mistake(
        .data, at: source.shownPath, value: "no input column", rule: "training needs at least one",
        remedy: "Name a column")
    }
    return columns
  }

  /// What each column of the file is for.
  private static func roles(_ header: CSVHeader, inputs: [Int], targets: [Int], at path: String) throws -> [Role] {
    var roles = [Role](repeating: .ignored, count: header.names.count)
    func mistake(_ column: Int, _ rule: String, _ remedy: String) -> Mistake {
      Mistake(
        .data, at: "\(path), columns", value: Quoted.short(header.names[column]), rule: rule, remedy: remedy)
    }
    for (k, column) in targets.enumerated() {
      if case .target = roles[column] {
        throw mistake(column, "a column is a target once", "Name it once among the targets")
      }
      roles[column] = .target(k)
    }
    for (j, column) in inputs.enumerated() {
      switch roles[column] {
      case .target:
        throw mistake(column, "a target is no input: the network would only copy it", "Leave it out of the inputs")
      case .input: throw mistake(column, "a column is an input once", "Name it once among the inputs")
      case .ignored: roles[column] = .input(j)
      }
    }
    return roles
  }

  private mutating func readRows() throws -> DataDraft {
    while try scanner.beginRow() { try readRow() }
    guard rowsRead > 0 else {
      throw Mistake(
        .data, at: "\(path), line 1", value: "a header and no rows", rule: "there are no samples",
        remedy: "Add at least one row below the header")
    }
    guard count > 0 else {
      throw Mistake(
        .data, at: path, value: "\(rowsRead) rows, each with a missing value", rule: "no sample is left",
        remedy: "Leave the columns with missing values out of the inputs, or use missing: .trainingMedian")
    }
    let made = try targets.finish(rows: count, files, at: path)
    var draft = DataDraft(
      inputNames: inputColumns.map { header.names[$0] }, outputNames: made.names, count: count, inputs: inputs,
      targets: made.values, classes: made.classes)
    draft.preparation.inputFactor = source.inputScale
    draft.preparation.droppedRows = rowsRead - count
    if rowsRead > count { draft.preparation.rows = kept }
    try finishCategories(&draft)
    return draft
  }

  /// Numbers the categories in the order of their names, and describes the columns.
  private func finishCategories(_ draft: inout DataDraft) throws {
    guard !categories.isEmpty || source.missing == .trainingMedian else { return }
    let width = inputColumns.count
    draft.preparation.columns = inputColumns.indices.map { input in
      let name = header.names[inputColumns[input]]
      guard let labels = categories[input] else {
        return Dataset.Preparation.Column(name: name, kind: .number(fill: source.missing == .trainingMedian ? 0 : nil))
      }
      let (names, places) = labels.sorted()
      for i in 0..<count where !draft.inputs[i * width + input].isNaN {
        draft.inputs[i * width + input] = Double(places[Int(draft.inputs[i * width + input])])
      }
      return Dataset.Preparation.Column(name: name, kind: .categories(names, known: names.map { _ in true }, fill: nil))
    }
    try files.checkSize(
      samples: count, width: draft.preparation.columns.reduce(0) { $0 + $1.inputNames.count }, at: path)
  }

  /// Reads a row. A wrong number of fields is reported before a field that is wrong.
  private mutating func readRow() throws {
    var separator = try scanner.next()
    if separator != .field, scanner.field.isEmpty { return }
    let line = scanner.fieldLine
    let start = scanner.field.count < 10_000 ? scanner.field : []
    inputs.append(contentsOf: repeatElement(0, count: inputColumns.count))
    rowTargets.removeAll(keepingCapacity: true)
    rowIsIncomplete = false
    if source.missing != .dropRows { targets.beginRow() }
    var found: Mistake?
    for column in roles.indices {
      if column > 0 {
        guard separator == .field else { throw ragged(column, line: line, start: start) }
        separator = try scanner.next()
      }
      if found == nil { found = takeField(column) }
    }
    if separator == .field { throw ragged(roles.count + (try scanner.skipRow()), line: line, start: start) }
    if let found { throw found }
    rowsRead += 1
    if source.missing == .dropRows, try !keepCompleteRow() { return }
    count += 1
  }

  /// Adds the targets of a row in which nothing is missing; takes the inputs of another one back.
  private mutating func keepCompleteRow() throws -> Bool {
    if rowIsIncomplete {
      inputs.removeLast(inputColumns.count)
      return false
    }
    targets.beginRow()
    for target in rowTargets {
      if let mistake = targets.take(target.field, target.index, line: target.line) { throw mistake }
    }
    kept.append(rowsRead - 1)
    return true
  }

  private mutating func takeField(_ column: Int) -> Mistake? {
    switch roles[column] {
    case .ignored: return nil
    case .target(let k):
      guard source.missing == .dropRows else { return targets.take(scanner.field, k, line: scanner.fieldLine) }
      if isMissing { rowIsIncomplete = true } else { rowTargets.append((scanner.field, k, scanner.fieldLine)) }
      return nil
    case .input(let j):
      if source.missing != .refused, isMissing {
        rowIsIncomplete = true
        inputs[count * inputColumns.count + j] = .nan
        return nil
      }
      return categories[j] == nil ? takeNumber(column, j) : takeCategory(column, j)
    }
  }

  private mutating func takeNumber(_ column: Int, _ j: Int) -> Mistake? {
    guard case .number(let value) = DecimalNumber.read(scanner.field) else { return notANumber(column) }
    let scaled = value * source.inputScale
    guard scaled.isFinite else {
      return mistake(
        column, "times the input scale \(source.inputScale), the number must be finite", "Choose a smaller inputScale")
    }
    inputs[count * inputColumns.count + j] = scaled
    return nil
  }

  private mutating func takeCategory(_ column: Int, _ j: Int) -> Mistake? {
    if isMissing {
      return mistake(column, "a category is missing", "Fill it in, remove the row, or use missing: .dropRows")
    }
    guard let label = categories[j]?.add(scanner.field) else {
      return mistake(
        column, "a column has at most \(ClassLabels.most) categories, an input each",
        "Leave the column out of the inputs, or out of the categories if it holds numbers")
    }
    inputs[count * inputColumns.count + j] = Double(label)
    return nil
  }

  /// Whether the field is empty or has a usual sign for a missing value. Most fields are numbers, which are never missing.
  private var isMissing: Bool {
    guard scanner.field.count <= 16, case .text = DecimalNumber.read(scanner.field) else { return false }
    return text.isEmpty || CSVAdvice.isMissing(text)
  }

  // MARK: Messages

  private func notANumber(_ column: Int) -> Mistake {
    let choice = text.isEmpty || CSVAdvice.isMissing(text) ? "use missing: .dropRows or .trainingMedian, " : ""
    let category = choice.isEmpty ? ", or name it in categories" : ""
    let alternative = "\(choice)or leave the column out of the inputs\(category)"
    return DecimalNumber.read(scanner.field) == .notFinite
      ? mistake(column, "every number must be finite", "Fill in the value, remove the row, \(alternative)")
      : mistake(column, "it is not a number", CSVAdvice.number(text, or: alternative))
  }

  private var text: String {
    String(decoding: scanner.field.prefix(8 * Quoted.limit), as: UTF8.self).trimmingCharacters(in: .whitespaces)
  }

  private func mistake(_ column: Int, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(
      .data, at: header.place(line: scanner.fieldLine, column: column),
      value: text.isEmpty ? "empty" : Quoted.short(text), rule: rule, remedy: remedy)
  }

  private func ragged(_ count: Int, line: Int, start: [UInt8]) -> Mistake {
    CSVAdvice.raggedRow(count, of: roles.count, path: path, line: line, start: start)
  }
}
