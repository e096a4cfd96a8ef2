import Analysis
import ArgumentParser
import Foundation
import Learning
import Reporting
import RunArchive
import Studies

struct PredictCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Print the outputs of a trained run for the rows of a CSV file.",
    discussion: """
      The file has the input columns of the training, by name and in any order. The inputs are scaled as in the training: the means and \
      deviations are those of the run's training part. The result is a CSV table on standard output.
      """)

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @Option(
    name: .customLong("run"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "best-by and a quantity, such as best-by validation-loss; or the beginning of a run's key. Required.",
      valueName: "choice"))
  var choice: [String]

  @Option(
    name: .long, help: ArgumentHelp("A CSV file with the inputs. Required.", valueName: "file"), completion: .file())
  var input: String

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions

  var scriptArguments: [String] { [name] }
  var isForPrograms: Bool { false }

  func run() throws {
    let declared = try Session(experiment(), in: place, overrides: sweep.overrides())
    let archive = try place.existingArchive()
    let results = try Results(plan: declared.settled(in: archive).plan, store: archive)
    let row = try chosen(results)
    Console.write(try Prediction(results, row).table(of: input))
  }

  private func experiment() throws -> String {
    let names = Program.catalogue.names(of: [name])
    guard names.count == 1, let only = names.first else {
      throw Mistake(
        at: "predict", value: name, rule: "the script has \(names.count) experiments, and a run is of one",
        remedy: "Keep one experiment in the file")
    }
    return only
  }

  /// The run of `--run`.
  private func chosen(_ results: Results) throws -> Results.Row {
    if choice.count == 2, choice[0] == "best-by" {
      guard let row = try results.run(.best(try metric(choice[1], results))), !row.summary.hasDiverged else {
        throw Mistake(
          .data, at: "--run best-by \(choice[1])", value: results.plan.name, rule: "every run of it diverged",
          remedy: "Choose a smaller learning rate")
      }
      return row
    }
    guard choice.count == 1, choice[0] != "best-by" else {
      throw Mistake(
        at: "--run", value: choice.joined(separator: " "), rule: "it is best-by and one quantity, or the key of a run",
        remedy: "Write --run best-by validation-loss")
    }
    let found = results.rows.filter { $0.run.key.hasPrefix(choice[0]) }
    guard found.count == 1, let row = found.first else {
      throw Mistake(
        at: "--run", value: choice[0], rule: "\(found.count) runs have a key that begins with it",
        remedy: found.isEmpty ? "The last column of runs.csv has the keys" : "Write more digits of the key")
    }
    return row
  }

  private func metric(_ name: String, _ results: Results) throws -> Metric {
    if name == Quantity.loss.name { return .finalLoss }
    let known = Set(results.rows.flatMap(\.summary.finals.keys).map(\.name)).union([Quantity.loss.name])
    guard let quantity = Quantity(name: name), known.contains(name) else {
      let near = Spelling.nearest(to: name, among: Array(known)).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        at: "--run best-by", value: name, rule: "the runs have no such final quantity",
        remedy: "\(near)They have \(known.sorted().joined(separator: ", "))")
    }
    return .final(quantity)
  }
}
