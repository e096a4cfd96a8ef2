import Analysis
import Foundation
import Learning
import Plotting
import Studies

/// The lower end of a logarithmic axis of losses: ten decades below the greatest loss, rounded to a power of ten.
///
/// What a loss does on its way to rounding errors must not take the room from what it does before.
struct LossFloor {
  private static let decades = 10.0

  let value: Double

  /// `nil` where no value is below the floor.
  /// - Parameters:
  ///   - top: the greatest loss that matters; infinite losses of diverged runs do not.
  ///   - levels: values that the axis must include.
  init?(below top: Double?, values: some Sequence<Double>, levels: [Double] = []) {
    guard let top, top > 0, top.isFinite else { return nil }
    let floor = pow(10, log10(top).rounded() - Self.decades)
    value = levels.filter { $0 > 0 }.reduce(floor, min)
    let end = value
    guard values.contains(where: { $0 < end }) else { return nil }
  }

  /// The floor of an axis of a metric over some runs; `nil` for metrics that are no losses.
  init?(_ metric: Metric, of results: Results, levels: [Double] = []) throws {
    guard metric.quantity.map(\.isLoss) ?? false else { return nil }
    let values = try results.values(metric)
    self.init(below: values.filter(\.isFinite).max(), values: values.filter { $0 > 0 }, levels: levels)
  }

  /// The sentence of the caption about what is below the floor.
  /// - Parameter form: how the edge of the axis shows it; `nil` where it does not.
  func remark(_ things: String, as form: String? = nil) -> String {
    "Below \(NumberText.short(value)) \(things) leave the axis\(form.map { " (\($0))" } ?? "")."
  }

  /// The scale of an axis that begins at the floor.
  func scale(_ values: [Double], air: Double) -> Scale {
    let shown = values.filter { $0 >= value }
    let top = Scale.fitting(.log, shown, air: air).domain.upperBound
    return Scale(.log, domain: value...max(top, value))
  }
}

extension Quantity {
  /// Whether it is a loss, which may fall to rounding errors.
  var isLoss: Bool { [.loss, .trainingLoss, .validationLoss].contains(self) }
}

extension Metric {
  /// The quantity that it is a value of; `nil` for steps.
  fileprivate var quantity: Quantity? {
    switch self {
    case .finalLoss, .bestLoss: .trainingLoss
    case .finalGradientNorm: .gradientNorm
    case .final(let quantity), .best(let quantity): quantity
    case .steps, .bestStep, .stepsToLoss, .score: nil
    }
  }
}
