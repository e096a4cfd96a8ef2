import Learning
import Studies

extension SeedComparison {
  /// The task of a run. Runs with different data or loss functions cannot be compared.
  package struct Task: Hashable, Sendable {
    let objective: Objective?
    let data: DataSource?
    let loss: Loss?
    /// The title of the data, or its value on the data axis, and the name of the loss.
    package let title: String

    init(_ row: Results.Row, _ results: Results) {
      let setup = row.run.setup
      objective = setup.objective
      data = setup.data
      loss = setup.loss
      let name = setup.objective?.name ?? results.setting("data", row)?.description ?? setup.data?.title ?? ""
      title = loss.map { "\(name), \($0.name)" } ?? name
    }
  }

  /// One comparison for each task, because numbers on different data cannot be compared.
  /// - Parameters:
  ///   - reference: the label of the setting that the others are compared with; `nil`: the best of each task.
  ///   - compared: see `init`.
  /// - Throws: `Mistake` where a run does not know the metric, or the archive cannot be read.
  package static func byTask(
    _ groups: [(label: String, results: Results)], by metric: Metric, selection: String = "", reference: String? = nil,
    compared: [String]? = nil
  ) throws -> [SeedComparison] {
    var tasks: [Task] = []
    for (_, results) in groups {
      for row in results.rows where tasks.last != Task(row, results) {
        let task = Task(row, results)
        if !tasks.contains(task) { tasks.append(task) }
      }
    }
    return try tasks.map { task in
      let parts = groups.map { label, results in (label, results.filtered { Task($0, results) == task }) }
        .filter { !$0.1.isEmpty }
      return try SeedComparison(
        parts, by: metric, task: tasks.count > 1 ? task : nil, selection: selection, reference: reference,
        compared: compared)
    }
  }

  /// The runs of each setting of a plan, or of each value of one parameter. Data and losses are no settings but tasks.
  package static func settings(of results: Results, by parameter: String?) -> [(label: String, results: Results)] {
    let swept = results.plan.axes.filter { $0.values.count > 1 }.map(\.parameter.name)
    let names = parameter.map { [$0] } ?? swept.filter { !["data", "loss"].contains($0) }
    var groups: [(label: String, results: Results)] = [("", results)]
    for name in names {
      let symbol = results.plan.axes.first { $0.parameter.name == name }?.parameter.shortTitle ?? name
      groups = groups.flatMap { label, runs in
        runs.groups(named: name).map { value, part in
          ("\(label)\(label.isEmpty ? "" : ", ")\(symbol) = \(value.title)", part)
        }
      }
    }
    return names.isEmpty ? [("all runs", results)] : groups
  }
}
