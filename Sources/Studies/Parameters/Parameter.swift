public import Learning

/// A part of a set-up that a sweep can vary: one name for sweep, colour, facet, axis and command line.
public struct Parameter<Value: ParameterValue>: Sendable {
  /// As typed in a terminal: `learning-rate`.
  public let name: String
  /// As written on an axis: `learning rate`.
  public let title: String
  /// As written in formulas: `η`; empty where the field has none.
  public let symbol: String
  let get: @Sendable (Setup) -> Value?
  let set: @Sendable (inout Setup, Value) -> Void

  /// A custom parameter.
  /// - Parameters:
  ///   - get: the value a set-up has, or `nil` where it has no such thing.
  ///   - set: changes a set-up to the value.
  public init(
    _ name: String, title: String? = nil, symbol: String = "",
    get: @escaping @Sendable (Setup) -> Value?,
    set: @escaping @Sendable (inout Setup, Value) -> Void
  ) {
    self.name = name
    self.title = title ?? name.replacing("-", with: " ")
    self.symbol = symbol
    self.get = get
    self.set = set
  }

  package var erased: AnyParameter {
    let get = get
    let set = set
    return AnyParameter(
      name: name, title: title, symbol: symbol, expectation: Value.expectation,
      setting: { get($0)?.setting },
      parse: { text in
        Value(argument: text).map { value in
          AxisValue(setting: value.setting, details: value.details) { set(&$0, value) }
        }
      })
  }
}

/// A parameter without its type, for the command line and for tables.
package struct AnyParameter: Sendable {
  package let name: String
  package let title: String
  package let symbol: String
  let expectation: String
  package let setting: @Sendable (Setup) -> Setting?
  let parse: @Sendable (String) -> AxisValue?

  /// Title and symbol: "learning rate η".
  package var label: String { symbol.isEmpty ? title : "\(title) \(symbol)" }
}

extension Parameter where Value == Double {
  /// The learning rate η.
  public static let learningRate = Parameter(
    "learning-rate", symbol: "η", get: { $0.optimizer.learningRate }, set: { $0.optimizer.learningRate = $1 })
  /// The factor of the initial weights σ₀.
  public static let initScale = Parameter(
    "init-scale", title: "initialization scale", symbol: "σ₀", get: { $0.initialization?.scale },
    set: { $0.initialization?.scale = $1 })
  /// The weight decay λ.
  public static let weightDecay = Parameter(
    "weight-decay", symbol: "λ", get: { $0.optimizer.weightDecay }, set: { $0.optimizer.weightDecay = $1 })
  /// The factor λ₁ of the L1 penalty.
  public static let l1Penalty = Parameter(
    "l1-penalty", title: "L1 penalty", symbol: "λ₁", get: { $0.optimizer.l1Penalty },
    set: { $0.optimizer.l1Penalty = $1 })
  /// The norm c that gradients are clipped to; infinity for no clipping.
  public static let clipNorm = Parameter(
    "clip-norm", title: "clipping norm", symbol: "c", get: { $0.optimizer.clipNorm },
    set: { $0.optimizer.clipNorm = $1 })
  /// The label smoothing ε of the training targets.
  public static let labelSmoothing = Parameter(
    "label-smoothing", symbol: "ε", get: { $0.data?.labelSmoothing }, set: { $0.data?.labelSmoothing = $1 })
  /// μ of the rules momentum and Nesterov.
  public static let momentum = Parameter(
    "momentum", symbol: "μ",
    get: {
      switch $0.optimizer.rule {
      case .momentum(let mu), .nesterov(let mu): mu
      default: nil
      }
    },
    set: {
      if case .nesterov = $0.optimizer.rule {
        $0.optimizer.rule = .nesterov($1)
      } else {
        $0.optimizer.rule = .momentum($1)
      }
    })
  /// The probability p with which a training step leaves out a hidden unit.
  public static let dropout = Parameter(
    "dropout", symbol: "p", get: { $0.network?.dropoutRate }, set: { $0.network?.dropoutRate = $1 })
  /// Standard deviation σ of a generator's noise.
  public static let noise = Parameter(
    "noise", symbol: "σ", get: { $0.noise }, set: { $0 = $0.with(noise: $1) })
}

extension Parameter where Value == Int {
  /// Units of every hidden layer.
  public static let hidden = Parameter(
    "hidden", title: "hidden units", symbol: "H",
    get: { $0.network.map { $0.hidden.first ?? 0 } },
    set: { setup, units in
      let hidden = setup.network?.hidden ?? []
      setup.network?.hidden = units == 0 ? [] : hidden.isEmpty ? [units] : hidden.map { _ in units }
    })
  /// Number of hidden layers.
  public static let depth = Parameter(
    "depth", title: "hidden layers", symbol: "L", get: { $0.network?.hidden.count },
    set: { setup, depth in
      // The rules on layers report impossible numbers.
      let units = depth < 0 ? depth : setup.network?.hidden.first ?? 1
      setup.network?.hidden = Array(repeating: units, count: min(depth.magnitude == 0 ? 0 : max(1, depth), 1001))
    })
  /// Number of training samples n of a generator.
  public static let samples = Parameter(
    "samples", symbol: "n", get: { $0.variableGenerator?.samples },
    set: { setup, value in setup.changeGenerator { $0.samples = value } })
  /// The fold that is held out for validation, counted from 1; of data with `kFold(_:)`.
  public static let fold = Parameter(
    "fold", get: { $0.data?.fold?.index },
    set: { setup, fold in
      guard let count = setup.data?.fold?.count else { return }
      setup.data?.fold = (fold, count)
    })
  /// Steps of the learning rate's warm-up; 0 for none.
  public static let warmUp = Parameter(
    "warm-up", title: "warm-up steps", symbol: "w", get: { $0.optimizer.schedule.warmUpSteps },
    set: { $0.optimizer.schedule.warmUpSteps = $1 })
  /// Largest number of steps T.
  public static let steps = Parameter("steps", symbol: "T", get: { $0.stop.steps }, set: { $0.stop.steps = $1 })
  /// The patience of early stopping, in measurements of the validation loss.
  public static let patience = Parameter(
    "patience", get: { $0.stop.earlyStopping?.patience }, set: { $0.stop.earlyStopping?.patience = $1 })
}

extension Parameter where Value == Activation {
  /// The activation φ of the hidden layers.
  public static let activation = Parameter(
    "activation", symbol: "φ", get: { $0.network?.activation }, set: { $0.network?.activation = $1 })
}

extension Parameter where Value == Batching {
  /// The samples per step B.
  public static let batch = Parameter(
    "batch", title: "batch size", symbol: "B", get: { $0.batch }, set: { $0.batch = $1 })
}

extension Parameter where Value == Precision {
  /// The type of number, float64 or float32.
  public static let precision = Parameter("precision", get: { $0.precision }, set: { $0.precision = $1 })
}

extension Parameter where Value == Schedule {
  /// The schedule of the learning rate.
  public static let schedule = Parameter(
    "schedule", symbol: "η(r)", get: { $0.optimizer.schedule }, set: { $0.optimizer.schedule = $1 })
}

extension Parameter where Value == Optimizer.Rule {
  /// The update rule.
  public static let optimizer = Parameter("optimizer", get: { $0.optimizer.rule }, set: { $0.optimizer.rule = $1 })
}

extension Parameter where Value == Loss {
  /// The loss function.
  public static let loss = Parameter(
    "loss", get: { $0.loss }, set: { $0.loss = $1 })
}

extension Parameter where Value == DataSource {
  /// The data set.
  public static let data = Parameter("data", get: { $0.data }, set: { $0.data = $1 })
}

extension Parameter where Value == String {
  /// The axis of `Variants(name) { … }`.
  public static func variant(_ name: String) -> Parameter {
    Parameter(name, get: { $0.variants[name] }, set: { $0.variants[name] = $1 })
  }
}

extension Parameter where Value == Setup.Start {
  /// The point θ₀ from which an objective, or a network with given or normally distributed weights and biases, is trained.
  public static let start = Parameter(
    "start", symbol: "θ₀", get: { $0.start ?? $0.initialization?.start },
    set: { setup, start in
      setup.start = start
      if setup.initialization != nil,
        let initialization = Initialization(start, scale: setup.initialization?.scale ?? 1)
      {
        setup.initialization = initialization
      }
    })
}

extension Initialization {
  /// The same distribution of all parameters as a start; `nil` where parameters differ in it.
  fileprivate var start: Setup.Start? {
    switch kind {
    case .explicit(let point): .at(point)
    case .normal where drawsBiases: .normal(scale: scale)
    default: nil
    }
  }

  /// `nil` for a start that no distribution of weights has.
  fileprivate init?(_ start: Setup.Start, scale: Double) {
    switch start {
    // An axis over the scale, which given parameters do not use, finds its value.
    case .at(let point): self = Initialization(.explicit(point), scale: scale)
    case .normal(let scale): self = .normal(scale: scale, biases: true)
    case .uniform, .stored: return nil
    }
  }
}

/// The parameters that the command line knows in every experiment.
package enum StandardParameters {
  package static let all: [AnyParameter] = [
    Parameter.learningRate.erased, Parameter.initScale.erased, Parameter.weightDecay.erased,
    Parameter.l1Penalty.erased, Parameter.clipNorm.erased, Parameter.warmUp.erased, Parameter.labelSmoothing.erased,
    Parameter.momentum.erased, Parameter.noise.erased, Parameter.hidden.erased, Parameter.depth.erased,
    Parameter.samples.erased, Parameter.fold.erased, Parameter.steps.erased, Parameter.activation.erased,
    Parameter.batch.erased,
    Parameter.precision.erased, Parameter.schedule.erased, Parameter.optimizer.erased, Parameter.loss.erased,
    Parameter.data.erased, Parameter.patience.erased, Parameter.dropout.erased, Parameter.start.erased,
  ]
}
