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
    help: .option("Compare the steps to a training loss below this.", default: "--metric is compared", "loss"))
  var below: Double?

  /// The metrics that have a better and a worse, by their names.
  private static let quantities: [Quantity] = [
    .trainingLoss, .validationLoss, .accuracy, .validationAccuracy, .absoluteError, .gradientNorm,
  ]
  private static let names = quantities.map(\.name) + ["steps"]

  /// The metric that the options name.
  /// - Throws: `Mistake` where they name none, or one without a better and a worse.
  func chosen() throws -> Metric {
    let isBest = try bestIsAsked()
    if let below { return try arrival(below) }
    let name = metric ?? Quantity.trainingLoss.name
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
