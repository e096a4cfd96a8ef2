/// A number that a run records during its training.
public enum Quantity: Hashable, Sendable {
  /// Loss on the step's batch, before its update. Recorded at every step, or at every `lossEvery`-th.
  case loss
  /// L2 norm ‖∇E‖₂ of the whole gradient of the step's batch. Recorded at every step, or at every `lossEvery`-th.
  case gradientNorm
  /// Loss on all training data.
  case trainingLoss
  /// Loss on the validation data.
  case validationLoss
  /// Share of training samples whose class is predicted correctly, 0 to 1.
  case accuracy
  /// Share of validation samples whose class is predicted correctly, 0 to 1.
  case validationAccuracy
  /// Loss on the test data, with the final parameters. It is not recorded during training.
  case testLoss
  /// Share of test samples whose class is predicted correctly, 0 to 1, with the final parameters. It is not recorded during training.
  case testAccuracy
  /// Mean over samples and outputs of |y − t| on the training data, in the unit of the targets.
  case absoluteError
  /// Gradient norm of one layer's parameters, layers counted from 1 at the input.
  case layerGradientNorm(Int)
  /// ‖θ‖₂
  case parameterNorm
  /// ‖θ(r+1) − θ(r)‖₂
  case updateNorm
  /// λ_max of the Hessian of the loss on all training data.
  case sharpness
  /// Cosine of the angle between this step's gradient and the one before, −1 to 1.
  case gradientCosine

  /// The name used in tables, exports and on the command line.
  public var name: String {
    switch self {
    case .loss: "loss"
    case .gradientNorm: "gradient-norm"
    case .trainingLoss: "training-loss"
    case .validationLoss: "validation-loss"
    case .accuracy: "accuracy"
    case .validationAccuracy: "validation-accuracy"
    case .testLoss: "test-loss"
    case .testAccuracy: "test-accuracy"
    case .absoluteError: "absolute-error"
    case .layerGradientNorm(let layer): "gradient-norm-of-layer-\(layer)"
    case .parameterNorm: "parameter-norm"
    case .updateNorm: "update-norm"
    case .sharpness: "sharpness"
    case .gradientCosine: "gradient-cosine"
    }
  }

  /// The words on an axis.
  public var title: String {
    switch self {
    case .loss: "loss E"
    case .gradientNorm: "gradient norm ‖∇E‖₂"
    case .trainingLoss: "training loss"
    case .validationLoss: "validation loss"
    case .accuracy: "training accuracy"
    case .validationAccuracy: "validation accuracy"
    case .testLoss: "test loss"
    case .testAccuracy: "test accuracy"
    case .absoluteError: "mean absolute error"
    case .layerGradientNorm(let layer): "gradient norm of layer \(layer)"
    case .parameterNorm: "parameter norm ‖θ‖₂"
    case .updateNorm: "update norm ‖Δθ‖₂"
    case .sharpness: "sharpness λₘₐₓ"
    case .gradientCosine: "cosine of successive gradients"
    }
  }

  /// The unit of its values, where the loss has a unit of its own.
  package func unit(loss: String) -> String {
    switch self {
    case .loss, .trainingLoss, .validationLoss, .testLoss: loss
    // Parameters have no unit.
    case .gradientNorm, .layerGradientNorm, .sharpness: loss
    case .accuracy, .validationAccuracy, .testAccuracy: "share of samples, 0 to 1"
    case .absoluteError: "unit of the targets"
    case .parameterNorm, .updateNorm, .gradientCosine: "1"
    }
  }

  /// Whether it is measured on the test part, which only a report of the end may use.
  package var isOfTest: Bool { self == .testLoss || self == .testAccuracy }

  /// Whether it is measured on samples that are not trained on.
  package var isHeldOut: Bool { isOfTest || self == .validationLoss || self == .validationAccuracy }

  /// Whether it is not negative and spans many powers of ten, so that a logarithmic axis suits it.
  package var isMagnitude: Bool {
    switch self {
    case .loss, .gradientNorm, .trainingLoss, .validationLoss, .testLoss, .layerGradientNorm, .updateNorm: true
    default: false
    }
  }

  /// The quantity of a name, for archives and command lines.
  package init?(name: String) {
    let prefix = "gradient-norm-of-layer-"
    if name.hasPrefix(prefix), let layer = Int(name.dropFirst(prefix.count)) {
      self = .layerGradientNorm(layer)
      return
    }
    guard let match = Self.plain.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  /// Every quantity but the per-layer ones.
  public static let plain: [Quantity] = [
    .loss, .gradientNorm, .trainingLoss, .validationLoss, .accuracy, .validationAccuracy, .testLoss, .testAccuracy,
    .absoluteError, .parameterNorm, .updateNorm, .sharpness, .gradientCosine,
  ]
}

/// What a run records, and how often.
public struct Recording: Hashable, Sendable {
  /// The quantities beside loss and gradient norm.
  public var quantities: [Quantity]
  /// At steps 0, `every`, 2·`every` …; 1 or more.
  public var every: Int
  /// Loss and gradient norm are kept at steps 0, `lossEvery`, 2·`lossEvery` …; 1 or more, and 1 unless it is set. Stop rules look at
  /// every step in any case.
  public var lossEvery = 1

  /// Quantities recorded at steps 0, `every`, 2·`every` …
  public init(_ quantities: [Quantity], every: Int) {
    self.quantities = quantities
    self.every = every
  }

  /// Loss and gradient norm only.
  public static let standard = Recording([], every: 1)

  /// Loss and gradient norm at every step, and other quantities at every `every`-th.
  public static func also(_ quantities: Quantity..., every: Int) -> Self { Self(quantities, every: every) }

  /// Loss, gradient norm and other quantities at steps 0, `steps`, 2·`steps` … For long runs: the archive of a run of T steps has
  /// 16·T/`steps` bytes of loss and gradient norm.
  public static func every(_ steps: Int, also quantities: Quantity...) -> Self {
    var recording = Self(quantities, every: steps)
    recording.lossEvery = steps
    return recording
  }

  /// The distance in steps between the recorded values of a quantity.
  package func cadence(of quantity: Quantity) -> Int {
    quantity == .loss || quantity == .gradientNorm ? lossEvery : every
  }

  /// The number of values that a run of so many steps records, over all quantities.
  package func valueCount(steps: Int) -> Int {
    // Rounded up without a sum, which would overflow for a cadence near the largest integer.
    func values(_ every: Int) -> Int { steps / every + (steps % every == 0 ? 0 : 1) }
    return 2 * values(lossEvery) + Set(quantities).subtracting([.loss, .gradientNorm]).count * values(every)
  }

  /// The name in descriptions.
  public var name: String {
    let thinned = lossEvery == 1 ? "" : " loss/\(lossEvery)"
    return "\(quantities.map { $0.name }.joined(separator: ","))/\(every)\(thinned)"
  }
}
