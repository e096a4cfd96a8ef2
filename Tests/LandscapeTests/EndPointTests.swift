import Foundation
import Landscape
import Learning
import Testing

/// Classes of places whose nature is known.
@Suite struct EndPointTests {
  /// A function of two variables without a Hessian of its own: differences take its place.
  private static func function(
    _ value: @escaping @Sendable (Double, Double) -> Double,
    _ gradient: @escaping @Sendable (Double, Double) -> (Double, Double)
  ) -> ObjectiveLoss { ObjectiveLoss(.function("test", value: value, gradient: gradient)) }

  @Test func aSaddleIsLeftDownhill() throws {
    // x² − y² + y⁴/4: a saddle at 0, minima at (0, ±√2) of −1.
    let f = Self.function { x, y in
      x * x - y * y + y * y * y * y / 4
    } _: { x, y in
      (2 * x, -2 * y + y * y * y)
    }
    let end = EndPoint(f, at: [0.01, -0.001])
    #expect(end.kind == .saddle && end.index == 1)
    #expect(end.moved < 0.011 && abs(end.theta[0]) < 1e-12 && abs(end.theta[1]) < 1e-12)
    let escape = try #require(end.escape)
    #expect(abs(abs(escape.direction[1]) - 1) < 1e-6 && abs(escape.curvature + 2) < 1e-6)
    let on = try #require(escape.destination.first)
    // On the side on which the run stood.
    #expect(on.kind == .strictMinimum && abs(on.theta[1] + 2.0.squareRoot()) < 1e-9 && abs(on.loss + 1) < 1e-12)
  }

  @Test func aMonkeySaddleIsNoMinimum() throws {
    let f = Self.function { x, y in
      x * x * x - 3 * x * y * y
    } _: { x, y in
      (3 * x * x - 3 * y * y, -6 * x * y)
    }
    let end = EndPoint(f, at: [0, 0], follows: 0)
    #expect(end.kind == .saddle && end.index == 0 && end.flat.unexplained == 2)
    let way = try #require(end.escape?.direction)
    #expect(way[0] * way[0] * way[0] - 3 * way[0] * way[1] * way[1] < -0.01)
  }

  @Test func aMonkeySaddleBehindABend() throws {
    // With u = y − x²: u² − x⁶·… falls only along the bent valley y = x²: 0.3·x³ there, hidden by (y − x²)² on the straight.
    let f = Self.function { x, y in
      let u = y - x * x
      return u * u - 0.3 * x * x * x * x
    } _: { x, y in
      let u = y - x * x
      return (-4 * x * u - 1.2 * x * x * x, 2 * u)
    }
    #expect(EndPoint(f, at: [0, 0], follows: 0).kind == .saddle)
  }

  @Test func degenerateMinimaAreCalledSo() {
    let valley = Self.function { x, y in
      (x * y - 1) * (x * y - 1)
    } _: { x, y in
      (2 * y * (x * y - 1), 2 * x * (x * y - 1))
    }
    let end = EndPoint(valley, at: [2, 0.7])
    #expect(end.kind == .degenerateMinimum && end.flat.count == 1 && abs(end.theta[0] * end.theta[1] - 1) < 1e-12)
    let quartic = Self.function { x, y in
      x * x + y * y * y * y
    } _: { x, y in
      (2 * x, 4 * y * y * y)
    }
    for start in [[0.3, 0.4], [0, 0]] {
      let end = EndPoint(quartic, at: start)
      #expect(end.kind == .degenerateMinimum && end.flat.unexplained == 1, "from \(start): \(end.kind)")
    }
  }

  @Test func himmelblauHasFourMinima() {
    Self.expectMinima(.himmelblau, within: 5, count: 4, levels: [0, 0, 0, 0])
  }

  @Test func theCamelHasSixMinimaInThreePairs() {
    // To the digits that Dixon & Szegő's function is usually quoted with.
    Self.expectMinima(
      .sixHumpCamel, within: 2, count: 6,
      levels: [-1.0316284535, -1.0316284535, -0.2154638, -0.2154638, 2.1042503, 2.1042503])
  }

  private static func expectMinima(_ objective: Objective, within r: Double, count: Int, levels: [Double]) {
    let f = ObjectiveLoss(objective)
    var found: [[Double]] = []
    for i in 0...40 {
      for j in 0...40 {
        let end = EndPoint(f, at: [r * (Double(i) / 20 - 1), r * (Double(j) / 20 - 1)], follows: 0)
        guard end.kind == .strictMinimum else {
          #expect(end.kind == .saddle || end.kind == .maximum, "\(end.kind) from \(i), \(j)")
          continue
        }
        if !found.contains(where: { hypot($0[0] - end.theta[0], $0[1] - end.theta[1]) < 1e-6 }) {
          found.append(end.theta)
        }
      }
    }
    #expect(found.count == count)
    for (value, level) in zip(found.map { f($0) }.sorted(), levels) { #expect(abs(value - level) < 1e-7) }
  }

  @Test func minimaMaximaAndWaysWithoutEnd() {
    let bowl = Self.function { x, y in
      x * x + 1e-6 * y * y
    } _: { x, y in
      (2 * x, 2e-6 * y)
    }
    let end = EndPoint(bowl, at: [3, -4])
    #expect(end.kind == .strictMinimum && abs(end.moved - 5) < 1e-9 && !end.mayHaveLeftBasin)
    let hill = Self.function { x, y in
      -x * x - y * y
    } _: { x, y in
      (-2 * x, -2 * y)
    }
    #expect(EndPoint(hill, at: [0, 0], follows: 0).kind == .maximum)
    let slope = Self.function { x, y in
      exp(-x) + y * y
    } _: { x, y in
      (-exp(-x), 2 * y)
    }
    #expect(EndPoint(slope, at: [1, 1]).kind == .atInfinity)
    let slow = Self.function { x, y in
      1 / (1 + x * x) + y * y
    } _: { x, y in
      (-2 * x / ((1 + x * x) * (1 + x * x)), 2 * y)
    }
    #expect(EndPoint(slow, at: [1, 1]).kind == .atInfinity)
    #expect(EndPoint(slow, at: [.nan, 1]).kind == .diverged)
  }

  @Test func aLongWayIsSaidToBeUnfinished() {
    #expect(EndPoint(ObjectiveLoss(.rosenbrock), at: [-1.2, 1], limit: 3).kind == .stillMoving)
    let end = EndPoint(ObjectiveLoss(.rosenbrock), at: [-1.2, 1])
    #expect(end.kind == .strictMinimum && abs(end.theta[0] - 1) < 1e-12 && abs(end.theta[1] - 1) < 1e-12)
  }
}
