import CPlatform
import CairoCanvas
public import Foundation
import Learning
import Plotting
import Studies

/// Writes a report's files: into a fresh folder first, which then takes the former one's place in one step.
public struct ReportWriter {
  /// Where reports go, one folder each.
  private let output: URL
  /// Formats of pages and figures; `nil`: pages as PNG, PDF and HTML, figures as PNG.
  private let formats: [Format]?
  private let dpi: Double

  /// - Parameter dpi: pixels per inch of PNG pictures.
  public init(output: URL, formats: [Format]?, dpi: Double = 200) {
    self.output = output
    self.formats = formats
    self.dpi = dpi
  }

  /// Makes sure, before any long work, that the folder can be written and that the font is there.
  public static func prepare(output: URL) throws {
    let probe = output.appendingPathComponent(".probe-\(getpid())")
    do {
      try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
      try Data().write(to: probe)
      try FileManager.default.removeItem(at: probe)
    } catch {
      throw Mistake(
        .output, at: output.path, value: "", rule: "the output folder cannot be written",
        remedy: "Check its permissions and the disk, or choose another with --output")
    }
    guard CairoCanvas.installedFamily() == "DejaVu Sans" else {
      throw Mistake(
        .environment, at: "fonts", value: "DejaVu Sans", rule: "the font of the figures is not installed",
        remedy: "Install it: apt-get install fonts-dejavu-core fonts-dejavu-extra")
    }
  }

  /// Writes everything; on an error the former report stays as it was.
  /// - Returns: the paths of the written pages.
  public func write(_ report: ComposedReport, name: String) throws -> [URL] {
    let target = output.appendingPathComponent(name)
    removeLeftovers(of: name)
    let staging = output.appendingPathComponent(".\(name).new-\(getpid())")
    do {
      let figures = staging.appendingPathComponent("figures")
      try FileManager.default.createDirectory(at: figures, withIntermediateDirectories: true)
      let pages = try writePages(report, in: staging)
      for figure in report.figures { try write(figure, of: report, in: figures) }
      try Data(report.markdown.utf8).write(to: staging.appendingPathComponent("report.md"))
      try Data(RunTable(report).csv.utf8).write(to: staging.appendingPathComponent("runs.csv"))
      try DeclarationFile(report).json.write(to: staging.appendingPathComponent("experiment.json"))
      try replace(target, with: staging)
      return pages.map { target.appendingPathComponent($0) }
    } catch {
      try? FileManager.default.removeItem(at: staging)
      if let mistake = error as? Mistake { throw mistake }
      throw Mistake(
        .output, at: target.path, value: "\(error)",
        rule: "the report could not be written; the former one is untouched",
        remedy: "Check the disk and the folder's permissions, then: descent render \(name)")
    }
  }

  /// Folders that a killed process left behind.
  private func removeLeftovers(of name: String) {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: output.path)) ?? []
    for entry in entries where entry.hasPrefix(".\(name).new-") {
      let owner = pid_t(entry.dropFirst(".\(name).new-".count)) ?? 0
      if owner <= 0 || kill(owner, 0) != 0 {
        try? FileManager.default.removeItem(at: output.appendingPathComponent(entry))
      }
    }
  }

  private func replace(_ target: URL, with staging: URL) throws {
    // Another process may write the same report just now: whoever comes second finds a folder there and swaps.
    if rename(staging.path, target.path) == 0 { return }
    if descent_exchange(staging.path, target.path) == 0 {
      try? FileManager.default.removeItem(at: staging)
      return
    }
    // A file system that cannot exchange: a short moment without the folder, and the old one back on failure.
    let aside = output.appendingPathComponent(".\(target.lastPathComponent).old-\(getpid())")
    try FileManager.default.moveItem(at: target, to: aside)
    do {
      try FileManager.default.moveItem(at: staging, to: target)
    } catch {
      try FileManager.default.moveItem(at: aside, to: target)
      throw error
    }
    try? FileManager.default.removeItem(at: aside)
  }

  // MARK: Pictures

  private func writePages(_ report: ComposedReport, in folder: URL) throws -> [String] {
    // One layout, measured once, for all formats.
    let ruler = try CairoCanvas.ruler()
    let pages = Pages(report.blocks, title: report.title, canvas: ruler)
    var names: [String] = []
    for format in formats ?? Format.allCases.filter({ $0 != .svg }) {
      switch format {
      case .html:
        let page = HTMLReport(report).page(ruler: ruler, encode: CairoCanvas.png)
        try Data(page.utf8).write(to: folder.appendingPathComponent("report.html"))
        names.append("report.html")
      case .pdf:
        let canvas = try CairoCanvas(
          path: folder.appendingPathComponent("report.pdf").path, format: .pdf, size: Pages.size, title: report.title,
          date: report.provenance.first?.time)
        for page in 0..<pages.count {
          pages.draw(page: page, on: canvas)
          canvas.nextPage()
        }
        for entry in pages.outline { canvas.addToOutline(entry.title, page: entry.page, y: entry.y) }
        try canvas.finish()
        names.append("report.pdf")
      case .png, .svg:
        guard let picture = format.picture else { continue }
        for page in 0..<pages.count {
          let name = pages.count == 1 ? "report.\(format.rawValue)" : "report-\(page + 1).\(format.rawValue)"
          let canvas = try CairoCanvas(
            path: folder.appendingPathComponent(name).path, format: picture, size: Pages.size,
            notes: notes(report, name))
          pages.draw(page: page, on: canvas)
          try canvas.finish()
          names.append(name)
        }
      }
    }
    return names
  }

  private func write(_ figure: ComposedReport.FigureFile, of report: ComposedReport, in folder: URL) throws {
    let width = 500.0
    let margin = 14.0
    for format in (formats ?? [.png]).compactMap(\.picture) {
      let file = "\(figure.name).\(format.rawValue)"
      let height = figure.block.height(width: width, canvas: try CairoCanvas.ruler())
      let canvas = try CairoCanvas(
        path: folder.appendingPathComponent(file).path, format: format,
        size: Size(width + 2 * margin, height + 2 * margin), dpi: dpi, title: report.title,
        date: report.provenance.first?.time,
        notes: notes(report, file) + [("Figure", "\(figure.block.number). \(figure.block.title)")])
      figure.block.draw(at: Point(margin, margin), width: width, on: canvas)
      canvas.nextPage()
      try canvas.finish()
    }
  }

  /// What a PNG says about itself: what was varied, by what it was trained.
  private func notes(_ report: ComposedReport, _ file: String) -> [(String, String)] {
    let plan = report.results.plan
    let sweep = plan.grid.map { "\($0.parameter) = \($0.values.joined(separator: ", "))" }
    let seeds =
      "seeds = \(plan.seeds.count == 1 ? "\(plan.seeds[0])" : "\(plan.seeds.count) of them, from \(plan.seeds.min() ?? 0)")"
    let setup = (try? plan.run(0).description) ?? ""
    return [
      ("Title", report.title), ("Software", "Descent"), ("Experiment", plan.name), ("File", file),
      ("Runs", "\(report.results.count), \(report.divergedCount) diverged"),
      ("Sweep", (sweep + [seeds]).joined(separator: "; ")),
      ("Changes", plan.changes.joined(separator: "; ")), ("Set-up of the first run", setup),
      ("Provenance", report.provenance.map(\.sentence).joined(separator: " ")),
    ].filter { !$0.1.isEmpty }
  }
}

/// Formats of pages and figures.
public enum Format: String, Sendable, CaseIterable {
  case png, pdf, svg, html

  /// The canvas's format, where it has one: figures are not written as HTML.
  var picture: CairoCanvas.Format? { CairoCanvas.Format(rawValue: rawValue) }
}

extension Provenance {
  var sentence: String {
    "Trained \(time) on \(processor), \(toolchain), revision \(revision), training semantics \(semantics)."
  }
}
