import Analysis
import Documents
package import Foundation
import Gnuplot
import Studies

/// Writes every figure of a report as a gnuplot script with its data, and surfaces also in three dimensions.
package struct GnuplotExport {
  private let report: ComposedReport

  package init(_ report: ComposedReport) { self.report = report }

  /// Writes the scripts into a folder and returns their paths. Other files in the folder are kept.
  package func write(to folder: URL) throws -> [URL] {
    var written: [URL] = []
    try OutputFolder(folder, changes: report.results.plan.changes, adopts: FormerReport.scripts).update { staging in
      for figure in report.document.figures {
        let script = Script(figure.charts, title: figure.heading)
        var files = [(figure.name, script.text(name: figure.name))]
        let surface = "\(figure.name)-surface"
        if let text = script.surface(name: surface) { files.append((surface, text)) }
        for (name, text) in files {
          try Data(text.utf8).write(to: staging.appendingPathComponent("\(name).gp"))
          written.append(folder.appendingPathComponent("\(name).gp"))
        }
      }
    }
    return written
  }
}
