import CairoCanvas
package import Documents

/// Draws the parts of a report as HTML one by one, each with the same markup as in `report.html`.
package struct CellMarkup {
  private let writer: HTMLWriter<CairoCanvas>

  package init() throws { writer = HTMLWriter(ruler: try CairoCanvas.ruler(), encode: CairoCanvas.png) }

  /// The head and the foot of a report are parts too.
  package static func parts(ofCells count: Int) -> Int { count + 2 }

  /// The markup of a part.
  /// - Parameter runs: with the foot, the runs that the figures show one by one.
  package func html(_ nodes: [Document.Node], runs: Document.Runs = Document.Runs()) -> String {
    writer.fragment(nodes, runs: runs)
  }
}
