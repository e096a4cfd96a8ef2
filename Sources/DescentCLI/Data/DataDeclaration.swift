import Learning

/// A data source for a CSV file, ready to be pasted into a declaration.
struct DataDeclaration {
  /// The Swift text.
  let text: String
  /// What is left out, and why.
  let notes: [String]

  /// - Parameter target: the column to predict; the last one for `nil`.
  /// - Throws: `Mistake` for a column that does not exist, or that nothing can be predicted in.
  init(_ summary: CSVSummary, target: String?) throws {
    let columns = summary.columns
    let place = Quoted.short(summary.path, limit: 300)
    guard summary.rows > 0, let last = columns.last else {
      throw Mistake(
        .data, at: place, value: "no rows", rule: "a data set has one or more samples",
        remedy: "Add rows below the header")
    }
    guard let chosen = target.map({ name in columns.first { $0.name == name } }) ?? last else {
      let near = Spelling.nearest(to: target ?? "", among: columns.map(\.name)).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        .data, at: "--target", value: target ?? "", rule: "\(place) has no column of this name",
        remedy: "\(near)The columns are \(Quoted.list(columns.map(\.name)))")
    }
    let others = columns.filter { $0.name != chosen.name }
    let inputs = others.filter { $0.isNumeric || $0.hasCategories }
    let omitted = others.filter { !$0.isNumeric && !$0.hasCategories }
    guard !inputs.isEmpty, chosen.notFinite == 0, chosen.numbers + chosen.texts > 0 else {
      throw Mistake(
        .data, at: "\(place), column \(Quoted.short(chosen.name))",
        value: inputs.isEmpty ? "no other column of numbers or categories" : "no finite numbers",
        rule: "a data set has inputs that are finite numbers or categories, and a target",
        remedy: "Choose another --target, or change the file")
    }
    let hasGaps = (inputs + [chosen]).contains { $0.missing > 0 }
    text = Self.text(summary, chosen, inputs, namesInputs: !omitted.isEmpty, hasGaps: hasGaps)
    let gaps = "Rows with a missing value are left out. missing: .trainingMedian fills inputs in instead"
    notes = omitted.map { "\($0.name) is left out of the inputs: \($0.obstacle)" } + (hasGaps ? [gaps] : [])
  }

  private static func text(
    _ summary: CSVSummary, _ target: CSVSummary.Column, _ inputs: [CSVSummary.Column], namesInputs: Bool, hasGaps: Bool
  ) -> String {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    func list(_ columns: [CSVSummary.Column]) -> String {
      "[\(columns.map { quoted($0.name) }.joined(separator: ", "))]"
    }
    let categories = inputs.filter(\.hasCategories)
    let isClass = target.isClassLike
    var arguments = [quoted(summary.path)]
    if namesInputs { arguments.append("inputs: \(list(inputs))") }
    arguments.append("targets: \(list([target]))")
    if isClass, target.numbers > 0 { arguments.append("targetIsClass: true") }
    if !categories.isEmpty { arguments.append("categories: \(list(categories))") }
    if hasGaps { arguments.append("missing: .dropRows") }
    let isStratified = isClass && (target.values?.values.min() ?? 0) >= fewestForStrata
    let scaling = isClass ? (isStratified ? ".stratified()" : "") : ".standardizedTargets()"
    let setup =
      isClass
      ? "network: .mlp(hidden: 16, output: .softmax), loss: .crossEntropy,"
      : "network: .mlp(hidden: 16), loss: .halfMeanSquaredError,"
    return """
      data: .csv(\(arguments.joined(separator: ", ")))
        .validation(share: 0.25, drawn: .perSeed).standardized()\(scaling),
      \(setup)
      """
  }

  /// Fewest samples of a class with which each part has some of it, also after rows are left out.
  private static let fewestForStrata = 8
}

extension CSVSummary.Column {
  /// Why the column is no input.
  fileprivate var obstacle: String {
    if numbers + texts == 0 { return "it has no values" }
    if notFinite > 0 { return "it has numbers that are not finite" }
    return "it holds texts, too many different ones for categories"
  }
}
