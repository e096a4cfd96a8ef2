import Analysis
import Landscape
import Studies

extension Expect.Statistic {
  /// Whether the statistic is a share, shown in percent.
  var isShare: Bool {
    switch self {
    case .share, .shareAbove, .divergedShare, .shareEnding, .unseenShare: true
    case .median, .count: false
    }
  }

  var metrics: [Metric] {
    switch self {
    case .share(let metric, _), .shareAbove(let metric, _), .median(let metric): [metric]
    case .divergedShare, .count, .shareEnding, .unseenShare: []
    }
  }

  var needsCensus: Bool {
    switch self {
    case .count, .shareEnding, .unseenShare: true
    case .share, .shareAbove, .median, .divergedShare: false
    }
  }

  /// The loss thresholds of the statistic, for the table of runs.
  var thresholds: [Double] {
    if case .share(let metric, let below) = self, [.finalLoss, .bestLoss].contains(metric) { [below] } else { [] }
  }
}

extension Expect {
  static func name(_ statistic: Statistic) -> String {
    switch statistic {
    case .share(let metric, let bound): "The share of runs with \(metric.title) below \(NumberText.short(bound))"
    case .shareAbove(let metric, let bound): "The share of runs with \(metric.title) above \(NumberText.short(bound))"
    case .median(let metric): "The median \(metric.title)"
    case .divergedShare: "The share of diverged runs"
    case .count(let ending): "The number of \(ending.isOfPoints ? "distinct " : "")\(ending.title)"
    case .shareEnding(let ending): "The share of \(ending.isOfPoints ? "runs that ended at " : "")\(ending.title)"
    case .unseenShare: "The share of runs that would end in a minimum not seen so far"
    }
  }

  /// The value of a statistic and its evidence, with what the interval rests on.
  static func evaluate(_ statistic: Statistic, _ results: Results) throws -> (Double, String) {
    let (value, evidence) = try number(statistic, results)
    let basis = try results.evidence(of: statistic.metrics.compactMap(\.heldOutQuantity))
    return (value, basis.isEmpty ? evidence : "\(evidence). \(basis)")
  }

  private static func number(_ statistic: Statistic, _ results: Results) throws -> (Double, String) {
    switch statistic {
    case .share(let metric, let bound):
      let share = try results.share(of: metric, below: bound)
      return (share.value, share.description)
    case .shareAbove(let metric, let bound):
      let share = try results.share(of: metric, above: bound)
      return (share.value, share.description)
    case .count(let ending):
      let census = try results.census()
      let count = census.count(of: ending)
      return (Double(count), "\(count); classes of all runs: \(census.summary)")
    case .shareEnding(let ending):
      let share = try results.census().share(endingIn: ending)
      return (share.value, share.description)
    case .unseenShare:
      let discovery = try results.census().discovery
      let interval = discovery.unseenInterval
      let evidence =
        "\(discovery.found(times: 1)) of \(discovery.counts.count) minima were found once only in \(discovery.runs) runs, "
        + "95 % interval \(NumberText.percent(interval))"
      return (discovery.unseenShare, evidence)
    case .divergedShare: return (results.divergedShare.value, results.divergedShare.description)
    case .median(let metric):
      let values = try results.values(metric)
      let median = Statistics.median(values)
      let interval = Statistics.bootstrapMedian(values).map {
        ", 95 % bootstrap interval \(NumberText.interval($0))"
      }
      return (median, "median \(NumberText.short(median))\(interval ?? "")")
    }
  }
}
