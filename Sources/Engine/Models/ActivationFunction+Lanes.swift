import Lanes

extension Activation {
  /// a = φ(z) for `count` vectors, in place, with φ′(z) in `slope` where the activation keeps it.
  @inline(__always)
  func apply<V: LaneVector>(_ z: UnsafeMutablePointer<V>, slope: UnsafeMutablePointer<V>?, count: Int) {
    if case .function(let function) = self {
      function.apply(z, slope: slope, count: count)
    } else {
      ActivationKind(self).apply(z, slope: slope, count: count)
    }
  }
}

extension ActivationFunction {
  /// The same for a declared function, one number at a time, in float64 whatever the run's format.
  @inline(never)
  func apply<V: LaneVector>(
    _ z: UnsafeMutablePointer<V>, slope slopes: UnsafeMutablePointer<V>?, count: Int
  ) {
    for i in 0..<count {
      var (values, rises) = (V.zero, V.zero)
      for lane in 0..<V.scalarCount {
        let number = Double(z[i][lane])
        values[lane] = V.Scalar(value(number))
        rises[lane] = V.Scalar(slope(number))
      }
      slopes?[i] = rises
      z[i] = values
    }
  }
}
