import Analysis
import Documents
import Figures
import Learning
import PageEngine
import Planted
import Plotting
import Studies
import Testing

/// The runs that a page trains, compared with those of the sweep.
@Suite struct LiveTests {
  private static let figure = Figure("F") { Curve(.loss).color(by: .learningRate) }
    .live(.learningRate, .hiddenUnits, .initScale, .seeds)

  private static func live(_ results: Results, _ figure: Figure = figure) throws -> Document.Figure.Live {
    let built = try FigureBuilder(results: results, styles: SettingStyles(plan: results.plan)).build(figure)
    guard case .live(let live) = built.form else { throw NotLive() }
    #expect(built.grid.charts[0][0].isLive)
    return live
  }

  private struct NotLive: Error {}

  private static func trained(_ setup: Setup = TrainedRuns.setup) throws -> Results {
    try TrainedRuns.results(setup) {
      Vary(.learningRate, over: [0.05, 0.1, 0.2])
      Seeds(4..<7)
    }
  }

  /// The numbers as a page puts them together.
  private static func runs(_ live: Document.Figure.Live) throws -> PageRuns {
    let layers = [Double(live.layers.count)] + live.layers.flatMap(\.self)
    return try #require(PageRuns(numbers: live.head + layers + live.rest))
  }

  @Test(arguments: [false, true]) func thePageTrainsTheRunsOfTheSweep(drawnPerSeed: Bool) throws {
    var setup = TrainedRuns.setup
    if drawnPerSeed { setup.data = setup.data?.drawnPerSeed() }
    let results = try Self.trained(setup)
    let live = try Self.live(results)
    let runs = try Self.runs(live)
    #expect(runs.optimizer.learningRate == 0.1 && live.firstSeed == 4)
    // Other seeds of fixed data cost a page nothing; data of their own are in it for the seeds of the sweep.
    #expect(runs.seeds == (drawnPerSeed ? 4..<7 : 4..<20))
    #expect(runs.data.count == (drawnPerSeed ? 3 : 1))
    #expect(live.controls.map(\.name).contains("seeds") == !drawnPerSeed)
    let numbers = runs.trainedNarrow()
    var place = 0
    for row in results.where(.learningRate, is: 0.1).rows {
      let losses = try #require(
        try results.where(.learningRate, is: 0.1).filtered { $0.seed == row.seed }.series(.loss)[0])
      let count = Int(numbers[place + 3])
      #expect(Array(numbers[place + 4..<place + 4 + count]) == losses.values)
      place += 4 + 2 * count
      place += 1 + Int(numbers[place])
    }
  }

  @Test func slidersBeginAtTheSetUpAndTheCommandNamesIt() throws {
    let live = try Self.live(try Self.trained())
    #expect(live.controls.map(\.name) == ["learning-rate", "hidden", "init-scale", "seeds"])
    #expect(live.controls.map(\.start) == [0.1, 3, 1, 16])
    #expect(live.controls.allSatisfy { $0.range.contains($0.start) })
    #expect(live.controls.filter { $0.field != "units" }.allSatisfy { live.fields.contains($0.field) })
    #expect(live.command == "descent run trained" && live.settings == [["learning-rate", "0.1"]])
  }

  @SweepBuilder private static var sweep: [Axis] {
    Vary(.learningRate, over: [0.05, 0.1])
    Seeds(0..<2)
  }

  private static func mistakes(_ figure: Figure, _ change: (inout Setup) -> Void = { _ in }) throws -> [Mistake] {
    var setup = TrainedRuns.setup
    change(&setup)
    let study = Study(name: "t", title: "", setup: setup, sweep: sweep)
    do {
      _ = try Plan(study, files: DataFiles(folders: [])) { ReportCheck.mistakes([figure.cell], in: $0) }
      return []
    } catch let found as Mistakes {
      return found.all
    }
  }

  @Test func whatAPageCannotDrawOrTrainIsAMistake() throws {
    #expect(try Self.mistakes(Self.figure).isEmpty)
    let rules: [(Figure, String)] = [
      (Figure("F") { Sensitivity(.finalLoss, to: .learningRate) }.live(.learningRate), "over one Curve"),
      (Figure("F") { Curve(.loss).color(by: .learningRate).smoothed(over: 9) }.live(.seeds), "over one Curve"),
      (Figure("F") { Curve(.loss) }.facets(columns: .learningRate).live(.seeds), "has one panel"),
      (Figure("F") { Curve(.loss) }.explore(.learningRate).live(.seeds), "explored or live"),
      (Self.figure.live(.seeds, .seeds), "named twice"),
    ]
    for (figure, rule) in rules {
      let found = try Self.mistakes(figure)
      #expect(found.count == 1 && found[0].rule.contains(rule), "\(rule): \(found)")
    }
    let setups: [((inout Setup) -> Void, String)] = [
      ({ $0.batch = .full }, "fewer than 32 samples"), ({ $0.precision = .float32 }, "float64"),
      ({ $0.record = .every(5) }, "every step"), ({ $0.network?.hidden = [] }, "no hidden layer"),
    ]
    for (change, rule) in setups {
      let found = try Self.mistakes(Self.figure, change)
      #expect(found.count == 1 && found[0].rule.contains(rule), "\(rule): \(found)")
    }
  }
}
