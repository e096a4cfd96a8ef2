import Lanes

/// λ_max of the Hessian of the loss on all training data, by Lanczos' method in every lane at once.
///
/// Products with the Hessian are central differences of gradients along unit vectors,
///
///     Hv ≈ (∇E(θ + εv) − ∇E(θ − εv)) / 2ε,  ε = ε_machine^⅓·(1 + ‖θ‖/√P),
///
/// relative error some 10⁻⁹ in float64. The basis is kept orthogonal by a second pass of Gram–Schmidt.
/// Source: Golub & Van Loan, Matrix Computations, chapter 10.
struct Sharpness<Model: LaneModel> {
  typealias Axis = Model.Axis
  typealias V = Model.V

  private static var longest: Int { 24 }

  private let model: Model
  private let count: Int
  private let steps: Int
  private let basis: [UnsafeMutablePointer<V>]
  private let product: UnsafeMutablePointer<V>
  private let origin: UnsafeMutablePointer<V>
  private let start: [Double]

  init(model: Model, workspace: Workspace<V>) {
    self.model = model
    count = Axis.vectors(for: model.parameterCount)
    steps = Swift.min(Self.longest, model.parameterCount)
    let size = count
    basis = (0..<steps).map { _ in workspace.vectors(size) }
    product = workspace.vectors(count)
    origin = workspace.vectors(count)
    start = RandomStream(seed: 0, role: .analysis).normals(model.parameterCount)
  }

  func measure() -> V {
    origin.update(from: model.parameters, count: count)
    let tiny = V(repeating: V.Scalar.leastNormalMagnitude)
    let perParameter = V(repeating: 1 / V.Scalar(model.parameterCount).squareRoot())
    let epsilon = V(repeating: V.Scalar(Self.differenceStep)) * (V.constant(1) + norm(origin) * perParameter)
    for (i, value) in start.enumerated() {
      for slot in 0..<Axis.runs { Axis.write(V.Scalar(value), basis[0], i, slot: slot) }
    }
    normalize(basis[0], by: norm(basis[0]))
    var diagonal: [V] = []
    var offDiagonal: [V] = []
    for k in 0..<steps {
      multiply(basis[k], epsilon)
      diagonal.append(dot(product, basis[k]))
      for _ in 0..<2 {
        for j in 0...k { subtract(basis[j], dot(product, basis[j])) }
      }
      let length = norm(product)
      offDiagonal.append(length)
      guard k + 1 < steps else { break }
      basis[k + 1].update(from: product, count: count)
      // A lane whose Krylov space is exhausted continues with zeros, which add nothing.
      normalize(basis[k + 1], by: V.max(tiny, length))
    }
    model.parameters.update(from: origin, count: count)
    return largestEigenvalue(diagonal, offDiagonal)
  }

  private static var differenceStep: Double { MemoryLayout<V.Scalar>.size == 8 ? 6e-6 : 5e-3 }

  /// product = H·v
  private func multiply(_ v: UnsafePointer<V>, _ epsilon: V) {
    for i in 0..<count { model.parameters[i] = V.fma(epsilon, v[i], origin[i]) }
    _ = model.lossAndGradientOnAllData()
    product.update(from: model.gradient, count: count)
    for i in 0..<count { model.parameters[i] = V.fma(-epsilon, v[i], origin[i]) }
    _ = model.lossAndGradientOnAllData()
    let scale = V.constant(0.5) / epsilon
    for i in 0..<count { product[i] = (product[i] - model.gradient[i]) * scale }
  }

  @inline(never)
  private func dot(_ a: UnsafePointer<V>, _ b: UnsafePointer<V>) -> V {
    var sum = V.zero
    for i in 0..<count { sum = V.fma(a[i], b[i], sum) }
    return Axis.total(sum)
  }

  @inline(never)
  private func norm(_ a: UnsafePointer<V>) -> V { V.squareRoot(dot(a, a)) }

  @inline(never)
  private func normalize(_ a: UnsafeMutablePointer<V>, by length: V) {
    let scale = V.constant(1) / length
    for i in 0..<count { a[i] = a[i] * scale }
  }

  @inline(never)
  private func subtract(_ direction: UnsafePointer<V>, _ amount: V) {
    for i in 0..<count { product[i] = V.fma(-amount, direction[i], product[i]) }
  }

  /// Bisection on the Sturm sequence of the tridiagonal matrix, in every lane.
  private func largestEigenvalue(_ a: [V], _ b: [V]) -> V {
    var radius = V.zero
    for k in a.indices {
      let left = k > 0 ? b[k - 1] : V.zero
      radius = V.max(radius, V.abs(a[k]) + left + (k + 1 < a.count ? b[k] : V.zero))
    }
    var low = -radius
    var high = radius
    for _ in 0..<(MemoryLayout<V.Scalar>.size == 8 ? 60 : 30) {
      let middle = V.constant(0.5) * (low + high)
      // All eigenvalues lie below `middle` when every pivot of T − middle·I is negative.
      var pivot = a[0] - middle
      var worst = pivot
      for k in 1..<Swift.max(1, a.count) {
        let floor = V(repeating: V.Scalar.leastNormalMagnitude)
        let safe = V.whereLess(V.abs(pivot), floor, -floor, pivot)
        pivot = a[k] - middle - b[k - 1] * b[k - 1] / safe
        worst = V.max(worst, pivot)
      }
      high = V.whereLess(worst, V.zero, middle, high)
      low = V.whereLess(worst, V.zero, low, middle)
    }
    return V.constant(0.5) * (low + high)
  }
}
