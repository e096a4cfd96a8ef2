import Learning

/// Compares the declared slope of an activation with differences of its function before anything is trained.
///
/// Two differences of fourth order, D(h) and D(h/4), are taken at each probe point. Where the two disagree, or the slopes from left and right
/// do not approach each other, the function has a kink, and the point is not checked.
struct ActivationCheck {
  let function: ActivationFunction

  private struct Entry {
    let z: Double
    let written: Double
    let measured: Double
    /// The difference between D(h) and D(h/4), and between the slopes to the right and to the left.
    let doubt: Double
    let bends: (wide: Double, narrow: Double)

    /// The error of the declared slope; `nil` where the function is not smooth to `tolerance`.
    func error(tolerance: Double) -> Double? {
      doubt <= tolerance && bends.narrow <= 0.5 * bends.wide + tolerance ? abs(written - measured) : nil
    }
  }

  /// - Throws: `Mistake` that names the point with the largest error.
  func check() throws {
    let place = "activation \(Quoted.short(function.name))"
    let probes = ActivationFunction.probes
    for z in probes {
      let (value, slope) = (function.value(z), function.slope(z))
      guard value.isFinite, slope.isFinite else {
        throw Mistake(
          at: place, value: "\(value.isFinite ? "slope" : "value") \(value.isFinite ? slope : value) at z = \(z)",
          rule: "an activation and its slope are finite for every z from −8 to 8",
          remedy: "Give it a value there, or limit z inside the function")
      }
    }
    let entries = probes.map(entry)
    let size = entries.flatMap { [$0.written, $0.measured] }.filter(\.isFinite).map(abs).max() ?? 0
    let worst = entries.compactMap { entry in entry.error(tolerance: 1e-6 * size).map { (entry, $0) } }
      .max { $0.1 < $1.1 }
    guard let (entry, error) = worst, error > 1e-4 * size else { return }
    throw Mistake(
      at: place, value: "slope \(NumberText.short(entry.written, digits: 6)) at z = \(NumberText.short(entry.z))",
      rule: "differences of the function give \(NumberText.short(entry.measured, digits: 6))",
      remedy: "Correct slope:")
  }

  private func entry(_ z: Double) -> Entry {
    func slope(_ h: Double) -> Double {
      CentralDifference.fourthOrder(
        function.value(z + h), function.value(z - h), twice: function.value(z + 2 * h), function.value(z - 2 * h),
        step: h)
    }
    func bend(_ h: Double) -> Double {
      abs(function.value(z + h) - 2 * function.value(z) + function.value(z - h)) / h
    }
    let h = 1e-3 * max(1, abs(z))
    let measured = slope(h)
    return Entry(
      z: z, written: function.slope(z), measured: measured, doubt: abs(measured - slope(h / 4)),
      bends: (wide: bend(h), narrow: bend(h / 4)))
  }
}

/// The rules on a declared update rule: how many numbers it keeps, and that it depends on its arguments alone.
struct UpdateRuleCheck {
  let rule: CustomUpdateRule

  /// - Throws: `Mistake` where a rule does not hold.
  func check() throws {
    let place = "optimizer \(Quoted.short(rule.name))"
    try require(
      (0...CustomUpdateRule.mostNumbers).contains(rule.stateCount), place, "a stateCount of \(rule.stateCount)",
      "a rule keeps between 0 and \(CustomUpdateRule.mostNumbers) numbers for each parameter",
      "Return the number of values that updated(…) uses")
    let (values, outside) = rule.probe()
    if let outside {
      throw Mistake(
        at: place, value: "state[\(outside)]", rule: "the rule keeps \(NumberText.count(rule.stateCount, "number"))",
        remedy: "Return a larger stateCount, or count from 0")
    }
    let again = rule.probe().values
    let isPure = zip(values, again).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    try require(
      isPure, place, "different results", "equal arguments give equal results",
      "Keep what the rule remembers in state, and draw no random numbers")
    try require(
      values.contains(where: \.isFinite), place, "no finite result", "a rule returns the parameter after the step",
      "Return for example parameter - rate * gradient")
  }
}
