/// When a run ends: after a number of steps at the latest, and earlier as soon as one of the further rules holds.
///
/// A rule on loss or gradient norm is tested at every step before its update, so the final parameters of a run fulfil it.
public struct StopRule: Hashable, Sendable {
  /// The number of steps after which the run ends in any case.
  public var steps: Int
  /// Ends at the first step whose batch loss is below this.
  public var lossBelow: Double?
  /// Ends at the first step whose gradient norm is below this.
  public var gradientNormBelow: Double?
  /// Ends when the best loss has not fallen by the share `improvement` over a window of `window` steps.
  public var noProgress: NoProgress?
  /// A run has diverged when its loss or gradient norm is not finite, or its loss exceeds this many times the
  /// greater of 1 and its first loss. `nil`: diverged runs continue to the last step.
  public var divergence: Double? = 1e6

  public struct NoProgress: Hashable, Sendable {
    public var window: Int
    public var improvement: Double
  }

  public init(steps: Int) { self.steps = steps }

  public static let stepLimit = 1_000_000

  public static func after(steps: Int) -> Self { Self(steps: steps) }
  public static func lossBelow(_ loss: Double) -> Self { Self(steps: stepLimit).orLossBelow(loss) }
  public static func gradientNormBelow(_ norm: Double) -> Self { Self(steps: stepLimit).orGradientNormBelow(norm) }
  public static func noProgress(window: Int, improvement: Double = 1e-3) -> Self {
    Self(steps: stepLimit).orNoProgress(window: window, improvement: improvement)
  }

  public func orLossBelow(_ loss: Double) -> Self { with { $0.lossBelow = loss } }
  public func orGradientNormBelow(_ norm: Double) -> Self { with { $0.gradientNormBelow = norm } }
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

  public var name: String {
    var parts = ["steps(\(steps))"]
    if let lossBelow { parts.append("loss<\(lossBelow)") }
    if let gradientNormBelow { parts.append("norm<\(gradientNormBelow)") }
    if let noProgress { parts.append("no-progress(\(noProgress.window),\(noProgress.improvement))") }
    parts.append(divergence.map { "diverged>\($0)" } ?? "never-diverging")
    return parts.joined(separator: " or ")
  }
}
