package import Engine

/// The descent on one of the built-in functions of two variables, as a list of numbers.
package struct PageDescent: Sendable {
  /// The names of the numbers, in their order. A page changes some of them by their names.
  package static let head =
    ["objective", "startX", "startY", "steps"] + PageRuns.optimizerHead + PageRuns.stopHead

  /// The functions that a page knows.
  package static let objectives: [Objective] = [.himmelblau, .sixHumpCamel, .rosenbrock]

  package var objective: Objective
  package var start: [Double]
  package var optimizer: Optimizer
  package var stop: StopRule

  /// A descent from a point.
  package init(_ objective: Objective, start: [Double], optimizer: Optimizer, stop: StopRule) {
    (self.objective, self.start, self.optimizer, self.stop) = (objective, start, optimizer, stop)
  }

  /// The descent as numbers; `nil` where a page cannot train it.
  package var description: [Double]? {
    guard let number = Self.objectives.firstIndex(where: { $0 == objective }), start.count == 2,
      let rule = PageRuns.numbers(of: optimizer), let end = PageRuns.numbers(of: stop)
    else { return nil }
    return [Double(number)] + start + [Double(stop.steps)] + rule + end
  }

  /// The descent of a description; `nil` where it is none.
  init?(numbers: [Double]) {
    var numbers = PageNumbers(numbers)
    guard let number = numbers.whole(0...Self.objectives.count - 1), let start = numbers.next(2),
      let steps = numbers.whole(1...PageRuns.mostSteps), let optimizer = PageRuns.optimizer(&numbers),
      let stop = PageRuns.stop(steps, &numbers)
    else { return nil }
    self.init(Self.objectives[number], start: start, optimizer: optimizer, stop: stop)
  }

  /// The run, as a sweep trains it.
  package var run: TrainingRun {
    TrainingRun(
      problem: .objective(objective), initialParameters: start, optimizer: optimizer, stop: stop, seed: 0)
  }
}
