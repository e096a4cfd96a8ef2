import Documents
import Foundation

/// `report.json`: the document with the values of its figures, after the declaration and the provenance of the runs.
struct ReportFile {
  private let report: ComposedReport

  init(_ report: ComposedReport) { self.report = report }

  /// The content of the file.
  /// - Throws: what the description of the declaration throws.
  func json() throws -> Data {
    let declaration = String(decoding: try DeclarationFile(report).json, as: UTF8.self)
    let whole = JSONText.object([
      "format": .string("descent-report"), "version": .integer(JSONWriter.version),
      "title": .string(report.document.title), "diverged": .integer(report.divergedCount),
      "experiment": .verbatim(declaration.trimmingCharacters(in: .newlines)),
      "content": JSONWriter().content(report.document),
    ])
    return Data((whole.description + "\n").utf8)
  }
}
