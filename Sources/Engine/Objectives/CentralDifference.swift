/// The slope of a function of one number from its values around a point.
package enum CentralDifference {
  /// f′(0) up to an error of h⁴·f⁽⁵⁾/30.
  ///
  ///     (8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h
  package static func fourthOrder(
    _ ahead: Double, _ behind: Double, twice farAhead: Double, _ farBehind: Double, step h: Double
  ) -> Double {
    (8 * (ahead - behind) - (farAhead - farBehind)) / (12 * h)
  }
}
