public import Learning
import Studies

extension Results {
  /// The confusion matrix of a part of the data, summed over the runs: the classes by the parameters after the last update. A diverged run
  /// counts with its last parameters.
  /// - Throws: `Mistake` for runs without classes or without this part, and what reading the archive throws.
  public func confusion(on part: DataPart) throws -> Confusion {
    var sum: Confusion?
    for row in rows {
      guard let own = try sums(part, row).confusion else {
        throw scoreMistake(part, "data without classes", "a confusion matrix counts classes", "Use data with classes")
      }
      guard let known = sum else {
        sum = own
        continue
      }
      guard known.names == own.names else {
        throw scoreMistake(
          part, "different classes", "the counts of one confusion matrix are about the same classes",
          "Choose one data set with where(…)")
      }
      sum?.add(own)
    }
    return sum ?? Confusion([])
  }

  /// A score of a run that has not diverged.
  func value(of score: Score, on part: DataPart, _ row: Row) throws -> Double {
    let sums = try sums(part, row)
    if score.needsClasses {
      guard let names = sums.confusion?.names else {
        throw scoreMistake(part, score.title, "the data have no classes", "Use a score of a regression")
      }
      if let label = score.label, !names.contains(label) {
        throw scoreMistake(part, label, "the data have no such class", "Choose one of \(names.joined(separator: ", "))")
      }
    }
    return sums.value(of: score)
  }

  /// What the outputs of a run add up to. They are computed once, in float64 whatever the precision of the run.
  func sums(_ part: DataPart, _ row: Row) throws -> OutputSums {
    if part == .test { testUse.note(row, of: plan.axes) }
    return try scores.sums(part, row.run.index) {
      guard let data = try dataset(of: row), let network = try plan.network(of: row.run), let loss = row.run.setup.loss
      else { throw nothingToShow("the outputs of a network") }
      guard let samples = data.samples(part) else {
        throw scoreMistake(part, data.name, "the data have no such part", Self.remedy(part))
      }
      let outputs = Exact.outputs(of: network, try finalParameters(of: row), for: samples)
      return OutputSums(outputs, samples, of: data, loss)
    }
  }

  /// How data get a part.
  package static func remedy(_ part: DataPart) -> String {
    switch part {
    case .training: "Give the data samples"
    case .validation: "Add it to the data: .validation(share: 0.3)"
    case .test: "Add it to the data: .test(share: 0.2)"
    }
  }

  private func scoreMistake(_ part: DataPart, _ value: String, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(at: "\(part.rawValue) part of \(plan.name)", value: value, rule: rule, remedy: remedy)
  }
}
