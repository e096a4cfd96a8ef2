import Analysis
import Documents
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Confusion matrices, tables of classes and metrics, and lines of baselines.
@Suite struct ScoreFigureTests {
  /// One input and three classes by softmax(x·w): planted weights predict a for x < 0, else b; c never.
  private static let data = DataSource.custom("six labels") { _ in
    let labels = [0, 0, 1, 1, 2, 1]
    func samples(_ xs: [Double], _ labels: [Int]) -> Dataset.Samples {
      .init(
        count: xs.count, inputs: xs, targets: labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } })
    }
    return Dataset(
      name: "labels", inputNames: ["x"], outputNames: ["a", "b", "c"],
      training: samples([-1, -2, 1, -1, 3, 2], labels), validation: samples([-1, 1, 2], [0, 2, 1]),
      classes: .oneHot(names: ["a", "b", "c"]))
  }

  private func classes(diverged: Bool = false) throws -> Results {
    let setup = Setup(
      data: Self.data, network: .linear(output: .softmax), loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.1), initialization: .zero, stop: .after(steps: 1))
    return try PlantedRuns.results(setup) {
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<2)
    } run: { settings, seed in
      .init(
        diverged: diverged && seed == 1, finals: [.validationLoss: 1 + Double(seed)],
        parameters: settings[0] == .number(0.1) ? [-1, 1, 0, 0, 0, -9] : [1, -1, 0, 0, 0, -9])
    }
  }

  private func rows(_ table: Document.Table) -> [[String]] { table.rows.map { $0.map(\.plain) } }

  @Test func theConfusionMatrixCountsAllRuns() throws {
    let table = ReportTable.confusion("Flowers", on: .training).where(.learningRate, is: 0.1)
    let content = try table.content(classes())
    #expect(content.columns.map(\.title.plain) == ["true class", "a", "b", "c", "all", "recall"])
    #expect(
      rows(content) == [
        ["a", "4", "0", "0", "4", "100 %"], ["b", "2", "4", "0", "6", "66.7 %"], ["c", "0", "2", "0", "2", "0 %"],
      ])
    let caption = content.caption.plain
    #expect(caption.hasPrefix("Flowers. Rows: the true class"))
    #expect(caption.contains("2 runs on the training part: 12 samples, 6 a run"))
    #expect(caption.contains("without precision: c.") && caption.hasSuffix("Runs: η = 0.1."))
    let lost = try table.content(classes(diverged: true)).caption.plain
    #expect(lost.contains("1 diverged run counts with the last parameters"))
  }

  /// At 0.1 four of six training labels are predicted, at 0.2 one.
  @Test func aTableChoosesTheBestValueOfAParameter() throws {
    let results = try classes()
    let chosen = try ReportTable.confusion("Flowers", on: .validation)
      .where(.learningRate, isBestBy: .accuracy(on: .training)).content(results)
    let fixed = try ReportTable.confusion("Flowers", on: .validation).where(.learningRate, is: 0.1).content(results)
    let other = try ReportTable.confusion("Flowers", on: .validation).where(.learningRate, is: 0.2).content(results)
    #expect(rows(chosen) == rows(fixed) && rows(chosen) != rows(other))
    #expect(chosen.caption.plain.hasSuffix("Runs: η = 0.1, which has the best median training accuracy."))
  }

  /// The constant predicts the most frequent class, b, which one of three validation samples has.
  @Test func baselinesHaveAValueForEachRun() throws {
    let results = try classes()
    #expect(try results.values(.accuracy(on: .validation), of: .constant) == Array(repeating: 1.0 / 3, count: 4))
    #expect(try results.values(.steps, of: .linear).allSatisfy(\.isNaN))
    let row = try #require(results.rows.first)
    let line = try #require(try results.linearModel(of: row))
    let outputs = line([-1])
    #expect(abs(outputs.reduce(0, +) - 1) < 1e-12 && outputs[0] > outputs[2])
  }

  @Test func aClassThatIsNeverPredictedHasNoPrecision() throws {
    let content = try ReportTable.classes(on: .validation).where(.learningRate, is: 0.1).content(classes())
    // a is found; of b and c, b is found and c is taken for b.
    #expect(
      rows(content) == [
        ["a", "100 %", "100 %", "100 %", "100 % (100 %–100 %)", "2"],
        ["b", "50 %", "100 %", "66.7 %", "66.7 % (66.7 %–66.7 %)", "2"],
        ["c", "–", "0 %", "0 %", "0 % (0 %–0 %)", "2"],
        ["mean of the classes", "75 % (2 of 3 classes)", "66.7 %", "55.6 %", "55.6 % (55.6 %–55.6 %)", "6"],
      ])
  }

  @Test func metricsHaveRowsAndBaselines() throws {
    let metrics: [Metric] = [.accuracy(on: .validation), .final(.validationLoss), .precision(of: "c", on: .validation)]
    let table = MetricTable("Rates", of: metrics, by: .learningRate).baseline()
    guard case .table(let declared) = table.cell else { return }
    let content = try declared.content(classes())
    let found = rows(content)
    #expect(found.map { $0[0] } == ["0.1", "0.2", "constant", "linear model"] && found[0][1] == "2")
    #expect(found[0][2] == "0.667" && found[1][2] == "0" && found[0][3] == "1.5 (1.25–1.75)" && found[0][4] == "–")
    // Shares 2, 3 and 1 of 6; the most frequent class is b.
    let entropy = -(Exact.log(1.0 / 3) + Exact.log(0.5) + Exact.log(1.0 / 6)) / 3
    #expect(found[2][2] == "0.333" && found[2][3] == NumberText.short(entropy))
    #expect(content.caption.plain.contains("softmax regression with the penalty"))
  }

  @Test func baselinesAreLinesAtTheirValues() throws {
    let results = try classes()
    let entropy = -(Exact.log(1.0 / 3) + Exact.log(0.5) + Exact.log(1.0 / 6)) / 3
    let sensitivity = try Drawn(results) { Sensitivity(.final(.validationLoss), to: .learningRate).baseline() }
    let rules = sensitivity.chart.horizontalRules
    // The names stand beside the plot.
    #expect(sensitivity.chart.endLabels.map(\.label) == ["constant", "linear model"] && near(rules[0].y, entropy))
    #expect(near(sensitivity.chart.endLabels.map(\.y), rules.map(\.y)) && rules.allSatisfy { $0.label.isEmpty })
    #expect(sensitivity.caption.contains("Baselines: constant (the shares of the classes in the training part"))
    let strip = try Drawn(results) { Distribution(.final(.validationLoss), as: .strip).baseline() }
    #expect(near(strip.chart.horizontalRules.map(\.y), rules.map(\.y)))
    let empirical = try Drawn(results) { Distribution(.final(.validationLoss), as: .empirical).baseline() }
    #expect(near(empirical.chart.verticalRules.map(\.x), rules.map(\.y)))
    // The axis includes them.
    let domain = try #require(empirical.chart.x.domain)
    #expect(rules.allSatisfy { domain.contains($0.y) })
    let without = try Drawn(results) { Sensitivity(.final(.validationLoss), to: .learningRate) }
    #expect(without.chart.horizontalRules.isEmpty && !without.caption.contains("Baseline"))
  }

  /// Where the swept parameter changes the data, the baseline is a line through its values.
  @Test func aBaselineMayDependOnTheParameter() throws {
    var setup = PlantedRuns.setup
    (setup.data, setup.loss, setup.network) = (.noisySine(samples: 30, noise: 0.1), .meanSquaredError, .mlp(hidden: 2))
    let results = try PlantedRuns.results(setup) {
      Vary(.noise, over: [0.1, 1, 2])
      Seeds(0..<2)
    } run: { _, seed in
      .init(finalLoss: Double(1 + seed))
    }
    let chart = try Drawn(results) { Sensitivity(.finalLoss, to: .noise).baseline() }.chart
    #expect(chart.horizontalRules.isEmpty && chart.endLabels.map(\.label) == ["constant", "linear model"])
    let expected = try results.groups(by: .noise).map { try $0.results.medianBaseline(.constant, .finalLoss) ?? .nan }
    #expect(near(chart.lines[1].points, zip([0.1, 1, 2], expected).map { Point($0, $1) }) && Set(expected).count == 3)
  }

  private func mistakes(_ setup: Setup, _ cell: any CellDeclaration) throws -> [Mistake] {
    do {
      let sweep: [Axis] = Vary(.learningRate, over: [0.1, 0.2]).axes
      _ = try Plan(Study(name: "t", title: "", setup: setup, sweep: sweep), files: DataFiles(folders: [])) {
        ReportCheck.mistakes([cell.cell], in: $0)
      }
      return []
    } catch let found as Mistakes {
      return found.all
    }
  }

  @Test func whatTheDataDoNotHaveIsFoundBeforeTraining() throws {
    var regression = PlantedRuns.setup
    (regression.data, regression.network) = (.noisySine(samples: 20).validation(share: 0.5), .mlp(hidden: 2))
    func rules(_ setup: Setup, _ cell: any CellDeclaration) throws -> [String] { try mistakes(setup, cell).map(\.rule) }
    let moons = PlantedRuns.setup
    let claim = Expect(.median(of: .rSquared(on: .validation)), atLeast: 0, where: .learningRate, is: 0.1)
    #expect(try rules(moons, claim) == ["the data have no validation part"] && rules(regression, claim).isEmpty)
    let f1 = MetricTable(of: [.f1(of: "2", on: .training)], by: .learningRate)
    #expect(try rules(regression, f1) == ["the data have no classes"])
    #expect(try rules(moons, f1) == ["the data have no class of this name"])
    #expect(try mistakes(moons, f1)[0].remedy.contains("The classes are 0, 1"))
    #expect(try rules(moons, ReportTable.confusion(on: .training)).first?.contains("left free") == true)
    #expect(try rules(moons, ReportTable.confusion(on: .training).where(.learningRate, is: 0.1)).isEmpty)
    #expect(
      try rules(moons, ReportTable.confusion(on: .training).where(.learningRate, is: 7)) == [
        "the sweep has no such value"
      ])
    for plot: any Plot in [
      Sensitivity(.steps, to: .learningRate).baseline(), Distribution(.steps).color(by: .learningRate).baseline(),
      Curve(.gradientNorm).color(by: .learningRate).baseline(),
    ] {
      #expect(try rules(moons, Figure("F") { plot }).first?.contains("a baseline has outputs") == true)
    }
    #expect(try rules(moons, MetricTable(of: [.steps], by: .learningRate).baseline()).count == 1)
  }
}
