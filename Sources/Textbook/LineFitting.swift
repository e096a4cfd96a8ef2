/// System C1: a line through points, by gradient descent and by the closed form.
///
///     y = wx + b,  E(w, b) = (1/N) Σᵢ ½(tᵢ − yᵢ)²
public struct LineFitting {
  /// The slope.
  public var w: Double
  /// The intercept.
  public var b: Double

  /// A line of slope w and intercept b.
  public init(w: Double, b: Double) {
    self.w = w
    self.b = b
  }

  /// E = (1/N) Σ ½(t − y)²
  public func loss(_ x: [Double], _ t: [Double]) -> Double {
    var sum = 0.0
    for i in x.indices {
      let error = t[i] - (w * x[i] + b)
      sum += error * error / 2
    }
    return sum / Double(x.count)
  }

  /// ∂E/∂w = −(1/N) Σ (t − y)x,  ∂E/∂b = −(1/N) Σ (t − y)
  public func gradient(_ x: [Double], _ t: [Double]) -> (w: Double, b: Double) {
    var (sumW, sumB) = (0.0, 0.0)
    for i in x.indices {
      let error = t[i] - (w * x[i] + b)
      sumW -= error * x[i]
      sumB -= error
    }
    return (sumW / Double(x.count), sumB / Double(x.count))
  }

  /// One step w ← w − η ∂E/∂w, b ← b − η ∂E/∂b.
  public mutating func step(_ x: [Double], _ t: [Double], eta: Double) {
    let gradient = gradient(x, t)
    w -= eta * gradient.w
    b -= eta * gradient.b
  }

  /// ∇E = 0:  w = (mean xt − mean x·mean t) / (mean x² − (mean x)²),  b = mean t − w·mean x
  ///
  /// `nil` where all x are the same: then the minima form a whole line of (w, b).
  public static func closedForm(_ x: [Double], _ t: [Double]) -> LineFitting? {
    let n = Double(x.count)
    var (mx, mt, mxx, mxt) = (0.0, 0.0, 0.0, 0.0)
    for i in x.indices {
      mx += x[i] / n
      mt += t[i] / n
      mxx += x[i] * x[i] / n
      mxt += x[i] * t[i] / n
    }
    let spread = mxx - mx * mx
    guard spread > 0 else { return nil }
    let w = (mxt - mx * mt) / spread
    return LineFitting(w: w, b: mt - w * mx)
  }

  /// Eigenvalues of the Hessian [[mean x², mean x], [mean x, 1]], the smaller first; descent diverges beyond η = 2/λ_max.
  public static func hessianEigenvalues(_ x: [Double]) -> (least: Double, greatest: Double) {
    let n = Double(x.count)
    var (mx, mxx) = (0.0, 0.0)
    for value in x {
      mx += value / n
      mxx += value * value / n
    }
    let middle = (mxx + 1) / 2
    let reach = ((mxx - 1) * (mxx - 1) / 4 + mx * mx).squareRoot()
    return (middle - reach, middle + reach)
  }
}
