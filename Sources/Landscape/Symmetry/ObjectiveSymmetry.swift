import Learning

/// Points under the declared symmetries of an objective.
extension ObjectiveLoss {
  public func copies(of theta: [Double], near other: [Double]) -> [[Double]] { [] }

  /// A point carried as near to another as the declared symmetries allow; unchanged where a declared symmetry turns out to
  /// change E.
  ///
  /// Signs, shifts, rotations and translations are exact. Rows and columns are matched exactly where the two points are copies of
  /// each other (`PermutationMatch`); else by assignments in turn, which need not be the best of all.
  public func aligned(_ theta: [Double], to other: [Double]) -> [Double] {
    guard !objective.symmetries.isEmpty, theta.count == other.count else { return theta }
    var best = theta
    for candidate in discreteImages(theta) {
      let moved = objective.symmetries.reduce(candidate) { nearest($0, to: other, under: $1) }
      if Linear.distance(moved, other) < Linear.distance(best, other) { best = moved }
    }
    return best == theta || hasValue(of: theta, best) ? best : theta
  }

  /// Whether E is the same at both points, to rounding.
  private func hasValue(of a: [Double], _ b: [Double]) -> Bool {
    let values = losses(at: [a, b])
    let rounding = Rounding(self, a).loss + Rounding(self, b).loss
    return abs(values[0] - values[1]) <= 100 * rounding + 1e-9 * abs(values[0])
  }

  /// The point under the groups with few elements: all signs at once, cyclic shifts.
  private func discreteImages(_ theta: [Double]) -> [[Double]] {
    var images = [theta]
    for symmetry in objective.symmetries {
      switch symmetry {
      case .sign: images += images.map { Linear.scale(-1, $0) }
      case .cyclic(let step) where theta.count > 1 && step != 0 && step % theta.count != 0:
        // As many different shifts as P/gcd(P, step); gcd by repeated shifts back to 0.
        var shift = step % theta.count
        let once = images
        for _ in 1..<theta.count where shift != 0 {
          let places = theta.indices.map { ($0 + shift + theta.count) % theta.count }
          images += once.map { image in places.map { image[$0] } }
          shift = (shift + step) % theta.count
        }
      default: break
      }
    }
    return images
  }

  private func nearest(_ theta: [Double], to other: [Double], under symmetry: Objective.Symmetry) -> [Double] {
    switch symmetry {
    case .sign, .cyclic: return theta
    case .signs: return zip(theta, other).map { $0 * $1 < 0 ? -$0 : $0 }
    case .translation:
      let mean = zip(theta, other).reduce(0) { $0 + ($1.1 - $1.0) } / Double(max(1, theta.count))
      return theta.map { $0 + mean }
    case .rotations(let d):
      guard d > 0, theta.count % d == 0 else { return theta }
      return Rotation.nearest(theta, to: other, dimensions: d)
    case .permutations(let rows, let columns):
      guard rows > 0, columns > 0, rows * columns == theta.count else { return theta }
      let tolerance = 1e-6 * Linear.norm(other)
      if case .same(let image) = PermutationMatch.of(theta, other, rows: rows, columns: columns, within: tolerance) {
        return image
      }
      return PermutationMatch.near(theta, other, rows: rows, columns: columns)
    }
  }

  /// Whether two points are equal up to the declared symmetries, within a distance.
  func match(_ a: [Double], _ b: [Double], within tolerance: Double) -> Match {
    if Linear.distance(a, b) <= tolerance { return .same }
    guard !objective.symmetries.isEmpty else { return .different }
    let images = discreteImages(b)
    var isProven = objective.symmetries.count { $0.isSearched } <= 1
    for image in images {
      if case .permutations(let rows, let columns) = objective.symmetries.first(where: \.isPermutation) {
        switch PermutationMatch.of(image, a, rows: rows, columns: columns, within: tolerance) {
        case .same(let copy) where hasValue(of: b, copy): return .same
        case .unknown: isProven = false
        default: break
        }
      }
      let moved = objective.symmetries.filter { !$0.isPermutation }.reduce(image) { nearest($0, to: a, under: $1) }
      if Linear.distance(moved, a) <= tolerance, hasValue(of: b, moved) { return .same }
    }
    return isProven ? .different : .unknown
  }

  /// Directions in which continuous symmetries move a point.
  func orbitDirections(_ theta: [Double]) -> [[Double]] {
    objective.symmetries.flatMap { symmetry -> [[Double]] in
      switch symmetry {
      case .translation: return [theta.map { _ in 1 }]
      case .rotations(let d) where d > 1 && theta.count % d == 0:
        return (0..<d).flatMap { i in
          (0..<i).map { j in
            var v = theta.map { _ in 0.0 }
            for row in stride(from: 0, to: theta.count, by: d) {
              (v[row + i], v[row + j]) = (theta[row + j], -theta[row + i])
            }
            return v
          }
        }
      default: return []
      }
    }
  }
}

extension Objective.Symmetry {
  fileprivate var isPermutation: Bool {
    if case .permutations = self { true } else { false }
  }

  /// Whether finding a copy takes a search of its own; two such symmetries together are not searched exhaustively.
  fileprivate var isSearched: Bool {
    switch self {
    case .permutations, .signs, .rotations, .translation: true
    case .sign, .cyclic: false
    }
  }
}

/// Rotations and mirror images about 0.
enum Rotation {
  /// Points a carried by the orthogonal R that minimises Σ ‖Raᵢ − bᵢ‖²: R = UVᵀ from the singular vectors of Σ bᵢaᵢᵀ.
  ///
  /// Source: Schönemann 1966, doi:10.1007/BF02289451.
  static func nearest(_ a: [Double], to b: [Double], dimensions d: Int) -> [Double] {
    let starts = Array(stride(from: 0, to: a.count, by: d))
    var cross = SquareMatrix(zeros: d)
    for start in starts {
      for i in 0..<d { for j in 0..<d { cross[i, j] += b[start + i] * a[start + j] } }
    }
    var square = SquareMatrix(zeros: d)
    for i in 0..<d { for j in 0..<d { square[i, j] = (0..<d).reduce(0) { $0 + cross[$1, i] * cross[$1, j] } } }
    guard let eigen = SymmetricEigen(square, vectors: true), let largest = eigen.values.last, largest > 0 else {
      return a
    }
    // Greatest singular values first; those that are 0 leave their left vectors free.
    var left: [[Double]] = []
    for (value, v) in zip(eigen.values, eigen.vectors).reversed() {
      let image = value > 1e-24 * largest ? Linear.unit(cross.times(v)) : nil
      guard let next = complement(image, of: left, d) else { return a }
      left.append(next)
    }
    let right = Array(eigen.vectors.reversed())
    return starts.flatMap { start -> [Double] in
      let point = Array(a[start..<start + d])
      return zip(left, right).reduce(point.map { _ in 0 }) { Linear.add($0, Linear.dot($1.1, point), $1.0) }
    }
  }

  /// A vector of length 1 orthogonal to some others: a wanted one, or the axis that is farthest from all of them.
  private static func complement(_ wanted: [Double]?, of others: [[Double]], _ d: Int) -> [Double]? {
    func rest(_ v: [Double]) -> [Double] {
      (0..<2).reduce(v) { v, _ in others.reduce(v) { Linear.add($0, -Linear.dot($1, $0), $1) } }
    }
    let axes = (0..<d).map { i in (0..<d).map { $0 == i ? 1.0 : 0 } }
    let candidates = (wanted.map { [$0] } ?? axes).map(rest)
    return candidates.max { Linear.norm($0) < Linear.norm($1) }.flatMap(Linear.unit)
  }
}
