import Studies

/// The verdict in words, and claims for `Expect`.
extension Capacity: CustomStringConvertible {
  /// Runs of all widths, random labels not counted.
  public var runs: Int { widths.reduce(0) { $0 + $1.runs } }
  /// Number of diverged runs.
  public var diverged: Int { widths.reduce(0) { $0 + $1.diverged } }

  /// Wider ones than the best that are worse beyond seed noise.
  public var worseBeyondBest: [Width] { widths.filter { $0.width > best.width && $0.toBest.isAboveOne } }

  /// What came out, in sentences with their numbers.
  public var description: String {
    [
      bestSentence, thresholdSentence, costSentence, "\(secondDescent)".capitalizedFirst + ".", listSentence,
      divergedSentence, dataSentence,
    ]
    .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What the verdicts mean: the definitions, with the numbers that are conventions.
  public var rules: String {
    """
    A run interpolates when its training loss is below \(NumberText.percent(fraction)) of that of the best constant; a width \
    does when at least half of its runs do, diverged ones counted as failures. A width memorises when it interpolates random \
    labels. It is worse than the best when the whole interval of its validation loss over the best one's, seed by seed, \
    lies above 1; the intervals are those of the sign test and hold for all \(comparisons) pairs of widths jointly with \
    95 %. Worse and narrower than the best is too small (on the hump, if it memorises); worse and wider is overcapacity if it \
    memorises, and validates worse if it does not. What is not worse fits the task, with capacity to spare if it memorises. \
    Not worse is not the same as equal: more seeds tell more.
    """
  }

  /// The number of runs of a width: "20", or all that occur, "18–20".
  package var counts: String { Set(widths.map(\.runs)).sorted().map { "\($0)" }.joined(separator: "–") }

  var comparisons: Int { widths.count * (widths.count - 1) / 2 }

  private var bestSentence: String {
    let start =
      "The least median validation loss, \(best.validation), is that of \(symbol.equals(best.width)) "
      + "(\(NumberText.short(best.parametersPerValue)) parameters per training value; n = \(counts) runs a width, "
      + "quartiles in brackets)."
    if widths.count < 2 { return start + " One width alone has no verdict." }
    let needed = PairedRatio.pairsNeeded(comparisons)
    if best.toBest.interval == nil {
      return start + " No difference between \(widths.count) widths can be told with so few seeds; \(needed) would do."
    }
    return start
  }

  private var thresholdSentence: String {
    let own = "At least half of the runs interpolate \(interpolation)"
    guard let randomLabels else {
      return own + "; no random labels were trained, so that nothing is said of memorising."
    }
    return own + "; random labels are fitted \(randomLabels)."
  }

  private var costSentence: String {
    // Where nothing can be told the first sentence has said so.
    guard best.toBest.interval != nil else { return "" }
    let worse = worseBeyondBest
    guard let last = worse.last, widths.count > 1 else {
      return widths.last?.width == best.width
        ? "No wider one was tried." : "None of the wider ones is worse beyond seed noise."
    }
    let list = worse.map { "\($0.width)" }.joined(separator: ", ")
    return
      "Wider ones are worse beyond seed noise at \(symbol.equals(list)): at \(symbol.equals(last.width)) by a factor of "
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
    isDrawnPerSeed ? "" : "All runs share one draw of the data, so that the intervals are over starts alone."
  }

  // MARK: Claims

  /// Of one width: `Expect("128 units are too many") { try capacity($0).claims(.over, at: 128) }`
  public func claims(_ verdict: Verdict, at width: Int) -> (passed: Bool, evidence: String) {
    guard let found = self[width] else { return (false, "\(symbol.equals(width)) was not tried") }
    let memorised = found.random.map { ", \($0.interpolating.successes) of \($0.interpolating.count) memorise" } ?? ""
    return (
      found.verdict == verdict,
      "\(symbol.equals(width)): \(found.verdict); validation \(found.toBest) times that of \(symbol.equals(best.width))\(memorised)"
    )
  }

  /// That networks of a width fit random labels.
  public func memorises(at width: Int) -> (passed: Bool, evidence: String) {
    guard let found = self[width]?.random else {
      return (false, "\(symbol.equals(width)) was not trained on random labels")
    }
    return (found.interpolating.isHalf, "\(found.interpolating) interpolate at \(symbol.equals(width))")
  }

  /// That networks of a width fit every training value.
  public func interpolates(at width: Int) -> (passed: Bool, evidence: String) {
    guard let found = self[width] else { return (false, "\(symbol.equals(width)) was not tried") }
    return (found.interpolating.isHalf, "\(found.interpolating) interpolate at \(symbol.equals(width))")
  }

  /// That validation falls a second time, beyond a peak at the interpolation threshold.
  public func descendsTwice() -> (passed: Bool, evidence: String) { (secondDescent.isFound, "\(secondDescent)") }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
