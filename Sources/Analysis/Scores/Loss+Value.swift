import Learning

extension Loss {
  /// The loss of some outputs: cross-entropies from the outputs, not from the logits, so that an output of 0 for the right class is ∞.
  func value(_ outputs: [Double], _ targets: [Double], samples: Int) -> Double {
    factor(samples: samples) * zip(outputs, targets).reduce(0) { $0 + distance($1.0, $1.1) }
  }

  /// The contribution of one output, without the factor in front of the sum.
  private func distance(_ y: Double, _ t: Double) -> Double {
    func information(_ share: Double, _ probability: Double) -> Double {
      share == 0 ? 0 : -share * Exact.log(probability)
    }
    switch self {
    case .squaredError: return (y - t) * (y - t)
    case .absoluteError: return abs(y - t)
    case .binaryCrossEntropy: return information(t, y) + information(1 - t, 1 - y)
    case .crossEntropy: return information(t, y)
    case .custom(let distance): return distance.value(y, t)
    }
  }
}
