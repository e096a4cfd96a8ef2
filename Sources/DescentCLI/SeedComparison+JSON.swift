import Analysis
import Figures
import Studies

/// A comparison as an event for other programs.
extension SeedComparison {
  var fields: [String: Any] {
    var fields: [String: Any] = [
      "event": "compared", "metric": metric.title, "prefersMore": metric.prefersMore, "sentence": sentence,
      "remarks": remarks, "comparisons": comparisons, "referenceIsBest": isReferenceChosen,
      "settings": entries.map(Self.fields), "pairs": pairs.map(Self.fields),
    ]
    if let seedRule {
      fields["seedsAtMost"] = seedRule.most
      fields["decidedAfter"] = decidedAfter
    }
    if let task { fields["task"] = task.title }
    if let reference { fields["reference"] = entries[reference].label }
    return fields
  }

  private static func fields(_ entry: Entry) -> [String: Any] {
    var fields: [String: Any] = [
      "setting": entry.label, "runs": entry.results.count, "quartiles": entry.quartiles.map(number),
      "diverged": entry.diverged.successes,
    ]
    if let arrival = entry.arrival { fields["solved"] = arrival.solved.successes }
    return fields
  }

  private static func fields(_ pair: PairedComparison) -> [String: Any] {
    var needed: [String: Any] = ["power": SeedsNeeded.power, "limit": SeedsNeeded.limit]
    for (name, count) in [
      ("likely", pair.needed.likely), ("fewest", pair.needed.fewest), ("most", pair.needed.most),
    ] where count != nil { needed[name] = count }
    var fields: [String: Any] = [
      "setting": pair.label, "seeds": pair.test.count, "better": pair.test.better, "worse": pair.test.worse,
      "tied": pair.test.tied, "unpaired": pair.unpaired, "medianDifference": number(pair.median),
      "probabilityOfImprovement": number(pair.improvement.value),
      "probabilityOfImprovementInterval": bounds(pair.improvement.interval), "p": pair.p,
      "pHolm": pair.corrected, "decided": pair.isDecided,
    ]
    // The numbers needed are those of a test with a fixed number of seeds.
    if pair.sequential == nil { fields["seedsNeeded"] = needed }
    if let interval = pair.interval { fields["medianDifferenceInterval"] = bounds(interval) }
    return fields
  }

  private static func bounds(_ range: ClosedRange<Double>) -> [Any] {
    [number(range.lowerBound), number(range.upperBound)]
  }

  /// JSON has no infinity.
  private static func number(_ value: Double) -> Any { value.isFinite ? value : "\(value)" }
}
