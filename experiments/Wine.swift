import Descent

/// 178 wines of three cultivars, classified from 13 chemical measurements: validation chooses the width, a test part judges it.
struct Wine: Experiment {
  let title = "Does a hidden layer help to tell three cultivars of wine apart?"

  var setup: Setup {
    Setup(
      data: .csv("wine.csv", targets: ["cultivar"]).standardized().validation(share: 0.25, drawn: .perSeed)
        .test(share: 0.25, drawn: .perSeed).stratified(),
      network: .mlp(hidden: 8, activation: .tanh, output: .softmax),
      loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .glorot(),
      batch: .full,
      stop: .after(steps: 2_000).orEarlyStopping(patience: 20, every: 10),
      record: .also(.validationLoss, every: 10))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [1, 2, 4, 8, 16, 32])
    Seeds(0..<32)
  }

  var report: [Cell] {
    question
    test
    Note { try Self.answer($0) }
    claims
  }

  @ReportBuilder private var question: [Cell] {
    Note { results in
      guard let row = results.rows.first, let data = try results.dataset(of: row) else { return "" }
      let (training, validation, test) = (data.training.count, data.validation?.count ?? 0, data.test?.count ?? 0)
      return """
        The data are \(data.inputCount) chemical measurements of \(training + validation + test) wines from three cultivars \
        (Forina et al.). A network of H tanh units with a softmax output is trained with cross-entropy by full-batch gradient \
        descent. Each of the \(Self.splits(results)) seeds draws its own split and its own initial weights: \(training) wines \
        for the training, \(validation) for validation and \(test) for the test, each part with the same share of each \
        cultivar. At every width a seed has the same split. Inputs are standardized by the training wines.

        Training ends when the validation loss has not fallen in 20 measurements, one every 10 steps, and at the latest after \
        2000 steps. The network then has the parameters with the least validation loss. Two baselines see the same wines: the \
        shares of the cultivars, and softmax regression, which is the same network without a hidden layer.
        """
    }
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Validation accuracy against width") { Sensitivity(.accuracy(on: .validation), to: .hidden).baseline() }
    ReportTable(
      "Early stopping: medians over the splits. Kept step: the step whose parameters are kept",
      columns: [
        .number("H"), .number("steps"), .number("kept step"), "runs that end before step 2000",
        .number("validation loss"), .number("validation accuracy"),
      ]
    ) { results in
      try results.groups(by: .hidden).map { width, runs in
        let early = Share(runs.rows.count { $0.summary.steps < 2_000 }, of: runs.count)
        return [
          "\(width)", NumberText.short(try runs.median(.steps)),
          NumberText.short(Statistics.median(runs.rows.map { Double($0.summary.keptStep) })), "\(early)",
          NumberText.short(try runs.median(.final(.validationLoss))),
          NumberText.percent(try runs.median(.accuracy(on: .validation))),
        ]
      }
    }
  }

  @ReportBuilder private var test: [Cell] {
    Note { results in
      guard let chosen = try results.best(.hidden, by: .final(.validationLoss)) else { return "" }
      return """
        ## The test

        The median validation loss is smallest at H = \(chosen.value). Only the networks of this width are measured on the test \
        part. Their validation loss is too good as an estimate for other wines, because it has chosen the step of every run and \
        the width. A test wine of one split is a validation wine of other splits: the test part is new to each network, but not to \
        the choice of the width.
        """
    }
    MetricTable("Test", of: [.accuracy(on: .test), .macroF1(on: .test)]).baseline()
      .where(.hidden, isBestBy: .final(.validationLoss))
    ReportTable.confusion("Confusion matrix of the test", on: .test)
      .where(.hidden, isBestBy: .final(.validationLoss))
    ReportTable.classes("Each cultivar in the test", on: .test).where(.hidden, isBestBy: .final(.validationLoss))
  }

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "One hidden unit is too few: its validation loss is larger than with eight units in most splits: interval above ½"
    ) { results in
      let pairs = zip(
        try results.where(.hidden, is: 1).values(.final(.validationLoss)),
        try results.where(.hidden, is: 8).values(.final(.validationLoss)))
      let share = Share(pairs.count { $0 > $1 }, of: min(results.where(.hidden, is: 1).count, Self.splits(results)))
      return (share.interval.lowerBound > 0.5, "\(share)")
    }
    Expect("Verifies early stopping: no run has recorded a validation loss below the one that it ends with") {
      results in
      let pairs = zip(try results.values(.final(.validationLoss)), try results.values(.best(.validationLoss)))
      let kept = pairs.count { $0 == $1 }
      return (
        kept == results.count && kept > 0, "\(kept) of \(NumberText.count(results.count, "run")) keep their least value"
      )
    }
    Expect(
      "At the chosen width at least 95 % of the test wines are classified correctly in the median split (bound chosen after "
        + "the first runs)"
    ) { results in
      guard let chosen = try results.best(.hidden, by: .final(.validationLoss)) else { throw Untested("no runs") }
      let values = try chosen.results.values(.accuracy(on: .test))
      let interval = Statistics.medianInterval(values, confidence: 0.95).map { NumberText.percent($0) }
      return (
        Statistics.median(values) >= 0.95,
        "H = \(chosen.value): median \(NumberText.percent(Statistics.median(values))), 95 % interval over \(values.count) splits "
          + "of the same wines \(interval ?? "–")"
      )
    }
    comparisons
  }

  @ReportBuilder private var comparisons: [Cell] {
    Expect("In the median split the network and softmax regression differ by at most one test wine (95 % interval)") {
      results in
      guard let found = try Self.comparison(results) else { throw Untested("no baseline") }
      guard let interval = found.interval else { throw Untested("too few seeds for an interval") }
      return (
        interval.lowerBound >= -1 && interval.upperBound <= 1,
        "median difference \(NumberText.short(found.median)) of \(found.wines) wines, interval \(NumberText.interval(interval, between: " to "))"
      )
    }
    Expect("Cultivars 0 and 2 are hardly confused: most of the test errors involve cultivar 1: interval above ½") {
      results in
      guard let chosen = try results.best(.hidden, by: .final(.validationLoss)) else { throw Untested("no runs") }
      let matrix = try chosen.results.confusion(on: .test)
      guard let middle = matrix.names.firstIndex(of: "class_1") else { throw Untested("no such class") }
      let errors = Self.errors(matrix) { _, _ in true }
      guard errors > 0 else { throw Untested("no test wine is taken for another cultivar") }
      let share = Share(Self.errors(matrix) { $0 == middle || $1 == middle }, of: errors)
      return (
        share.interval.lowerBound > 0.5, "\(share) errors in all splits; a wine counts in every split that tests it"
      )
    }
  }

  // MARK: The answer

  private static func answer(_ results: Results) throws -> String {
    guard let chosen = try results.best(.hidden, by: .final(.validationLoss)), let found = try comparison(results)
    else { return "" }
    let accuracy = try mean(chosen.results.values(.accuracy(on: .test)))
    let (more, fewer) = (found.differences.count { $0 > 0.5 }, found.differences.count { $0 < -0.5 })
    let share = Statistics.wilson(more, of: more + fewer)
    let verdict =
      share.lowerBound > 0.5
      ? "The hidden layer helps."
      : share.upperBound < 0.5 ? "The hidden layer does harm." : "The hidden layer does not help clearly."
    let matrix = try chosen.results.confusion(on: .test)
    return """
      ## Answer

      At H = \(chosen.value) the networks classify \(NumberText.percent(accuracy)) of the test wines correctly in the mean of \
      \(chosen.results.count) splits, and softmax regression \(NumberText.percent(found.baseline)). The network classifies more \
      test wines correctly in \(more) splits, fewer in \(fewer), and equally many in \(found.differences.count - more - fewer). \
      \(verdict) A difference is called clear if the Wilson 95 % interval of the share of “more” among the splits that differ \
      does not contain ½.

      \(confusions(matrix)) \(try others(results.groups(by: .hidden), chosen: chosen.value))

      The splits are drawn independently of each other, but from the same \(found.pool) wines: the intervals cover the split and \
      the initial weights, not wines of another year or another region. One wine of a test part is \
      \(NumberText.percent(1 / Double(found.wines))).
      """
  }

  /// "Of 1440 test results 30 are wrong; class_1 taken for class_0 is the most frequent error, with 12."
  private static func confusions(_ matrix: Confusion) -> String {
    var worst = (count: 0, text: "")
    for truth in matrix.names.indices {
      for predicted in matrix.names.indices where truth != predicted && matrix.counts[truth][predicted] > worst.count {
        worst = (matrix.counts[truth][predicted], "\(matrix.names[truth]) taken for \(matrix.names[predicted])")
      }
    }
    let errors = errors(matrix) { _, _ in true }
    let all = "Of \(NumberText.grouped(matrix.total)) test results \(NumberText.grouped(errors)) are wrong"
    return errors == 0
      ? all + "." : "\(all); the most frequent error is \(worst.text), with \(NumberText.grouped(worst.count))."
  }

  private static func errors(_ matrix: Confusion, where isCounted: (_ truth: Int, _ predicted: Int) -> Bool) -> Int {
    matrix.names.indices.reduce(0) { sum, truth in
      matrix.names.indices.reduce(sum) {
        $1 != truth && isCounted(truth, $1) ? $0 + matrix.counts[truth][$1] : $0
      }
    }
  }

  /// Which widths have a clearly larger validation loss than the chosen one.
  private static func others(_ groups: [(value: Setting, results: Results)], chosen: Setting) throws -> String {
    guard let best = groups.first(where: { $0.value == chosen }) else { return "" }
    let own = try best.results.values(.final(.validationLoss))
    let worse = try groups.filter { $0.value != chosen }.filter { group in
      let share = Share(zip(own, try group.results.values(.final(.validationLoss))).count { $0 < $1 }, of: own.count)
      return Statistics.wilson(share.successes, of: share.count, z: 2.575829).lowerBound > 0.5
    }
    let names = worse.map { "\($0.value)" }.joined(separator: ", ")
    return worse.isEmpty
      ? "No other width has a clearly larger validation loss."
      : "In most splits the validation loss is larger at H = \(names) than at H = \(chosen) (Wilson 99 % interval above ½, since "
        + "\(groups.count - 1) widths are compared)."
  }

  private struct TestComparison {
    /// Test wines that the network classifies correctly more than softmax regression, one number for each split.
    let differences: [Double]
    /// The mean accuracy of softmax regression.
    let baseline: Double
    /// The wines of a test part, and of all parts.
    let wines, pool: Int
    var median: Double { Statistics.median(differences) }
    var interval: ClosedRange<Double>? { Statistics.medianInterval(differences, confidence: 0.95) }
  }

  /// The chosen width and softmax regression on the test parts, split by split.
  private static func comparison(_ results: Results) throws -> TestComparison? {
    guard let chosen = try results.best(.hidden, by: .final(.validationLoss))?.results, let row = chosen.rows.first,
      let data = try chosen.dataset(of: row), let wines = data.test?.count
    else { return nil }
    let linear = try chosen.values(.accuracy(on: .test), of: .linear)
    let differences = zip(try chosen.values(.accuracy(on: .test)), linear).map { (($0 - $1) * Double(wines)).rounded() }
    return TestComparison(
      differences: differences, baseline: mean(linear), wines: wines,
      pool: data.training.count + (data.validation?.count ?? 0) + wines)
  }

  private static func splits(_ results: Results) -> Int { results.groups(by: .hidden).first?.results.count ?? 0 }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
