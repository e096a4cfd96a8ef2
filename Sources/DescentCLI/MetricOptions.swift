import Analysis
import ArgumentParser
import Figures
import Learning
import Studies

/// The number by which settings are compared.
struct MetricOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .option("What is compared: \(Self.names.joined(separator: ", ")).", default: "training-loss", "name"))
  var metric: String?

  @Option(
    name: .long,
    help: .option(
      "The value after the last update, or the best recorded one: final or best.", default: "final", "when"))
  var at: String?

  @Option(
    name: .long,
    help: .option(
      "The part of the data of a score such as r-squared: training or validation.", default: "validation", "part"))
  var on: String?

  @Option(
    name: .customLong("class"),
    help: .option("The class of precision, recall and f1.", default: "mean of the classes", "name"))
  var label: String?

  @Option(
    name: .long,
    help: .option("Compare the steps to a training loss below this.", default: "--metric is compared", "loss"))
  var below: Double?

  /// The metrics that have a better and a worse, by their names.
  private static let quantities: [Quantity] = [
    .trainingLoss, .validationLoss, .accuracy, .validationAccuracy, .absoluteError, .gradientNorm,
  ]
  private static let scores = [
    "r-squared", "root-mean-squared-error", "mean-absolute-error", "precision", "recall", "f1",
  ]
  private static let names = quantities.map(\.name) + ["steps"] + scores

  /// The metric that the options name.
  /// - Throws: `Mistake` where they name none, or one without a better and a worse.
  func chosen() throws -> Metric {
    let isBest = try bestIsAsked()
    let name = metric ?? Quantity.trainingLoss.name
    let score = score(name)
    try checkScoreOptions(score)
    if let below { return try arrival(below) }
    if let score {
      if isBest { throw noBest(name) }
      return .score(score, on: try part())
    }
    if name == "steps" {
      if isBest { throw noBest(name) }
      return .steps
    }
    guard let quantity = Quantity(name: name) else {
      let near = Spelling.nearest(to: name, among: Self.names).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        at: "--metric", value: name, rule: "there is no such metric",
        remedy: "\(near)Write one of \(Self.names.joined(separator: ", "))")
    }
    guard quantity.hasDirection else {
      throw Mistake(
        at: "--metric", value: name, rule: "a greater value of it is neither better nor worse",
        remedy: "Write one of \(Self.names.joined(separator: ", "))")
    }
    switch quantity {
    case .loss, .trainingLoss: return isBest ? .bestLoss : .finalLoss
    case .gradientNorm:
      if isBest { throw noBest(name) }
      return .finalGradientNorm
    default: return isBest ? .best(quantity) : .final(quantity)
    }
  }

  /// The score of a name; `nil` for other metrics.
  private func score(_ name: String) -> Score? {
    switch name {
    case "r-squared": .rSquared
    case "root-mean-squared-error": .rootMeanSquaredError
    case "mean-absolute-error": .meanAbsoluteError
    case "precision": .precision(of: label)
    case "recall": .recall(of: label)
    case "f1": .f1(of: label)
    default: nil
    }
  }

  private func part() throws -> DataPart {
    guard let on else { return .validation }
    guard let part = DataPart(rawValue: on) else {
      let parts = DataPart.allCases.map(\.rawValue)
      throw Mistake(
        at: "--on", value: on, rule: "the data have no such part", remedy: "Write \(parts.joined(separator: " or "))")
    }
    return part
  }

  private func checkScoreOptions(_ score: Score?) throws {
    if let on, score == nil {
      throw Mistake(
        at: "--on", value: on, rule: "only scores are measured on a part",
        remedy: "Add --metric with one of \(Self.scores.joined(separator: ", ")), or leave it out")
    }
    if let label, score?.label == nil {
      throw Mistake(
        at: "--class", value: label, rule: "only precision, recall and f1 are about a class",
        remedy: "Add --metric f1, or leave it out")
    }
  }

  /// Checks that the runs of a plan know the metric.
  /// - Throws: `Mistakes`, all of them.
  func check(_ metric: Metric, _ plan: Plan) throws {
    let mistakes = try ReportCheck.mistakes(metric, in: plan)
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
  }

  private func bestIsAsked() throws -> Bool {
    guard let at, !["final", "best"].contains(at) else { return at == "best" }
    throw Mistake(at: "--at", value: at, rule: "there is no such value", remedy: "Write final or best")
  }

  private func arrival(_ below: Double) throws -> Metric {
    guard below > 0 && below.isFinite else {
      throw Mistake(at: "--below", value: "\(below)", rule: "must be positive and finite", remedy: "Try 1e-3")
    }
    if metric != nil || at != nil {
      throw Mistake(
        at: "--below", value: "\(below)", rule: "it compares the steps to this loss, and so no other metric",
        remedy: "Leave \(metric != nil ? "--metric" : "--at") out, or --below")
    }
    return .stepsToLoss(below)
  }

  private func noBest(_ name: String) -> Mistake {
    Mistake(
      at: "--at", value: "best", rule: "\(name) is compared at the end of the runs only", remedy: "Leave --at out")
  }
}
