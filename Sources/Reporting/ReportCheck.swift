import Learning
public import Studies

/// The rules a report has to keep, checked before anything is trained.
public enum ReportCheck {
  public static func check(_ report: [Cell], plan: Plan) throws {
    var mistakes: [Mistake] = []
    for cell in report {
      switch cell {
      case .figure(let figure): mistakes += check(figure, plan)
      case .comparison(let comparison):
        if let parameter = comparison.parameter { mistakes += known(parameter, "comparison", plan) }
        for (name, _) in comparison.selection { mistakes += known(name, "comparison", plan) }
        if let parameter = comparison.parameter {
          mistakes += free("comparison of \(parameter)", bound: [parameter] + comparison.selection.map(\.name), plan)
        }
      case .note, .table, .expect: break
      }
    }
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
  }

  private static func check(_ figure: Figure, _ plan: Plan) -> [Mistake] {
    let place = "figure “\(figure.title)”"
    var mistakes: [Mistake] = []
    var shown = figure.plots.flatMap { $0.shownParameters + ($0.colorParameter.map { [$0] } ?? []) }
    shown += [figure.columnParameter, figure.rowParameter].compactMap(\.self)
    for name in Set(shown).sorted() { mistakes += known(name, place, plan) }
    for (name, value) in figure.selection {
      mistakes += known(name, place, plan)
      if let axis = plan.axes.first(where: { $0.parameter.name == name }),
        !axis.values.contains(where: { $0.setting == value })
      {
        mistakes.append(
          Mistake(
            at: place, value: "\(axis.parameter.title) = \(value)", rule: "the sweep has no such value",
            remedy: "Choose one of \(axis.values.map(\.setting.description).joined(separator: ", "))"))
      }
    }
    guard figure.drawing == nil else { return mistakes }
    let isFree = !figure.plots.contains(where: \.showsEveryParameter)
    if isFree { mistakes += free(place, bound: shown + figure.selection.map(\.name) + figure.pooled, plan) }
    for quantity in Set(figure.plots.flatMap(\.quantities)) where ![.loss, .gradientNorm].contains(quantity) {
      if plan.cells.contains(where: { !$0.setup.record.quantities.contains(quantity) }) {
        mistakes.append(
          Mistake(
            at: place, value: quantity.name, rule: "the set-up does not record it",
            remedy: "Add it to record: .also(.…, every: 10)"))
      }
    }
    return mistakes
  }

  /// Swept parameters that a cell would mix. Those that only the command line varies get facets of their own.
  private static func free(_ place: String, bound: [String], _ plan: Plan) -> [Mistake] {
    plan.axes.filter { axis in
      axis.values.count > 1 && !bound.contains(axis.parameter.name) && !plan.added.contains(axis.parameter.name)
    }.map { axis in
      Mistake(
        at: place, value: axis.parameter.name,
        rule: "a swept parameter is left free, so that different settings would be mixed",
        remedy: "Use it as colour, facet or axis, choose a value with where, or say pooling(…) if the mix is meant")
    }
  }

  private static func known(_ name: String, _ place: String, _ plan: Plan) -> [Mistake] {
    if plan.axes.contains(where: { $0.parameter.name == name }) { return [] }
    if StandardParameters.all.contains(where: { $0.name == name }) { return [] }
    return [
      Mistake(
        at: place, value: name, rule: "the sweep has no such parameter",
        remedy: "The sweep varies \(plan.axes.map(\.parameter.name).joined(separator: ", "))")
    ]
  }
}
