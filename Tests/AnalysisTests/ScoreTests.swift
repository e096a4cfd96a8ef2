import Analysis
import Learning
import Planted
import Studies
import Testing

/// Scores recomputed from the raw outputs, by the definitions of scikit-learn.
@Suite struct ScoreTests {
  /// A linear network on planted data: y = 2x − 1 and, as a second output, y = 0.
  private func regression(_ outputs: Int, diverged: Bool = false) throws -> Results {
    let xs = [0.0, 1, 2, 3, 5]
    let rows = [[-0.5, 4], [1.5, 1], [2, 0], [6, -3], [8, 1]].map { Array($0.prefix(outputs)) }
    let data = DataSource.custom("five points \(outputs)") { _ in
      let held = Dataset.Samples(count: 3, inputs: [4, 6, 7], targets: (0..<3 * outputs).map { Double($0 * $0) })
      return Dataset(
        name: "five", inputNames: ["x"], outputNames: (0..<outputs).map { "y\($0)" },
        training: .init(count: 5, inputs: xs, targets: rows.flatMap(\.self)), validation: held,
        test: .init(count: 5, inputs: xs.map { $0 + 0.5 }, targets: rows.flatMap(\.self)))
    }
    let setup = Setup(
      data: data, network: .linear(), loss: .meanSquaredError, optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .zero, stop: .after(steps: 1))
    return try PlantedRuns.results(setup) {
      Seeds(0..<2)
    } run: { _, seed in
      .init(diverged: diverged && seed == 1, parameters: outputs == 1 ? [2, -1] : [2, 0, -1, 0])
    }
  }

  @Test(arguments: [1, 2], DataPart.allCases) func regressionsAreTheirFormulas(_ outputs: Int, _ part: DataPart) throws
  {
    let results = try regression(outputs)
    let row = try #require(results.rows.first)
    let samples = try #require(try results.dataset(of: row)?.samples(part))
    let network = try #require(try results.network(of: row))
    let n = Double(samples.count)
    var (r2, rmse, mae) = (0.0, 0.0, 0.0)
    for k in 0..<outputs {
      let pairs = (0..<samples.count).map { (y: network(samples.input($0))[k], t: samples.target($0)[k]) }
      let mean = pairs.map(\.t).reduce(0, +) / n
      let rest = pairs.map { ($0.y - $0.t) * ($0.y - $0.t) }.reduce(0, +)
      r2 += (1 - rest / pairs.map { ($0.t - mean) * ($0.t - mean) }.reduce(0, +)) / Double(outputs)
      rmse += (rest / n).squareRoot() / Double(outputs)
      mae += pairs.map { abs($0.y - $0.t) }.reduce(0, +) / n / Double(outputs)
    }
    for (metric, expected) in [
      (Metric.rSquared(on: part), r2), (.rootMeanSquaredError(on: part), rmse), (.meanAbsoluteError(on: part), mae),
    ] {
      let found = try results.values(metric)
      #expect(
        found.count == 2 && found.allSatisfy { abs($0 - expected) < 1e-12 }, "\(metric.title): \(found), \(expected)")
    }
    if outputs == 1, part == .training {
      // By hand: residuals −0.5, −0.5, 1, −1, 1; squares sum to 3.5; the targets' mean is 3.4.
      #expect(abs(r2 - (1 - 3.5 / 48.7)) < 1e-12 && abs(mae - 0.8) < 1e-12)
    }
  }

  @Test func aDivergedRunIsTheWorst() throws {
    let results = try regression(1, diverged: true)
    #expect(try results.values(.rSquared(on: .validation))[1] == -.infinity)
    #expect(try results.values(.rootMeanSquaredError(on: .training))[1] == .infinity)
    #expect(Metric.rSquared(on: .validation).hasDirection && Metric.rSquared(on: .validation).prefersMore)
    #expect(!Metric.meanAbsoluteError(on: .validation).prefersMore)
  }

  /// The counts of a matrix by its own rows: scikit-learn's example of `precision_score`, `recall_score` and `f1_score`.
  private func confusion(_ truth: [Int], _ predicted: [Int?]) -> Confusion {
    var matrix = Confusion(["a", "b", "c"])
    for (t, p) in zip(truth, predicted) { matrix.add(t, predicted: p) }
    return matrix
  }

  @Test func classesAreScikitLearnsExample() {
    let matrix = confusion([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1])
    #expect(matrix.counts == [[2, 0, 0], [1, 0, 1], [0, 2, 0]] && matrix.total == 6)
    #expect(matrix.precision(of: "a") == 2.0 / 3 && matrix.recall(of: "a") == 1 && matrix.f1(of: "a") == 0.8)
    #expect(matrix.mean(matrix.precision).value == 2.0 / 9 && matrix.mean(matrix.recall).value == 1.0 / 3)
    #expect(abs(matrix.mean(matrix.f1).value - 0.8 / 3) < 1e-15 && matrix.accuracy == 1.0 / 3)
  }

  /// A class that is never predicted has no precision; its F1 is 0. A class without samples has no recall.
  @Test func whatIsNotDefinedHasNoValue() {
    let never = confusion([0, 0, 1, 2, 2], [0, 1, 1, 0, 1])
    #expect(never.precision(of: "c") == nil && never.f1(of: "c") == 0 && never.recall(of: "c") == 0)
    #expect(never.mean(never.precision) == (0.5 * (0.5 + 1.0 / 3), 2))
    #expect(never.mean(never.f1).classes == 3)
    let absent = confusion([0, 1], [0, 0])
    #expect(absent.recall(of: "c") == nil && absent.precision(of: "c") == nil && absent.f1(of: "c") == nil)
    #expect(absent.precision(of: "d") == nil)
    let lost = confusion([0, 0, 1], [0, nil, 1])
    #expect(lost.unassigned == [1, 0, 0] && lost.accuracy == 2.0 / 3 && lost.recall(of: "a") == 0.5)
    #expect(lost.precision(of: "a") == 1)
  }

  /// Trained networks: the counts agree with the accuracy and the absolute error that the engine measured.
  @Test(arguments: [Precision.float64, .float32]) func theEngineAgrees(_ precision: Precision) throws {
    var setup = TrainedRuns.setup
    setup.data = .moons(samples: 60, noise: 0.3).validation(share: 0.3).drawnPerSeed()
    setup.precision = precision
    let results = try TrainedRuns.results(setup) { Seeds(0..<6) }
    let tolerance = precision == .float64 ? 1e-12 : 1e-5
    for (metric, engine) in [
      (Metric.accuracy(on: .training), Metric.final(.accuracy)),
      (.accuracy(on: .validation), .final(.validationAccuracy)),
      (.meanAbsoluteError(on: .training), .final(.absoluteError)),
    ] {
      let pairs = zip(try results.values(metric), try results.values(engine))
      #expect(pairs.allSatisfy { abs($0 - $1) < tolerance }, "\(metric.title)")
      #expect(Set(pairs.map(\.0)).count > 1, "the runs differ")
    }
    let matrix = try results.confusion(on: .validation)
    #expect(matrix.total == 6 * 18)
    let mean = try results.values(.final(.validationAccuracy)).reduce(0, +) / 6
    #expect(abs(matrix.accuracy - mean) < 1e-6)
    #expect(try results.values(.recall(of: "1", on: .validation)).allSatisfy { (0...1).contains($0) })
  }

  @Test func whatIsMissingIsAMistake() throws {
    let results = try TrainedRuns.results(TrainedRuns.setup) { Seeds(0..<1) }
    for metric in [Metric.rSquared(on: .validation), .f1(of: "2", on: .training)] {
      #expect(throws: Mistake.self) { try results.values(metric) }
    }
    let objective = try TrainedRuns.results(TrainedRuns.himmelblau) { Seeds(0..<1) }
    #expect(throws: Mistake.self) { try objective.values(.rSquared(on: .training)) }
    #expect(throws: Mistake.self) { try regression(1).confusion(on: .training) }
  }
}
