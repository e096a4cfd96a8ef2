import Learning

/// The rule of `Seeds(untilDecided:between:atMost:)`: seeds 0, 1, 2 … are added in rounds until a comparison is decided.
public struct SeedRule: Sendable {
  /// The parameter whose values are compared.
  package let parameter: AnyParameter
  /// The greatest number of seeds.
  package let most: Int
  /// The number that is compared: a metric, whose type this module does not know.
  package let metric: any Sendable

  /// A rule for the values of a parameter.
  package init(_ metric: any Sendable, between parameter: AnyParameter, atMost most: Int) {
    self.metric = metric
    self.parameter = parameter
    self.most = most
  }

  /// The probability that equal settings are ever called different.
  package static let level = 0.05

  /// Number of seeds after each round: 8, 16, 24 … and from 32 on half as many more in each round, so that whole vectors are filled.
  package var rounds: [Int] {
    var rounds: [Int] = []
    var count = min(8, most)
    while count > 0 {
      rounds.append(count)
      if count == most { break }
      count = min(most, count + max(8, count / 16 * 8))
    }
    return rounds
  }

  /// The seeds of the last round.
  var seeds: [UInt64] { Array(0..<UInt64(max(0, min(most, Plan.maximumRuns + 1)))) }

  /// The mistakes of the rule in a sweep.
  func mistakes(in study: Study, besideSeeds: Bool) -> [Mistake] {
    let place = "Seeds(untilDecided:between:atMost:)"
    if besideSeeds {
      return [
        Mistake(
          at: place, value: "beside Seeds(…)", rule: "a sweep has its seeds by one declaration",
          remedy: "Keep one of them")
      ]
    }
    guard let axis = study.axes.first(where: { $0.parameter.name == parameter.name }), axis.values.count > 1 else {
      return [
        Mistake(
          at: place, value: "between: \(parameter.name)", rule: "the sweep has no two values of it to compare",
          remedy: "Add Vary(.…, over: […]) for it, or give the seeds: --seeds 0..<8")
      ]
    }
    let pairs = axis.values.count * (axis.values.count - 1) / 2
    let fewest = SequentialSignTest.fewest(level: Self.level / Double(pairs))
    guard most >= fewest else {
      return [
        Mistake(
          at: place, value: "atMost: \(most)",
          rule: "\(NumberText.count(axis.values.count, "setting")) cannot be decided with fewer than \(fewest) seeds",
          remedy: "Write atMost: 512, for example")
      ]
    }
    return []
  }
}
