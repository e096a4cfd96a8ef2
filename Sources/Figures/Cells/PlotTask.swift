import Analysis
import Learning
import Studies

/// One set-up of a sweep, as a figure, table or claim finds it before anything is trained.
public struct PlotTask {
  let setup: Setup
  /// The data of the first seed; `nil` for an objective and for data that have mistakes of their own.
  let data: Dataset?
  /// What the mistake is in: "figure “Loss”".
  let place: String

  /// The network's shape; `nil` for an objective, and for layers that cannot be, which have a mistake of their own.
  var network: Architecture? {
    guard let data, let network = setup.network, !network.output.isEmpty, network.hasPossibleLayers else { return nil }
    return network.architecture(inputs: data.inputCount, outputs: data.outputCount)
  }

  func mistake(_ value: some CustomStringConvertible, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(at: place, value: "\(value)", rule: rule, remedy: remedy)
  }

  /// Refuses an objective, where a plot shows what a network does.
  func needsNetwork() -> [Mistake] {
    guard let objective = setup.objective else { return [] }
    return [mistake("objective \(objective.name)", "it shows a network", "Train a network on data, or leave it out")]
  }

  /// Refuses data with another number of inputs than a plot has axes for.
  func needsInputs(_ count: Int) -> [Mistake] {
    let mistakes = needsNetwork()
    guard mistakes.isEmpty, let data, data.inputCount != count else { return mistakes }
    return [
      mistake(
        "\(data.name), which has \(data.inputCount) inputs",
        "it draws networks of \(count) input\(count == 1 ? "" : "s")", "Use other data, or leave it out")
    ]
  }

  /// Whether runs of the set-up know a metric.
  func needs(_ metric: Metric) -> [Mistake] {
    if metric.needsTrainingLoss, setup.trainingLossQuantity == nil {
      return [
        mistake(
          metric.title,
          "runs with batches smaller than the data know the loss on all training data only where they record it",
          "Add it to the set-up: record: .also(.trainingLoss, every: 10)")
      ]
    }
    switch metric {
    case .finalLoss, .bestLoss, .best(.loss), .stepsToLoss, .steps, .finalGradientNorm: return []
    case .final(let quantity): return isKnownAtTheEnd(quantity) ? [] : needs(quantity)
    case .best(let quantity): return needs(quantity)
    }
  }

  /// Whether runs of the set-up record a quantity.
  func needs(_ quantity: Quantity) -> [Mistake] {
    if [.loss, .gradientNorm].contains(quantity) || setup.record.quantities.contains(quantity) { return [] }
    return [mistake(quantity.name, "the set-up does not record it", "Add it to record: .also(.…, every: 10)")]
  }

  /// What every run measures after its last update, where the data have it.
  private func isKnownAtTheEnd(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .loss, .gradientNorm, .trainingLoss: true
    case .absoluteError: setup.network != nil
    case .accuracy: data?.classes != nil
    case .validationLoss: data?.validation != nil
    case .validationAccuracy: data?.validation != nil && data?.classes != nil
    default: false
    }
  }
}
