package import Analysis
import Foundation
import Learning
import Studies

/// The outputs of a trained run for inputs that it was not trained on, scaled as its own were.
package struct Prediction {
  private let network: TrainedNetwork
  private let dataset: Dataset
  private let targets: [String]

  /// - Throws: `Mistake` for the run of an objective, and what reading the data and the archive throws.
  package init(_ results: Results, _ row: Results.Row) throws {
    guard let network = try results.network(of: row), let dataset = try results.dataset(of: row) else {
      throw Mistake(
        at: "predict", value: results.plan.name, rule: "its runs train an objective, which has no outputs",
        remedy: "Choose an experiment with a network")
    }
    self.network = network
    self.dataset = dataset
    if case .csv(let source) = row.run.setup.data?.origin {
      targets = source.targets
    } else {
      targets = dataset.outputNames
    }
  }

  /// The outputs for every row of a file, and the predicted class where outputs are classes, as CSV.
  /// - Throws: `Mistake` for a file whose columns or numbers do not fit.
  package func table(of path: String) throws -> String {
    let inputs = try CSVInputs.read(
      URL(fileURLWithPath: path), shown: path, columns: dataset.sourceColumns, targets: targets)
    let head = dataset.outputNames + (dataset.classes == nil ? [] : ["class"])
    let lines = inputs.rows.map { raw -> [String] in
      let outputs = network(dataset.preparation.input(raw))
      let shown = outputs.indices.map { dataset.preparation.target(outputs[$0], $0) }
      return shown.map { "\($0)" } + (dataset.classes.map { [Self.class(of: outputs, $0)] } ?? [])
    }
    return ([head] + lines).map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func `class`(of outputs: [Double], _ classes: Dataset.Classes) -> String {
    classes.number(of: outputs).map { classes.names[$0] } ?? ""
  }
}
