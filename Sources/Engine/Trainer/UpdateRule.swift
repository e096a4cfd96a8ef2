import Lanes

/// An optimizer's rule over packed parameters, all runs at once; its state is in lanes too.
struct UpdateRule<Axis: LaneAxis> {
  typealias V = Axis.V

  private let kind: Kind
  private var custom: CustomUpdate<Axis>?
  private let count: Int
  private let parameterCount: Int
  private let stateCount: Int
  private let first: UnsafeMutablePointer<V>
  private let second: UnsafeMutablePointer<V>
  /// λ of every run, and whether any is not zero.
  private var decay = V.zero
  private var decays = false
  /// λ₁ of every run, and whether any is not zero.
  private var l1 = V.zero
  private var penalizes = false
  /// The norm to which the gradient of every run is clipped, and whether any is finite.
  private var clipNorm = V.constant(.infinity)
  private var clips = false
  /// Whether any run changes its gradient before the rule: one question a step.
  private var changesGradient = false
  /// β₁ʳ⁺¹ and β₂ʳ⁺¹ of every run, for Adam's bias correction.
  private var power1 = V.constant(1)
  private var power2 = V.constant(1)

  init(_ rule: Optimizer.Rule, parameterCount: Int, workspace: Workspace<V>) {
    kind = Kind(rule)
    self.parameterCount = parameterCount
    count = Axis.vectors(for: parameterCount)
    // How many numbers a built-in rule keeps for each parameter.
    stateCount =
      switch kind {
      case .gradientDescent, .custom: 0
      case .momentum, .nesterov, .adaGrad, .rmsProp: 1
      case .adam: 2
      }
    first = workspace.vectors(stateCount > 0 ? count : 0)
    second = workspace.vectors(stateCount > 1 ? count : 0)
    if case .custom(let declared) = rule {
      custom = CustomUpdate(declared, parameterCount: parameterCount, workspace: workspace)
    }
  }

  /// A rule without its references: a step reads it, and must retain nothing.
  private enum Kind: Equatable {
    case gradientDescent, custom
    case momentum(Double)
    case nesterov(Double)
    case adaGrad(epsilon: Double)
    case rmsProp(decay: Double, epsilon: Double)
    case adam(beta1: Double, beta2: Double, epsilon: Double)

    init(_ rule: Optimizer.Rule) {
      switch rule {
      case .gradientDescent: self = .gradientDescent
      case .momentum(let mu): self = .momentum(mu)
      case .nesterov(let mu): self = .nesterov(mu)
      case .adaGrad(let epsilon): self = .adaGrad(epsilon: epsilon)
      case .rmsProp(let decay, let epsilon): self = .rmsProp(decay: decay, epsilon: epsilon)
      case .adam(let beta1, let beta2, let epsilon): self = .adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
      case .custom: self = .custom
      }
    }
  }

  /// Whether an update is θ ← θ − η∇E and nothing else.
  var isPlainDescent: Bool { kind == .gradientDescent && !changesGradient }

  /// Clears the state of `slot`'s former run and takes the next one's penalties; `nil` for an idle slot, which has none.
  mutating func reset(slot: Int, optimizer: Optimizer?) {
    Axis.set(&decay, slot: slot, to: V.Scalar(optimizer?.weightDecay ?? 0))
    decays = V.anyLess(V.zero, decay)
    Axis.set(&l1, slot: slot, to: V.Scalar(optimizer?.l1Penalty ?? 0))
    penalizes = V.anyLess(V.zero, l1)
    Axis.set(&clipNorm, slot: slot, to: V.Scalar(optimizer?.clipNorm ?? .infinity))
    clips = V.anyLess(clipNorm, V.constant(.infinity))
    changesGradient = decays || penalizes || clips
    Axis.set(&power1, slot: slot, to: 1)
    Axis.set(&power2, slot: slot, to: 1)
    custom?.reset(slot: slot, isIdle: optimizer == nil)
    guard stateCount > 0 else { return }
    for index in 0..<parameterCount {
      Axis.write(0, first, index, slot: slot)
      if stateCount > 1 { Axis.write(0, second, index, slot: slot) }
    }
  }

  /// One update with rate η in each lane; `norm` is ‖g‖.
  mutating func apply(
    _ theta: UnsafeMutablePointer<V>, _ g: UnsafeMutablePointer<V>, norm: V, rate: V
  ) {
    if changesGradient { change(g, at: theta, norm: norm) }
    let down = -rate
    switch kind {
    case .gradientDescent:
      for i in 0..<count { theta[i] = V.fma(down, g[i], theta[i]) }
    case .momentum(let momentum):
      let mu = V(repeating: V.Scalar(momentum))
      for i in 0..<count {
        first[i] = V.fma(mu, first[i], g[i])
        theta[i] = V.fma(down, first[i], theta[i])
      }
    case .nesterov(let momentum):
      let mu = V(repeating: V.Scalar(momentum))
      for i in 0..<count {
        first[i] = V.fma(mu, first[i], g[i])
        theta[i] = V.fma(down, V.fma(mu, first[i], g[i]), theta[i])
      }
    case .adaGrad(let epsilon):
      let epsilon = V(repeating: V.Scalar(epsilon))
      for i in 0..<count {
        first[i] = V.fma(g[i], g[i], first[i])
        theta[i] = V.fma(down, g[i] / (V.squareRoot(first[i]) + epsilon), theta[i])
      }
    case .rmsProp(let decay, let epsilon):
      let keep = V(repeating: V.Scalar(decay))
      let take = V(repeating: V.Scalar(1 - decay))
      let epsilon = V(repeating: V.Scalar(epsilon))
      for i in 0..<count {
        first[i] = V.fma(take * g[i], g[i], keep * first[i])
        theta[i] = V.fma(down, g[i] / (V.squareRoot(first[i]) + epsilon), theta[i])
      }
    case .adam(let beta1, let beta2, let epsilon):
      adam(theta, g, down: down, beta1, beta2, epsilon)
    case .custom: custom?.apply(theta, g, rate: rate)
    }
  }

  /// Clips g, then adds the gradients of the penalties.
  @inline(never)
  private func change(_ g: UnsafeMutablePointer<V>, at theta: UnsafePointer<V>, norm: V) {
    if clips { clip(g, norm: norm) }
    if decays {
      for i in 0..<count { g[i] = V.fma(decay, theta[i], g[i]) }
    }
    if penalizes { addSigns(of: theta, to: g) }
  }

  /// g ← g·min(1, c/‖g‖). A run that is not clipped, or has a norm of NaN, gets the factor 1, which changes no bit.
  private func clip(_ g: UnsafeMutablePointer<V>, norm: V) {
    let factor = V.whereLess(clipNorm, norm, clipNorm / norm, V.constant(1))
    for i in 0..<count { g[i] = g[i] * factor }
  }

  /// g ← g + λ₁·sign θ. The gradient of a run without penalty is kept as it is: a sum with 0 would change the sign of −0.
  private func addSigns(of theta: UnsafePointer<V>, to g: UnsafeMutablePointer<V>) {
    for i in 0..<count {
      let sign = V.whereEqual(theta[i], V.zero, V.zero, V.copysign(l1, theta[i]))
      g[i] = V.whereLess(V.zero, l1, g[i] + sign, g[i])
    }
  }

  /// m ← β₁m + (1−β₁)g, s ← β₂s + (1−β₂)g², θ ← θ − η·(m/(1−β₁ʳ)) / (√(s/(1−β₂ʳ)) + ε)
  private mutating func adam(
    _ theta: UnsafeMutablePointer<V>, _ g: UnsafeMutablePointer<V>, down: V,
    _ beta1: Double, _ beta2: Double, _ epsilon: Double
  ) {
    let b1 = V(repeating: V.Scalar(beta1))
    let b2 = V(repeating: V.Scalar(beta2))
    let take1 = V(repeating: V.Scalar(1 - beta1))
    let take2 = V(repeating: V.Scalar(1 - beta2))
    let epsilon = V(repeating: V.Scalar(epsilon))
    power1 = power1 * b1
    power2 = power2 * b2
    let scale1 = V.constant(1) / (V.constant(1) - power1)
    let scale2 = V.constant(1) / (V.constant(1) - power2)
    for i in 0..<count {
      first[i] = V.fma(take1, g[i], b1 * first[i])
      second[i] = V.fma(take2 * g[i], g[i], b2 * second[i])
      let mean = first[i] * scale1
      let spread = V.squareRoot(second[i] * scale2) + epsilon
      theta[i] = V.fma(down, mean / spread, theta[i])
    }
  }
}
