import Learning

/// Second derivatives from central differences of the gradient, of fourth order, and how far they can be trusted.
///
///     D(h)v = (8(∇E(θ + hv) − ∇E(θ − hv)) − (∇E(θ + 2hv) − ∇E(θ − 2hv))) / 12h
///
/// The error is h⁴·E⁽⁶⁾/30 plus the rounding of the gradient over h. D(2h) has sixteen times the first part, so that
/// |D(2h) − D(h)|/15 estimates it; the second is measured by the scatter of ∇E a few roundings beside each point.
struct DifferenceHessian {
  let function: ObjectiveLoss

  /// The matrix at the step of the least estimated error among at most five, each an eighth of the one before, or eight times.
  ///
  /// Near a degenerate minimum rounding grows with the step as truncation does: shorter steps are tried first.
  func hessian(_ theta: [Double]) -> (matrix: SquareMatrix, uncertainty: SquareMatrix) {
    let noise = Rounding(function, theta).gradient
    let first = firstStep(theta)
    var best = estimate(theta, noise, first)
    for factor in [0.125, 8] where !best.isGood {
      var (h, count) = (first * factor, 0)
      while count < 4, !best.isGood {
        let next = estimate(theta, noise, h)
        guard next.error < best.error else { break }
        best = next
        (h, count) = (h * factor, count + 1)
      }
      if count > 0 { break }
    }
    return (best.matrix, best.uncertainty)
  }

  /// H·v for vectors of length 1, at the first step alone.
  func products(_ theta: [Double], along directions: [[Double]]) -> [[Double]] {
    columns(theta, along: directions, h: firstStep(theta)).map(\.near)
  }

  private func firstStep(_ theta: [Double]) -> Double {
    let size = Linear.norm(theta) / Double(max(1, theta.count)).squareRoot()
    return 8e-4 * max(function.unit, size)
  }

  private struct Estimate {
    var matrix: SquareMatrix
    var uncertainty: SquareMatrix
    /// The greatest of each part of the error among all entries.
    var truncation: Double
    var rounding: Double
    var error: Double {
      let sum = truncation + rounding
      return sum.isFinite ? sum : .infinity
    }
    /// Nine digits of the greatest curvature: near what the method can reach.
    var isGood: Bool { error <= 1e-9 * matrix.radius }
  }

  private func estimate(_ theta: [Double], _ noise: [Double], _ h: Double) -> Estimate {
    let n = theta.count
    let units = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    let columns = columns(theta, along: units, h: h)
    // The points beside θ round as well: by what a rounding of θ moves their gradients, and by the gradients' own digits.
    let ulp = theta.reduce(0) { max($0, abs($1)) }.ulp + (4 * h).ulp
    func spread(_ i: Int, _ j: Int) -> Double { noise[j] + columns[i].slope[j] * ulp + columns[i].largest[j].ulp }
    var result = Estimate(
      matrix: SquareMatrix(zeros: n), uncertainty: SquareMatrix(zeros: n), truncation: 0, rounding: 0)
    for i in 0..<n {
      for j in 0...i {
        let value = (columns[i].near[j] + columns[j].near[i]) / 2
        let far = (columns[i].far[j] + columns[j].far[i]) / 2
        let truncation = abs(far - value) / 15
        let rounding = 0.75 * (spread(i, j) + spread(j, i)) / h
        // A wrong gradient shows in the difference of the two triangles.
        let skew = abs(columns[i].near[j] - columns[j].near[i]) / 2
        result.truncation = max(result.truncation, truncation)
        result.rounding = max(result.rounding, rounding)
        for (a, b) in [(i, j), (j, i)] {
          result.matrix[a, b] = value
          result.uncertainty[a, b] = truncation + rounding + skew
        }
      }
    }
    return result
  }

  /// Differences of the gradients on one line.
  private struct Column {
    /// D(h)v and D(2h)v.
    var near: [Double]
    var far: [Double]
    /// The mean slope of each component over the whole line, and its greatest size.
    var slope: [Double]
    var largest: [Double]
  }

  private func columns(_ theta: [Double], along directions: [[Double]], h: Double) -> [Column] {
    let shares = [1.0, -1, 2, -2, 4, -4]
    let points = directions.flatMap { v in shares.map { Linear.add(theta, $0 * h, v) } }
    let found = function.gradients(at: points).map(\.gradient)
    return directions.indices.map { k in
      let g = Array(found[shares.count * k..<shares.count * (k + 1)])
      func difference(_ a: Int, _ h: Double) -> [Double] {
        theta.indices.map { j in
          CentralDifference.fourthOrder(g[a][j], g[a + 1][j], twice: g[a + 2][j], g[a + 3][j], step: h)
        }
      }
      return Column(
        near: difference(0, h), far: difference(2, 2 * h),
        slope: theta.indices.map { abs(g[4][$0] - g[5][$0]) / (8 * h) },
        largest: theta.indices.map { j in g.reduce(0) { max($0, abs($1[j])) } })
    }
  }
}

/// What rounding does to E and ∇E at a point: their scatter between points a few roundings apart.
struct Rounding {
  let loss: Double
  let gradient: [Double]
  /// The deviations of ∇E at each of the points from their mean.
  private let deviations: [[Double]]

  init(_ function: some LossFunction, _ theta: [Double]) {
    // Fixed signs that differ from component to component and from point to point.
    func isDown(_ point: Int, _ i: Int) -> Bool {
      let mixed = (UInt64(point &* 8191 &+ i) &+ 1) &* 0x9E37_79B9_7F4A_7C15
      return (mixed ^ (mixed >> 29)) >> 32 & 1 == 0
    }
    let points = (0..<8).map { k in theta.indices.map { theta[$0] + (isDown(k, $0) ? -2 : 2) * theta[$0].ulp } }
    let found = function.gradients(at: points)
    let mean = found.reduce(0) { $0 + $1.loss / 8 }
    loss = max(found.map { abs($0.loss - mean) }.max() ?? 0, mean.ulp)
    let middle = theta.indices.map { i in found.reduce(0) { $0 + $1.gradient[i] / 8 } }
    let deviations = found.map { Linear.add($0.gradient, -1, middle) }
    self.deviations = deviations
    gradient = theta.indices.map { i in deviations.reduce(0) { max($0, abs($1[i])) } + middle[i].ulp }
  }

  /// The scatter of the gradient's component along a direction.
  func gradient(along v: [Double]) -> Double { deviations.reduce(0) { max($0, abs(Linear.dot($1, v))) } }
}
