import Lanes

/// Measures what a recording asks for, in all lanes at once, at the steps where it is due.
struct Recorder<Model: LaneModel> {
  typealias Axis = Model.Axis
  typealias V = Model.V

  private let model: Model
  private let wanted: Set<Quantity>
  /// Needed at every step, so not looked up in the set.
  private let keepsGradient: Bool
  /// Whether anything wanted is measured between gradient and update, or by both.
  let looksAtGradient: Bool
  private let count: Int
  /// The gradient of the step before, where its angle to this one is wanted.
  private let previousGradient: UnsafeMutablePointer<V>
  private let previousParameters: UnsafeMutablePointer<V>
  private var hasPrevious: [Bool]
  private let sharpness: Sharpness<Model>?

  init(model: Model, recording: Recording, workspace: Workspace<V>) {
    self.model = model
    wanted = Set(recording.quantities)
    keepsGradient = wanted.contains(.gradientCosine)
    looksAtGradient = wanted.contains {
      if case .layerGradientNorm = $0 { return true }
      return $0 == .gradientCosine || $0 == .updateNorm
    }
    count = Axis.vectors(for: model.parameterCount)
    previousGradient = workspace.vectors(wanted.contains(.gradientCosine) ? count : 0)
    previousParameters = workspace.vectors(wanted.contains(.updateNorm) ? count : 0)
    hasPrevious = Array(repeating: false, count: Axis.runs)
    sharpness = wanted.contains(.sharpness) ? Sharpness(model: model, workspace: workspace) : nil
  }

  mutating func reset(slot: Int) { hasPrevious[slot] = false }

  /// What is measured at the parameters, before the step's gradient: it may overwrite the gradient.
  func beforeStep() -> [(Quantity, V)] {
    var found: [(Quantity, V)] = []
    if !wanted.isDisjoint(with: [.trainingLoss, .accuracy, .absoluteError]) {
      let training = model.evaluateTraining()
      found += [(.trainingLoss, training.loss)]
      if let accuracy = training.accuracy { found += [(.accuracy, accuracy)] }
      if let error = training.absoluteError { found += [(.absoluteError, error)] }
    }
    if !wanted.isDisjoint(with: [.validationLoss, .validationAccuracy]), let held = model.evaluateValidation() {
      found += [(.validationLoss, held.loss)]
      if let accuracy = held.accuracy { found += [(.validationAccuracy, accuracy)] }
    }
    if wanted.contains(.parameterNorm) { found += [(.parameterNorm, norm(model.parameters))] }
    if let sharpness { found += [(.sharpness, sharpness.measure())] }
    return found.filter { wanted.contains($0.0) }
  }

  /// What is measured on the step's gradient.
  func atGradient() -> [(Quantity, V)] {
    var found: [(Quantity, V)] = []
    for (index, range) in model.layerParameters.enumerated() where wanted.contains(.layerGradientNorm(index + 1)) {
      found += [(.layerGradientNorm(index + 1), norm(of: range))]
    }
    if wanted.contains(.gradientCosine) { found += [(.gradientCosine, cosine())] }
    if wanted.contains(.updateNorm) { previousParameters.update(from: model.parameters, count: count) }
    return found
  }

  func afterUpdate() -> [(Quantity, V)] {
    guard wanted.contains(.updateNorm) else { return [] }
    var sum = V.zero
    for i in 0..<count {
      let change = model.parameters[i] - previousParameters[i]
      sum = V.fma(change, change, sum)
    }
    return [(.updateNorm, V.squareRoot(Axis.total(sum)))]
  }

  /// Keeps the step's gradient for the next step's angle, before weight decay is added to it.
  mutating func keepGradient() {
    guard keepsGradient else { return }
    previousGradient.update(from: model.gradient, count: count)
    for slot in hasPrevious.indices { hasPrevious[slot] = true }
  }

  @inline(never)
  private func norm(_ vector: UnsafePointer<V>) -> V {
    var sum = V.zero
    for i in 0..<count { sum = V.fma(vector[i], vector[i], sum) }
    return V.squareRoot(Axis.total(sum))
  }

  /// The gradient norm of some parameters; packed parameters are read one by one.
  @inline(never)
  private func norm(of range: Range<Int>) -> V {
    var sum = V.zero
    for i in range {
      let g = Axis.weight(model.gradient, i)
      sum = V.fma(g, g, sum)
    }
    return V.squareRoot(sum)
  }

  /// ⟨g(r), g(r−1)⟩ / (‖g(r)‖·‖g(r−1)‖); NaN at a run's first step, which has no step before.
  @inline(never)
  private func cosine() -> V {
    var product = V.zero
    for i in 0..<count { product = V.fma(model.gradient[i], previousGradient[i], product) }
    var result = Axis.total(product) / (norm(model.gradient) * norm(previousGradient))
    for slot in hasPrevious.indices where !hasPrevious[slot] { Axis.set(&result, slot: slot, to: .nan) }
    return result
  }
}
