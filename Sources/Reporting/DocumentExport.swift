import Analysis
import Documents
package import Foundation
import Learning
import Studies

/// Writes a report for other documents: its tables for LaTeX, or all of it as a Jupyter notebook.
package struct DocumentExport {
  package enum Format: String, Sendable {
    case latex, ipynb
  }

  private let report: ComposedReport

  package init(_ report: ComposedReport) { self.report = report }

  /// Writes the files into a folder and returns their paths. Other files in the folder are kept.
  /// - Throws: `Mistake` if there is nothing to write or a file cannot be written.
  package func write(_ format: Format, to folder: URL) throws -> [URL] {
    switch format {
    case .latex: try writeTables(to: folder.appendingPathComponent("latex"))
    case .ipynb: try writeNotebook(to: folder.appendingPathComponent("jupyter"))
    }
  }

  private func writeTables(to folder: URL) throws -> [URL] {
    let tables = LatexTables().all(report.document)
    guard !tables.isEmpty else {
      throw Mistake(
        at: "--to latex", value: report.results.plan.name, rule: "its report has no table",
        remedy: "Add a Table or a Comparison to the report")
    }
    try OutputFolder(folder, changes: report.results.plan.changes).update { staging in
      for (name, text) in tables {
        try Data(text.utf8).write(to: staging.appendingPathComponent("\(name).tex"))
      }
    }
    return tables.map { folder.appendingPathComponent("\($0.name).tex") }
  }

  private func writeNotebook(to folder: URL) throws -> [URL] {
    let name = "\(report.results.plan.name).ipynb"
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    try OutputFolder(folder, changes: report.results.plan.changes).update { staging in
      let pictures = scratch.appendingPathComponent("figures")
      try OutputError.during(scratch.path) {
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
      }
      try ReportPictures(report, formats: [.png], dpi: 120, folder: scratch).writeFigures()
      let writer = JupyterWriter { try Data(contentsOf: pictures.appendingPathComponent("\($0.name).png")) }
      try Data(writer.text(report.document).utf8).write(to: staging.appendingPathComponent(name))
    }
    return [folder.appendingPathComponent(name)]
  }
}
