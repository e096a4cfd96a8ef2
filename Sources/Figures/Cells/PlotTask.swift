import Analysis
import Learning
import Studies

/// One set-up of a sweep, to check a figure, table or claim before training.
package struct PlotTask {
  let setup: Setup
  /// The data of the first seed; `nil` for an objective, and for data with mistakes, which are reported separately.
  let data: Dataset?
  /// The place of the mistake: "figure “Loss”".
  let place: String

  /// The network; `nil` for an objective, and for impossible layers, which are reported separately.
  var network: Architecture? {
    guard let data, let network = setup.network, !network.output.isEmpty, network.hasPossibleLayers else { return nil }
    return network.architecture(inputs: data.inputCount, outputs: data.outputCount)
  }

  func mistake(_ value: some CustomStringConvertible, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(at: place, value: "\(value)", rule: rule, remedy: remedy)
  }

  /// The mistake of an objective in a plot that shows a network.
  func needsNetwork() -> [Mistake] {
    guard let objective = setup.objective else { return [] }
    return [mistake("objective \(objective.name)", "it shows a network", "Train a network on data, or leave it out")]
  }

  /// The mistakes of data whose number of inputs differs from that of the plot.
  func needsInputs(_ count: Int) -> [Mistake] {
    let mistakes = needsNetwork()
    guard mistakes.isEmpty, let data, data.inputCount != count else { return mistakes }
    return [
      mistake(
        "\(data.name), which has \(NumberText.count(data.inputCount, "input"))",
        "it draws networks of \(NumberText.count(count, "input"))", "Use other data, or leave it out")
    ]
  }

  /// The mistakes if runs of the set-up do not know a metric.
  func needs(_ metric: Metric) -> [Mistake] {
    if metric.needsTrainingLoss, setup.trainingLossQuantity == nil {
      return [
        mistake(
          metric.title,
          "runs \(setup.partialLoss) know the loss on all training data only where they record it",
          "Add it to the set-up: record: .also(.trainingLoss, every: 10)")
      ]
    }
    switch metric {
    case .finalLoss, .bestLoss, .best(.loss), .stepsToLoss, .steps, .finalGradientNorm: return []
    case .bestStep:
      guard setup.stop.earlyStopping == nil else { return [] }
      return [
        mistake(
          metric.title, "the set-up has no early stopping",
          "Add .orEarlyStopping(patience: 20, every: 10) to the stop rule, or use .steps")
      ]
    case .final(let quantity): return isKnownAtTheEnd(quantity) ? [] : needs(quantity)
    case .best(let quantity): return needs(quantity)
    case .score(let score, let part): return needs(score, on: part)
    }
  }

  /// The mistakes if the data of the set-up do not have what a score needs.
  private func needs(_ score: Score, on part: DataPart) -> [Mistake] {
    let mistakes = needsNetwork()
    guard mistakes.isEmpty, let data else { return mistakes }
    guard data.samples(part) != nil else {
      return [mistake(data.name, "the data have no \(part.rawValue) part", Results.remedy(part))]
    }
    guard score.needsClasses else { return [] }
    guard let names = data.classes?.names else {
      return [mistake(data.name, "the data have no classes", "Use .rSquared, or data with classes")]
    }
    guard let label = score.label, !names.contains(label) else { return [] }
    let near = Spelling.nearest(to: label, among: names).map { "Did you mean \($0)? " } ?? ""
    let listed = names.count > 12 ? names.prefix(12) + ["…"] : names[...]
    return [
      mistake(label, "the data have no class of this name", "\(near)The classes are \(listed.joined(separator: ", "))")
    ]
  }

  /// The mistakes if settings cannot be compared by a metric.
  func comparable(_ metric: Metric) -> [Mistake] {
    guard metric.hasDirection else {
      return [
        mistake(
          metric.title, "a greater value is neither better nor worse",
          "Compare by a loss, an error, an accuracy, the gradient norm or the number of steps")
      ]
    }
    if metric.isOfTest {
      return [
        mistake(
          metric.title, "a comparison chooses a setting, and the test part must not",
          "Compare by .final(.validationLoss), then report the test of that setting alone")
      ]
    }
    guard !setup.seesAllSamples else { return [] }
    if metric == .steps, setup.stop.endsByBatch {
      return [
        mistake(
          "steps", "the runs end when the loss or the gradient of one batch is small",
          "Compare by .stepsToLoss(…) and record .trainingLoss")
      ]
    }
    guard metric.isOfBatch else { return [] }
    return [
      mistake(
        metric.title, "\(setup.partialLoss) it is that of one batch",
        "Compare by .finalLoss, or use the full batch without dropout")
    ]
  }

  /// The mistakes if runs of the set-up do not record a quantity.
  func needs(_ quantity: Quantity) -> [Mistake] {
    if quantity.isOfTest {
      return [
        mistake(
          quantity.name, "it is known after training only, for data with a test part",
          "Add .test(share: 0.2) to the data, and use .final(.…)")
      ]
    }
    if [.loss, .gradientNorm].contains(quantity) || setup.record.quantities.contains(quantity) { return [] }
    return [mistake(quantity.name, "the set-up does not record it", "Add it to record: .also(.…, every: 10)")]
  }

  /// Whether every run measures a quantity after its last update.
  private func isKnownAtTheEnd(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .loss, .gradientNorm, .trainingLoss: true
    case .absoluteError: setup.network != nil
    case .accuracy: data?.classes != nil
    case .validationLoss: data?.validation != nil
    case .validationAccuracy: data?.validation != nil && data?.classes != nil
    case .testLoss: data?.test != nil
    case .testAccuracy: data?.test != nil && data?.classes != nil
    default: false
    }
  }
}

extension StopRule {
  /// Whether a rule on the loss or the gradient norm of a step can end a run.
  fileprivate var endsByBatch: Bool { lossBelow != nil || gradientNormBelow != nil || noProgress != nil }
}
