import Analysis
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Curves over the steps: medians, bands, single runs, axes and captions.
@Suite struct CurveTests {
  typealias Run = PlantedRuns.Run

  static let rates = [0.1, 0.3]

  /// Six losses of a run. At the second rate the run of seed 1 stops early and that of seed 4 diverges after two steps.
  static func losses(_ rate: Int, _ seed: Int) -> Run {
    let values = (0..<6).map { step in
      (rate == 0 ? 1.0 : 0.2) * (1 + 0.1 * Double(seed * 7 % 5)) / Double(1 + step) + 0.01 * Double(seed)
    }
    if rate == 1, seed == 4 { return .losses(Array(values.prefix(2)), finalLoss: .infinity, diverged: true) }
    if rate == 1, seed == 1 { return .losses(Array(values.prefix(3))) }
    return .losses(values)
  }

  static func results(
    _ setup: Setup = PlantedRuns.setup, _ run: (_ rate: Int, _ seed: Int) -> Run = losses
  ) throws -> Results {
    try PlantedRuns.results(setup) {
      Vary(.learningRate, over: rates)
      Seeds(0..<5)
    } run: { settings, seed in
      run(settings[0] == .number(rates[0]) ? 0 : 1, seed)
    }
  }

  /// What the five runs of a rate count as at a step.
  static func column(_ rate: Int, _ step: Int) -> [Double] {
    (0..<5).map { seed in
      let run = losses(rate, seed)
      let values = run.series[.loss]?.values ?? []
      if step < values.count { return values[step] }
      return run.diverged ? .infinity : values[values.count - 1]
    }
  }

  @Test(arguments: [(Curve.Band.quartiles, 0.25, 0.75), (.deciles, 0.1, 0.9)])
  func aLineIsTheMedianAndABandItsQuantiles(_ band: Curve.Band, _ low: Double, _ high: Double) throws {
    let drawn = try Drawn(Self.results()) { Curve(.loss).color(by: .learningRate).band(band) }
    #expect(drawn.chart.lines.count == 2 && drawn.chart.bands.count == 2 && drawn.chart.edges.count == 4)
    for rate in 0...1 {
      let (line, shade) = (drawn.chart.lines[rate], drawn.chart.bands[rate])
      let columns = (0..<6).map { Self.column(rate, $0) }
      let medians = (0..<6).map { Point(Double($0), Reference.median(columns[$0])) }
      #expect(near(line.points, medians), "\(line.points)")
      #expect(shade.x == [0, 1, 2, 3, 4, 5])
      #expect(near(shade.low, columns.map { Reference.quantile($0, low) }))
      #expect(near(shade.high, columns.map { Reference.quantile($0, high) }))
      // Where several bands overlap each has edges.
      let edges = drawn.chart.edges.filter { $0.stroke.color.solid == line.stroke.color }
      #expect(
        edges.map { $0.points.map(\.y) } == [shade.low, shade.high]
          && edges.allSatisfy { $0.points.map(\.x) == shade.x })
      #expect(line.stroke.color == Palette.categories[rate] && shade.color.solid == line.stroke.color)
      #expect(drawn.grid.legend[rate].color == line.stroke.color && drawn.grid.legend[rate].dash == line.stroke.dash)
    }
    #expect(drawn.grid.legend.map(\.label) == ["0.1", "0.3"] && drawn.grid.legendTitle == "learning rate η")
    #expect(drawn.caption.contains("median of 5 runs"))
    #expect(drawn.caption.contains(low == 0.25 ? "first to third quartile" : "first to ninth decile"))
    #expect(drawn.caption.contains("1 of 10 runs diverged"))
  }

  @Test func withoutABandThereIsNone() throws {
    let drawn = try Drawn(Self.results()) { Curve(.loss).color(by: .learningRate) }
    #expect(drawn.chart.bands.isEmpty && drawn.chart.bundles.isEmpty && !drawn.caption.contains("bands"))
  }

  @Test func faintLinesAreTheRunsThemselves() throws {
    let drawn = try Drawn(Self.results()) { Curve(.loss).color(by: .learningRate).runs() }
    #expect(drawn.chart.bundles.count == 2)
    for rate in 0...1 {
      let bundle = drawn.chart.bundles[rate]
      #expect(bundle.stroke.color.solid == Palette.categories[rate])
      let planted = (0..<5).map { seed in
        (Self.losses(rate, seed).series[.loss]?.values ?? []).enumerated().map { Point(Double($0), $1) }
      }
      #expect(bundle.lines == planted, "a run ends where it ended")
    }
    #expect(drawn.caption.contains("single runs"))
  }

  /// A running mean over the last steps of each run, before the median is taken.
  @Test func smoothingIsAMeanOfEachRun() throws {
    let drawn = try Drawn(Self.results { Self.losses(0, $1 + $0) }) {
      Curve(.loss).color(by: .learningRate).smoothed(over: 3)
    }
    for step in 0..<6 {
      let means = (0..<5).map { seed in
        let values = Self.losses(0, seed).series[.loss]?.values ?? []
        let last = values[max(0, step - 2)...step]
        return last.reduce(0, +) / Double(last.count)
      }
      #expect(near(drawn.chart.lines[0].points[step].y, Reference.median(means)))
    }
    #expect(drawn.caption.contains("mean of 3 steps"))
  }

  /// A running mean is over steps, not over recorded values; runs of different cadences are drawn at the steps they share.
  @Test func curvesUseTheCadenceOfTheirRuns() throws {
    let results = try Self.results { rate, seed in
      let every = rate == 0 ? 2 : 3
      let values = stride(from: 0, through: 24, by: every).map { 100 - Double($0 + seed) }
      return Run(steps: 25, series: [.loss: Series(every: every, values: values)])
    }
    let apart = try Drawn(results) { Curve(.loss).color(by: .learningRate) }
    #expect(
      apart.chart.lines.map { $0.points.map(\.x) } == [2, 3].map { Array(stride(from: 0.0, through: 24, by: $0)) })
    let together = try Drawn(results) { Curve(.loss) }
    #expect(together.chart.lines[0].points == [0, 6, 12, 18, 24].map { Point($0, 100 - $0 - 2) })
    let smooth = try Drawn(results) { Curve(.loss).color(by: .learningRate).smoothed(over: 6) }
    // The mean over three values 2 apart, or over two values 3 apart.
    #expect(smooth.chart.lines[0].points[5].y == 100 - 8 - 2 && smooth.chart.lines[1].points[5].y == 100 - 13.5 - 2)
  }

  /// Values recorded every fifth step are drawn at those steps; samples are steps times the batch.
  @Test func stepsAndSamplesAreExact() throws {
    var setup = PlantedRuns.setup
    setup.batch = .mini(size: 8)
    let results = try Self.results(setup) { _, _ in
      Run(series: [
        .trainingLoss: Series(every: 5, values: [4, 2, 1]), .loss: Series(every: 1, values: [4, 3, 2, 1]),
      ])
    }
    func places(_ curve: Curve) throws -> [Double] {
      try Drawn(results) { curve.color(by: .learningRate) }.chart.lines[0].points.map(\.x)
    }
    #expect(try places(Curve(.trainingLoss)) == [0, 5, 10])
    #expect(try places(Curve(.trainingLoss, over: .sample)) == [0, 40, 80])
    #expect(try places(Curve(.loss, over: .sample)) == [0, 8, 16, 24])
    let full = try Drawn(Self.results()) { Curve(.loss, over: .sample).color(by: .learningRate) }
    #expect(full.chart.lines[0].points.map(\.x) == [0, 40, 80, 120, 160, 200], "40 samples a step")
    #expect(full.chart.x.title == "samples seen")
    #expect(try Drawn(results) { Curve(.loss) }.chart.x.title == "step")
  }

  @Test func anAxisSaysWhoseLossItShows() throws {
    var setup = PlantedRuns.setup
    #expect(try Drawn(Self.results(setup)) { Curve(.loss) }.chart.y.title == "training loss E")
    setup.batch = .single
    #expect(try Drawn(Self.results(setup)) { Curve(.loss) }.chart.y.title.contains("batch"))
  }

  @Test func aDivergedRunHasTheWorstAccuracy() throws {
    let results = try Self.results { rate, seed in
      Run(
        steps: 3, diverged: rate == 1 && seed < 2,
        series: [
          .accuracy: Series(every: 1, values: rate == 1 && seed < 2 ? [0.5] : [0.5, 0.6 + 0.1 * Double(seed)])
        ])
    }
    let drawn = try Drawn(results) { Curve(.accuracy).color(by: .learningRate).band(.quartiles) }
    #expect(near(drawn.chart.lines[0].points.map(\.y), [0.5, 0.8]))
    #expect(near(drawn.chart.lines[1].points.map(\.y), [0.5, 0.8]), "−∞ −∞ 0.8 0.9 1")
    #expect(drawn.chart.bands[1].low == [0.5, -.infinity] && near(drawn.chart.bands[1].high, [0.5, 0.9]))
    #expect(drawn.chart.y.limits == 0...1 && drawn.chart.y.kind == .linear)
  }

  @Test func lossesHaveALogarithmicAxisWhereTheyArePositive() throws {
    let zero = try Self.results { _, _ in .losses([1, 0.1, 0]) }
    #expect(try Drawn(Self.results()) { Curve(.loss) }.chart.y.kind == .log)
    #expect(try Drawn(zero) { Curve(.loss) }.chart.y.kind == .linear)
    let forced = try Drawn(zero, Figure("F") { Curve(.loss) }.yScale(.log))
    #expect(forced.chart.y.kind == .log && forced.caption.contains("exactly 0"))
    #expect(try Drawn(Self.results(), Figure("F") { Curve(.loss) }.yScale(.linear)).chart.y.kind == .linear)
    // Step 0 has no place on a logarithmic axis.
    let steps = try Drawn(Self.results(), Figure("F") { Curve(.loss) }.xScale(.log))
    #expect(steps.chart.lines[0].points.map(\.x) == [1, 2, 3, 4, 5] && steps.chart.x.kind == .log)
  }

  /// The range of the axis ends at three times the first loss of the rates that stay finite; without divergence nothing is cut.
  @Test func divergingCurvesDoNotSetTheScale() throws {
    let results = try Self.results { rate, seed in
      .losses(rate == 0 ? [2, 1, 0.5] : seed < 4 ? [3, 300] : [3, 2, 1], diverged: rate == 1 && seed < 4)
    }
    #expect(try Drawn(results) { Curve(.loss).color(by: .learningRate) }.chart.y.ceiling == 6)
    #expect(try Drawn(results.where(.learningRate, is: 0.1)) { Curve(.loss) }.chart.y.ceiling == nil)
  }

  /// A loss on its way to rounding errors leaves the axis ten decades below its start, and the caption says so.
  @Test func aLogarithmicAxisHasAFloor() throws {
    let results = try Self.results { rate, _ in .losses(rate == 0 ? [20, 1e-5, 1e-20] : [0.3, 0.2, 0.1]) }
    let drawn = try Drawn(results) { Curve(.loss).color(by: .learningRate) }
    #expect(drawn.chart.y.floor.map { near($0, 1e-9) } ?? false && drawn.caption.contains("Below 10⁻⁹"))
    #expect(drawn.chart.lines[0].points.map(\.y) == [20, 1e-5, 1e-20], "nothing is changed but the axis")
    #expect(try Drawn(results, Figure("F") { Curve(.loss) }.yRange(1e-30...1)).chart.y.floor == nil)
    #expect(try Drawn(results.where(.learningRate, is: 0.3)) { Curve(.loss) }.chart.y.floor == nil)
  }

  /// A long curve is drawn at some of its steps, ends included; none is averaged with its neighbours.
  @Test(arguments: [false, true]) func aLongCurveIsThinnedAtExactSteps(isLog: Bool) throws {
    func value(_ step: Int, _ seed: Int) -> Double { 1 + 0.5 * Double(step % 7) + Double(seed) }
    let results = try PlantedRuns.results {
      Seeds(0..<3)
    } run: { _, seed in
      .losses((0..<5000).map { value($0, seed) })
    }
    let figure = Figure("F") { Curve(.loss).runs() }
    let drawn = try Drawn(results, isLog ? figure.xScale(.log) : figure)
    let points = drawn.chart.lines[0].points
    #expect(points.count <= 900 && points.count > 300)
    #expect(points.first?.x == (isLog ? 1 : 0) && points.last?.x == 4999)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x })
    for point in points { #expect(point.y == value(Int(point.x), 1)) }
    #expect(drawn.chart.bundles[0].lines.allSatisfy { $0.count == 5000 })
    if !isLog { #expect(zip(points, points.dropFirst()).allSatisfy { $1.x - $0.x <= 6 }, "evenly") }
  }

  @Test func validationBesideTrainingIsDashed() throws {
    let results = try Self.results { _, _ in
      Run(series: [
        .loss: Series(every: 1, values: [1, 0.5]), .validationLoss: Series(every: 1, values: [2, 1.5]),
      ])
    }
    let drawn = try Drawn(results) {
      Curve(.loss).color(by: .learningRate)
      Curve(.validationLoss).color(by: .learningRate).dashed()
    }
    #expect(drawn.chart.lines.map { $0.points.map(\.y) } == [[1, 0.5], [1, 0.5], [2, 1.5], [2, 1.5]])
    #expect(drawn.chart.lines[2].stroke.dash == [4, 2] && drawn.chart.lines[0].stroke.dash.isEmpty)
    #expect(drawn.chart.y.title == "training loss E, validation loss")
    #expect(drawn.caption.contains("Dashed: validation loss"))
    #expect(
      drawn.grid.legend.map(\.label) == ["0.1", "0.3", "validation loss"] && drawn.grid.legend[2].dash == [4, 2])
  }

  @Test func oneRunIsNoMedian() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: Self.rates)
    } run: { settings, _ in
      .losses([1, settings[0].number ?? 0])
    }
    #expect(try Drawn(results) { Curve(.loss).color(by: .learningRate) }.caption == "One run per line.")
  }
}
