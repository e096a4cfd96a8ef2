import Analysis
import CPlatform
import CairoCanvas
import Documents
package import Figures
package import Foundation
import Learning
import Plotting
package import Studies

/// Writes the files of a report into a folder, in which other files are kept.
package struct ReportWriter {
  /// The folder in which each report has a folder of its own.
  private let output: URL
  /// The formats of pages and figures; `nil`: pages as PNG, PDF and HTML, figures as PNG.
  private let formats: [Format]?
  private let dpi: Double

  /// - Parameter dpi: pixels per inch of PNG pictures.
  package init(output: URL, formats: [Format]?, dpi: Double = 200) {
    self.output = output
    self.formats = formats
    self.dpi = dpi
  }

  /// Checks, before any long work, that the folder can be written and that the font is installed.
  package static func prepare(output: URL) throws {
    try OutputError.during(output.path) {
      try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    }
    let probe = output.appendingPathComponent(".probe-\(String(UInt64.random(in: 0 ... .max), radix: 36))").path
    let file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw OutputError.mistake(output.path) }
    close(file)
    unlink(probe)
    guard CairoCanvas.installedFamily() == "DejaVu Sans" else {
      throw Mistake(
        .environment, at: "fonts", value: "DejaVu Sans", rule: "the font of the figures is not installed",
        remedy: "Install it: apt-get install fonts-dejavu-core fonts-dejavu-extra")
    }
  }

  /// Checks, before any long work, that the files of reports can be written, and that the programs are installed that this takes.
  /// - Throws: `Mistakes`, one for each report whose files cannot be written.
  package func prepare(_ reports: [(name: String, cells: [Cell])]) throws {
    try Self.prepare(output: output)
    try AnimationWriter.prepare(formats ?? [])
    try Mistakes.collect(
      reports.map { report in
        { try folder(report.name).check(paths(of: report.cells, in: report.name)) }
      })
  }

  /// The name of the folder for a plan's report. If the command line has changed the sweep and a report of the unchanged declaration
  /// exists, the report gets a separate folder, `NAME@seeds=…`.
  package func folderName(of plan: Plan) -> String { folderName(plan.name, changed: plan.changeTag) }

  /// The same for a report of another name, such as that of a comparison.
  /// - Parameter tag: the changes of the command line as a part of a file name; empty where there are none.
  package func folderName(_ name: String, changed tag: String) -> String {
    let former = output.appendingPathComponent(name).appendingPathComponent("experiment.json")
    guard !tag.isEmpty, let data = FileManager.default.contents(atPath: former.path), DeclarationFile.isUnchanged(data)
    else { return name }
    return "\(name)@\(tag)"
  }

  /// Writes all files and returns the paths of the pages and the animations. On an error the former report is not changed.
  package func write(_ report: ComposedReport, name: String) throws -> [URL] {
    var pages: [String] = []
    try folder(name).update { staging in
      let figures = staging.appendingPathComponent("figures")
      try FileManager.default.createDirectory(at: figures, withIntermediateDirectories: true)
      pages = try ReportPictures(report, formats: formats, dpi: dpi, folder: staging).write()
      for figure in report.document.figures {
        pages += try AnimationWriter(dpi: dpi).write(figure, as: formats ?? [], in: figures).map { "figures/\($0)" }
      }
      try Data(MarkdownWriter().text(report.document).utf8).write(to: staging.appendingPathComponent("report.md"))
      try ReportFile(report).json().write(to: staging.appendingPathComponent("report.json"))
      try writeRuns(of: report, to: staging.appendingPathComponent("runs.csv"))
      try DeclarationFile(report).json.write(to: staging.appendingPathComponent("experiment.json"))
    }
    let target = output.appendingPathComponent(name)
    return pages.map { target.appendingPathComponent($0) }
  }

  /// Writes `runs.csv` part by part: with a million runs the text is as large as all else that a report needs.
  private func writeRuns(of report: ComposedReport, to file: URL) throws {
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw OutputError.mistake(file.path) }
    let handle = try FileHandle(forWritingTo: file)
    try RunTable(report.results, thresholds: report.thresholds).write { try handle.write(contentsOf: Data($0.utf8)) }
    try handle.close()
  }

  /// What is said of figures of a single picture where animations are asked for; `nil` where there is nothing to say.
  package func noteOnAnimations(_ report: ComposedReport) -> String? {
    let asked = (formats ?? []).filter(\.isAnimated).map(\.rawValue).joined(separator: ", ")
    let still = report.document.figures.filter { $0.form == .still }.map { "\($0.number)" }
    guard !asked.isEmpty, !still.isEmpty else { return nil }
    let which =
      still.count == report.document.figures.count ? "all figures" : "figures \(still.joined(separator: ", "))"
    return "\(asked): \(which) skipped, which have one picture; explore(…) and play(over: .step) make several"
  }

  private func folder(_ name: String) -> OutputFolder {
    OutputFolder(output.appendingPathComponent(name), adopts: FormerReport.files)
  }

  /// The paths that a report may write. Pages beyond the first are included only if such files exist, because their number is
  /// not known yet.
  private func paths(of cells: [Cell], in name: String) -> [String] {
    var paths = ["report.md", "report.json", "runs.csv", "experiment.json"]
    let formats = formats ?? Format.defaults
    let names = FolderHandle(output.appendingPathComponent(name).path)?.names ?? []
    for format in formats {
      if format.isAnimated { continue }
      let pattern = format.picture == .png || format.picture == .svg ? FormerReport.page : nil
      paths += ["report.\(format.rawValue)"]
      paths += names.filter { file in
        file.hasSuffix(".\(format.rawValue)") && pattern.map { file.wholeMatch(of: $0) != nil } ?? false
      }
    }
    // After a comparison, which may have a figure, the numbers of figures are not known yet.
    let figures = cells.prefix { if case .comparison = $0 { false } else { true } }.compactMap { cell -> String? in
      if case .figure(let figure) = cell { figure.title } else { nil }
    }
    for (index, title) in figures.enumerated() {
      for format in self.formats ?? [.png] where format != .html {
        paths.append("figures/\(Document.Figure.name(index + 1, title)).\(format.rawValue)")
      }
    }
    return paths
  }
}

/// The formats of pages and figures.
package enum Format: String, Sendable, CaseIterable {
  case png, pdf, svg, html, apng, mp4

  /// The formats of pages where none are named.
  static let defaults: [Format] = [.png, .pdf, .html]

  /// Whether a file of the format shows the frames of a figure one after the other.
  var isAnimated: Bool { self == .apng || self == .mp4 }

  /// The format of the canvas; `nil` for formats that are not drawn on one.
  var picture: CairoCanvas.Format? { CairoCanvas.Format(rawValue: rawValue) }
}

extension Provenance {
  var sentence: String {
    "Trained \(time) on \(processor), \(toolchain), revision \(revision), training semantics \(semantics)."
  }
}
