import Learning

/// The rules a sweep has to keep as a whole, whatever its set-ups are.
struct SweepCheck {
  let study: Study

  /// Rules that must hold before the grid can be written out.
  func sizeMistakes() -> [Mistake] {
    var mistakes: [Mistake] = []
    var count = Double(study.seeds.count)
    for axis in study.axes {
      count *= Double(axis.values.count)
      if axis.values.isEmpty {
        mistakes.append(
          Mistake(
            at: "sweep over \(axis.parameter.name)", value: "no values", rule: "an axis has at least one",
            remedy: "Give it a value, or leave the axis out"
          ).declared(at: axis.place))
      }
    }
    if study.seeds.isEmpty, study.seedRule == nil {
      mistakes.append(
        Mistake(
          at: "seeds", value: "no seeds", rule: "a sweep has at least one", remedy: "Write, for example, --seeds 0..<8")
      )
    }
    if count > Double(Plan.maximumRuns) {
      mistakes.append(
        Mistake(
          at: "sweep", value: "\(NumberText.short(count)) runs", rule: "a sweep has at most 10⁷",
          remedy: "Use fewer values or seeds"))
    }
    return mistakes
  }

  /// Rules on the axes and on their effects on each other.
  func axisMistakes() -> [Mistake] {
    var mistakes = study.axes.flatMap { axis in valueMistakes(axis).map { $0.declared(at: axis.place) } }
    let names = study.axes.map(\.parameter.name)
    for name in Set(names).sorted() where names.filter({ $0 == name }).count > 1 {
      mistakes.append(
        Mistake(
          at: "sweep", value: name, rule: "a parameter has one axis", remedy: "Put all its values into one axis"))
    }
    if Set(study.seeds).count < study.seeds.count {
      mistakes.append(
        Mistake(
          at: "seeds", value: "a repeated seed", rule: "a seed is listed once", remedy: "Remove the duplicate"))
    }
    if let rule = study.seedRule { mistakes += rule.mistakes(in: study, besideSeeds: study.hasSeedsTwice) }
    return mistakes + variantMistakes()
  }

  private func valueMistakes(_ axis: ParameterAxis) -> [Mistake] {
    let place = "sweep over \(axis.parameter.name)"
    let repeated = Dictionary(grouping: axis.values.map(\.setting), by: \.self).filter { $0.value.count > 1 }.keys
    var mistakes = repeated.sorted().map {
      Mistake(at: place, value: $0.exact, rule: "an axis has each value once", remedy: "Remove the duplicate")
    }
    if axis.parameter.setting(study.setup(without: axis.parameter.name)) == nil, !axis.parameter.isVariant(in: study),
      !axis.makesItsParameter
    {
      mistakes.append(
        Mistake(
          at: place, value: "", rule: "the set-up has no \(axis.parameter.title) to vary",
          remedy: "Vary a parameter that it has"))
    }
    return mistakes
  }

  /// Mistakes for variants that set what an axis of the declaration sets: one of the two values would be lost, whichever comes later in the
  /// sweep. What the command line alone sets comes last: its value is meant for every variant, and the report names it.
  private func variantMistakes() -> [Mistake] {
    var mistakes: [Mistake] = []
    for variants in study.axes where variants.parameter.isVariant(in: study) {
      for axis in study.axes where !axis.parameter.isVariant(in: study) && !study.appended.contains(axis.parameter.name)
      {
        for value in variants.values where sets(value, axis, besides: variants) {
          mistakes.append(
            Mistake(
              at: "variant “\(value.setting)” of \(variants.parameter.name)", value: "sets \(axis.parameter.title)",
              rule: "the axis over \(axis.parameter.name) sets it too, and one of the two would be lost",
              remedy: "Leave it to the axis: change only the other parts of the set-up in the variant"
            ).declared(at: variants.place))
        }
      }
    }
    return mistakes
  }

  /// Whether a variant changes the value that an axis has set.
  private func sets(_ variant: AxisValue, _ axis: ParameterAxis, besides variants: ParameterAxis) -> Bool {
    var base = study.setup
    for other in study.axes where other.parameter.name != variants.parameter.name { other.values.first?.apply(&base) }
    return axis.values.contains { value in
      var setup = base
      value.apply(&setup)
      let before = axis.parameter.setting(setup)
      variant.apply(&setup)
      return !Self.agree(axis.parameter.setting(setup), before)
    }
  }

  /// Whether a combination trains with the values that its axes gave it: a later axis may have replaced an earlier one's.
  func lostValues(_ settings: [Setting], _ setup: Setup) -> [Mistake] {
    zip(study.axes, settings).enumerated().compactMap { place, pair in
      let (axis, setting) = pair
      guard !axis.parameter.isVariant(in: study) else { return nil }
      // A part of a whole, the momentum of an optimizer say, may be set after it.
      if Study.wholes.contains(axis.parameter.name), place + 1 < study.axes.count { return nil }
      let found = axis.parameter.setting(setup)
      guard !Self.agree(found, setting) else { return nil }
      return Mistake(
        at: "sweep over \(axis.parameter.name)", value: "\(setting)",
        rule: found.map { "a later axis changes it to \($0)" } ?? "a later axis takes it out of the set-up",
        remedy: "Let one axis alone set it, or put the axis over \(axis.parameter.name) last"
      ).declared(at: axis.place)
    }
  }

  /// Combinations that give the same set-up: one of them would only repeat the other's runs.
  func repetitions(_ combinations: [(settings: [Setting], setup: Setup)]) -> [Mistake] {
    var known: [String: [Setting]] = [:]
    for (settings, setup) in combinations {
      guard let first = known.updateValue(settings, forKey: setup.description) else { continue }
      let pairs = zip(study.axes, zip(first, settings)).filter { $1.0 != $1.1 }
      let words = pairs.map { "\($0.parameter.name) = \($1.0) and \($1.1)" }.joined(separator: ", ")
      return [
        Mistake(
          at: "sweep", value: words, rule: "both give the same set-up",
          remedy: "Leave out the values that change nothing")
      ]
    }
    return []
  }

  /// Whether values are equal; numbers to rounding, because a custom parameter may be computed from others.
  private static func agree(_ a: Setting?, _ b: Setting?) -> Bool {
    guard let x = a?.number, let y = b?.number else { return a == b }
    return x == y || abs(x - y) <= 1e-9 * max(abs(x), abs(y))
  }
}
