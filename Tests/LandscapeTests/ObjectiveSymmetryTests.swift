import Landscape
import Learning
import Testing

/// Places that are one up to the declared symmetries of an objective.
@Suite struct ObjectiveSymmetryTests {
  /// Σ (x² − 1)²: every matrix of ±1 is a minimum, and signs alone tell them apart.
  static func signs(rows: Int, columns: Int) -> Objective {
    Objective("signs", parameterCount: rows * columns) { p in
      (p.reduce(0) { $0 + ($1 * $1 - 1) * ($1 * $1 - 1) }, p.map { 4 * $0 * ($0 * $0 - 1) })
    }.hessian { p in p.indices.map { i in p.indices.map { $0 == i ? 12 * p[i] * p[i] - 4 : 0 } } }
  }

  static func census(_ objective: Objective, _ starts: [[Double]]) -> Census {
    let f = ObjectiveLoss(objective)
    return Census(EndPoint.survey(starts.map { (f, $0) }, threads: 2), of: starts.map { _ in f })
  }

  private static func bits(_ n: Int) -> [[Double]] {
    (0..<1 << n).map { k in (0..<n).map { k >> $0 & 1 == 1 ? 1.01 : -0.99 } }
  }

  /// Binary matrices up to the order of rows and columns: 7 of 2 × 2, 36 of 3 × 3, 13 of 2 × 3 (OEIS A002724, A028657).
  @Test(arguments: [(2, 2, 7), (2, 3, 13), (3, 3, 36)])
  func matricesUpToRowsAndColumns(_ rows: Int, _ columns: Int, _ classes: Int) {
    let objective = Self.signs(rows: rows, columns: columns).symmetry(.permutations(rows: rows, columns: columns))
    let census = Self.census(objective, Self.bits(rows * columns))
    #expect(census.minima.count == classes && census.isExact && census.levels.count == 1)
  }

  /// Where many entries are equal an assignment of rows and columns in turns goes astray; the match must not.
  @Test func shuffledCopiesOfLargeMatrices() {
    let n = 9
    var state: UInt64 = 3
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    func shuffled() -> [Int] {
      var order = Array(0..<n)
      for i in stride(from: n - 1, to: 0, by: -1) { order.swapAt(i, next(i + 1)) }
      return order
    }
    let originals = (0..<4).map { _ in (0..<n * n).map { _ in next(2) == 0 ? 1.01 : -0.99 } }
    let starts = (0..<24).map { k -> [Double] in
      let (rows, columns) = (shuffled(), shuffled())
      return rows.flatMap { r in columns.map { originals[k % 4][r * n + $0] } }
    }
    let objective = Self.signs(rows: n, columns: n).symmetry(.permutations(rows: n, columns: n))
    let census = Self.census(objective, starts)
    #expect(census.minima.map(\.count) == [6, 6, 6, 6] && census.isExact)
    // Without the symmetry each start is its own minimum.
    #expect(Self.census(Self.signs(rows: n, columns: n), starts).minima.count == 24)
  }

  @Test func signsShiftsAndTranslations() {
    let plain = Self.signs(rows: 1, columns: 6)
    let starts = Self.bits(6)
    #expect(Self.census(plain, starts).minima.count == 64)
    #expect(Self.census(plain.symmetry(.signs), starts).minima.count == 1)
    #expect(Self.census(plain.symmetry(.sign), starts).minima.count == 32)
    // Necklaces of six beads in two colours: 14; with both colours exchanged as well: 8 (OEIS A000031, A000013).
    #expect(Self.census(plain.symmetry(.cyclic(by: 1)), starts).minima.count == 14)
    #expect(Self.census(plain.symmetry(.cyclic(by: 1), .sign), starts).minima.count == 8)
    // Any order: only the number of ones counts.
    #expect(Self.census(plain.symmetry(.permutations(rows: 6, columns: 1)), starts).minima.count == 7)
    // Distances alone: one valley, an orbit of translations.
    let chain = Objective("chain", parameterCount: 3) { p in
      let (a, b) = (p[1] - p[0] - 1, p[2] - p[1] - 1)
      return (a * a + b * b, [-2 * a, 2 * a - 2 * b, 2 * b])
    }
    let ends = (0..<20).map { k in (0..<3).map { 3 * Exact.sin(Double(7 * k + $0)) } }
    let census = Self.census(chain.symmetry(.translation), ends)
    #expect(census.minima.count == 1 && census.isExact)
    #expect(census.minima.first?.representative.flat.symmetry == 1)
  }

  @Test func aWrongDeclarationJoinsNothing() {
    // (x² − 1)² + x/10 is not even.
    let tilted = Objective("tilted", parameterCount: 1) { p in
      let x = p[0]
      return ((x * x - 1) * (x * x - 1) + 0.1 * x, [4 * x * (x * x - 1) + 0.1])
    }
    #expect(Self.census(tilted.symmetry(.sign), [[0.9], [-0.9]]).minima.count == 2)
    #expect(ObjectiveLoss(tilted.symmetry(.sign)).aligned([0.9], to: [-0.9]) == [0.9])
    // Sizes that do not fit are ignored.
    let f = ObjectiveLoss(Self.signs(rows: 1, columns: 3).symmetry(.permutations(rows: 2, columns: 2)))
    #expect(f.aligned([1, -1, 1], to: [1, 1, -1]) == [1, -1, 1])
    let g = ObjectiveLoss(Self.signs(rows: 1, columns: 3).symmetry(.rotations(dimensions: 2), .cyclic(by: 0)))
    #expect(g.aligned([1, -1, 1], to: [1, 1, -1]) == [1, -1, 1])
  }

  @Test func rotationsBringPointsTogether() {
    // E depends on the distances of two points from 0 and from each other only.
    let pair = Objective("pair", parameterCount: 4) { p in
      let (a, b) = (p[0] * p[0] + p[1] * p[1] - 1, p[2] * p[2] + p[3] * p[3] - 1)
      let c = p[0] * p[2] + p[1] * p[3] - 0.5
      return (
        a * a + b * b + c * c,
        [
          4 * a * p[0] + 2 * c * p[2], 4 * a * p[1] + 2 * c * p[3], 4 * b * p[2] + 2 * c * p[0],
          4 * b * p[3] + 2 * c * p[1],
        ]
      )
    }
    let starts = (0..<24).map { k in (0..<4).map { 1.3 * Exact.sin(Double(5 * k + 3 * $0) + 0.3) } }
    let census = Self.census(pair.symmetry(.rotations(dimensions: 2)), starts)
    #expect(census.minima.count == 1 && census.isExact)
    #expect(census.minima.map(\.count).max() ?? 0 > 20)
  }
}
