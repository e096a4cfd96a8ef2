package import Learning
package import Studies
import Synchronization

/// The settings whose test part a report has read. A setting that is chosen from several is chosen by the test data, and its test
/// score says too much; so the report states the number.
package final class TestUse: Sendable {
  private let read = Mutex<Set<[Setting]>>([])

  /// The folds of a setting are parts of one estimate, not settings of their own.
  func note(_ row: Results.Row, of axes: [ParameterAxis]) {
    let own = zip(axes, row.run.settings).filter { $0.0.parameter.name != Parameter.fold.name }.map(
      \.1)
    _ = read.withLock { $0.insert(own) }
  }

  /// Runs `body` and returns its result with the settings whose test part it read.
  package func during<T>(_ body: () throws -> T) rethrows -> (result: T, settings: Set<[Setting]>) {
    read.withLock { $0 = [] }
    let result = try body()
    return (result, read.withLock { $0 })
  }
}

extension Metric {
  /// The quantity that it is the final or best value of.
  package var quantity: Quantity? {
    switch self {
    case .final(let quantity), .best(let quantity): quantity
    case .finalLoss, .bestLoss, .finalGradientNorm, .steps, .bestStep, .stepsToLoss, .score: nil
    }
  }

  /// The quantity that names the held-out part it is measured on; `nil` for the training part and for other metrics.
  package var heldOutQuantity: Quantity? {
    switch self {
    case .score(_, on: .validation): .validationLoss
    case .score(_, on: .test): .testLoss
    default: quantity.flatMap { $0.isHeldOut ? $0 : nil }
    }
  }

  /// Whether it is measured on the test part.
  package var isOfTest: Bool {
    if case .score(_, on: .test) = self { return true }
    return quantity?.isOfTest ?? false
  }

  /// - Throws: `Mistake` for a metric of the test part, by which nothing may be chosen.
  func refuseChoosingByTest(at place: String) throws {
    guard isOfTest else { return }
    throw Mistake(
      at: place, value: title,
      rule: "a choice by the test part makes its score useless as an estimate for new data",
      remedy: "Choose by .final(.validationLoss), then report the test of that setting alone")
  }
}
