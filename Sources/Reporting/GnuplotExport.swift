public import Foundation
import Gnuplot
import Learning

/// Every figure of a report as a gnuplot script with its data, and its surfaces in three dimensions.
public struct GnuplotExport {
  private let report: ComposedReport

  public init(_ report: ComposedReport) { self.report = report }

  /// Writes into a folder and returns what was written.
  public func write(to folder: URL) throws -> [URL] {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var written: [URL] = []
      for figure in report.figures {
        let script = Script(figure.block.grid, title: "Figure \(figure.block.number). \(figure.block.title)")
        var files = [(figure.name, script.text(name: figure.name))]
        let surface = "\(figure.name)-surface"
        if let text = script.surface(name: surface) { files.append((surface, text)) }
        for (name, text) in files {
          let url = folder.appendingPathComponent("\(name).gp")
          try Data(text.utf8).write(to: url, options: .atomic)
          written.append(url)
        }
      }
      return written
    } catch {
      throw Mistake(
        .output, at: folder.path, value: "\(error)", rule: "the export could not be written",
        remedy: "Check the disk and the folder's permissions")
    }
  }
}
