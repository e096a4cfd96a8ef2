import Analysis
import Documents
import Learning
import Plotting
import Studies

/// What a page for a browser tells about the runs that its figures show one by one.
struct RunCards {
  /// More runs would fill the page.
  static let most = 2000

  private let results: Results
  /// Parameters that the command line may not set.
  private let fixed: Set<String>

  init(_ results: Results, fixed: Set<String>) {
    self.results = results
    self.fixed = fixed
  }

  /// The runs of some figures; of very many, some that are spread evenly over the plan.
  func runs(of figures: [Document.Figure]) throws -> Document.Runs {
    // In a figure with sliders the runs change with the frame.
    let still = figures.filter { if case .exploring = $0.form { false } else { true } }
    let wanted = Set(still.flatMap { $0.charts.charts.flatMap(\.self).flatMap(\.traces).map(\.run) })
    guard !wanted.isEmpty else { return Document.Runs() }
    let all = results.rows.filter { wanted.contains($0.run.index) }
    let rows = EvenSample.indices(all.count, keeping: Self.most).map { all[$0] }
    let varied = Set(results.plan.axes.map(\.parameter.name))
    let description = results.plan.published(try results.plan.run(0).description)
    let setup = description.split(separator: "\n").map(String.init).filter { line in
      let name = String(line.prefix { $0 != "=" })
      return name != "seed" && !name.hasSuffix("fingerprint") && !varied.contains(name)
    }
    let runs = rows.map { ($0.run.index, run($0)) }
    return Document.Runs(setup: setup, runs: Dictionary(uniqueKeysWithValues: runs))
  }

  private func run(_ row: Results.Row) -> Document.Runs.Run {
    let settings = zip(results.plan.axes, row.run.settings)
    let words = settings.map { "\($0.parameter.shortTitle) = \(results.plan.published($1.title))" }
    return Document.Runs.Run(
      seed: row.seed, setting: words.joined(separator: ", "), values: values(row.summary), command: command(row))
  }

  private func values(_ summary: RunSummary) -> [String] {
    let status =
      switch summary.status {
      case .finished: "steps: \(summary.steps)" + (summary.bestStep.map { ", best step: \($0)" } ?? "")
      case .diverged(let step): "diverged at step \(step)"
      }
    let finals = summary.finals.filter { $0.key != .trainingLoss }.sorted { $0.key.name < $1.key.name }
    let numbers =
      [("final loss", summary.finalLoss), ("final gradient norm", summary.finalGradientNorm)]
      + finals.map { ("final \($0.key.title)", $0.value) }
    return [status] + numbers.map { "\($0.0): \(NumberText.short($0.1, digits: 6))" }
  }

  /// "descent run xor --set learning-rate=0.1 --seeds 3". A parameter that may not be set is left out: the command then trains
  /// all its values.
  private func command(_ row: Results.Row) -> String {
    let sets = zip(results.plan.axes, row.run.settings).filter { !fixed.contains($0.0.parameter.name) }
      .map { "--set \(Self.quoted("\($0.parameter.name)=\(results.plan.published($1.exact))"))" }
    return (["descent run \(results.plan.name)"] + sets + ["--seeds \(row.seed)"]).joined(separator: " ")
  }

  /// A word of a shell's command.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "=+-._,:/".contains($0)) }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
