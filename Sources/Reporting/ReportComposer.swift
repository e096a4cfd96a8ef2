import Foundation
import Learning
import Plotting
public import Studies

/// A report with everything computed, ready to be set on pages or written as Markdown.
public struct ComposedReport {
  struct FigureFile {
    let name: String
    let block: FigureBlock
  }

  let title: String
  package let blocks: [any Block]
  package let markdown: String
  let figures: [FigureFile]
  /// Thresholds on the loss that figures and expectations use.
  let thresholds: [Double]
  public let verdicts: [Expect.Verdict]
  let results: Results
  let provenance: [Provenance]
  public var divergedCount: Int { results.divergedCount }
}

/// Turns cells and runs into a report.
public struct ReportComposer {
  private let results: Results
  private let styles: SettingStyles
  private var blocks: [any Block] = []
  private var markdown: [String] = []
  private var figures: [ComposedReport.FigureFile] = []
  private var verdicts: [Expect.Verdict] = []
  private var thresholds: [Double] = []

  private init(results: Results) {
    self.results = results
    styles = SettingStyles(plan: results.plan)
  }

  public static func compose(
    _ cells: [Cell], results: Results, provenance: [Provenance]
  ) throws -> ComposedReport {
    var composer = ReportComposer(results: results)
    let title = results.plan.title
    composer.addTitle(title)
    for cell in cells { try composer.add(cell) }
    composer.addProvenance(provenance)
    return ComposedReport(
      title: title, blocks: composer.blocks, markdown: composer.markdown.joined(separator: "\n\n") + "\n",
      figures: composer.figures, thresholds: Array(Set(composer.thresholds)).sorted(), verdicts: composer.verdicts,
      results: results, provenance: provenance)
  }

  /// The title, what was varied, and what the command line has changed.
  private mutating func addTitle(_ title: String) {
    var changeNote = ""
    blocks.append(
      TextBlock(spans: [Text.Span(title, .bold)], size: 17, spaceAbove: 0, keepsWithNext: true))
    let runs = "\(NumberText.grouped(results.count)) runs"
    let axes = results.plan.axes.filter { $0.values.count > 1 }.map {
      "\($0.parameter.shortTitle) × \($0.values.count)"
    }
    let seeds = results.plan.seeds.count > 1 ? ["seeds × \(results.plan.seeds.count)"] : []
    let line =
      "\(results.plan.name)  ·  \(runs)"
      + ((axes + seeds).isEmpty ? "" : "  ·  \((axes + seeds).joined(separator: ", "))")
    blocks.append(TextBlock(spans: [Text.Span(line)], size: 8.5, color: .gray, spaceAbove: 2))
    if !results.plan.changes.isEmpty {
      // The notes are the author's and speak of the declaration as it stands in the source.
      let changes = "Changed on the command line: \(results.plan.changes.joined(separator: "; "))."
      blocks.append(TextBlock(spans: [Text.Span(changes, .bold)], size: 8.5, color: .fail, spaceAbove: 2))
      changeNote = changes
    }
    blocks.append(RuleBlock())
    markdown.append("# \(title)")
    markdown.append("`\(results.plan.name)` · \(runs)")
    if !changeNote.isEmpty { markdown.append("**\(changeNote)**") }
  }

  private mutating func add(_ cell: Cell) throws {
    switch cell {
    case .note(let note): addNote(try note.text(results))
    case .figure(let figure):
      thresholds += figure.plots.flatMap(\.thresholds)
      if let removed = results.removed(figure.selection) {
        addNote("*Figure “\(figure.title)” left out: the command line has taken \(removed) out of the sweep.*")
        return
      }
      let built = try FigureBuilder(results: results, styles: styles).build(figure)
      addFigure(figure.title, built.grid, built.caption)
    case .table(let table):
      let content = try table.content(results)
      addTable(content.caption, content.columns, content.rows)
    case .expect(let expect):
      thresholds += expect.thresholds
      addVerdict(try expect.judge(results))
    case .comparison(let comparison): try addComparison(comparison)
    }
  }

  private mutating func addNote(_ text: String) {
    markdown.append(text)
    for block in Markdown.blocks(text) {
      switch block {
      case .heading(let level, let spans):
        let size: Double = level == 1 ? 14 : level == 2 ? 12 : level == 3 ? 10.5 : 9.5
        blocks.append(
          TextBlock(
            spans: spans.map { Text.Span($0.string, $0.style.union(.bold)) }, size: size,
            spaceAbove: level < 3 ? 16 : 12,
            keepsWithNext: true))
      case .paragraph(let spans): blocks.append(TextBlock(spans: spans))
      case .item(let marker, let depth, let spans):
        blocks.append(
          TextBlock(spans: spans, indent: 16 + 14 * Double(depth), marker: marker, spaceAbove: 3.5))
      case .code(let source): blocks.append(CodeBlock(source: source))
      case .table(let header, let rows): blocks.append(TableBlock(caption: "", columns: header, rows: rows))
      case .rule: blocks.append(RuleBlock())
      }
    }
  }

  private mutating func addFigure(_ title: String, _ grid: ChartGrid, _ caption: String) {
    let number = figures.count + 1
    let block = FigureBlock(number: number, title: title, grid: grid, caption: Markdown.spans(caption))
    let name = Self.figureName(number, title)
    figures.append(.init(name: name, block: block))
    blocks.append(block)
    markdown.append("**Figure \(number). \(title)**\n\n![\(title)](figures/\(name).png)\n\n\(caption)")
  }

  /// The name of a figure's file, without its extension.
  static func figureName(_ number: Int, _ title: String) -> String {
    "\(number < 10 ? "0" : "")\(number)-\(fileName(title))"
  }

  /// Letters and digits of a title, hyphenated.
  private static func fileName(_ title: String) -> String {
    let words = title.lowercased().split { !($0.isLetter || $0.isNumber) || !$0.isASCII }
    return words.isEmpty ? "figure" : words.prefix(8).joined(separator: "-")
  }

  private mutating func addTable(_ caption: String, _ columns: [String], _ rows: [[String]]) {
    blocks.append(TableBlock(caption: caption, columns: columns, rows: rows))
    let lines =
      [Self.markdownRow(columns), "|\(columns.map { _ in "---" }.joined(separator: "|"))|"] + rows.map(Self.markdownRow)
    markdown.append((caption.isEmpty ? "" : "**\(caption)**\n\n") + lines.joined(separator: "\n"))
  }

  /// A bar within a cell would end it.
  private static func markdownRow(_ cells: [String]) -> String {
    "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
  }

  private mutating func addVerdict(_ verdict: Expect.Verdict) {
    verdicts.append(verdict)
    blocks.append(VerdictBlock(verdict: verdict))
    markdown.append("> **\(verdict.outcome.word)** \(verdict.claim). *\(verdict.evidence)*")
  }

  private mutating func addComparison(_ comparison: Comparison) throws {
    thresholds.append(comparison.threshold)
    if let removed = results.removed(comparison.selection) {
      addNote("*Comparison left out: the command line has taken \(removed) out of the sweep.*")
      return
    }
    let chosen = results.chosen(comparison.selection)
    let compared = try SeedComparison.byTask(
      SeedComparison.settings(of: chosen, by: comparison.parameter),
      selection: results.described(comparison.selection), threshold: comparison.threshold,
      compared: comparison.parameter.map { [$0] })
    let looks = comparison.parameter.map { name in chosen.groups(named: name).map { styles.style(name, $0.value) } }
    for one in compared { try addComparison(one, styles: looks?.count == one.entries.count ? looks : nil) }
  }

  private mutating func addComparison(_ compared: SeedComparison, styles: [SettingStyle]? = nil) throws {
    addTable(compared.title, SeedComparison.columns, compared.rows)
    if compared.entries.count <= 16 {
      addFigure(compared.figureTitle, try compared.grid(styles: styles), compared.caption)
    }
    if let title = compared.pairTitle { addTable(title, SeedComparison.pairColumns, compared.pairRows) }
  }

  private mutating func addProvenance(_ all: [Provenance]) {
    blocks.append(RuleBlock())
    let lines = all.prefix(4).map(\.sentence)
    let more = all.count > 4 ? " \(all.count - 4) older sets of runs." : ""
    let text = lines.joined(separator: " ") + more
    blocks.append(TextBlock(spans: [Text.Span(text)], size: 7.5, color: .gray, spaceAbove: 6))
    markdown.append("---\n\n\(text)")
  }

  /// Comparisons of settings of one or several experiments, one for each task, as a report of its own.
  public static func comparison(
    _ compared: [SeedComparison], title: String, results: Results
  ) throws -> ComposedReport {
    var composer = ReportComposer(results: results)
    composer.blocks.append(TextBlock(spans: [Text.Span(title, .bold)], size: 17, spaceAbove: 0, keepsWithNext: true))
    composer.markdown.append("# \(title)")
    for one in compared { try composer.addComparison(one) }
    return ComposedReport(
      title: title, blocks: composer.blocks, markdown: composer.markdown.joined(separator: "\n\n") + "\n",
      figures: composer.figures, thresholds: compared.map(\.threshold), verdicts: [], results: results, provenance: [])
  }
}
