public import Learning

extension Double: ParameterValue {
  public var setting: Setting { .number(self) }
  public init?(argument: String) { self.init(argument) }
  public static var expectation: String { "a number" }
}

extension Int: ParameterValue {
  public var setting: Setting { .integer(self) }
  public init?(argument: String) { self.init(argument) }
  public static var expectation: String { "a whole number" }
}

extension String: ParameterValue {
  public var setting: Setting { .text(self) }
  public init?(argument: String) { self = argument }
  public static var expectation: String { "a name" }
}

extension Activation: ParameterValue {
  public var setting: Setting {
    guard let function else { return .text(name) }
    return .content(.init(title: function.name, key: "\(name) \(function.fingerprint)"))
  }
  public init?(argument: String) {
    guard let match = uniqueMatch(argument, Activation.hidden + [.softmax], name: \.name) else { return nil }
    self = match
  }
  public static var expectation: String { "one of " + Activation.hidden.map(\.name).joined(separator: ", ") }
}

extension Precision: ParameterValue {
  public var setting: Setting { .text(rawValue) }
  public init?(argument: String) { self.init(rawValue: argument) }
  public static var expectation: String { "float64 or float32" }
}

extension Batching: ParameterValue {
  public var setting: Setting {
    switch self {
    case .full: .text("full")
    case .mini(let size): .integer(size)
    case .singleWithReplacement: .text("single-with-replacement")
    }
  }
  public init?(argument: String) {
    switch argument {
    case "full": self = .full
    case "single-with-replacement": self = .singleWithReplacement
    default:
      guard let size = Int(argument) else { return nil }
      self = .mini(size: size)
    }
  }
  public static var expectation: String { "full, single-with-replacement or a number of samples" }
}

extension Schedule: ParameterValue {
  public var setting: Setting {
    guard let custom else { return .text(name) }
    let title = if case .custom = self { custom.name } else { name }
    return .content(.init(title: title, key: "\(name) \(custom.fingerprint)"))
  }
  public init?(argument: String) {
    switch argument {
    case "constant": self = .constant
    case "inverse": self = .inverse()
    default: return nil
    }
  }
  public static var expectation: String { "constant or inverse; others are declared in the experiment" }
}

extension Loss: ParameterValue {
  public var setting: Setting {
    guard case .custom(let distance) = self else { return .text(name) }
    return .content(.init(title: distance.name, key: "\(name) \(distance.fingerprint)"))
  }
  public init?(argument: String) {
    let all: [Loss] =
      SquaredErrorConvention.allCases.map { .squaredError($0) } + [.absoluteError, .binaryCrossEntropy, .crossEntropy]
    guard let match = all.first(where: { $0.name == argument }) else { return nil }
    self = match
  }
  public static var expectation: String {
    "squared-error(sum), squared-error(half-mean), …, absolute-error, binary-cross-entropy or cross-entropy"
  }
}

extension Setup.Start: ParameterValue {
  public var setting: Setting {
    switch self {
    case .at(let point): .text("at(\(point.map { "\($0)" }.joined(separator: ",")))")
    case .normal, .uniform, .stored: .text(name)
    }
  }
  public init?(argument: String) {
    guard argument.last == ")", let open = argument.firstIndex(of: "(") else { return nil }
    let numbers = argument[argument.index(after: open)...].dropLast().split(
      separator: ",", omittingEmptySubsequences: false
    )
    .map { Double($0.trimmingPrefix(while: { $0 == " " })) }
    let known = numbers.compactMap(\.self)
    guard known.count == numbers.count, known.allSatisfy(\.isFinite) else { return nil }
    switch (argument[..<open], known.count) {
    case ("at", 1...): self = .at(known)
    case ("normal", 1): self = .normal(scale: known[0])
    case ("uniform", 2) where known[0] <= known[1]: self = .uniform(known[0]...known[1])
    default: return nil
    }
  }
  public static var expectation: String { "at(θ₁,θ₂,…), normal(scale) or uniform(low,high)" }
}

extension Optimizer.Rule: ParameterValue {
  public var setting: Setting {
    let name = Optimizer(self, learningRate: 0).name
    guard case .custom(let custom) = self else { return .text(name) }
    return .content(.init(title: custom.name, key: "\(name) \(custom.fingerprint)"))
  }
  /// The built-in rules with their usual coefficients.
  package static var builtIn: [Optimizer.Rule] { optimizers.map(\.rule) }
  private static let optimizers: [Optimizer] = [
    .gradientDescent(learningRate: 0), .momentum(learningRate: 0), .nesterov(learningRate: 0),
    .adaGrad(learningRate: 0), .rmsProp(learningRate: 0), .adam(learningRate: 0),
  ]
  public init?(argument: String) {
    guard let match = uniqueMatch(argument, Self.optimizers, name: \.name) else { return nil }
    self = match.rule
  }
  public static var expectation: String { "one of gradient-descent, momentum, nesterov, adagrad, rmsprop, adam" }
}

extension Draw {
  fileprivate var details: String {
    switch self {
    case .fixed(let seed): "split seed \(seed)"
    case .perSeed: "split drawn per seed"
    }
  }
}

extension DataSource: ParameterValue {
  public var setting: Setting {
    guard case .custom(let custom) = origin else { return .content(.init(title: title, key: name)) }
    return .content(.init(title: title, key: "\(name) \(custom.fingerprint)"))
  }

  public var details: [String] {
    var details: [String] = []
    switch origin {
    case .generator(let generator):
      details += [generator.name.prefix { $0 != " " }.description, "n = \(generator.samples)"]
      details += [
        "noise \(NumberText.short(generator.noise))", generator.isSigned ? "targets −1 and 1" : "targets 0 and 1",
      ]
    case .csv(var source):
      // Titles are published; the folders of an absolute path are not. Files of one name are distinguished by a number.
      if source.path.hasPrefix("/") { source.path = source.path.split(separator: "/").last.map(String.init) ?? "" }
      details.append(source.name)
    case .custom: break
    }
    switch held {
    case nil: details.append("no validation part")
    case .share(let part): details += ["validation share \(NumberText.short(part.share))", part.drawn.details]
    case .fold(let fold, let count, let drawn): details += ["fold \(fold) of \(count)", drawn.details]
    case .fresh(let count): details.append("\(count) fresh validation samples")
    }
    if let test { details += ["test share \(NumberText.short(test.share))", "test \(test.drawn.details)"] }
    if isStratified { details.append("stratified") }
    if hasStandardizedTargets { details.append("standardized targets") }
    details.append(isStandardized ? "standardized" : "not standardized")
    details.append(labelSmoothing == 0 ? "no label smoothing" : "label smoothing \(NumberText.short(labelSmoothing))")
    details.append(classWeights.map { "class weights \($0.name)" } ?? "no class weights")
    details.append(isDrawnPerSeed ? "drawn per seed" : "data seed \(seed)")
    return details
  }
  public init?(argument: String) {
    switch argument {
    case "xor", "XOR": self = .xor
    case "noisy-sine": self = .noisySine()
    case "moons": self = .moons()
    case "circles": self = .circles()
    case "spirals": self = .spirals()
    case "blobs": self = .blobs()
    default: return nil
    }
  }
  public static var expectation: String { "one of xor, noisy-sine, moons, circles, spirals, blobs" }
}

/// The value of a name, or of a prefix that only one of the names has.
private func uniqueMatch<Value>(_ argument: String, _ all: [Value], name: KeyPath<Value, String>) -> Value? {
  if let exact = all.first(where: { $0[keyPath: name] == argument }) { return exact }
  let matches = all.filter { $0[keyPath: name].hasPrefix(argument) }
  return matches.count == 1 && !argument.isEmpty ? matches[0] : nil
}
