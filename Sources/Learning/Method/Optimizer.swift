/// The rule that turns gradients g into updates of the parameters θ.
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
    /// m, s moving averages of g and g², bias-corrected; Kingma & Ba 2015, arXiv:1412.6980
    case adam(beta1: Double, beta2: Double, epsilon: Double)
  }

  /// The update rule.
  public var rule: Rule
  /// The learning rate η at step 0, before the factor of the schedule.
  public var learningRate: Double
  /// The factor on the learning rate at each step.
  public var schedule: Schedule
  /// λ: the gradient of ½λ‖θ‖² is added to g before the rule. The recorded loss and norm are without it.
  public var weightDecay: Double

  /// A rule with its learning rate.
  public init(_ rule: Rule, learningRate: Double, schedule: Schedule = .constant, weightDecay: Double = 0) {
    self.rule = rule
    self.learningRate = learningRate
    self.schedule = schedule
    self.weightDecay = weightDecay
  }

  /// Plain gradient descent: θ ← θ − ηg.
  public static func gradientDescent(
    learningRate: Double, schedule: Schedule = .constant, weightDecay: Double = 0
  ) -> Self {
    Self(.gradientDescent, learningRate: learningRate, schedule: schedule, weightDecay: weightDecay)
  }
  /// Gradient descent with momentum: v ← μv + g, θ ← θ − ηv.
  public static func momentum(_ momentum: Double = 0.9, learningRate: Double, schedule: Schedule = .constant) -> Self {
    Self(.momentum(momentum), learningRate: learningRate, schedule: schedule)
  }
  /// Nesterov's accelerated gradient: v ← μv + g, θ ← θ − η(g + μv).
  public static func nesterov(_ momentum: Double = 0.9, learningRate: Double, schedule: Schedule = .constant) -> Self {
    Self(.nesterov(momentum), learningRate: learningRate, schedule: schedule)
  }
  /// AdaGrad: s ← s + g², θ ← θ − ηg/(√s + ε).
  public static func adaGrad(learningRate: Double, epsilon: Double = 1e-8, schedule: Schedule = .constant) -> Self {
    Self(.adaGrad(epsilon: epsilon), learningRate: learningRate, schedule: schedule)
  }
  /// RMSProp: s ← ρs + (1 − ρ)g², θ ← θ − ηg/(√s + ε), where ρ is `decay`.
  public static func rmsProp(
    learningRate: Double, decay: Double = 0.9, epsilon: Double = 1e-8, schedule: Schedule = .constant
  ) -> Self {
    Self(.rmsProp(decay: decay, epsilon: epsilon), learningRate: learningRate, schedule: schedule)
  }
  /// Adam: bias-corrected moving averages of g and g².
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
    }
  }
}
