import Descent

enum StopSamples {
  // snippet
  /// Exactly 5000 steps, unless the run diverges.
  static let fixed = StopRule.after(steps: 5_000)

  /// The first step with a loss below 10⁻³; at the latest step 5000.
  static let target = StopRule.after(steps: 5_000).orLossBelow(1e-3)

  /// The first step with a gradient norm below 10⁻⁸, or 1000 steps that did not reduce the best loss by 0.1 %;
  /// at the latest step 1 000 000.
  static let converged = StopRule.gradientNormBelow(1e-8).orNoProgress(window: 1_000)

  /// The validation loss is measured at every tenth step. Twenty measurements without a new least value end the run.
  static let early = StopRule.after(steps: 5_000).orEarlyStopping(patience: 20, every: 10)
  // end

  // snippet
  static let record = Recording.also(.trainingLoss, .validationLoss, .sharpness, every: 20)

  /// Loss, gradient norm and validation loss at steps 0, 10, 20 …
  static let thinned = Recording.every(10, also: .validationLoss)
  // end
}

enum MetricSamples {
  // snippet
  static let report: [Cell] = [
    Figure("Steps to the target") { Sensitivity(.stepsToLoss(1e-3), to: .learningRate) }.cell,
    Figure("Best validation loss") { Distribution(.best(.validationLoss), as: .strip).color(by: .learningRate) }.cell,
    Note { results in "Median of the final loss: \(NumberText.short(try results.median(.finalLoss)))." }.cell,
  ]
  // end
}
