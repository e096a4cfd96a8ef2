/// The rule that turns gradients g into updates of the parameters θ. Averages and velocities are 0 at first.
public struct Optimizer: Hashable, Sendable {
  /// The update rules. η is the learning rate times the factor of the schedule.
  public enum Rule: Hashable, Sendable {
    /// θ ← θ − ηg
    case gradientDescent
    /// v ← μv + g, θ ← θ − ηv; Polyak 1964
    case momentum(Double)
    /// v ← μv + g, θ ← θ − η(g + μv); Nesterov 1983 in the form of Sutskever et al. 2013
    case nesterov(Double)
    /// s ← s + g², θ ← θ − ηg/(√s + ε); Duchi, Hazan & Singer 2011
    case adaGrad(epsilon: Double)
    /// s ← ρs + (1−ρ)g², θ ← θ − ηg/(√s + ε); Hinton 2012
    case rmsProp(decay: Double, epsilon: Double)
    /// m ← β₁m + (1−β₁)g, s ← β₂s + (1−β₂)g², θ ← θ − η·m̂/(√ŝ + ε), where m̂ = m/(1−β₁ʳ⁺¹) and ŝ = s/(1−β₂ʳ⁺¹) at
    /// step r = 0, 1, 2 …; Kingma & Ba 2015, arXiv:1412.6980
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    /// A rule of your own: `Optimizer.custom(_:_:learningRate:schedule:)`.
    case custom(CustomUpdateRule)
  }

  /// The update rule.
  public var rule: Rule
  /// The learning rate, before the factor of the schedule; above 0.
  public var learningRate: Double
  /// The factor on the learning rate at each step.
  public var schedule: Schedule
  /// λ ≥ 0: the rule gets g + λθ, the gradient with that of ½λ‖θ‖². The recorded loss and norm are without it.
  public var weightDecay: Double
  /// λ₁ ≥ 0: the rule gets g + λ₁·sign θ, a subgradient with that of λ₁‖θ‖₁, where sign 0 is 0. It applies to weights and biases,
  /// as weight decay does. The recorded loss and norm are without it.
  public var l1Penalty: Double = 0
  /// c > 0: g ← g·min(1, c/‖g‖), by the norm of the whole gradient of the step's batch; ∞ for no clipping.
  ///
  /// Weight decay and the L1 penalty are added to the clipped gradient. The recorded norm is that of the gradient before.
  /// Source: Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063.
  public var clipNorm: Double = .infinity

  /// A rule with its learning rate.
  public init(_ rule: Rule, learningRate: Double, schedule: Schedule = .constant, weightDecay: Double = 0) {
    self.rule = rule
    self.learningRate = learningRate
    self.schedule = schedule
    self.weightDecay = weightDecay
  }

  /// The same with the penalty ½λ‖θ‖², λ ≥ 0: the rule gets g + λθ.
  public func withWeightDecay(_ lambda: Double) -> Self { with { $0.weightDecay = lambda } }
  /// The same with the penalty λ₁‖θ‖₁, λ₁ ≥ 0: the rule gets g + λ₁·sign θ, where sign 0 is 0.
  public func withL1Penalty(_ lambda: Double) -> Self { with { $0.l1Penalty = lambda } }
  /// The same with gradients shortened to a norm c > 0 where they are longer: g ← g·min(1, c/‖g‖).
  public func clipped(toNorm norm: Double) -> Self { with { $0.clipNorm = norm } }

  private func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }

  /// Plain gradient descent: θ ← θ − ηg.
  public static func gradientDescent(
    learningRate: Double, schedule: Schedule = .constant, weightDecay: Double = 0
  ) -> Self {
    Self(.gradientDescent, learningRate: learningRate, schedule: schedule, weightDecay: weightDecay)
  }
  /// Gradient descent with momentum μ in [0, 1): v ← μv + g, θ ← θ − ηv; Polyak 1964.
  public static func momentum(_ momentum: Double = 0.9, learningRate: Double, schedule: Schedule = .constant) -> Self {
    Self(.momentum(momentum), learningRate: learningRate, schedule: schedule)
  }
  /// Nesterov's accelerated gradient, μ in [0, 1): v ← μv + g, θ ← θ − η(g + μv); Sutskever et al. 2013.
  public static func nesterov(_ momentum: Double = 0.9, learningRate: Double, schedule: Schedule = .constant) -> Self {
    Self(.nesterov(momentum), learningRate: learningRate, schedule: schedule)
  }
  /// AdaGrad: s ← s + g², θ ← θ − ηg/(√s + ε), ε > 0; Duchi, Hazan & Singer 2011.
  public static func adaGrad(learningRate: Double, epsilon: Double = 1e-8, schedule: Schedule = .constant) -> Self {
    Self(.adaGrad(epsilon: epsilon), learningRate: learningRate, schedule: schedule)
  }
  /// RMSProp: s ← ρs + (1 − ρ)g², θ ← θ − ηg/(√s + ε), where ρ in [0, 1) is `decay` and ε > 0; Hinton 2012.
  public static func rmsProp(
    learningRate: Double, decay: Double = 0.9, epsilon: Double = 1e-8, schedule: Schedule = .constant
  ) -> Self {
    Self(.rmsProp(decay: decay, epsilon: epsilon), learningRate: learningRate, schedule: schedule)
  }
  /// Adam: θ ← θ − η·m̂/(√ŝ + ε) with bias-corrected moving averages m̂ of g and ŝ of g²; β₁ and β₂ in [0, 1), ε > 0;
  /// Kingma & Ba 2015, arXiv:1412.6980.
  public static func adam(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    schedule: Schedule = .constant
  ) -> Self {
    Self(.adam(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate, schedule: schedule)
  }

  /// The name of the rule in descriptions and tables.
  public var name: String {
    switch rule {
    case .gradientDescent: "gradient-descent"
    case .momentum(let mu): "momentum(\(mu))"
    case .nesterov(let mu): "nesterov(\(mu))"
    case .adaGrad(let epsilon): "adagrad(\(epsilon))"
    case .rmsProp(let decay, let epsilon): "rmsprop(\(decay),\(epsilon))"
    case .adam(let beta1, let beta2, let epsilon): "adam(\(beta1),\(beta2),\(epsilon))"
    case .custom(let rule): "custom(\(rule.name))"
    }
  }
}
