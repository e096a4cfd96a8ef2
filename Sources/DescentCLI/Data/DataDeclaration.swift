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
    let inputs = others.filter(\.isNumeric)
    let omitted = others.filter { !$0.isNumeric }
    guard !inputs.isEmpty, chosen.missing + chosen.notFinite == 0 else {
      throw Mistake(
        .data, at: "\(place), column \(Quoted.short(chosen.name))",
        value: inputs.isEmpty
          ? "no other column of finite numbers" : "\(chosen.missing + chosen.notFinite) missing values",
        rule: "a data set has inputs that are finite numbers, and a target in every row",
        remedy: "Choose another --target, or fill in the values")
    }
    text = Self.text(summary, chosen, inputs: omitted.isEmpty ? [] : inputs)
    notes = omitted.map { column in
      let why = column.missing + column.notFinite > 0 ? "it has missing values" : "it holds texts"
      return "\(column.name) is left out of the inputs: \(why)"
    }
  }

  private static func text(_ summary: CSVSummary, _ target: CSVSummary.Column, inputs: [CSVSummary.Column]) -> String {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    let named = inputs.isEmpty ? "" : " inputs: [\(inputs.map { quoted($0.name) }.joined(separator: ", "))],"
    let isClass = target.isClassLike
    let hasNumbers = target.numbers > 0
    let classes = isClass && hasNumbers ? ", targetIsClass: true" : ""
    let source = ".csv(\(quoted(summary.path)),\(named) targets: [\(quoted(target.name))]\(classes))"
    let setup =
      isClass
      ? "network: .mlp(hidden: 16, output: .softmax), loss: .crossEntropy,"
      : "network: .mlp(hidden: 16), loss: .halfMeanSquaredError,"
    return """
      data: \(source)
        .validation(share: 0.25).standardized().drawnPerSeed(),
      \(setup)
      """
  }
}
