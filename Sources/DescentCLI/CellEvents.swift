import Documents
import Reporting
import Studies

/// Tells a listener the parts of a report as they are drawn: `run --cells`.
final class CellEvents {
  private let name: String
  private let listener: any EventListener
  private let markup: CellMarkup
  private var index = 0

  init(_ name: String, _ listener: any EventListener) throws {
    self.name = name
    self.listener = listener
    markup = try CellMarkup()
  }

  func begin(title: String, cells: Int) {
    listener.hear(.composing(experiment: name, title: title, cells: CellMarkup.parts(ofCells: cells)))
  }

  func add(_ nodes: [Document.Node], runs: Document.Runs) {
    listener.hear(.composed(experiment: name, cell: index, html: markup.html(nodes, runs: runs)))
    index += 1
  }
}
