import Studies

/// The results in sentences, and claims for `Expect`.
extension Capacity: CustomStringConvertible {
  /// The number of runs of all widths on true labels.
  public var runs: Int { widths.reduce(0) { $0 + $1.runs } }
  /// Number of diverged runs.
  public var diverged: Int { widths.reduce(0) { $0 + $1.diverged } }

  /// The widths greater than the best whose validation loss is worse beyond seed noise.
  public var worseBeyondBest: [Width] { widths.filter { $0.width > best.width && $0.toBest.isAboveOne } }

  /// The results in sentences with their numbers.
  public var description: String {
    [
      bestSentence, thresholdSentence, costSentence, "\(secondDescent)".capitalizedFirst + ".", listSentence,
      divergedSentence, dataSentence,
    ]
    .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The definitions behind the verdicts, with the conventional numbers.
  public var rules: String {
    """
    A run interpolates if its training loss is below \(NumberText.percent(fraction)) of that of the best constant output. \
    A width interpolates if at least half of its runs do; a diverged run does not. A width memorises if it interpolates random \
    labels. A width is worse than the best one if the whole interval of the ratio of their validation losses, paired by seed, \
    lies above 1. The intervals are those of the sign test and hold jointly with 95 % confidence for all pairs of widths \
    (\(comparisons)). A narrower width that is worse is too small, or at the peak if it memorises. A wider width that is worse \
    has overcapacity if it memorises, else worse validation. A width that is not worse fits the task, or has spare capacity \
    if it memorises. Not worse does not mean equal: with more seeds smaller differences can be found.
    """
  }

  /// The number of runs of a width: "20", or all numbers that occur: "18–20".
  package var counts: String { Set(widths.map(\.runs)).sorted().map { "\($0)" }.joined(separator: "–") }

  var comparisons: Int { widths.count * (widths.count - 1) / 2 }

  private var bestSentence: String {
    let start =
      "The least median validation loss, \(best.validation), is that of \(symbol.equals(best.width)) "
      + "(\(NumberText.short(best.parametersPerValue)) parameters per training value; n = \(counts) runs a width, "
      + "quartiles in brackets)."
    if widths.count < 2 { return start + " A single width has no verdict." }
    let needed = PairedRatio.pairsNeeded(comparisons)
    if best.toBest.interval == nil {
      return start + " There are too few seeds to compare \(widths.count) widths; at least \(needed) are needed."
    }
    return start
  }

  private var thresholdSentence: String {
    let own = "At least half of the runs interpolate \(interpolation)"
    guard let randomLabels else {
      return own + "; there are no runs on random labels, so that memorising was not measured."
    }
    return own + "; random labels are fitted \(randomLabels)."
  }

  private var costSentence: String {
    // Without an interval the first sentence says that there are too few seeds.
    guard best.toBest.interval != nil else { return "" }
    let worse = worseBeyondBest
    guard let last = worse.last, widths.count > 1 else {
      return widths.last?.width == best.width
        ? "\(symbol.equals(best.width)) is the greatest width of the sweep."
        : "No greater width is worse beyond seed noise."
    }
    let list = worse.map { "\($0.width)" }.joined(separator: ", ")
    return
      "Greater widths are worse beyond seed noise at \(symbol.equals(list)): at \(symbol.equals(last.width)) by a factor of "
      + "\(last.toBest)."
  }

  private var listSentence: String {
    let parts = Verdict.allCases.compactMap { verdict in
      let own = widths.filter { $0.verdict == verdict }.map { "\($0.width)" }
      return own.isEmpty ? nil : "\(verdict): \(symbol.equals(own.joined(separator: ", ")))"
    }
    return parts.joined(separator: "; ").capitalizedFirst + "."
  }

  private var divergedSentence: String {
    let random = widths.reduce(0) { $0 + ($1.random?.diverged ?? 0) }
    if diverged + random == 0 { return "" }
    let more = random > 0 ? " and \(random) on random labels" : ""
    let count = diverged + random == 1 ? "it counts" : "they count"
    return "Diverged: \(diverged) of \(NumberText.count(runs, "run"))\(more); \(count) as infinite."
  }

  private var dataSentence: String {
    isDrawnPerSeed ? "" : "All runs share one draw of the data: the intervals cover different initial weights only."
  }

  // MARK: Claims

  /// Claims a verdict on one width: `Expect("128 units are too many") { try capacity($0).claims(.over, at: 128) }`.
  public func claims(_ verdict: Verdict, at width: Int) -> (passed: Bool, evidence: String) {
    guard let found = self[width] else { return (false, "the sweep does not have \(symbol.equals(width))") }
    let memorised = found.random.map { ", \($0.interpolating.successes) of \($0.interpolating.count) memorise" } ?? ""
    return (
      found.verdict == verdict,
      "\(symbol.equals(width)): \(found.verdict); validation \(found.toBest) times that of \(symbol.equals(best.width))\(memorised)"
    )
  }

  /// Claims that networks of a width fit random labels.
  public func memorises(at width: Int) -> (passed: Bool, evidence: String) {
    guard let found = self[width]?.random else {
      return (false, "\(symbol.equals(width)) was not trained on random labels")
    }
    return (found.interpolating.isHalf, "\(found.interpolating) interpolate at \(symbol.equals(width))")
  }

  /// Claims that networks of a width fit every training value.
  public func interpolates(at width: Int) -> (passed: Bool, evidence: String) {
    guard let found = self[width] else { return (false, "the sweep does not have \(symbol.equals(width))") }
    return (found.interpolating.isHalf, "\(found.interpolating) interpolate at \(symbol.equals(width))")
  }

  /// Claims that the validation loss decreases a second time, at widths beyond a peak at the interpolation threshold.
  public func descendsTwice() -> (passed: Bool, evidence: String) { (secondDescent.isFound, "\(secondDescent)") }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
