import Foundation
import Lanes
import Testing

/// Elementary functions against the C library's in extended precision (80 bits), whose error is far below one ulp of
/// the formats tested.
@Suite struct ElementaryFunctionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let double: @Sendable (SIMD8<Double>) -> SIMD8<Double>
    let float: @Sendable (SIMD16<Float>) -> SIMD16<Float>
    let exact: @Sendable (Float80) -> Float80
    let range: ClosedRange<Double>
    let floatRange: ClosedRange<Double>
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "tanh", double: SIMD8<Double>.tanh, float: SIMD16<Float>.tanh, exact: { Foundation.tanh($0) },
      range: -25...25, floatRange: -12...12),
    Case(
      name: "sigmoid", double: SIMD8<Double>.sigmoid, float: SIMD16<Float>.sigmoid,
      exact: { 1 / (1 + Foundation.exp(-$0)) }, range: -700...700, floatRange: -86...86),
    Case(
      name: "exp", double: SIMD8<Double>.exp, float: SIMD16<Float>.exp, exact: { Foundation.exp($0) },
      range: -700...709, floatRange: -86...88),
    Case(
      name: "softplus", double: SIMD8<Double>.softplus, float: SIMD16<Float>.softplus,
      exact: { $0 > 0 ? $0 + Foundation.log1p(Foundation.exp(-$0)) : Foundation.log1p(Foundation.exp($0)) },
      range: -700...700, floatRange: -86...86),
    Case(
      name: "sin", double: SIMD8<Double>.sin, float: SIMD16<Float>.sin, exact: { Foundation.sin($0) },
      range: -1000...1000, floatRange: -100...100),
    Case(
      name: "cos", double: SIMD8<Double>.cos, float: SIMD16<Float>.cos, exact: { Foundation.cos($0) },
      range: -1000...1000, floatRange: -100...100),
  ]

  /// Points over a range: even, and crowded towards zero over fifteen decades.
  static func points(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    let stream = RandomStream(seed: 7, role: .analysis)
    let even = (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform($0) }
    let small = (0..<count).map { i in
      let size = Foundation.pow(10, -15 + 15 * stream.uniform(count + i))
      return i % 2 == 0 ? size : -size
    }
    return even + small.filter { range.contains($0) }
  }

  /// The distance from the exact value in units of the last place; where sine and cosine cross zero the last place
  /// counted is that of 2⁻²⁰, because an argument's own rounding is larger than the result's.
  static func error<T: BinaryFloatingPoint>(_ value: T, _ exact: Float80, floor: T) -> Double {
    let size = max(T(abs(exact)), floor)
    return Double(abs(Float80(value) - exact) / Float80(size.ulp))
  }

  @Test(arguments: cases) func doubleIsAccurateToFourUlp(_ test: Case) {
    var worst = 0.0
    for x in Self.points(test.range, 60_000) {
      let value = test.double(SIMD8(repeating: x))[3]
      let floor: Double = test.name == "sin" || test.name == "cos" ? 0x1p-20 : .leastNormalMagnitude
      worst = max(worst, Self.error(value, test.exact(Float80(x)), floor: floor))
    }
    #expect(worst < 4, "worst error \(worst) ulp")
    #expect(worst > 0.1, "an error of nothing means that nothing was measured")
  }

  @Test(arguments: cases) func floatIsAccurateToFourUlp(_ test: Case) {
    var worst = 0.0
    for x in Self.points(test.floatRange, 60_000).map(Float.init) {
      let value = test.float(SIMD16(repeating: x))[5]
      let floor: Float = test.name == "sin" || test.name == "cos" ? 0x1p-10 : .leastNormalMagnitude
      worst = max(worst, Self.error(value, test.exact(Float80(x)), floor: floor))
    }
    #expect(worst < 4, "worst error \(worst) ulp")
    #expect(worst > 0.1)
  }

  @Test func logarithmIsAccurateOverTheWholeRange() {
    let stream = RandomStream(seed: 3, role: .analysis)
    var worst = 0.0
    for i in 0..<100_000 {
      let wide = Foundation.exp(1400 * stream.uniform(i) - 700)
      let nearOne = 1 + 0.5 * (stream.uniform(200_000 + i) - 0.5)
      for x in [wide, nearOne] {
        worst = max(worst, Self.error(SIMD8<Double>.log(SIMD8(repeating: x))[0], Foundation.log(Float80(x)), floor: 0))
      }
    }
    #expect(worst < 4, "worst error \(worst) ulp")
  }

  @Test func tanhIsOddBoundedAndMonotone() {
    var previous = -1.0
    for i in 0...200_000 {
      let x = -22 + 44 * Double(i) / 200_000
      let value = SIMD8<Double>.tanh(SIMD8(repeating: x))[0]
      #expect(value == -SIMD8<Double>.tanh(SIMD8(repeating: -x))[0])
      #expect(abs(value) <= 1)
      // Monotone to rounding: never down by more than two units of the last place.
      #expect(value >= previous - 2 * previous.ulp)
      previous = value
    }
  }

  /// However large the argument: a sine within its bounds, or none.
  @Test func sineStaysBoundedOrIsNotANumber() {
    for exponent in stride(from: 0, through: 1023, by: 0.25) {
      let x = Foundation.exp2(exponent)
      let (sin, cos) = SIMD8<Double>.sincos(SIMD8(repeating: x))
      #expect(x < 0x1p51 ? abs(sin[0]) <= 1 && abs(cos[0]) <= 1 : sin[0].isNaN && cos[0].isNaN, "x = \(x)")
    }
    for exponent in stride(from: 0, through: 127, by: 0.25) {
      let x = Float(Foundation.exp2(exponent))
      let (sin, cos) = SIMD16<Float>.sincos(SIMD16(repeating: x))
      #expect(x < 0x1p22 ? abs(sin[0]) <= 1 && abs(cos[0]) <= 1 : sin[0].isNaN && cos[0].isNaN, "x = \(x)")
    }
    #expect(SIMD8<Double>.sin(SIMD8(repeating: .infinity))[0].isNaN)
  }

  @Test func edgesAreWhatTheyShouldBe() {
    func one(_ f: (SIMD8<Double>) -> SIMD8<Double>, _ x: Double) -> Double { f(SIMD8(repeating: x))[0] }
    typealias V = SIMD8<Double>
    #expect(one(V.tanh, .infinity) == 1 && one(V.tanh, -.infinity) == -1)
    #expect(one(V.tanh, 0).sign == .plus && one(V.tanh, -0.0).sign == .minus)
    #expect(one(V.tanh, 1e-310) == 1e-310)
    #expect(one(V.sigmoid, .infinity) == 1 && one(V.sigmoid, -.infinity) == 0 && one(V.sigmoid, 0) == 0.5)
    #expect(one(V.exp, 0) == 1 && one(V.exp, .infinity) == .infinity && one(V.exp, -.infinity) == 0)
    #expect(one(V.log, 1) == 0 && one(V.log, 0) == -.infinity && one(V.log, .infinity) == .infinity)
    #expect(one(V.log, -1).isNaN)
    #expect(one(V.softplus, 1000) == 1000 && one(V.softplus, -1000) == 0)
    for f in [V.tanh, V.sigmoid, V.exp, V.log, V.softplus, V.sin, V.cos] { #expect(one(f, .nan).isNaN) }
  }

  @Test func lanesDoNotSeeEachOther() {
    var mixed = SIMD8<Double>(0.3, .nan, .infinity, -1e300, 0, 1e-320, -0.3, 5)
    let value = SIMD8<Double>.tanh(mixed)
    for lane in 0..<8 where !mixed[lane].isNaN {
      #expect(value[lane] == SIMD8<Double>.tanh(SIMD8(repeating: mixed[lane]))[0])
    }
    mixed[0] = 0.30000000000000004
    #expect(
      SIMD8<Double>.tanh(mixed)[0] != value[0]
        || SIMD8<Double>.exp(mixed)[0] != SIMD8<Double>.exp(SIMD8(repeating: 0.3))[0])
  }

  @Test func fourSumsAtOnceHaveTheBitsOfOne() {
    let stream = RandomStream(seed: 1, role: .analysis)
    func vector(_ k: Int) -> SIMD8<Double> {
      SIMD8((0..<8).map { stream.uniform(8 * k + $0) - 0.5 })
    }
    let sums = SIMD8<Double>.sumsOfLanes(vector(0), vector(1), vector(2), vector(3))
    for k in 0..<4 { #expect(sums[k] == vector(k).sumOfLanes) }
    let total = (0..<8).reduce(0.0) { $0 + vector(2)[$1] }
    #expect(abs(sums[2] - total) < 1e-14)
  }
}
