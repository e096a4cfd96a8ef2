import Descent

/// The progression of diabetes from ten measurements: cross-validation chooses between two penalties and six strengths, a test part judges
/// the choice.
struct Diabetes: Experiment {
  let title = "Which penalty keeps a network from fitting the noise of 442 patients?"

  /// λ of the penalty that the variant names.
  static let strength = Parameter<Double>(
    "strength", title: "strength of the penalty", symbol: "λ",
    get: { max($0.optimizer.l1Penalty, $0.optimizer.weightDecay) },
    set: { setup, value in
      if setup.optimizer.l1Penalty > 0 {
        setup.optimizer.l1Penalty = value
      } else {
        setup.optimizer.weightDecay = value
      }
    })
  private static let penalty = Parameter<String>.variant("penalty")

  var setup: Setup {
    Setup(
      data: .csv("diabetes.csv", targets: ["progression"]).standardized().standardizedTargets().test(share: 0.2)
        .kFold(5, drawn: .perSeed),
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.05).withWeightDecay(0.01),
      initialization: .glorot(),
      batch: .full,
      stop: .after(steps: 1_000),
      record: .also(.validationLoss, every: 20))
  }

  var sweep: [Axis] {
    Variants(
      "penalty",
      [
        Variant("L2") { _ in },
        Variant("L1") {
          $0.optimizer.l1Penalty = $0.optimizer.weightDecay
          $0.optimizer.weightDecay = 0
        },
      ])
    Vary(Self.strength, over: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
    Folds(5, drawn: .perSeed)
    Seeds(0..<8)
  }

  var report: [Cell] {
    validation
    Note { try Self.choice($0) }
    ReportTable(
      "Test part: means over the networks of the chosen setting, and over the baselines fitted to the same training patients",
      columns: ["model", .number("R²"), .number("root mean squared error"), .number("mean absolute error")]
    ) { results in
      guard let chosen = try Self.chosen(results) else { return [] }
      let metrics: [Metric] = [.rSquared(on: .test), .rootMeanSquaredError(on: .test), .meanAbsoluteError(on: .test)]
      func row(_ name: String, _ values: (Metric) throws -> [Double]) rethrows -> [String] {
        [name] + (try metrics.map { NumberText.short(try Self.mean(values($0))) })
      }
      return [
        try row("network, \(chosen.name)") { try chosen.runs.values($0) },
        try row("linear model (least squares)") { try chosen.runs.values($0, of: .linear) },
        try row("constant (mean of the training patients)") { try chosen.runs.values($0, of: .constant) },
      ]
    }
    Note { try Self.answer($0) }
    claims
  }

  @ReportBuilder private var validation: [Cell] {
    Note { results in
      guard let row = results.rows.first, let data = try results.dataset(of: row), let held = data.validation?.count,
        let test = data.test?.count
      else { return "" }
      let folds = results.groups(by: .fold).count
      return """
        The data are \(data.inputCount) measurements of each of \(data.training.count + held + test) patients; the target is the \
        progression of their diabetes after one year (Efron, Hastie, Johnstone & Tibshirani 2004, doi:10.1214/009053604000000067). \
        A network of 8 tanh units is trained with half the mean squared error E for 1000 steps of full-batch gradient descent with \
        momentum 0.9. It has 97 parameters for \(data.training.count) training patients. Two penalties on the parameters θ are \
        compared: L2 adds ½λ‖θ‖₂² to E and L1 adds λ‖θ‖₁.

        A test part of \(test) patients is set aside first. The other \(data.training.count + held) patients are divided into \
        \(folds) folds: each network is trained on \(folds - 1) of them and validated on the last. Each of the \
        \(Self.partitions(results)) seeds draws another partition into folds and other initial weights. R² = 1 − Σ(y − t)²/Σ(t − t̄)², \
        so that 1 is a perfect prediction and 0 is that of the mean of the same patients.

        What folds do not show: two folds of a partition share most of their training patients, and all partitions use the same \
        patients. So the values are not independent, and their spread is no standard error; no estimate of it from the folds of \
        one partition is unbiased (Bengio & Grandvalet 2004). The table has the range over the partitions, as a description.
        """
    }
    Figure("Validation R² against the strength of the penalty") {
      Sensitivity(.rSquared(on: .validation), to: Self.strength).color(by: Self.penalty).baseline()
    }
    .pooling(.fold).xScale(.log)
    Figure("Validation loss during training") { Curve(.validationLoss).color(by: Self.strength) }
      .facets(columns: Self.penalty).pooling(.fold).yScale(.log)
    ReportTable(
      "R² as means over folds and partitions, the range of the means of the partitions, and the parameters with |θ| > 0.05",
      columns: [
        "penalty", .number("λ"), .number("training R²"), .number("validation R²"), "range over the partitions",
        .number("parameters above 0.05"),
      ]
    ) { results in
      var rows = try Self.settings(results).map { setting -> [String] in
        let means = Self.means(of: try setting.runs.values(.rSquared(on: .validation)), setting.runs)
        return [
          setting.penalty, setting.strength,
          NumberText.short(try Self.mean(setting.runs.values(.rSquared(on: .training)))),
          NumberText.short(Self.mean(means)), Self.range(means),
          NumberText.short(try Self.mean(Self.large(setting.runs))),
        ]
      }
      guard let any = try Self.settings(results).first?.runs else { return rows }
      let linear = Self.means(of: try any.values(.rSquared(on: .validation), of: .linear), any)
      rows.append([
        "linear model", "–", NumberText.short(try Self.mean(any.values(.rSquared(on: .training), of: .linear))),
        NumberText.short(Self.mean(linear)), Self.range(linear), "–",
      ])
      return rows
    }
  }

  @ReportBuilder private var claims: [Cell] {
    for penalty in ["L1", "L2"] {
      Expect(
        "A penalty helps: at its best strength, \(penalty) has a larger validation R² than at λ = 0.001 in most partitions: "
          + "interval above ½"
      ) { results in
        let runs = results.where(Self.penalty, is: penalty)
        guard let best = try Self.chosen(runs) else { throw Untested("no runs") }
        let weak = runs.where(Self.strength, is: 0.001)
        let pairs = zip(
          Self.means(of: try best.runs.values(.rSquared(on: .validation)), best.runs),
          Self.means(of: try weak.values(.rSquared(on: .validation)), weak))
        let share = Share(pairs.count { $0 > $1 }, of: Self.partitions(results))
        return (share.interval.lowerBound > 0.5, "λ = \(best.strength): \(share) of the same patients")
      }
    }
    Expect(
      "L1 with λ = 0.3 removes the network: at most one parameter in ten is above 0.05, and R² is at most 0.05 in training"
    ) {
      results in
      let runs = results.where(Self.penalty, is: "L1").where(Self.strength, is: 0.3)
      let (fit, large) = (try runs.values(.rSquared(on: .training)), try Self.large(runs))
      let most = fit.max() ?? .infinity
      return (
        most <= 0.05 && Self.mean(large) <= 9.7,
        "largest training R² \(NumberText.short(most)), \(NumberText.short(Self.mean(large))) of 97 parameters in the mean, n = "
          + "\(runs.count)"
      )
    }
    comparisons
  }

  @ReportBuilder private var comparisons: [Cell] {
    Expect("At their best strengths the two penalties differ by at most 0.02 in validation R², in every partition") {
      results in
      guard let first = try Self.chosen(results.where(Self.penalty, is: "L1")),
        let second = try Self.chosen(results.where(Self.penalty, is: "L2"))
      else { throw Untested("only one penalty") }
      let differences = zip(
        Self.means(of: try first.runs.values(.rSquared(on: .validation)), first.runs),
        Self.means(of: try second.runs.values(.rSquared(on: .validation)), second.runs)
      ).map { $0 - $1 }
      return (
        !differences.isEmpty && differences.allSatisfy { abs($0) <= 0.02 },
        "L1 minus L2: mean \(NumberText.short(Self.mean(differences))), range \(Self.range(differences)), n = \(differences.count)"
      )
    }
    Expect(
      "At the chosen setting the network differs from the linear model by at most 0.03 in validation R², in every partition"
    ) {
      results in
      guard let chosen = try Self.chosen(results) else { throw Untested("no runs") }
      let differences = try Self.toLinear(chosen.runs)
      return (
        !differences.isEmpty && differences.allSatisfy { abs($0) <= 0.03 },
        "\(chosen.name): mean \(NumberText.short(Self.mean(differences))), range \(Self.range(differences)), n = "
          + "\(differences.count) partitions of the same patients"
      )
    }
    Expect(
      "On the test patients the network is not much worse than the linear model: the 95 % interval of the difference in R² is above "
        + "−0.05 (bound chosen after the first runs)"
    ) { results in
      guard let chosen = try Self.chosen(results), let found = try Self.gain(chosen.runs) else {
        throw Untested("no test part")
      }
      return (
        found.interval.lowerBound > -0.05,
        "\(chosen.name): \(NumberText.short(found.difference)), interval \(NumberText.interval(found.interval, between: " to ")) "
          + "over \(found.patients) patients"
      )
    }
  }
}

// MARK: The choice

extension Diabetes {
  private struct PenalizedRuns {
    let penalty, strength: String
    let runs: Results
    var name: String { "\(penalty) with λ = \(strength)" }
  }

  private static func settings(_ results: Results) throws -> [PenalizedRuns] {
    results.groups(by: penalty).flatMap { penalty, runs in
      runs.groups(by: strength).map { PenalizedRuns(penalty: "\(penalty)", strength: "\($0.value)", runs: $0.results) }
    }
  }

  /// The setting with the greatest mean validation R² over folds and partitions.
  private static func chosen(_ results: Results) throws -> PenalizedRuns? {
    let ranked = try settings(results).map { ($0, mean(try $0.runs.values(.rSquared(on: .validation)))) }
    return ranked.filter { !$0.1.isNaN }.max { $0.1 < $1.1 }?.0
  }

  private static func choice(_ results: Results) throws -> String {
    guard let chosen = try chosen(results) else { return "" }
    let value = mean(try chosen.runs.values(.rSquared(on: .validation)))
    let linear = mean(try chosen.runs.values(.rSquared(on: .validation), of: .linear))
    return """
      ## The test

      Cross-validation chooses \(chosen.name): mean validation R² \(NumberText.short(value)), the linear model \
      \(NumberText.short(linear)). Only this setting is measured on the test part. It has \(chosen.runs.count) networks, one for \
      each fold of each partition. Each of them is trained on the patients outside its fold; no network is trained on all patients \
      outside the test part.
      """
  }

  // MARK: The answer

  private static func answer(_ results: Results) throws -> String {
    guard let chosen = try chosen(results), let found = try gain(chosen.runs) else { return "" }
    let isBetter = found.interval.lowerBound > 0
    let isWorse = found.interval.upperBound < 0
    let verdict =
      isBetter
      ? "The network predicts these patients better than the linear model."
      : isWorse
        ? "The network predicts these patients worse than the linear model."
        : "These patients do not show a difference between the network and the linear model."
    let weakest = try results.groups(by: penalty).compactMap { penalty, runs -> String? in
      guard let weak = try settings(runs).first else { return nil }
      let training = mean(try weak.runs.values(.rSquared(on: .training)))
      let validation = mean(try weak.runs.values(.rSquared(on: .validation)))
      return
        "\(penalty) with λ = \(weak.strength) has a training R² of \(NumberText.short(training)) and a validation R² of "
        + NumberText.short(validation)
    }
    return """
      ## Answer

      The weakest penalties let the network fit the noise: \(weakest.joined(separator: "; ")). With \(chosen.name) the mean \
      R² on the \(found.patients) test patients is \(NumberText.short(found.network)), that of the linear model \
      \(NumberText.short(found.linear)). The difference is \(NumberText.short(found.difference)), 95 % interval \
      \(NumberText.interval(found.interval, between: " to ")). \(verdict) \(try agreement(chosen, found))

      The interval covers the choice of the test patients: it is that of the mean difference of their squared errors, by the \
      normal distribution, divided by their mean squared deviation. It does not cover the choice of the training patients, \
      which all networks share up to the folds. \(try few(chosen, results))
      """
  }

  /// Whether the validation, which has more patients, shows the difference of the test.
  private static func agreement(_ chosen: PenalizedRuns, _ found: Gain) throws -> String {
    let differences = try toLinear(chosen.runs)
    let least = differences.min() ?? .nan
    let most = differences.max() ?? .nan
    let isShown = least > 0 && found.interval.lowerBound > 0 || most < 0 && found.interval.upperBound < 0
    let isNeither = least <= 0 && most >= 0 && found.interval.contains(0)
    let verdict =
      isShown
      ? "Both agree."
      : isNeither
        ? "Neither shows one."
        : "The two do not agree: one test part of \(found.patients) patients is not enough for a verdict."
    return
      "In the validation the difference is \(NumberText.short(mean(differences))) in the mean, \(range(differences)) over the "
      + "partitions. \(verdict)"
  }

  /// Validation R² of the network minus that of the linear model: the mean of each partition.
  private static func toLinear(_ runs: Results) throws -> [Double] {
    let own = means(of: try runs.values(.rSquared(on: .validation)), runs)
    let linear = means(of: try runs.values(.rSquared(on: .validation), of: .linear), runs)
    return zip(own, linear).map { $0 - $1 }
  }

  /// How many parameters each penalty leaves at its best strength.
  private static func few(_ chosen: PenalizedRuns, _ results: Results) throws -> String {
    let left = try results.groups(by: penalty).compactMap { penalty, runs -> String? in
      guard let best = try Self.chosen(runs) else { return nil }
      return "\(NumberText.short(mean(try large(best.runs)))) with \(best.name)"
    }
    return "Parameters with |θ| > 0.05, in the mean: \(left.joined(separator: ", "))."
  }

  private struct Gain {
    let network, linear: Double
    let interval: ClosedRange<Double>
    let patients: Int
    var difference: Double { network - linear }
  }

  /// R² of the network and of the linear model on the test part, as means over the runs, and the 95 % interval of their difference over
  /// the patients:
  ///
  ///     R²(network) − R²(linear) = Σᵢ dᵢ,  dᵢ = mean over the runs of ((yᵢ(linear) − tᵢ)² − (yᵢ(network) − tᵢ)²)/Σⱼ(tⱼ − t̄)²
  private static func gain(_ runs: Results) throws -> Gain? {
    var sums: [Double] = []
    var (network, linear) = (0.0, 0.0)
    for row in runs.rows {
      guard let test = try runs.dataset(of: row)?.test, let trained = try runs.network(of: row),
        let line = try runs.linearModel(of: row)
      else { return nil }
      let center = mean(test.targets)
      let spread = test.targets.reduce(0) { $0 + ($1 - center) * ($1 - center) } * Double(runs.count)
      if sums.isEmpty { sums = Array(repeating: 0, count: test.count) }
      for i in 0..<test.count {
        let errors = [trained, line].map { model -> Double in
          let difference = model(test.input(i))[0] - test.target(i)[0]
          return difference * difference / spread
        }
        (network, linear) = (network + errors[0], linear + errors[1])
        sums[i] += errors[1] - errors[0]
      }
    }
    guard sums.count > 1 else { return nil }
    let (n, average) = (Double(sums.count), mean(sums))
    let variance = sums.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (n - 1)
    let half = 1.959963984540054 * (n * variance).squareRoot()
    return Gain(
      network: 1 - network, linear: 1 - linear, interval: n * average - half...n * average + half, patients: sums.count)
  }

  // MARK: Numbers

  /// The mean over the folds of each partition, in the order of the seeds.
  private static func means(of values: [Double], _ runs: Results) -> [Double] {
    let bySeed = Dictionary(grouping: zip(runs.rows, values)) { $0.0.seed }
    return bySeed.sorted { $0.key < $1.key }.map { mean($0.value.map(\.1)) }
  }

  private static func partitions(_ results: Results) -> Int { Set(results.rows.map(\.seed)).count }

  /// The number of parameters of each run that are above 0.05 in magnitude.
  private static func large(_ runs: Results) throws -> [Double] {
    try runs.rows.map { row in Double(try runs.parameters(of: row).count { abs($0) > 0.05 }) }
  }

  private static func range(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max() else { return "–" }
    return NumberText.interval(low...high, between: " to ")
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
