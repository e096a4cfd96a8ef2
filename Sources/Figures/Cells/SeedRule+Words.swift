package import Analysis
import Learning
package import Studies

extension SeedRule {
  /// How the tests of a sweep are made whose seeds a rule added.
  static let method =
    "Sequential sign test on the common seeds (mixture martingale, Robbins 1970; Howard et al. 2021), two-sided, ties left "
    + "out: p and the intervals of the median difference are valid although the number of seeds depends on them."

  /// How many seeds were trained, and by which rule, for the head of a report.
  /// - Throws: what reading the runs throws.
  package func sentence(_ results: Results) throws -> String {
    let decision = try SeedRounds.decision(results)
    let name = parameter.shortTitle
    let count = NumberText.count(results.plan.seeds.count, "seed")
    let end =
      decision.map {
        "This was decided after \(NumberText.count($0, "seed")); \(count) of at most \(most) were trained."
      }
      ?? "This was not decided with \(count), of at most \(most)."
    return
      "Seeds were added in rounds until one value of \(name) had a better \(comparedMetric.title) than every other. \(end) "
      + "\(Self.method) Other intervals of this report are those of a number of seeds that is fixed beforehand."
  }
}
