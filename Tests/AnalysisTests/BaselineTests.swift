import Analysis
import Learning
import Planted
import Studies
import Testing

/// The constant and the linear model on the data of the runs, recomputed by formulas of one variable.
@Suite struct BaselineTests {
  private func results(_ loss: Loss, _ data: DataSource, output: Activation = .identity) throws -> Results {
    var setup = PlantedRuns.setup
    (setup.data, setup.loss) = (data, loss)
    setup.network = .mlp(hidden: 2, output: output)
    return try PlantedRuns.results(setup) {
      Seeds(0..<3)
    } run: { _, _ in
      .init()
    }
  }

  private func value(_ results: Results, _ baseline: Baseline, _ metric: Metric, _ index: Int = 0) throws -> Double {
    try #require(try results.baseline(baseline, metric, results.rows[index]))
  }

  /// Line through noisy points: slope = cov/var of the training part, measured on the validation part.
  @Test func theLineIsThatOfTheTrainingPart() throws {
    let results = try results(
      .halfMeanSquaredError, .noisySine(samples: 30, noise: 0.2).validation(share: 0.3).drawnPerSeed())
    for (index, row) in results.rows.enumerated() {
      let data = try #require(try results.dataset(of: row))
      let (x, t) = (data.training.inputs, data.training.targets)
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      let (mx, mt) = (mean(x), mean(t))
      let slope = zip(x, t).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - mt) } / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
      let held = try #require(data.validation)
      let line = zip(held.inputs, held.targets).map { mt + slope * ($0 - mx) - $1 }
      let loss = mean(line.map { $0 * $0 }) / 2
      #expect(abs(try value(results, .linear, .final(.validationLoss), index) - loss) < 1e-12)
      #expect(abs(try value(results, .linear, .best(.validationLoss), index) - loss) < 1e-12)
      #expect(
        abs(try value(results, .linear, .meanAbsoluteError(on: .validation), index) - mean(line.map(abs))) < 1e-12)
      let constant = held.targets.map { ($0 - mt) * ($0 - mt) }
      #expect(abs(try value(results, .constant, .final(.validationLoss), index) - mean(constant) / 2) < 1e-12)
      #expect(abs(try value(results, .constant, .finalLoss, index) - mean(t.map { ($0 - mt) * ($0 - mt) }) / 2) < 1e-12)
      #expect(abs(try value(results, .constant, .rSquared(on: .training), index)) < 1e-12, "R² of the mean is 0")
    }
    let values = try (0..<3).map { try value(results, .linear, .final(.validationLoss), $0) }
    #expect(Set(values).count == 3, "each seed has its own split")
    #expect(try results.medianBaseline(.linear, .final(.validationLoss)) == values.sorted()[1])
  }

  /// The most frequent class of the training part, and the entropy of its shares.
  @Test func theConstantOfClassesIsTheMostFrequentOne() throws {
    let data = DataSource.custom("seven labels") { _ in
      let labels = [0, 1, 1, 1, 2, 1, 0]
      let held = [1, 0, 2, 1]
      func samples(_ labels: [Int]) -> Dataset.Samples {
        .init(
          count: labels.count, inputs: labels.indices.map { Double($0) },
          targets: labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } })
      }
      return Dataset(
        name: "labels", inputNames: ["x"], outputNames: ["a", "b", "c"], training: samples(labels),
        validation: samples(held), classes: .oneHot(names: ["a", "b", "c"]))
    }
    let results = try results(.crossEntropy, data, output: .softmax)
    #expect(try value(results, .constant, .final(.accuracy)) == 4.0 / 7)
    #expect(try value(results, .constant, .accuracy(on: .validation)) == 0.5)
    #expect(try value(results, .constant, .recall(of: "b", on: .validation)) == 1)
    #expect(try value(results, .constant, .precision(of: "a", on: .validation)).isNaN)
    let entropy = -(2 * Exact.log(4.0 / 7) + Exact.log(2.0 / 7) + Exact.log(1.0 / 7)) / 4
    #expect(abs(try value(results, .constant, .final(.validationLoss)) - entropy) < 1e-12)
    let linear = try value(results, .linear, .finalLoss)
    #expect(try linear < value(results, .constant, .finalLoss), "it contains the constant")
  }

  @Test func theMedianIsTheConstantOfTheAbsoluteError() throws {
    let data = DataSource.custom("skewed") { _ in
      Dataset(name: "skewed", inputs: [[0], [1], [2], [3], [4]], targets: [[0], [0], [1], [1], [40]])
    }
    let results = try results(.absoluteError, data)
    for metric in [Metric.finalLoss, .final(.absoluteError), .meanAbsoluteError(on: .training)] {
      #expect(abs(try value(results, .constant, metric) - 41.0 / 5) < 1e-12)
    }
  }

  @Test func stepsAndObjectivesHaveNone() throws {
    let results = try results(.halfMeanSquaredError, .noisySine(samples: 20))
    for metric in [Metric.steps, .stepsToLoss(0.1), .finalGradientNorm, .final(.parameterNorm)] {
      #expect(try results.baseline(.constant, metric, results.rows[0]) == nil && !metric.hasBaseline)
    }
    #expect(try results.baseline(.linear, .final(.validationLoss), results.rows[0]) == nil, "there is no such part")
    let objective = try TrainedRuns.results(TrainedRuns.himmelblau) { Seeds(0..<1) }
    #expect(try objective.medianBaseline(.constant, .finalLoss) == nil)
  }
}
