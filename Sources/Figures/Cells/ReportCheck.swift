package import Analysis
package import Learning
import Plotting
package import Studies

/// The checks of a report for every combination of the sweep, before training.
package struct ReportCheck {
  private let draft: Draft

  /// All mistakes of a report.
  package static func mistakes(_ report: [Cell], in draft: Draft) -> [Mistake] {
    let check = ReportCheck(draft: draft)
    let found = report.flatMap { cell in check.mistakes(cell).map { $0.declared(at: cell.place) } }
    return (check.ruleMistakes() + found + MarkCheck.mistakes(report)).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
  }

  /// The mistakes of a comparison by a metric that the runs of a plan do not know, or that has no better and worse.
  package static func mistakes(_ metric: Metric, in plan: Plan) throws -> [Mistake] {
    try plan.combinations.indices.flatMap { index in
      let data = try plan.dataset(of: plan.run(index * plan.seeds.count))
      let task = PlotTask(setup: plan.combinations[index].setup, data: data, place: plan.name)
      return task.needs(metric) + task.comparable(metric)
    }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The mistakes of a rule that adds seeds, if there is one: runs must know its metric.
  private func ruleMistakes() -> [Mistake] {
    guard let rule = draft.study.seedRule else { return [] }
    return tasks([], "Seeds(untilDecided:between:atMost:)").flatMap {
      $0.needs(rule.comparedMetric) + $0.comparable(rule.comparedMetric)
    }
  }

  private func mistakes(_ cell: Cell) -> [Mistake] {
    switch cell {
    case .note: []
    case .figure(let figure): mistakes(figure)
    case .table(let table): mistakes(table)
    case .expect(let expect): mistakes(expect)
    case .comparison(let comparison): mistakes(comparison)
    }
  }

  // MARK: Cells

  private func mistakes(_ figure: Figure) -> [Mistake] {
    let place = "figure “\(figure.title)”"
    let axes = figure.plots.flatMap(\.shownParameters)
    let shown = figure.plotParameters + figure.facetParameters
    var mistakes = Set(shown).sorted().flatMap { known($0, place) } + chosen(figure.selection, place)
    mistakes += Set(axes).sorted().flatMap { swept($0, place) }
    for (axis, kind, range) in [("x", figure.xKind, figure.xDomain), ("y", figure.yKind, figure.yDomain)] {
      guard kind == .log, let range, !(range.lowerBound > 0) else { continue }
      mistakes.append(
        Mistake(
          at: place, value: "\(axis) from \(NumberText.short(range.lowerBound))",
          rule: "a logarithmic axis holds positive numbers", remedy: "Begin the range above 0"))
    }
    mistakes += ExplorationCheck.mistakes(figure, in: draft, place: place)
    mistakes += LiveCheck.mistakes(figure, of: tasks(figure.selection, place), in: draft, place: place)
    guard figure.drawing == nil else { return mistakes }
    if !figure.plots.contains(where: \.showsEveryParameter) {
      let explored = figure.exploration?.parameters ?? []
      mistakes += free(place, bound: shown + figure.selection.map(\.name) + figure.pooled + explored)
    }
    for task in tasks(figure.selection, place) {
      for plot in figure.plots + figure.insets.flatMap(\.figure.plots) {
        mistakes += plot.quantities.flatMap(task.needs) + plot.metrics.flatMap(task.needs) + plot.mistakes(task)
      }
    }
    return mistakes
  }

  private func mistakes(_ table: ReportTable) -> [Mistake] {
    let place = "table\(table.request.map { " “\($0.caption)”" } ?? "")"
    let bound = table.selection.map(\.name) + (table.best.map { [$0.parameter.name] } ?? [])
    let found = chosen(table.selection, place) + bestMistakes(table, place)
    switch table.request?.needs {
    case nil: return found
    case .census: return found + oneLandscape(table.selection, place)
    case .classes(let part):
      return found + free(place, bound: bound)
        + tasks(table.selection, place).flatMap { $0.needs(.score(.accuracy, on: part)) }
    case .metrics(let metrics, let parameter, let baseline):
      var mistakes = found + free(place, bound: bound + (parameter.map { [$0] } ?? []))
      if let parameter { mistakes += known(parameter, place) }
      for task in tasks(table.selection, place) {
        mistakes += metrics.flatMap(task.needs)
        if baseline { mistakes += metrics.flatMap { task.hasBaseline($0.hasBaseline, $0.title) } }
      }
      return mistakes
    }
  }

  /// The mistakes of a value that a table chooses by a metric.
  private func bestMistakes(_ table: ReportTable, _ place: String) -> [Mistake] {
    guard let best = table.best else { return [] }
    return known(best.parameter.name, place)
      + tasks(table.selection, place).flatMap { $0.needs(best.metric) + $0.comparable(best.metric) }
  }

  private func mistakes(_ expect: Expect) -> [Mistake] {
    guard let statement = expect.statement else { return [] }
    let place = expect.words
    var mistakes = chosen(statement.selection, place)
    if statement.needsCensus { mistakes += oneLandscape(statement.selection, place) }
    for task in tasks(statement.selection, place) { mistakes += statement.metrics.flatMap(task.needs) }
    return mistakes
  }

  private func mistakes(_ comparison: Comparison) -> [Mistake] {
    let place = "comparison\(comparison.parameter.map { " of \($0)" } ?? "")"
    var mistakes = comparison.parameter.map { known($0, place) } ?? []
    mistakes += chosen(comparison.selection, place)
    if let parameter = comparison.parameter {
      mistakes += free(place, bound: [parameter] + comparison.selection.map(\.name))
    }
    for task in tasks(comparison.selection, place) {
      mistakes += task.needs(comparison.metric) + task.comparable(comparison.metric)
    }
    return mistakes
  }

  // MARK: Rules

  /// The set-ups that have all values of a selection.
  private func tasks(_ selection: [Selection], _ place: String) -> [PlotTask] {
    draft.combinations.filter { settings, setup in
      selection.allSatisfy { setting($0.name, settings, setup) == $0.value }
    }.map { PlotTask(setup: $0.setup, data: draft.dataset($0.setup), place: place) }
  }

  private func setting(_ name: String, _ settings: [Setting], _ setup: Setup) -> Setting? {
    if let index = draft.axes.firstIndex(where: { $0.parameter.name == name }), settings.indices.contains(index) {
      return settings[index]
    }
    return StandardParameters.all.first { $0.name == name }?.setting(setup)
  }

  /// The mistakes of selected values that the sweep does not have. A value that the command line removed is not a mistake:
  /// a claim about it is untested, and a figure is left out.
  private func chosen(_ selection: [Selection], _ place: String) -> [Mistake] {
    selection.flatMap { choice -> [Mistake] in
      let unknown = known(choice.name, place)
      guard unknown.isEmpty, !draft.changed.contains(choice.name) else { return unknown }
      let found = draft.combinations.compactMap { setting(choice.name, $0.settings, $0.setup) }
      guard !found.contains(choice.value) else { return [] }
      let axis = draft.axes.first { $0.parameter.name == choice.name }
      let values = axis?.values.map(\.setting.description) ?? Array(Set(found.map(\.description))).sorted()
      let title = (axis?.parameter ?? StandardParameters.all.first { $0.name == choice.name })?.title ?? choice.name
      return [
        Mistake(
          at: place, value: "\(title) = \(choice.value)", rule: "the sweep has no such value",
          remedy: "Choose one of \(values.joined(separator: ", "))")
      ]
    }
  }

  /// The mistakes of a census over several settings or data sets: minima are counted on one loss function.
  private func oneLandscape(_ selection: [Selection], _ place: String) -> [Mistake] {
    let variesWithSeed = tasks(selection, place).contains { $0.setup.data?.variesWithSeed ?? false }
    let perSeed = Mistake(
      at: place, value: "data or parts drawn by each seed",
      rule: "minima are counted on one landscape, and each data set has its own",
      remedy: "Leave drawnPerSeed() and .perSeed out")
    let penalty = tasks(selection, place).map(\.setup.optimizer.l1Penalty).first { $0 > 0 }.map { penalty in
      Mistake(
        at: place, value: "l1-penalty \(NumberText.short(penalty))",
        rule: "end points are classified by second derivatives; an L1 penalty has none where a parameter is 0",
        remedy: "Leave the penalty out, or use weight decay")
    }
    return free(place, bound: selection.map(\.name)) + (variesWithSeed && draft.study.seedCount > 1 ? [perSeed] : [])
      + (penalty.map { [$0] } ?? [])
  }

  /// The mistakes of swept parameters that a cell would mix. Those that only the command line varies get facets.
  private func free(_ place: String, bound: [String]) -> [Mistake] {
    draft.axes.filter { axis in
      axis.values.count > 1 && !bound.contains(axis.parameter.name) && !draft.added.contains(axis.parameter.name)
    }.map { axis in
      Mistake(
        at: place, value: axis.parameter.name,
        rule: "a swept parameter is left free, so that runs of different settings would be mixed",
        remedy: "Use it as colour, facet or axis, choose a value with where(…), or add pooling(…) to combine all values"
      )
    }
  }

  /// The mistake of a plot over a parameter that the sweep does not vary.
  private func swept(_ name: String, _ place: String) -> [Mistake] {
    if draft.axes.contains(where: { $0.parameter.name == name }) || !known(name, place).isEmpty { return [] }
    return [
      Mistake(
        at: place, value: name, rule: "it is drawn over a parameter that the sweep does not vary",
        remedy: "Add Vary(…) for it to the sweep")
    ]
  }

  private func known(_ name: String, _ place: String) -> [Mistake] {
    if draft.axes.contains(where: { $0.parameter.name == name }) { return [] }
    if StandardParameters.all.contains(where: { $0.name == name }) { return [] }
    return [
      Mistake(
        at: place, value: name, rule: "the sweep has no such parameter",
        remedy: "The sweep varies \(draft.axes.map(\.parameter.name).joined(separator: ", "))")
    ]
  }
}
