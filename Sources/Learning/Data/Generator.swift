import Lanes

/// A synthetic data set. Elementary functions and random numbers are Descent's own: the same bits on every machine.
///
/// Two classes have one output with targets 0 and 1 (−1 and 1 where `isSigned`); more classes have one output each.
public struct Generator: Hashable, Sendable {
  /// The kinds of synthetic data.
  public enum Shape: Hashable, Sendable {
    /// (0,0), (0,1), (1,0), (1,1) → 0, 1, 1, 0
    case xor
    /// All 2ᵇ bit patterns → 1 where the number of ones is odd; b from 1 to 20
    case parity(bits: Int)
    /// y = slope·x + intercept, x evenly spaced in [−1, 1]
    case line(slope: Double, intercept: Double)
    /// y = sin(frequency·x), x evenly spaced in [−1, 1]
    case sine(frequency: Double)
    /// y = c₀ + c₁x + c₂x² + …, x evenly spaced in [−1, 1]
    case polynomial([Double])
    /// two interleaved half circles of radius 1: (cos πt, sin πt) and (1 − cos πt, ½ − sin πt), t evenly spaced in [0, 1]
    case moons
    /// two concentric circles of radius 1 and ½
    case circles
    /// two spirals of so many turns, of radius 0.1 to 1, the second turned by π
    case spirals(turns: Double)
    /// Gaussian clouds around centres evenly spaced on the unit circle, one class each; 2 classes or more
    case blobs(classes: Int)
    /// outputs W²tanh(W¹x) of a network with weights N(0, 1) drawn by `seed`, for inputs uniform in [−1, 1]
    case teacher(inputs: Int, hidden: Int, outputs: Int, seed: UInt64)
  }

  /// The kind of data.
  public var shape: Shape
  /// Number of training samples n, 1 to 10⁷. Bit patterns are all there are, whatever it says.
  public var samples: Int
  /// Standard deviation σ ≥ 0 of the Gaussian noise: on the targets of curves and teachers, on the inputs of classes; bit
  /// patterns have none.
  public var noise: Double
  /// Whether the targets of two classes are −1 and 1 rather than 0 and 1.
  public var isSigned: Bool

  /// A generator of samples with Gaussian noise.
  public init(_ shape: Shape, samples: Int, noise: Double = 0, signed: Bool = false) {
    self.shape = shape
    self.samples = samples
    self.noise = noise
    isSigned = signed
  }

  /// The short name in figures and tables.
  public var title: String {
    switch shape {
    case .xor: "XOR"
    case .parity(let bits): "parity of \(bits) bits"
    case .line: "line"
    case .sine: noise > 0 ? "noisy sine" : "sine"
    case .polynomial: "polynomial"
    case .moons: "two moons"
    case .circles: "circles"
    case .spirals: "spirals"
    case .blobs(let classes): "\(classes) blobs"
    case .teacher(_, let hidden, _, _): "teacher with \(hidden) units"
    }
  }

  /// The full description that identifies the generator.
  public var name: String {
    let shape =
      switch shape {
      case .xor: "xor"
      case .parity(let bits): "parity(\(bits))"
      case .line(let slope, let intercept): "line(\(slope),\(intercept))"
      case .sine(let frequency): "sine(\(frequency))"
      case .polynomial(let coefficients): "polynomial(\(coefficients))"
      case .moons: "moons"
      case .circles: "circles"
      case .spirals(let turns): "spirals(\(turns))"
      case .blobs(let classes): "blobs(\(classes))"
      case .teacher(let inputs, let hidden, let outputs, let seed): "teacher(\(inputs),\(hidden),\(outputs),\(seed))"
      }
    return "\(shape) samples(\(samples)) noise(\(noise))\(isSigned ? " signed" : "")"
  }

  /// Most samples of a part.
  static let mostSamples = 10_000_000

  func make(seed: UInt64, fresh: Int, _ files: DataFiles) throws -> DataDraft {
    try check()
    try checkSize(fresh: fresh, files)
    let stream = RandomStream(seed: seed, role: .data)
    switch shape {
    case .xor: return bits(2)
    case .parity(let count): return bits(count)
    case .line(let slope, let intercept): return curve(stream, fresh) { slope * $0 + intercept }
    case .sine(let frequency): return curve(stream, fresh) { Exact.sin(frequency * $0) }
    case .polynomial(let coefficients):
      return curve(stream, fresh) { x in coefficients.reversed().reduce(0) { $0 * x + $1 } }
    case .moons: return pair(stream, fresh, moon)
    case .circles: return pair(stream, fresh, circle)
    case .spirals(let turns): return pair(stream, fresh) { spiral($0, $1, turns: turns) }
    case .blobs(let classes): return blobs(stream, fresh, classes)
    case .teacher(let inputs, let hidden, let outputs, let teacher):
      return self.teacher(stream, fresh, inputs, hidden, outputs, teacher)
    }
  }

  private func check() throws {
    func fail(_ value: String, _ rule: String, _ remedy: String) -> Mistake {
      Mistake(.data, at: "data \(title)", value: value, rule: rule, remedy: remedy)
    }
    guard (1...Self.mostSamples).contains(samples) else {
      throw fail("\(samples) samples", "the number of samples lies between 1 and 10⁷", "Choose a number in between")
    }
    guard noise >= 0, noise.isFinite else {
      throw fail("noise \(noise)", "a standard deviation is finite and not negative", "Use 0 for no noise")
    }
    switch shape {
    case .parity(let bits) where !(1...20).contains(bits):
      throw fail("\(bits) bits", "parity is made for 1 to 20 bits", "Choose fewer bits")
    case .blobs(let classes) where classes < 2 || classes > samples:
      throw fail("\(classes) classes", "there are at least 2, and a sample for each", "Choose 2 or more")
    case .teacher(let inputs, let hidden, let outputs, _) where min(inputs, hidden, outputs) < 1:
      throw fail("\(inputs)-\(hidden)-\(outputs)", "every layer has at least one unit", "Choose sizes of 1 or more")
    case .moons, .circles, .spirals:
      if samples < 2 { throw fail("\(samples) samples", "two classes need two samples", "Choose 2 or more") }
    default: break
    }
  }

  /// The numbers of the data set, and a teacher's weights, must fit into memory.
  private func checkSize(fresh: Int, _ files: DataFiles) throws {
    func check(_ count: Int, _ width: (Int, overflow: Bool)) throws {
      try files.checkSize(samples: count, width: width.overflow ? .max : width.0, at: "data \(title)")
    }
    switch shape {
    case .blobs(let classes): try check(samples + fresh, classes.addingReportingOverflow(2))
    case .teacher(let inputs, let hidden, let outputs, _):
      let width = inputs.addingReportingOverflow(outputs)
      try check(samples + fresh, width)
      try check(hidden, width)
    default: try check(samples + fresh, (3, false))
    }
  }

  // MARK: Shapes

  private func bits(_ count: Int) -> DataDraft {
    let patterns = (0..<(1 << count)).map { number in
      (0..<count).map { Double((number >> (count - 1 - $0)) & 1) }
    }
    let targets = patterns.map { [$0.reduce(0, +).truncatingRemainder(dividingBy: 2)] }
    return DataDraft(
      inputNames: (1...count).map { "x\($0)" }, outputNames: ["y"], inputs: patterns,
      targets: isSigned ? targets.map { [2 * $0[0] - 1] } : targets, classes: .threshold(isSigned ? 0 : 0.5))
  }

  /// Training inputs evenly spaced, fresh ones uniform; noise on all targets.
  private func curve(_ stream: RandomStream, _ fresh: Int, _ f: (Double) -> Double) -> DataDraft {
    let noises = stream.normals(samples + fresh)
    // Draws behind those that the noise has taken.
    let taken = 2 * (samples + fresh + 16)
    let grid = (0..<samples).map { samples == 1 ? 0 : -1 + 2 * Double($0) / Double(samples - 1) }
    let x = grid + (0..<fresh).map { 2 * stream.uniform(taken + $0) - 1 }
    return DataDraft(
      inputNames: ["x"], outputNames: ["y"], inputs: x.map { [$0] },
      targets: zip(x, noises).map { [f($0) + noise * $1] }, heldCount: fresh)
  }

  /// Two classes by turns; `place` gives the point at t ∈ [0, 1] of a class.
  private func pair(
    _ stream: RandomStream, _ fresh: Int, _ place: (_ t: Double, _ isSecond: Bool) -> (Double, Double)
  ) -> DataDraft {
    let total = samples + fresh
    let noises = stream.normals(2 * total)
    var inputs: [[Double]] = []
    for i in 0..<total {
      let member = i < samples ? i / 2 : (i - samples) / 2
      let size = i < samples ? (samples + 1) / 2 : (fresh + 1) / 2
      let t = size == 1 ? 0 : Double(member) / Double(size - 1)
      let (x, y) = place(t, i % 2 == 1)
      inputs.append([x + noise * noises[2 * i], y + noise * noises[2 * i + 1]])
    }
    let targets = (0..<total).map { [$0 % 2 == 1 ? 1 : (isSigned ? -1.0 : 0)] }
    return DataDraft(
      inputNames: ["x1", "x2"], outputNames: ["class"], inputs: inputs, targets: targets, heldCount: fresh,
      classes: .threshold(isSigned ? 0 : 0.5))
  }

  private func moon(_ t: Double, _ isSecond: Bool) -> (Double, Double) {
    let (sin, cos) = Exact.sincos(Double.pi * t)
    return isSecond ? (1 - cos, 0.5 - sin) : (cos, sin)
  }

  private func circle(_ t: Double, _ isSecond: Bool) -> (Double, Double) {
    let (sin, cos) = Exact.sincos(2 * Double.pi * t)
    let radius = isSecond ? 0.5 : 1.0
    return (radius * cos, radius * sin)
  }

  private func spiral(_ t: Double, _ isSecond: Bool, turns: Double) -> (Double, Double) {
    let radius = 0.1 + 0.9 * t
    let (sin, cos) = Exact.sincos(2 * Double.pi * turns * t + (isSecond ? Double.pi : 0))
    return (radius * cos, radius * sin)
  }

  private func blobs(_ stream: RandomStream, _ fresh: Int, _ classes: Int) -> DataDraft {
    let total = samples + fresh
    let noises = stream.normals(2 * total)
    let inputs = (0..<total).map { i in
      let (sin, cos) = Exact.sincos(2 * Double.pi * Double(i % classes) / Double(classes))
      return [cos + noise * noises[2 * i], sin + noise * noises[2 * i + 1]]
    }
    let names = (1...classes).map { "class \($0)" }
    return DataDraft(
      inputNames: ["x1", "x2"], outputNames: names, inputs: inputs,
      targets: (0..<total).map { i in (0..<classes).map { i % classes == $0 ? 1 : 0 } }, heldCount: fresh,
      classes: .oneHot(names: names))
  }

  private func teacher(
    _ stream: RandomStream, _ fresh: Int, _ inputs: Int, _ hidden: Int, _ outputs: Int, _ seed: UInt64
  ) -> DataDraft {
    let total = samples + fresh
    let network = Network.mlp(hidden: hidden).architecture(inputs: inputs, outputs: outputs)
    let weights = Initialization.normal(scale: 1).parameters(of: network, seed: seed)
    let noises = stream.normals(total * outputs)
    let taken = 2 * (total * outputs + 16)
    let x = (0..<total).map { i in (0..<inputs).map { 2 * stream.uniform(taken + i * inputs + $0) - 1 } }
    let targets = x.enumerated().map { i, row in
      Exact.output(of: network, weights, at: row).enumerated().map { $1 + noise * noises[i * outputs + $0] }
    }
    return DataDraft(
      inputNames: (1...inputs).map { "x\($0)" }, outputNames: (1...outputs).map { outputs == 1 ? "y" : "y\($0)" },
      inputs: x, targets: targets, heldCount: fresh)
  }
}

extension DataSource {
  /// The four inputs of the exclusive or, with targets 0, 1, 1, 0.
  public static let xor = DataSource(.generator(Generator(.xor, samples: 4)))
  /// All patterns of `bits` bits; the target is 1 where the number of ones is odd.
  public static func parity(bits: Int) -> Self {
    Self(.generator(Generator(.parity(bits: bits), samples: 1 << max(0, min(bits, 20)))))
  }
  /// y = slope·x + intercept with noise, x evenly spaced in [−1, 1].
  public static func line(samples: Int = 32, slope: Double = 1, intercept: Double = 0, noise: Double = 0.1) -> Self {
    Self(.generator(Generator(.line(slope: slope, intercept: intercept), samples: samples, noise: noise)))
  }
  /// y = sin(frequency·x) with noise, x evenly spaced in [−1, 1].
  public static func noisySine(samples: Int = 64, noise: Double = 0.1, frequency: Double = 3) -> Self {
    Self(.generator(Generator(.sine(frequency: frequency), samples: samples, noise: noise)))
  }
  /// y = c₀ + c₁x + c₂x² + … with noise, x evenly spaced in [−1, 1].
  public static func polynomial(_ coefficients: [Double], samples: Int = 32, noise: Double = 0.1) -> Self {
    Self(.generator(Generator(.polynomial(coefficients), samples: samples, noise: noise)))
  }
  /// Two interleaved half circles with noise: two classes, targets 0 and 1, or −1 and 1 where `signed`.
  public static func moons(samples: Int = 200, noise: Double = 0.1, signed: Bool = false) -> Self {
    Self(.generator(Generator(.moons, samples: samples, noise: noise, signed: signed)))
  }
  /// Two concentric circles with noise: two classes, targets 0 and 1.
  public static func circles(samples: Int = 200, noise: Double = 0.05) -> Self {
    Self(.generator(Generator(.circles, samples: samples, noise: noise)))
  }
  /// Two spirals with noise: two classes, targets 0 and 1.
  public static func spirals(samples: Int = 200, noise: Double = 0.02, turns: Double = 1.5) -> Self {
    Self(.generator(Generator(.spirals(turns: turns), samples: samples, noise: noise)))
  }
  /// Gaussian clouds around points on the unit circle, one class and one output each.
  public static func blobs(classes: Int = 3, samples: Int = 150, noise: Double = 0.3) -> Self {
    Self(.generator(Generator(.blobs(classes: classes), samples: samples, noise: noise)))
  }
  /// Outputs of a random tanh network on inputs uniform in [−1, 1].
  public static func teacher(
    inputs: Int = 2, hidden: Int = 3, outputs: Int = 1, samples: Int = 100, noise: Double = 0, seed: UInt64 = 0
  ) -> Self {
    Self(
      .generator(
        Generator(
          .teacher(inputs: inputs, hidden: hidden, outputs: outputs, seed: seed), samples: samples, noise: noise)))
  }
  /// Data made by a function of the seed, under a name.
  public static func custom(_ name: String, make: @escaping @Sendable (_ seed: UInt64) throws -> Dataset) -> Self {
    Self(.custom(CustomData(name: name, make: make)))
  }
}
