package import Learning
package import Studies
import Synchronization

/// The settings whose test part a report has read. A setting that is chosen from several is chosen by the test data, and its test
/// score says too much; so the report states the number.
package final class TestUse: Sendable {
  private let read = Mutex<Set<[Setting]>>([])

  func note(_ row: Results.Row) { _ = read.withLock { $0.insert(row.run.settings) } }

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
    case .finalLoss, .bestLoss, .finalGradientNorm, .steps, .stepsToLoss: nil
    }
  }

  /// - Throws: `Mistake` for a metric of the test part, by which nothing may be chosen.
  func refuseChoosingByTest(at place: String) throws {
    guard quantity?.isOfTest ?? false else { return }
    throw Mistake(
      at: place, value: title, rule: "a choice by the test part makes its score useless as an estimate for new data",
      remedy: "Choose by .final(.validationLoss), then report the test of that setting alone")
  }
}
