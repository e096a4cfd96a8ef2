import Analysis
import Learning
import Studies

/// The mistakes of a figure's sliders, before training.
struct ExplorationCheck {
  private let figure: Figure
  private let exploration: Exploration
  private let draft: Draft
  private let place: String

  static func mistakes(_ figure: Figure, in draft: Draft, place: String) -> [Mistake] {
    guard let exploration = figure.exploration else { return [] }
    let check = ExplorationCheck(figure: figure, exploration: exploration, draft: draft, place: place)
    return check.parameters + check.seeds + check.play + check.printed + check.count
  }

  private func mistake(_ value: String, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(at: place, value: value, rule: rule, remedy: remedy)
  }

  private func axis(_ name: String) -> ParameterAxis? { draft.axes.first { $0.parameter.name == name } }

  // MARK: Rules

  private var parameters: [Mistake] {
    let shown = figure.plotParameters + figure.facetParameters
    return exploration.parameters.enumerated().flatMap { index, name -> [Mistake] in
      guard axis(name) != nil else {
        return [
          mistake(
            name, "a slider needs a parameter that the sweep varies",
            "Add Vary(…) for it, or leave it out of explore(…)")
        ]
      }
      if exploration.parameters[..<index].contains(name) {
        return [mistake(name, "it has two sliders", "Name it once in explore(…)")]
      }
      if figure.selection.contains(where: { $0.name == name }) {
        return [
          mistake(
            name, "where(…) has chosen one value, so that a slider has nothing to choose",
            "Leave where(…) or explore(…) out")
        ]
      }
      guard shown.contains(name) else { return [] }
      return [mistake(name, "the figure shows all its values by colour, facet or axis", "Leave it out of explore(…)")]
    }
  }

  private var seeds: [Mistake] {
    guard exploration.hasSeeds, draft.study.seedCount < 2,
      !draft.study.changes.contains(where: { $0.hasPrefix("seeds") })
    else { return [] }
    return [
      mistake(
        "one seed", "a slider for the seed needs several", "Add Seeds(…) to the sweep, or leave explore(seed:) out")
    ]
  }

  private var play: [Mistake] {
    guard let play = exploration.play else { return [] }
    var mistakes: [Mistake] = []
    if play.frames < 2 {
      mistakes.append(
        mistake("frames: \(play.frames)", "must be at least 2: the first and the last step", "Leave it out for 60"))
    }
    let plots = figure.plots + figure.insets.flatMap(\.figure.plots)
    if figure.drawing == nil, !plots.contains(where: \.isReplayed) {
      mistakes.append(
        mistake(
          "play(over: .step)", "none of its plots shows the parameters of runs, which change with the step",
          "Leave play(…) out, or play a DecisionBoundary, FittedCurves, HiddenFeatures, NetworkGraph, LossSurface or VectorField"
        ))
    }
    return mistakes
  }

  private var printed: [Mistake] {
    var mistakes = exploration.printed.flatMap { choice -> [Mistake] in
      guard exploration.parameters.contains(choice.name) else {
        return [
          mistake(
            choice.name, "printed(…) chooses among the values of a slider, and it has none", "Add it to explore(…)")
        ]
      }
      guard let axis = axis(choice.name), !draft.changed.contains(choice.name),
        !axis.values.contains(where: { $0.setting == choice.value })
      else { return [] }
      let values = axis.values.map(\.setting.description).joined(separator: ", ")
      return [
        mistake("\(axis.parameter.title) = \(choice.value)", "the sweep has no such value", "Choose one of \(values)")
      ]
    }
    if let seed = exploration.printedSeed {
      if !exploration.hasSeeds {
        mistakes.append(
          mistake("seed \(seed)", "printed(seed:) chooses among the seeds of a slider", "Add explore(seed: true)"))
      } else if !draft.study.seeds.contains(seed), !draft.study.changes.contains(where: { $0.hasPrefix("seeds") }) {
        mistakes.append(
          mistake("seed \(seed)", "the sweep has no such seed", "Choose one of \(SeedText.describe(draft.study.seeds))")
        )
      }
    }
    if let step = exploration.printedStep { mistakes += mistakesOf(step) }
    if exploration.parameters.isEmpty, !exploration.hasSeeds, exploration.play == nil {
      mistakes.append(mistake("printed", "the figure has no sliders", "Add explore(…) or play(over: .step)"))
    }
    return mistakes
  }

  private func mistakesOf(_ step: Int) -> [Mistake] {
    guard exploration.play != nil else {
      return [mistake("step \(step)", "printed(step:) chooses a step of a played figure", "Add play(over: .step)")]
    }
    let last = draft.combinations.map(\.setup.stop.steps).max() ?? 0
    guard !(0...max(0, last)).contains(step), !draft.changed.contains("steps") else { return [] }
    return [
      mistake(
        "step \(step)", "the runs have steps 0 to \(NumberText.grouped(last))", "Choose one of them")
    ]
  }

  /// The mistake of more frames than a page can hold.
  private var count: [Mistake] {
    let values = exploration.parameters.map { name in axis(name)?.values.count ?? 1 }
    let factors = values + [exploration.hasSeeds ? draft.study.seedCount : 1, max(1, exploration.play?.frames ?? 1)]
    // A product of large numbers must not overflow.
    let count = factors.reduce(1.0) { $0 * Double($1) }
    guard count > Double(Exploration.mostFrames) else { return [] }
    return [
      mistake(
        "\(NumberText.grouped(Int(min(count, 1e15)))) frames",
        "a figure has at most \(NumberText.grouped(Exploration.mostFrames)): the product of the values of its sliders",
        "Explore fewer parameters, choose values with where(…), or play fewer frames")
    ]
  }
}
