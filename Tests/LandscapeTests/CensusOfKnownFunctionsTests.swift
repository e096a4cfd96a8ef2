import Foundation
import Landscape
import Learning
import Testing

/// Functions whose minima are known by calculation, counted from random starts with and without their exact Hessians, and
/// again with a constant added, multiplied, and in other units of length.
@Suite struct CensusOfKnownFunctionsTests {
  struct Known: Sendable, CustomTestStringConvertible {
    var objective: Objective
    /// Starts are uniform within this.
    var range: Double
    /// Expected minima, levels and their class.
    var minima: Int
    var levels: Int
    var kind: EndPoint.Kind
    var runs = 30
    var testDescription: String { objective.name }
  }

  private static func plane(
    _ name: String, _ value: @escaping @Sendable (Double, Double) -> Double,
    _ gradient: @escaping @Sendable (Double, Double) -> (Double, Double),
    _ hessian: @escaping @Sendable (Double, Double) -> [[Double]]
  ) -> Objective {
    Objective.function(name, value: value, gradient: gradient).hessian { hessian($0[0], $0[1]) }
  }

  /// Σ f(xᵢ)
  private static func sum(
    _ name: String, _ n: Int, _ f: @escaping @Sendable (Int, Double) -> (Double, Double, Double)
  ) -> Objective {
    Objective(name, parameterCount: n) { p in
      var (value, gradient) = (0.0, p)
      for i in p.indices {
        let (term, slope, _) = f(i, p[i])
        value += term
        gradient[i] = slope
      }
      return (value, gradient)
    }.hessian { p in p.indices.map { i in p.indices.map { $0 == i ? f(i, p[i]).2 : 0 } } }
  }

  private static func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { result, _ in result * x } }

  static let bowl = plane("bowl") { x, y in
    x * x + 3 * y * y + x * y
  } _: { x, y in
    (2 * x + y, 6 * y + x)
  } _: { _, _ in
    [[2, 1], [1, 6]]
  }

  static let quartic = sum("x⁴ + y⁴", 2) { _, x in (power(x, 4), 4 * power(x, 3), 12 * x * x) }

  static let ring = plane("ring") { x, y in
    power(x * x + y * y - 1, 2)
  } _: { x, y in
    (4 * x * (x * x + y * y - 1), 4 * y * (x * x + y * y - 1))
  } _: { x, y in
    let r = x * x + y * y - 1
    return [[4 * r + 8 * x * x, 8 * x * y], [8 * x * y, 4 * r + 8 * y * y]]
  }

  private static func wells(_ n: Int) -> Objective {
    sum("Σ (x² − 1)², n = \(n)", n) { _, x in
      ((x * x - 1) * (x * x - 1), 4 * x * (x * x - 1), 12 * x * x - 4)
    }
  }

  /// Five minima in each of two coordinates, at 0, ±1, ±2: −cos 2πx between ±2½, walled by 10(|x| − 2½)⁴ beyond.
  private static let lattice = sum("lattice", 2) { _, x in
    let (a, out) = (2 * Double.pi, max(0, abs(x) - 2.5))
    let side: Double = x < 0 ? -1 : 1
    return (
      -cos(a * x) + 10 * power(out, 4), a * sin(a * x) + 40 * side * power(out, 3),
      a * a * cos(a * x) + 120 * out * out
    )
  }

  static let all: [Known] = [
    Known(objective: bowl, range: 2, minima: 1, levels: 1, kind: .strictMinimum),
    Known(
      objective: sum("log(1 + x²) + y²", 2) { i, x in
        if i == 1 { return (x * x, 2 * x, 2) }
        let s = 1 + x * x
        return (log1p(x * x), 2 * x / s, 2 * (1 - x * x) / (s * s))
      }, range: 2, minima: 1, levels: 1, kind: .strictMinimum),
    Known(
      objective: sum("bowl of ten", 10) { i, x in (Double(i + 1) * x * x, 2 * Double(i + 1) * x, 2 * Double(i + 1)) },
      range: 2, minima: 1, levels: 1, kind: .strictMinimum, runs: 4),
    Known(objective: .rosenbrock, range: 1.5, minima: 1, levels: 1, kind: .strictMinimum),
    Known(objective: .himmelblau, range: 4.5, minima: 4, levels: 1, kind: .strictMinimum),
    Known(objective: .sixHumpCamel, range: 1.9, minima: 6, levels: 3, kind: .strictMinimum, runs: 100),
    Known(objective: wells(2), range: 1.5, minima: 4, levels: 1, kind: .strictMinimum),
    Known(objective: wells(3), range: 1.5, minima: 8, levels: 1, kind: .strictMinimum, runs: 60),
    Known(objective: wells(4), range: 1.5, minima: 16, levels: 1, kind: .strictMinimum, runs: 100),
    Known(objective: lattice, range: 2.5, minima: 25, levels: 1, kind: .strictMinimum, runs: 150),
    Known(objective: quartic, range: 1, minima: 1, levels: 1, kind: .degenerateMinimum),
    Known(
      objective: sum("(x − 1)⁴ + (y − 2)⁴", 2) { i, x in
        let d = x - Double(i + 1)
        return (power(d, 4), 4 * power(d, 3), 12 * d * d)
      }, range: 1, minima: 1, levels: 1, kind: .degenerateMinimum),
    Known(
      objective: sum("x⁶ + y²", 2) { i, x in
        i == 1 ? (x * x, 2 * x, 2) : (power(x, 6), 6 * power(x, 5), 30 * power(x, 4))
      }, range: 1, minima: 1, levels: 1, kind: .degenerateMinimum),
    Known(
      objective: sum("Σ (x² − 1)⁴", 2) { _, x in
        let w = x * x - 1
        return (power(w, 4), 8 * x * power(w, 3), 8 * power(w, 3) + 48 * x * x * w * w)
      }, range: 1.5, minima: 4, levels: 1, kind: .degenerateMinimum),
    Known(objective: ring, range: 1.5, minima: 1, levels: 1, kind: .degenerateMinimum),
  ]

  /// factor·E(θ/unit) + constant
  static func changed(
    _ objective: Objective, factor s: Double, unit c: Double, constant: Double, exact: Bool
  ) -> Objective {
    let plain = Objective("changed", parameterCount: objective.parameterCount) { p in
      let (value, gradient) = objective(p.map { $0 / c })
      return (s * value + constant, gradient.map { s * $0 / c })
    }
    guard exact, let hessian = objective.hessian else { return plain }
    return plain.hessian { p in hessian(p.map { $0 / c }).map { $0.map { s * $0 / (c * c) } } }
  }

  static func starts(_ known: Known) -> [[Double]] {
    var state: UInt64 = 7
    return (0..<known.runs).map { _ in
      (0..<known.objective.parameterCount).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return known.range * (Double(state >> 11) / 0x1p52 - 1)
      }
    }
  }

  static func census(_ objective: Objective, _ starts: [[Double]]) -> Census {
    let f = ObjectiveLoss(objective)
    let ends = EndPoint.survey(starts.map { (f, $0) }, threads: 2)
    return Census(ends, of: ends.map { _ in f })
  }

  struct Change: Sendable {
    var factor = 1.0
    var unit = 1.0
    var constant = 0.0
  }

  static let changes = [
    Change(), Change(constant: 7), Change(constant: -7), Change(factor: 1e6), Change(factor: 1e-6), Change(unit: 1e3),
    Change(unit: 1e-3),
  ]

  /// The function itself and two or three of its changes, others for other functions: all of all would take minutes.
  private static func some(of number: Int, exact: Bool) -> [Change] {
    let first = number % (changes.count - 1)
    return [changes[0]] + (0..<(exact ? 3 : 1)).map { changes[1 + (first + 2 * $0) % (changes.count - 1)] }
  }

  @Test(arguments: all) func minimaAreCounted(_ known: Known) {
    for exact in [true, false] {
      for change in Self.some(of: known.objective.name.utf8.count, exact: exact) {
        let objective = Self.changed(
          known.objective, factor: change.factor, unit: change.unit, constant: change.constant, exact: exact)
        let census = Self.census(objective, Self.starts(known).map { $0.map { change.unit * $0 } })
        let what = "\(known.objective.name), exact \(exact), \(change): \(census.minima.count) minima"
        #expect(census.minima.count == known.minima && census.levels.count == known.levels, "\(what)")
        let areOfKind = census.minima.allSatisfy { $0.kind == known.kind }
        #expect(areOfKind && census.isExact, "\(what)")
        // Starting points are not end points of runs: some lie near a saddle or maximum, and are classified as such.
        let others = census.ends.filter { !$0.isMinimum }
        let areUnstable = others.allSatisfy { $0.kind == .saddle || $0.kind == .maximum }
        #expect(areUnstable && others.count < census.ends.count / 4, "\(what)")
        if known.minima == 1, known.objective != Self.ring { #expect(others.isEmpty, "\(what)") }
        #expect(census.discovery.unseenShare <= 0.05)
      }
    }
  }

  @Test func tailsStayAtInfinity() {
    let tails: [Objective] = [
      Self.sum("e⁻ˣ + y²", 2) { i, x in i == 1 ? (x * x, 2 * x, 2) : (exp(-x), -exp(-x), exp(-x)) },
      Self.sum("1/(1 + x²) + y²", 2) { i, x in
        let s = 1 + x * x
        return i == 1 ? (x * x, 2 * x, 2) : (1 / s, -2 * x / (s * s), (6 * x * x - 2) / (s * s * s))
      },
      Self.sum("softplus(−x) + y²", 2) { i, x in
        let p = 1 / (1 + exp(x))
        return i == 1 ? (x * x, 2 * x, 2) : (log1p(exp(-x)), -p, p * (1 - p))
      },
    ]
    for tail in tails {
      for exact in [true, false] {
        for change in Self.some(of: tail.name.utf8.count, exact: exact) {
          let known = Known(objective: tail, range: 1, minima: 0, levels: 0, kind: .atInfinity, runs: 12)
          let objective = Self.changed(
            tail, factor: change.factor, unit: change.unit, constant: change.constant, exact: exact)
          let census = Self.census(objective, Self.starts(known).map { $0.map { change.unit * $0 } })
          // 1/(1 + x²) has its maximum at x = 0.
          let moving = census.ends.filter { $0.kind != .saddle }
          let areAtInfinity = moving.allSatisfy { $0.kind == .atInfinity }
          #expect(
            areAtInfinity && moving.count > 8 && census.minima.isEmpty, "\(tail.name), exact \(exact), \(change)")
          #expect(census.places.count { $0.kind == .atInfinity } == 1)
        }
      }
    }
  }

  @Test func ackleysMinimumIsAKink() {
    let ackley = Objective.function("ackley") { x, y in
      let (r, c) = ((0.5 * (x * x + y * y)).squareRoot(), 0.5 * (cos(2 * .pi * x) + cos(2 * .pi * y)))
      return -20 * exp(-0.2 * r) - exp(c) + exp(1) + 20
    } gradient: { x, y in
      let (r, c) = ((0.5 * (x * x + y * y)).squareRoot(), 0.5 * (cos(2 * .pi * x) + cos(2 * .pi * y)))
      let (a, b) = (2 * exp(-0.2 * r) / r, Double.pi * exp(c))
      return (a * x + b * sin(2 * .pi * x), a * y + b * sin(2 * .pi * y))
    }
    let known = Known(objective: ackley, range: 0.3, minima: 0, levels: 0, kind: .kink, runs: 10)
    for constant in [0.0, 7] {
      let census = Self.census(
        Self.changed(ackley, factor: 1, unit: 1, constant: constant, exact: false), Self.starts(known))
      #expect(census.count(of: .kink) == 10 && census.places.map(\.name) == ["K1"])
      #expect(census.places.flatMap(\.representative.theta).map(abs).max() ?? 1 < 1e-6)
    }
    // A smooth function that is merely not yet at its minimum is no kink.
    #expect(EndPoint(ObjectiveLoss(.rosenbrock), at: [-1.2, 1], limit: 3).kind == .stillMoving)
  }

  @Test func twoRingsAreTwoPlaces() {
    // Rings of radius 1 and 2 on one level: valleys that nothing connects.
    let rings = Objective.function("two rings") { x, y in
      let s = x * x + y * y
      return Self.power((s - 1) * (s - 4), 2)
    } gradient: { x, y in
      let s = x * x + y * y
      let slope = 4 * (s - 1) * (s - 4) * (2 * s - 5)
      return (slope * x, slope * y)
    }
    let known = Known(objective: rings, range: 2.3, minima: 2, levels: 1, kind: .degenerateMinimum, runs: 20)
    let census = Self.census(rings, Self.starts(known))
    #expect(census.minima.count == 2 && census.levels.count == 1)
    for place in census.minima {
      let radii = place.members.map { Linear2.length(census.ends[$0].theta) }
      #expect((radii.max() ?? 1) - (radii.min() ?? 0) < 1e-6)
    }
    // With the rotations declared they are an orbit each, found without following a valley.
    let declared = Self.census(rings.symmetry(.rotations(dimensions: 2)), Self.starts(known))
    #expect(declared.minima.count == 2)
    let flats = declared.minima.map(\.representative.flat)
    #expect(flats.allSatisfy { $0.symmetry == 1 && $0.unexplained == 0 })
  }

  private enum Linear2 {
    static func length(_ v: [Double]) -> Double { (v[0] * v[0] + v[1] * v[1]).squareRoot() }
  }
}
