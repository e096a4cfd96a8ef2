import CPlatform
public import CairoCanvas
public import Foundation
import Learning
import Plotting
import Studies

/// Writes a report's files: into a fresh folder first, which then takes the former one's place in one step.
public struct ReportWriter {
  /// Where reports go, one folder each.
  private let output: URL
  /// Formats of pages and figures; `nil`: pages as PNG and PDF, figures as PNG.
  private let formats: [CairoCanvas.Format]?

  public init(output: URL, formats: [CairoCanvas.Format]?) {
    self.output = output
    self.formats = formats
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
      for figure in report.figures { try write(figure, in: figures, title: report.title) }
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
    let ruler = try CairoCanvas(
      path: folder.appendingPathComponent(".ruler.svg").path, format: .svg, size: Pages.size)
    let pages = Pages(report.blocks, title: report.title, canvas: ruler)
    try ruler.finish()
    try FileManager.default.removeItem(at: folder.appendingPathComponent(".ruler.svg"))
    var names: [String] = []
    for format in formats ?? [.png, .pdf] {
      if format == .pdf {
        let canvas = try CairoCanvas(
          path: folder.appendingPathComponent("report.pdf").path, format: .pdf, size: Pages.size, title: report.title,
          date: report.provenance.first?.time)
        for page in 0..<pages.count {
          pages.draw(page: page, on: canvas)
          canvas.nextPage()
        }
        try canvas.finish()
        names.append("report.pdf")
      } else {
        for page in 0..<pages.count {
          let name = pages.count == 1 ? "report.\(format.rawValue)" : "report-\(page + 1).\(format.rawValue)"
          let canvas = try CairoCanvas(path: folder.appendingPathComponent(name).path, format: format, size: Pages.size)
          pages.draw(page: page, on: canvas)
          try canvas.finish()
          names.append(name)
        }
      }
    }
    return names
  }

  private func write(_ figure: ComposedReport.FigureFile, in folder: URL, title: String) throws {
    let width = 500.0
    let margin = 14.0
    for format in formats ?? [.png] {
      let path = folder.appendingPathComponent("\(figure.name).\(format.rawValue)").path
      let ruler = try CairoCanvas(path: path, format: .png, size: Size(10, 10))
      let height = figure.block.height(width: width, canvas: ruler)
      let canvas = try CairoCanvas(
        path: path, format: format, size: Size(width + 2 * margin, height + 2 * margin), title: title)
      figure.block.draw(at: Point(margin, margin), width: width, on: canvas)
      canvas.nextPage()
      try canvas.finish()
    }
  }
}
