import Lanes

extension Loss {
  /// The loss's sum over one output's row, without the factor, and g = ∂(sum)/∂y for every column in `g`.
  ///
  /// With cross-entropy g is ∂/∂z already: the slope of the output's own activation cancels.
  /// - Parameter logits: the row's weighted inputs, for a loss that reads them.
  @inline(__always)
  func differentiate<V: LaneVector>(
    _ y: UnsafePointer<V>, logits: UnsafePointer<V>?, _ t: UnsafePointer<V>, _ g: UnsafeMutablePointer<V>, columns: Int
  ) -> V {
    var sum = V.zero
    let one = V.constant(1)
    switch self {
    case .squaredError:
      for s in 0..<columns {
        let error = y[s] - t[s]
        sum = V.fma(error, error, sum)
        g[s] = error + error
      }
    case .absoluteError:
      for s in 0..<columns {
        let error = y[s] - t[s]
        sum = sum + V.abs(error)
        g[s] = V.whereEqual(error, V.zero, V.zero, V.copysign(one, error))
      }
    case .binaryCrossEntropy:
      guard let logits else { return sum }
      for s in 0..<columns {
        sum = sum + V.fma(-t[s], logits[s], V.softplus(logits[s]))
        g[s] = y[s] - t[s]
      }
    case .crossEntropy:
      // The column's ln Σ e^z is added once for the whole layer; targets of a sample sum to 1.
      guard let logits else { return sum }
      for s in 0..<columns {
        sum = V.fma(-t[s], logits[s], sum)
        g[s] = y[s] - t[s]
      }
    case .custom(let distance):
      for s in 0..<columns {
        var value = V.zero
        var slope = V.zero
        for lane in 0..<V.scalarCount {
          let output = Double(y[s][lane])
          let target = Double(t[s][lane])
          value[lane] = V.Scalar(distance.value(output, target))
          slope[lane] = V.Scalar(distance.derivative(output, target))
        }
        sum = sum + value
        g[s] = slope
      }
    }
    return sum
  }
}
