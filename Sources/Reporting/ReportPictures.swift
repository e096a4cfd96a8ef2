import Analysis
import CairoCanvas
import Documents
import Foundation
import Learning
import Plotting
import Studies

/// The pages and figures of a report as files. Each file is a job of its own, and the processors share the jobs: an edit is seen sooner.
struct ReportPictures {
  private typealias Job = @Sendable () throws -> Void

  private let report: ComposedReport
  private let formats: [Format]?
  private let dpi: Double
  private let folder: URL

  /// - Parameters:
  ///   - formats: those of pages and figures; `nil`: pages as PNG, PDF and HTML, figures as PNG.
  ///   - folder: receives the pages, and the figures in `figures`, which exists.
  init(_ report: ComposedReport, formats: [Format]?, dpi: Double, folder: URL) {
    self.report = report
    self.formats = formats
    self.dpi = dpi
    self.folder = folder
  }

  /// - Returns: the names of the pages.
  func write() throws -> [String] {
    // All formats share one layout.
    let pages = PageWriter(report.document, canvas: try CairoCanvas.ruler())
    let files = (formats ?? Format.defaults).flatMap { pageFiles($0, pages) }
    let figures = report.document.figures.flatMap { figure in
      (formats ?? [.png]).compactMap(\.picture).map { format in job(figure, format) }
    }
    // The largest first, so that no processor waits for it at the end.
    try Self.run(files.map(\.write) + figures)
    return files.map(\.name)
  }

  /// Writes the figures alone.
  func writeFigures() throws {
    try Self.run(
      report.document.figures.flatMap { figure in (formats ?? [.png]).compactMap(\.picture).map { job(figure, $0) } })
  }

  private static func run(_ jobs: [Job]) throws { _ = try Parallel.map(jobs.count) { try jobs[$0]() } }

  // MARK: Pages

  private func pageFiles(_ format: Format, _ pages: PageWriter) -> [(name: String, write: Job)] {
    switch format {
    case .html: return [("report.html", html)]
    case .pdf: return [("report.pdf", { try pdf(pages) })]
    case .apng, .mp4: return []
    case .png, .svg:
      guard let picture = format.picture else { return [] }
      return (0..<pages.count).map { page in
        let name = pages.count == 1 ? "report.\(format.rawValue)" : "report-\(page + 1).\(format.rawValue)"
        return (name, { try draw(page, of: pages, as: picture, name) })
      }
    }
  }

  private func html() throws {
    let page = HTMLWriter(ruler: try CairoCanvas.ruler(), encode: CairoCanvas.png).page(report.document)
    try Data(page.utf8).write(to: folder.appendingPathComponent("report.html"))
  }

  private func pdf(_ pages: PageWriter) throws {
    let canvas = try CairoCanvas(
      path: folder.appendingPathComponent("report.pdf").path, format: .pdf, size: PageWriter.size, title: report.title,
      date: report.provenance.first?.time)
    for page in 0..<pages.count {
      pages.draw(page: page, on: canvas)
      canvas.nextPage()
    }
    for entry in pages.outline { canvas.addToOutline(entry.title, page: entry.page, y: entry.y) }
    try canvas.finish()
  }

  private func draw(_ page: Int, of pages: PageWriter, as format: CairoCanvas.Format, _ name: String) throws {
    let canvas = try CairoCanvas(
      path: folder.appendingPathComponent(name).path, format: format, size: PageWriter.size, notes: notes(name))
    pages.draw(page: page, on: canvas)
    try canvas.finish()
  }

  // MARK: Figures

  private func job(_ figure: Document.Figure, _ format: CairoCanvas.Format) -> Job {
    {
      let (width, margin) = (500.0, 14.0)
      let item = FigureItem(figure)
      let file = "\(figure.name).\(format.rawValue)"
      let height = item.height(width: width, canvas: try CairoCanvas.ruler())
      let canvas = try CairoCanvas(
        path: folder.appendingPathComponent("figures/\(file)").path, format: format,
        size: Size(width + 2 * margin, height + 2 * margin), dpi: dpi, title: report.title,
        date: report.provenance.first?.time, notes: notes(file) + [("Figure", "\(figure.number). \(figure.title)")])
      item.draw(at: Point(margin, margin), width: width, on: canvas)
      canvas.nextPage()
      try canvas.finish()
    }
  }

  /// The notes in a PNG file: the sweep, the set-up and the provenance.
  private func notes(_ file: String) -> [(String, String)] {
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
    ].filter { !$0.1.isEmpty }.map { ($0.0, plan.published($0.1)) }
  }
}
