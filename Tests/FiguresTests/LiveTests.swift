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

  /// Every choice of a menu describes the runs that the command line trains with the setting that it names.
  @Test func aChoiceIsTheSettingThatTheCommandNames() throws {
    let figure = Figure("F") { Curve(.loss) }.live(.activation, .optimizer, .batchSize)
    let live = try Self.live(try Self.trained(), figure)
    #expect(live.controls.map(\.name) == ["activation", "optimizer", "batch"])
    for control in live.controls {
      #expect(control.choices.count > 4 && control.range == 0...Double(control.choices.count - 1))
      for choice in control.choices {
        var changed = live
        if control.field == "layers" {
          changed.layers = live.layers.map { [$0[0]] + choice.numbers }
        } else {
          let start = try #require(live.fields.firstIndex(of: control.field))
          changed.head.replaceSubrange(start..<start + choice.numbers.count, with: choice.numbers)
        }
        let runs = try Self.runs(changed)
        let own = try Self.runs(live)
        switch control.name {
        case "activation":
          #expect(runs.network.activation == Activation(argument: choice.setting), "\(choice)")
          #expect(runs.optimizer == own.optimizer && runs.batching == own.batching)
        case "optimizer":
          #expect(runs.optimizer.rule == Optimizer.Rule(argument: choice.setting), "\(choice)")
          #expect(runs.optimizer.learningRate == own.optimizer.learningRate && runs.network == own.network)
        default: #expect(runs.batching == Batching(argument: choice.setting), "\(choice)")
        }
      }
      // The first numbers are those of the set-up.
      let start = control.choices[Int(control.start)]
      let numbers =
        control.field == "layers"
        ? Array(live.layers[0].dropFirst())
        : Array(live.head[(live.fields.firstIndex(of: control.field) ?? 0)...].prefix(start.numbers.count))
      #expect(numbers == start.numbers)
    }
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
    #expect(
      try Self.mistakes(Figure("F") { Curve(.loss).color(by: .learningRate) }.live(.activation)) {
        $0.network?.hidden = []
      }.map(\.rule)
        == ["the network has no hidden layer"])
    for (change, rule) in setups {
      let found = try Self.mistakes(Self.figure, change)
      #expect(found.count == 1 && found[0].rule.contains(rule), "\(rule): \(found)")
    }
  }
}
