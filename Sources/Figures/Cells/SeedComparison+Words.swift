package import Analysis
import Learning
import Studies

/// The verdict of a comparison in sentences.
extension SeedComparison {
  /// The verdict: the reference against the best of the other settings, in one sentence with its numbers.
  package var sentence: String {
    let place = [task.map { "on \($0.title)" }, selection.isEmpty ? nil : "with \(selection)"].compactMap { $0 }
    guard let first = place.joined(separator: ", ").first else { return verdict }
    return "\(first.uppercased())\(place.joined(separator: ", ").dropFirst()): \(verdict)"
  }

  private var verdict: String {
    guard let reference else { return "There are no runs to compare." }
    let name = entries[reference].label
    guard entries.count > 1 else { return "There is one setting only, \(name): nothing to compare." }
    guard let pair = leading else {
      return "\(name) shares no seed with another setting: no paired verdict."
    }
    guard pair.test.untied > 0 else {
      let seeds = pair.test.count == 1 ? "the only common seed" : "all \(pair.test.count) common seeds"
      return "\(name) and \(pair.label) are equal in \(metric.title) on \(seeds)."
    }
    guard pair.test.count > 1 else {
      let relation = "\(name) \(relation(pair)) \(pair.label)"
      return "\(relation) on the only common seed: one pair of runs decides nothing."
    }
    return "\(name) \(relation(pair)) \(pair.label) on \(counts(pair)); \(numbers(pair))."
  }

  /// What follows from all comparisons, which seeds they rest on, and how many would decide the rest.
  package var remarks: [String] {
    var remarks: [String] = []
    if let others { remarks.append(others) }
    if let added { remarks.append(added) }
    if let leading, let needed = Self.needed(leading) { remarks.append(needed) }
    if !unpaired.isEmpty { remarks.append("No common seed with: \(unpaired.joined(separator: ", ")).") }
    if let missing { remarks.append(missing) }
    return remarks
  }

  // MARK: The sentence

  /// "has a lower final training loss E than": what is true of the greater number of seeds, also where the reference is the worse one.
  private func relation(_ pair: PairedComparison) -> String {
    let isLess = (pair.test.better >= pair.test.worse) != metric.prefersMore
    switch metric {
    case .steps: return "needs \(isLess ? "fewer" : "more") steps than"
    case .stepsToLoss(let threshold):
      return "needs \(isLess ? "fewer" : "more") steps to a training loss below \(NumberText.short(threshold)) than"
    default: return "has a \(isLess ? "lower" : "higher") \(metric.title) than"
    }
  }

  /// "27 of 32 seeds (2 tied)"
  private func counts(_ pair: PairedComparison) -> String {
    let test = pair.test
    return "\(max(test.better, test.worse)) of \(NumberText.count(test.count, "seed"))"
      + (test.tied > 0 ? " (\(test.tied) tied)" : "")
  }

  private func numbers(_ pair: PairedComparison) -> String {
    let interval = pair.interval.map { "95 % interval \(NumberText.interval($0, between: " to "))" }
    let p = "p = \(Self.p(pair.corrected))".replacing("= <", with: "<")
    let correction = comparisons > 1 ? " after Holm’s correction for \(comparisons) comparisons" : ""
    return "median difference \(NumberText.short(pair.median)) (\(interval ?? "too few seeds for an interval")), "
      + p + correction + (pair.isDecided ? "" : ": not decided at the 5 % level")
  }

  // MARK: The remarks

  /// The counts of all comparisons, if there are several.
  private var others: String? {
    guard let reference, pairs.count > 1 else { return nil }
    let better = pairs.filter { $0.isDecided && $0.test.better > $0.test.worse }
    let worse = pairs.filter { $0.isDecided && $0.test.better < $0.test.worse }
    let open = pairs.filter { !$0.isDecided }
    let name = entries[reference].label
    var text = "At the 5 % level \(name) is better than \(better.count) of \(pairs.count) other settings"
    if !worse.isEmpty { text += " and worse than \(worse.map(\.label).joined(separator: "; "))" }
    if !open.isEmpty { text += "; not decided: \(open.map(\.label).joined(separator: "; "))" }
    return text + "."
  }

  /// "How many seeds would settle it?" for a comparison that is not decided.
  package static func needed(_ pair: PairedComparison) -> String? {
    // The number is that of a test with a fixed number of seeds.
    guard !pair.isDecided, pair.test.untied > 0, pair.sequential == nil else { return nil }
    let limit = NumberText.grouped(SeedsNeeded.limit)
    let lead = max(pair.test.better, pair.test.worse)
    let power = NumberText.percent(SeedsNeeded.power)
    func text(_ count: Int?) -> String { count.map(NumberText.grouped) ?? "more than \(limit)" }
    return "To decide it with a probability of \(power), \(text(pair.needed.likely)) seeds are needed if the share of "
      + "seeds stays \(lead) of \(pair.test.untied); within the 95 % interval of this share, from "
      + "\(text(pair.needed.fewest)) to \(text(pair.needed.most))."
  }

  /// How many seeds the rule took.
  private var added: String? {
    guard let seedRule else { return nil }
    let trained = Set(entries.flatMap { $0.results.rows.map(\.seed) }).count
    let limit = "of at most \(NumberText.count(seedRule.most, "seed"))"
    guard let decidedAfter else {
      return "Seeds are added until one setting is better than every other: not decided after \(trained) \(limit)."
    }
    return "Seeds were added until one setting was better than every other: decided after "
      + "\(decidedAfter) \(limit), \(trained) were trained."
  }

  private var missing: String? {
    let alone = pairs.filter { $0.unpaired > 0 }
    guard !alone.isEmpty else { return nil }
    let counts = alone.map { "\($0.label): \($0.unpaired)" }.joined(separator: "; ")
    return "Seeds that only one of the two settings has are left out (\(counts))."
  }

  /// How the numbers are made, for the caption of the figure.
  package var method: String {
    var parts = [
      seedRule == nil
        ? "Sign test on the common seeds, exact and two-sided, ties left out; intervals of the median difference are those of "
          + "the same test, each alone."
        : SeedRule.method
    ]
    if comparisons > 1 {
      parts.append(
        isReferenceChosen
          ? "Holm’s correction counts all \(comparisons) pairs of settings, because the reference is the best of these runs."
          : "Holm’s correction counts the \(comparisons) comparisons with the reference.")
    }
    if entries.contains(where: { $0.diverged.successes > 0 }) {
      parts.append(
        metric.threshold == nil
          ? "A diverged run has the worst possible value; two of one seed are tied."
          : "A run that never falls below the threshold counts as ∞; two of one seed are tied.")
    }
    return (parts + [data] + [cadence].compactMap { $0 }).joined(separator: " ")
  }

  /// What the seeds vary, and so what the verdict is about.
  private var data: String {
    let runs = entries.flatMap(\.results.rows)
    if runs.contains(where: { $0.run.setup.objective != nil }) { return "Seeds draw the initial point." }
    let sources = runs.compactMap(\.run.setup.data)
    if !sources.isEmpty, sources.allSatisfy({ $0.variesWithSeed && !$0.drawsItsOwnSamples }) {
      return
        "Each seed draws its own split of the same samples, and its own initial weights: the verdict is about these samples."
    }
    return !sources.isEmpty && sources.allSatisfy(\.drawsItsOwnSamples)
      ? "Each seed draws its own data and initial weights."
      : "All seeds use the same data: the verdict is about initial weights and sample order, not about other data."
  }

  /// A metric of recorded values depends on how often they are recorded.
  private var cadence: String? {
    guard metric.readsSeries else { return nil }
    let steps = Set(entries.flatMap { $0.results.rows.map { metric.cadence(of: $0.run.setup) } }).sorted()
    guard let last = steps.last, last > 1 else { return nil }
    let text = steps.map { $0 == 1 ? "every step" : "every \($0) steps" }.joined(separator: " or ")
    return "Recorded \(text)" + (steps.count > 1 ? ": values of unequal resolution." : ".")
  }
}
