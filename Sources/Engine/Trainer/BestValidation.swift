/// The least validation loss that a run with early stopping has reached, and the parameters that it belongs to.
struct BestValidation {
  private let rule: StopRule.EarlyStopping
  /// The step of the least value.
  private(set) var step = 0
  /// The parameters at that step; float32 numbers are exact in them.
  private(set) var parameters: [Double] = []
  /// The gradient norm at that step; `nil` until the step is made.
  var gradientNorm: Double?
  private var least = Double.infinity
  private var lastStep = -1
  private var countSince = 0

  init(_ rule: StopRule.EarlyStopping) { self.rule = rule }

  func isDue(atStep step: Int) -> Bool { step % rule.every == 0 }

  func stepsToNext(from step: Int) -> Int { rule.every - step % rule.every }

  /// Whether so many measurements as the patience have passed without a new least value.
  var isExhausted: Bool { countSince >= rule.patience }

  /// Takes a measurement, unless this step has been measured. The first counts as the least whatever it is; NaN is below nothing.
  mutating func note(step: Int, loss: Double, parameters: () -> [Double]) {
    guard step > lastStep else { return }
    let isFirst = lastStep < 0
    lastStep = step
    guard isFirst || loss < least else {
      countSince += 1
      return
    }
    self.step = step
    self.parameters = parameters()
    least = loss.isNaN ? .infinity : loss
    gradientNorm = nil
    countSince = 0
  }
}
