import Lanes

/// A loss without its references, for the inner loops.
enum LossKind {
  case squared, absolute, binaryCrossEntropy, crossEntropy, weightedCrossEntropy, custom

  /// - Parameter hasUnitTargets: whether the targets of every sample add up to 1, where the loss is for classes.
  init(_ loss: Loss, hasUnitTargets: Bool) {
    switch loss {
    case .squaredError: self = .squared
    case .absoluteError: self = .absolute
    case .binaryCrossEntropy: self = .binaryCrossEntropy
    case .crossEntropy: self = hasUnitTargets ? .crossEntropy : .weightedCrossEntropy
    case .custom: self = .custom
    }
  }

  var readsLogits: Bool {
    switch self {
    case .binaryCrossEntropy, .crossEntropy, .weightedCrossEntropy: true
    case .squared, .absolute, .custom: false
    }
  }

  /// The loss's sum over one output's row, without its factor; g = factor·∂(sum)/∂y for every column.
  ///
  /// With cross-entropy g is ∂/∂z already: the slope of the output's own activation cancels.
  /// - Parameter logits: the row's weighted inputs, for a loss that reads them.
  @inline(__always)
  func differentiate<V: LaneVector>(
    _ y: UnsafePointer<V>, logits: UnsafePointer<V>?, _ t: UnsafePointer<V>, _ g: UnsafeMutablePointer<V>,
    columns: Int, factor: V
  ) -> V {
    var sum = V.zero
    switch self {
    case .squared:
      let twice = factor + factor
      for s in 0..<columns {
        let error = y[s] - t[s]
        sum = V.fma(error, error, sum)
        g[s] = error * twice
      }
    case .absolute:
      for s in 0..<columns {
        let error = y[s] - t[s]
        sum = sum + V.abs(error)
        g[s] = V.whereEqual(error, V.zero, V.zero, V.copysign(factor, error))
      }
    case .binaryCrossEntropy:
      guard let logits else { return sum }
      for s in 0..<columns {
        sum = sum + V.fma(-t[s], logits[s], V.softplus(logits[s]))
        g[s] = (y[s] - t[s]) * factor
      }
    case .crossEntropy:
      // The column's ln Σ e^z is added once for the whole layer; targets of a sample sum to 1.
      guard let logits else { return sum }
      for s in 0..<columns {
        sum = V.fma(-t[s], logits[s], sum)
        g[s] = (y[s] - t[s]) * factor
      }
    // These two need more than one output's row.
    case .weightedCrossEntropy, .custom: break
    }
    return sum
  }
}

extension Distance {
  /// The same for a custom distance, one number at a time.
  func differentiate<V: LaneVector>(
    _ y: UnsafePointer<V>, _ t: UnsafePointer<V>, _ g: UnsafeMutablePointer<V>, columns: Int, factor: V
  ) -> V {
    var sum = V.zero
    for s in 0..<columns {
      var values = V.zero
      var slopes = V.zero
      for lane in 0..<V.scalarCount {
        let output = Double(y[s][lane])
        let target = Double(t[s][lane])
        values[lane] = V.Scalar(value(output, target))
        slopes[lane] = V.Scalar(derivative(output, target))
      }
      sum = sum + values
      g[s] = slopes * factor
    }
    return sum
  }
}
