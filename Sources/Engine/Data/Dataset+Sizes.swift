extension Dataset {
  /// Whether counts, widths and names fit together, so that every sample can be read without a bounds check.
  /// - Parameter place: what an error names as its place.
  /// - Throws: `Mistake` for the first that does not fit.
  package func checkSizes(at place: String) throws(Mistake) {
    if let ragged {
      throw Mistake(
        .data, at: "\(place), \(ragged.place)", value: ragged.value, rule: ragged.rule, remedy: ragged.remedy)
    }
    for (width, kind) in [(inputCount, "input"), (outputCount, "target")] where width < 1 {
      throw Mistake(
        .data, at: place, value: "no \(kind) column", rule: "training needs at least one",
        remedy: "Give every sample one or more numbers, and every column a name")
    }
    try check(training, "training", at: place)
    if let validation { try check(validation, "validation", at: place) }
    if let test { try check(test, "test", at: place) }
    try checkClasses(at: place)
  }

  private func check(_ part: Samples, _ name: String, at place: String) throws(Mistake) {
    guard part.count >= 0, part.count <= Int(Int32.max) else {
      throw Mistake(
        .data, at: "\(place), \(name) part", value: "\(part.count) samples",
        rule: "the number of samples lies between 0 and 2³¹ − 1", remedy: "Give the number of rows as count")
    }
    let arrays = [(part.inputs.count, inputCount, "inputs"), (part.targets.count, outputCount, "targets")]
    for (found, width, kind) in arrays {
      let (needed, overflow) = part.count.multipliedReportingOverflow(by: width)
      guard !overflow, found == needed else {
        throw Mistake(
          .data, at: "\(place), \(kind) of the \(name) part", value: "\(found) numbers",
          rule: "\(part.count) samples with \(width) \(kind) each have \(overflow ? "more" : "\(needed)") numbers",
          remedy: "Make the array, count and the names of the columns fit together")
      }
    }
  }

  private func checkClasses(at place: String) throws(Mistake) {
    let (expected, found): (String, Int)
    switch classes {
    case nil: return
    case .threshold: (expected, found) = ("a threshold tells classes apart by one output", 1)
    case .oneHot(let names): (expected, found) = ("\(names.count) classes have an output each", names.count)
    }
    guard found == outputCount else {
      throw Mistake(
        .data, at: "\(place), classes", value: "\(outputCount) outputs", rule: expected,
        remedy: "Make the classes and the names of the outputs fit together")
    }
  }

  /// The first row of another width than row 1, or rows of inputs without targets.
  static func ragged(inputs: [[Double]], targets: [[Double]]) -> Mistake? {
    if inputs.count != targets.count {
      return Mistake(
        .data, at: "rows", value: "\(inputs.count) rows of inputs and \(targets.count) rows of targets",
        rule: "every sample has one of each", remedy: "Give as many rows of targets as of inputs")
    }
    for (rows, kind) in [(inputs, "inputs"), (targets, "targets")] {
      let width = rows.first?.count ?? 0
      if let i = rows.firstIndex(where: { $0.count != width }) {
        return Mistake(
          .data, at: "\(kind) of sample \(i + 1)", value: "\(rows[i].count) numbers",
          rule: "every sample has as many \(kind) as the first, here \(width)", remedy: "Make all rows equally long")
      }
    }
    return nil
  }
}
