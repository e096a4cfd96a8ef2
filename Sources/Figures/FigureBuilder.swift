package import Analysis
package import Documents
import Learning
package import Plotting
import Studies

/// Builds the charts and the caption of a figure from its declaration and the runs.
package struct FigureBuilder {
  private let results: Results
  private let styles: SettingStyles

  package struct Built {
    /// The charts of printed pages.
    package var grid: ChartGrid
    package var caption: String
    /// What a reader can explore in a browser.
    package var form = Document.Figure.Form.still
  }

  package init(results: Results, styles: SettingStyles) {
    self.results = results
    self.styles = styles
  }

  package func build(_ figure: Figure) throws -> Built {
    let chosen = results.chosen(figure.selection)
    guard let frames = FigureFrames(figure, chosen) else {
      var built = try build(figure, of: chosen)
      if !figure.liveControls.isEmpty, built.grid.charts.first?.count == 1,
        let live = try LiveRuns(figure, chosen, built.grid.charts[0][0])?.form()
      {
        built.form = live
        built.grid.charts[0][0].isLive = true
      }
      return built
    }
    return try frames.built { try build($0, of: $1, frames: $2) }
  }

  /// One picture of some runs.
  /// - Parameter frames: the runs of all frames of the figure, where the picture is one of them.
  private func build(_ figure: Figure, of chosen: Results, frames: [Results] = []) throws -> Built {
    if let drawing = figure.drawing {
      return Built(grid: try drawing(chosen), caption: try caption(figure, chosen, []))
    }
    let figure = withFacetsForAddedParameters(figure)
    let rows = facets(figure.rowParameter, chosen)
    var charts: [[Chart]] = []
    var said = Said()
    for (rowLabel, rowResults) in rows {
      var row: [Chart] = []
      for (columnLabel, panelResults) in facets(figure.columnParameter, rowResults) {
        let title = [rowLabel, columnLabel].filter { !$0.isEmpty }.joined(separator: ", ")
        row.append(try panel(figure, panelResults, title: title, whole: chosen, frames, said: &said))
      }
      charts.append(row)
    }
    if figure.rowParameter == nil, let only = charts.first { charts = Self.wrapped(only) }
    let (legendTitle, settings) = legend(figure, chosen)
    let isBar = said.colors == nil && settings.count > SettingStyles.mostInLegend && isNumeric(figure, chosen)
    let isSingle = charts.count == 1 && charts.first?.count == 1
    let columns = charts.map(\.count).max() ?? 1
    let grid = ChartGrid(
      charts, legendTitle: isBar ? "" : legendTitle, legend: (isBar ? [] : settings) + said.legend,
      colorScale: isBar ? .settings(legendTitle, settings.map { ($0.label, $0.color) }) : said.colors,
      sharesAxes: !figure.hasOwnAxes, aspect: said.aspect ?? (isSingle ? 2.2 : columns >= 3 ? 1.0 : 1.35))
    if grid.hasCoincidingLines { said.remarks.append("Where lines coincide, the lower ones are drawn wider.") }
    return Built(grid: grid, caption: try caption(figure, chosen, said.remarks))
  }

  /// Whether the values that a legend would name are numbers: a bar of colours can hold them in order.
  private func isNumeric(_ figure: Figure, _ results: Results) -> Bool {
    figure.legendParameter.map { results.groups(named: $0).allSatisfy { $0.value.number != nil } } ?? false
  }

  /// What the panels' plots have to say to the figure as a whole, each thing once.
  private struct Said {
    var remarks: [String] = []
    var legend: [LegendEntry] = []
    var colors: ColorScale?
    var aspect: Double?

    mutating func hear(_ content: PlotContent) {
      for remark in content.remarks where !remarks.contains(remark) { remarks.append(remark) }
      for entry in content.legend where !legend.contains(entry) { legend.append(entry) }
      colors = colors ?? content.colors
      aspect = aspect ?? content.aspect
    }
  }

  /// The figure with facets for parameters that only the command line varies. Where it already has facets, they are pooled.
  private func withFacetsForAddedParameters(_ figure: Figure) -> Figure {
    var figure = figure
    for name in results.plan.added.sorted() where !figure.plotParameters.contains(name) {
      if figure.columnParameter == nil {
        figure.columnParameter = name
      } else if figure.rowParameter == nil {
        figure.rowParameter = name
      }
    }
    return figure
  }

  /// The facets of one parameter in rows of two to four.
  static func wrapped(_ charts: [Chart]) -> [[Chart]] {
    let perRow = [1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 9: 3][charts.count] ?? 4
    return stride(from: 0, to: charts.count, by: perRow).map { Array(charts[$0..<min($0 + perRow, charts.count)]) }
  }

  private func facets(_ parameter: String?, _ results: Results) -> [(label: String, results: Results)] {
    guard let parameter else { return [("", results)] }
    let label = results.plan.axes.first { $0.parameter.name == parameter }?.parameter
    return results.groups(named: parameter).map { value, part in
      let name = label.map { $0.isNamed ? "" : "\($0.shortTitle) = " } ?? ""
      return ("\(name)\(value.title)", part)
    }
  }

  private func panel(
    _ figure: Figure, _ results: Results, title: String, whole: Results, _ frames: [Results], said: inout Said
  ) throws -> Chart {
    let look = PlotLook(
      styles: style(figure), figure: whole, xKind: figure.xKind, yKind: figure.yKind,
      hasXRange: figure.xDomain != nil, hasYRange: figure.yDomain != nil, hasOwnAxes: figure.hasOwnAxes,
      frames: frames)
    let contents = try figure.plots.map { try $0.draw(results, look) }
    guard var x = contents.first?.x, var y = contents.first?.y else {
      return Chart(title: title, x: AxisStyle(""), y: AxisStyle(""), marks: [])
    }
    if let domain = figure.xDomain { x.domain = domain }
    if let domain = figure.yDomain { y.domain = domain }
    let titles = contents.map(\.y.title).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    y.title = titles.joined(separator: ", ")
    for content in contents { said.hear(content) }
    let marks = contents.flatMap(\.marks)
    let insets = try figure.insets.map { inset in
      var chart = try panel(inset.figure, results, title: "", whole: whole, frames, said: &said)
      // An inset has no room for axis titles; the caption says what it shows.
      (chart.x.title, chart.y.title) = ("", "")
      chart.traces = []
      return Inset(chart, at: inset.place)
    }
    var chart = Chart(
      title: title, x: x, y: y, marks: marks, hasAxes: contents.contains(where: \.hasAxes), insets: insets)
    chart.traces = contents.flatMap(\.traces)
    return chart
  }

  /// The looks of a figure's settings: without dashes where those mean something else in it.
  private func style(_ figure: Figure) -> @Sendable (String, Setting) -> SettingStyle {
    let hasDashes = figure.plots.contains(where: \.usesDashes)
    return { [styles] parameter, setting in
      var style = styles.style(parameter, setting)
      if hasDashes { style.dash = [] }
      return style
    }
  }

  private func legend(_ figure: Figure, _ results: Results) -> (String, [LegendEntry]) {
    guard let parameter = figure.legendParameter else { return ("", []) }
    let groups = results.groups(named: parameter)
    let label = results.plan.axes.first { $0.parameter.name == parameter }?.parameter
    let hasMarkers = figure.plots.contains(where: \.usesMarkers)
    guard groups.count > 1 else { return ("", []) }
    let look = style(figure)
    let entries = groups.map { value, _ in
      let style = look(parameter, value)
      return LegendEntry(
        value.title, style.color, dash: style.dash, marker: hasMarkers ? style.marker : nil, hasLine: true)
    }
    return (label?.label ?? parameter, entries)
  }

  private func caption(_ figure: Figure, _ results: Results, _ remarks: [String]) throws -> String {
    var sentences = figure.remark.isEmpty ? [] : [figure.remark]
    sentences += remarks
    sentences.append(FigureScope(figure, results).sentence)
    sentences.append(
      try results.evidence(of: figure.plots.flatMap { $0.quantities + $0.metrics.compactMap(\.heldOutQuantity) }))
    if results.divergedCount > 0 {
      let count = results.divergedCount == 1 ? "it counts" : "they count"
      let share = "\(NumberText.grouped(results.divergedCount)) of \(NumberText.count(results.count, "run")) diverged"
      sentences.append("\(share)\(divergedGroups(figure, results)); \(count) as infinite.")
    }
    return sentences.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// " (η = 1: 3 of 32, η = 3: 32 of 32)": which of the settings that colours tell apart diverge, where they are few.
  private func divergedGroups(_ figure: Figure, _ results: Results) -> String {
    guard let parameter = figure.plots.lazy.compactMap(\.colorParameter).first,
      let axis = results.plan.axes.first(where: { $0.parameter.name == parameter })
    else { return "" }
    let groups = results.groups(named: parameter)
    let parts = groups.filter { $0.results.divergedCount > 0 }.map { value, runs in
      let name = axis.parameter.isNamed ? value.title : "\(axis.parameter.shortTitle) = \(value.title)"
      return "\(name): \(runs.divergedCount) of \(runs.count)"
    }
    return groups.count > 1 && parts.count <= 4 ? " (\(parts.joined(separator: ", ")))" : ""
  }
}

extension AnyParameter {
  /// Whether values are names that need no symbol: data sets, activations, variants.
  var isNamed: Bool { symbol.isEmpty }
}
