/// When a run ends: after a number of steps at the latest, and earlier as soon as one of the further rules holds.
///
/// A rule on loss or gradient norm is tested at every step before its update, so the final parameters of a run fulfil it.
public struct StopRule: Hashable, Sendable {
  /// The number of steps after which the run ends in any case, from 1 to 10⁹.
  public var steps: Int
  /// Ends at the first step whose batch loss is below this limit, which is above 0; `nil` for no such rule.
  public var lossBelow: Double?
  /// Ends at the first step whose gradient norm ‖∇E‖₂ is below this limit, which is above 0; `nil` for no such rule.
  public var gradientNormBelow: Double?
  /// Ends when the best loss has not fallen by the share `improvement` over a window of `window` steps.
  public var noProgress: NoProgress?
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
    parts.append(divergence.map { "diverged>\($0)" } ?? "never-diverging")
    return parts.joined(separator: " or ")
  }
}
