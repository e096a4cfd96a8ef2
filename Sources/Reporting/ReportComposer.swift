package import Analysis
package import Documents
package import Figures
import Learning
import Plotting
package import Studies

/// A computed report, ready for the writers.
package struct ComposedReport {
  package let document: Document
  package let verdicts: [Expect.Verdict]
  /// The loss thresholds of figures and claims.
  let thresholds: [Double]
  let results: Results
  let provenance: [Provenance]

  package var title: String { document.title }
  package var divergedCount: Int { results.divergedCount }
}

/// Computes a report from its cells and runs.
package struct ReportComposer {
  private let results: Results
  private let styles: SettingStyles
  /// Parameters that the command line may not set.
  private let fixed: Set<String>
  private var document: Document
  private var verdicts: [Expect.Verdict] = []
  private var thresholds: [Double] = []
  /// For each cell that read the test part, the settings that it read it of.
  private var testUses: [Set<[Setting]>] = []

  private init(_ title: String, results: Results, fixed: Set<String> = []) {
    self.results = results
    self.fixed = fixed
    styles = SettingStyles(plan: results.plan)
    document = Document(title: title, nodes: [.heading(level: 1, [.text(title)])])
  }

  /// - Parameters:
  ///   - fixed: parameters that the command line may not set.
  ///   - eachPart: takes the nodes of every part as soon as they are composed: the head, each cell, the foot;
  ///     with the foot the runs that the figures show one by one.
  /// - Throws: what a cell or `eachPart` throws; the parts before it were handed over.
  package static func compose(
    _ cells: [Cell], results: Results, provenance: [Provenance], fixed: Set<String> = [],
    eachPart: ([Document.Node], Document.Runs) throws -> Void = { _, _ in }
  ) throws -> ComposedReport {
    var composer = ReportComposer(results.plan.title, results: results, fixed: fixed)
    try composer.addSummary()
    try eachPart(composer.document.nodes, Document.Runs())
    for cell in cells {
      let start = composer.document.nodes.count
      let use = try results.testUse.during { try composer.add(cell) }
      if !use.settings.isEmpty { composer.testUses.append(use.settings) }
      try eachPart(Array(composer.document.nodes[start...]), Document.Runs())
    }
    let start = composer.document.nodes.count
    if let use = composer.testSentence { composer.document.nodes.append(use) }
    if let points = PointsTable.node(composer.verdicts) { composer.document.nodes.append(points) }
    composer.addProvenance(provenance)
    composer.document.runs = try RunCards(results, fixed: fixed).runs(of: composer.document.figures)
    try eachPart(Array(composer.document.nodes[start...]), composer.document.runs)
    return composer.report(provenance)
  }

  /// A separate report with comparisons of settings of one or several experiments, one for each task.
  package static func comparison(
    _ compared: [SeedComparison], title: String, results: Results
  ) throws -> ComposedReport {
    var composer = ReportComposer(title, results: results)
    for one in compared { try composer.add(one) }
    composer.thresholds = compared.compactMap(\.metric.threshold)
    return composer.report([])
  }

  private func report(_ provenance: [Provenance]) -> ComposedReport {
    ComposedReport(
      document: document, verdicts: verdicts, thresholds: Array(Set(thresholds)).sorted(), results: results,
      provenance: provenance)
  }

  // MARK: Head and foot

  /// Adds the number of runs, the swept parameters and the changes of the command line.
  private mutating func addSummary() throws {
    let plan = results.plan
    let axes = plan.axes.filter { $0.values.count > 1 }.map { "\($0.parameter.shortTitle) × \($0.values.count)" }
    let seeds = plan.seeds.count > 1 ? ["seeds × \(plan.seeds.count)"] : []
    let grid = (axes + seeds).isEmpty ? "" : "  ·  \((axes + seeds).joined(separator: ", "))"
    let line: [Inline] = [.code(plan.name), .text("  ·  \(NumberText.count(results.count, "run"))\(grid)")]
    document.nodes.append(.paragraph(line, .detail))
    if let rule = plan.seedRule { document.nodes.append(.paragraph([.text(try rule.sentence(results))], .detail)) }
    let data = try results.preparationWords()
    if !data.isEmpty { document.nodes.append(.paragraph([.text(data)], .detail)) }
    if !plan.changes.isEmpty {
      // The notes describe the unchanged declaration.
      let changes = "Changed on the command line: \(plan.changes.joined(separator: "; "))."
      document.nodes.append(.paragraph([.text(changes)], .notice))
    }
    document.nodes.append(.rule)
  }

  /// How often the report used the test part.
  private var testSentence: Document.Node? {
    guard !testUses.isEmpty else { return nil }
    let settings = testUses.reduce(into: Set<[Setting]>()) { $0.formUnion($1) }.count
    let cells = NumberText.count(testUses.count, "part")
    let once = "The test part is used in \(cells) of this report, for \(NumberText.count(settings, "setting"))."
    if settings == 1 { return .paragraph([.text(once)], .detail) }
    let warning =
      " A setting that is chosen from them is chosen by the test data: its score is then too good as an estimate for new data."
    return .paragraph([.text(once + warning)], .notice)
  }

  private mutating func addProvenance(_ all: [Provenance]) {
    let more = all.count > 4 ? " Older records not listed: \(all.count - 4)." : ""
    let text = all.prefix(4).map(\.sentence).joined(separator: " ") + more
    document.nodes += [.rule, .provenance([.text(text)])]
  }

  // MARK: Cells

  private mutating func add(_ cell: Cell) throws {
    switch cell {
    case .note(let note): document.nodes += Markdown.nodes(try note.text(results))
    case .figure(let figure): try add(figure)
    case .table(let table): document.nodes.append(.table(try table.content(results)))
    case .expect(let expect): try add(expect)
    case .comparison(let comparison): try add(comparison)
    }
  }

  private mutating func add(_ figure: Figure) throws {
    thresholds += figure.plots.flatMap(\.thresholds)
    if let removed = results.removed(figure.selection) {
      return leaveOut("Figure “\(figure.title)”", removed)
    }
    var built = try FigureBuilder(results: results, styles: styles).build(figure)
    if case .live(let live) = built.form, case .path = live.drawing, fixed.contains("start") {
      // Every command of the figure would set it.
      built.form = .still
    } else if case .live(var live) = built.form {
      // The command of the figure names nothing that the command line refuses.
      live.controls.removeAll { fixed.contains($0.name) }
      live.settings.removeAll { fixed.contains($0[0]) }
      live.settings = live.settings.map { $0.map(results.plan.published) }
      built.form = .live(live)
    }
    add(figure.title, built.grid, built.caption, built.form)
  }

  private mutating func add(
    _ title: String, _ charts: ChartGrid, _ caption: String, _ form: Document.Figure.Form = .still
  ) {
    document.nodes.append(
      .figure(
        Document.Figure(
          number: document.figures.count + 1, title: title, charts: charts, caption: Markdown.inlines(caption),
          form: form)))
  }

  private mutating func leaveOut(_ what: String, _ removed: String) {
    let text = "\(what) left out: the command line removed \(removed) from the sweep."
    document.nodes.append(.paragraph([.emphasis([.text(text)])]))
  }

  private mutating func add(_ expect: Expect) throws {
    thresholds += expect.thresholds
    let verdict = try expect.verdict(on: results)
    verdicts.append(verdict)
    document.nodes.append(.verdict(verdict.node))
  }

  private mutating func add(_ comparison: Comparison) throws {
    thresholds += [comparison.metric.threshold].compactMap { $0 }
    if let removed = results.removed(comparison.selection) { return leaveOut("Comparison", removed) }
    let chosen = results.chosen(comparison.selection)
    let compared = try SeedComparison.byTask(
      SeedComparison.settings(of: chosen, by: comparison.parameter), by: comparison.metric,
      selection: results.described(comparison.selection), compared: comparison.parameter.map { [$0] })
    let looks = comparison.parameter.map { name in chosen.groups(named: name).map { styles.style(name, $0.value) } }
    for one in compared { try add(one, styles: looks?.count == one.entries.count ? looks : nil) }
  }

  private mutating func add(_ compared: SeedComparison, styles: [SettingStyle]? = nil) throws {
    let remarks = compared.remarks.map { Inline.text(" \($0)") }
    document.nodes += [.paragraph([.strong([.text(compared.sentence)])] + remarks), .table(compared.table)]
    if compared.entries.count <= SeedComparison.mostInFigure {
      add(compared.figureTitle, try compared.grid(styles: styles), compared.caption)
    }
    if let pairs = compared.pairTable { document.nodes.append(.table(pairs)) }
  }
}

extension Expect.Verdict {
  /// The verdict as a node; claim and evidence are plain texts, not Markdown.
  fileprivate var node: Document.Verdict {
    let outcome: Document.Verdict.Outcome =
      switch outcome {
      case .passed: .passed
      case .failed: .failed
      case .untested: .untested
      }
    let title = mark.title(self.outcome).map { [Inline.strong([.text($0)]), .text(": ")] } ?? []
    return Document.Verdict(
      outcome, word: self.outcome.word, claim: title + [.text(claim)], evidence: [.text(evidence)])
  }
}
