/// When a run ends: after a number of steps at the latest, and earlier as soon as one of the further rules holds.
///
/// A rule on loss or gradient norm is tested at every step before its update, so the final parameters of a run fulfil it, unless
/// early stopping restores earlier ones.
public struct StopRule: Hashable, Sendable {
  /// The number of steps after which the run ends in any case, from 1 to 10⁹.
  public var steps: Int
  /// Ends at the first step whose batch loss is below this limit, which is above 0; `nil` for no such rule.
  public var lossBelow: Double?
  /// Ends at the first step whose gradient norm ‖∇E‖₂ is below this limit, which is above 0; `nil` for no such rule.
  public var gradientNormBelow: Double?
  /// Ends when the best loss has not fallen by the share `improvement` over a window of `window` steps.
  public var noProgress: NoProgress?
  /// Ends when the validation loss has not fallen for a number of measurements, and restores the best parameters; `nil` for no such
  /// rule.
  public var earlyStopping: EarlyStopping?
  /// A run has diverged when its loss or gradient norm is not finite, or its loss exceeds this many times the
  /// greater of 1 and its first loss; above 1. `nil`: diverged runs continue to the last step.
  public var divergence: Double? = 1e6

  /// A window of steps, and the share by which the best loss has to decrease within it.
  public struct NoProgress: Hashable, Sendable {
    /// Length of the window in steps, 1 or more.
    public var window: Int
    /// Share of the best loss, in [0, 1).
    public var improvement: Double
  }

  /// How often the validation loss is measured, and how many measurements may pass without a new least value.
  public struct EarlyStopping: Hashable, Sendable {
    /// Measurements without a new least validation loss after which the run ends, 1 to 10⁹.
    public var patience: Int
    /// Steps between measurements, 1 to 10⁹.
    public var every: Int
  }

  /// Ends after a number of steps.
  public init(steps: Int) { self.steps = steps }

  /// Steps after which a run without a limit of its own ends.
  public static let stepLimit = 1_000_000

  /// Ends after a number of steps.
  public static func after(steps: Int) -> Self { Self(steps: steps) }
  /// Ends at the first step whose batch loss is below a value, at the latest after `stepLimit` steps.
  public static func lossBelow(_ loss: Double) -> Self { Self(steps: stepLimit).orLossBelow(loss) }
  /// Ends at the first step whose gradient norm is below a value, at the latest after `stepLimit` steps.
  public static func gradientNormBelow(_ norm: Double) -> Self { Self(steps: stepLimit).orGradientNormBelow(norm) }
  /// Ends when the best loss has not decreased by a share over a window of steps, at the latest after `stepLimit`
  /// steps.
  public static func noProgress(window: Int, improvement: Double = 1e-3) -> Self {
    Self(steps: stepLimit).orNoProgress(window: window, improvement: improvement)
  }

  /// Ends also at the first step whose batch loss is below a value.
  public func orLossBelow(_ loss: Double) -> Self { with { $0.lossBelow = loss } }
  /// Ends also at the first step whose gradient norm is below a value.
  public func orGradientNormBelow(_ norm: Double) -> Self { with { $0.gradientNormBelow = norm } }
  /// Ends also when the best loss has not decreased by a share over a window of steps.
  public func orNoProgress(window: Int, improvement: Double = 1e-3) -> Self {
    with { $0.noProgress = NoProgress(window: window, improvement: improvement) }
  }
  /// Ends also when the validation loss has not fallen, and restores the parameters of its least value.
  ///
  ///     measured at r = 0, every, 2·every … and at the end;   r* = argmin V(r), the first of equal ones;   θ ← θ(r*)
  ///
  /// The run ends at the first measurement that is the `patience`-th in a row without a value below the least before. Whichever
  /// rule ends a run, its final parameters, losses and accuracies are those of r*, its `bestStep`. A diverged run is not restored.
  /// Prechelt 1998, "Early Stopping – But When?", doi:10.1007/3-540-49430-8_3.
  /// - Parameters:
  ///   - patience: measurements without a new least value, 1 to 10⁹.
  ///   - every: steps between measurements, 1 to 10⁹.
  public func orEarlyStopping(patience: Int, every: Int = 1) -> Self {
    with { $0.earlyStopping = EarlyStopping(patience: patience, every: every) }
  }
  /// Lets diverged runs continue to the last step, as the programs do whose recorded numbers tests compare with.
  public func neverDiverging() -> Self { with { $0.divergence = nil } }

  private func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }

  /// The name in descriptions.
  public var name: String {
    var parts = ["steps(\(steps))"]
    if let lossBelow { parts.append("loss<\(lossBelow)") }
    if let gradientNormBelow { parts.append("norm<\(gradientNormBelow)") }
    if let noProgress { parts.append("no-progress(\(noProgress.window),\(noProgress.improvement))") }
    if let earlyStopping { parts.append("early-stopping(\(earlyStopping.patience),\(earlyStopping.every))") }
    parts.append(divergence.map { "diverged>\($0)" } ?? "never-diverging")
    return parts.joined(separator: " or ")
  }
}
