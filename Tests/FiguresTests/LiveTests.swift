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
      (Figure("F") { Curve(.loss).color(by: .learningRate) }.live(.start), "no such control"),
      (
        Figure("F") { LossSurface(.principal) }.where(.learningRate, is: 0.1).live(.learningRate), "over one Curve"
      ),
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
    // A start that the command line could not set, a curve of a function, and seeds beyond the whole numbers of a page.
    let surface = Figure("F") { LossSurface(.parameters(0, 1)) }.where(.learningRate, is: 0.1).live(.start)
    #expect(try Self.mistakes(surface).map(\.value) == ["the initial weights"])
    #expect(try Self.mistakes(surface) { $0.initialization = .normal(scale: 1, biases: true) }.isEmpty)
    let onFunction = try Self.mistakes(Self.figure) { $0 = TrainedRuns.himmelblau }
    #expect(onFunction.contains { $0.value == "himmelblau" && $0.rule == "a page draws curves of networks" })
    let far = Study(
      name: "t", title: "", setup: TrainedRuns.setup,
      sweep: Vary(.learningRate, over: [0.1]).axes + Seeds([1 << 53]).axes)
    #expect(throws: Mistakes.self) {
      try Plan(far, files: DataFiles(folders: [])) { ReportCheck.mistakes([Self.figure.cell], in: $0) }
    }
    for (change, rule) in setups {
      let found = try Self.mistakes(Self.figure, change)
      #expect(found.count == 1 && found[0].rule.contains(rule), "\(rule): \(found)")
    }
  }

  // MARK: One run

  /// Results on points of a plane, and a figure of them.
  private static func plane() throws -> Results {
    var setup = TrainedRuns.setup
    setup.data = .moons(samples: 20, noise: 0.1)
    return try trained(setup)
  }

  @Test func aBoundaryBeginsWithTheRunOfThePicture() throws {
    let results = try Self.plane()
    let figure = Figure("F") { DecisionBoundary(.best(.finalLoss)) }.where(.learningRate, is: 0.2)
      .live(.hiddenUnits, .seeds)
    let live = try Self.live(results, figure)
    let chosen = results.where(.learningRate, is: 0.2)
    let row = try #require(try chosen.run(.best(.finalLoss)))
    #expect(live.firstSeed == row.seed && live.settings == [["learning-rate", "0.2"]])
    #expect(live.controls.map(\.name) == ["hidden", "seed"] && live.controls[1].start == Double(row.seed))
    // The run of the description ends where the run of the sweep has ended.
    let runs = try Self.runs(live)
    #expect(runs.seeds == row.seed..<row.seed + 1)
    let steps = Double(row.summary.steps)
    let numbers = live.head + [Double(live.layers.count)] + live.layers.flatMap(\.self) + live.rest
    let path = try #require(PagePath(request: [0, 1, steps, 0] + numbers)).trained()
    #expect(Array(path[4...]) == (try chosen.finalParameters(of: row)))
    guard case .plane(let plane) = live.drawing else { throw NotLive() }
    #expect(plane.classes == [Palette.diverging(0), Palette.diverging(1)])
    #expect(plane.level == 0.5 && plane.outputs == 0...1 && plane.showsUnits)
    // Colours are those of the picture: the ends of the scale and its middle.
    let scale = DecisionBoundaryColors.of(results, figure)
    #expect(plane.colors.count == 65)
    #expect([plane.colors[0], plane.colors[32], plane.colors[64]] == [0, 0.5, 1].map { scale?.color($0) })
  }

  private enum DecisionBoundaryColors {
    static func of(_ results: Results, _ figure: Figure) -> ColorScale? {
      let built = try? FigureBuilder(results: results, styles: SettingStyles(plan: results.plan)).build(figure)
      return built?.grid.charts[0][0].marks.lazy.compactMap { if case .cells(_, let scale) = $0 { scale } else { nil } }
        .first
    }
  }

  @Test func aFunctionHasDataOfEveryNoise() throws {
    var setup = TrainedRuns.setup
    setup.data = .noisySine(samples: 12, noise: 0.2)
    let results = try Self.trained(setup)
    let figure = Figure("F") { FittedCurves(.firstSeed) }.where(.learningRate, is: 0.1).live(.hiddenUnits, .noise)
    let live = try Self.live(results, figure)
    guard case .function(let range) = live.drawing else { throw NotLive() }
    #expect(range.lowerBound < -1 && range.upperBound > 1)
    let noise = live.controls[1]
    #expect(noise.choices.map(\.setting) == ["0.0", "0.1", "0.2", "0.4"] && noise.start == 2)
    #expect(noise.choices[2].numbers == live.rest)
    // The data of a choice are those of a set-up with this noise.
    for (choice, sigma) in zip(noise.choices, [0, 0.1, 0.2, 0.4]) {
      var changed = live
      changed.rest = choice.numbers
      var other = setup
      other.data = .noisySine(samples: 12, noise: sigma)
      let data = try #require(try results.plan.dataset(of: other, seed: 4))
      #expect(try Self.runs(changed).data[0].training.targets == data.training.targets)
    }
  }

  @Test func aPathStartsInThePlaneOfThePicture() throws {
    var setup = TrainedRuns.setup
    setup.initialization = .normal(scale: 1, biases: true)
    let results = try Self.trained(setup)
    let figure = Figure("F") { LossSurface(.parameters(1, 4), through: .best(.finalLoss), x: -2...2, y: -3...3) }
      .where(.learningRate, is: 0.1).live(.learningRate, .start)
    let live = try Self.live(results, figure)
    guard case .path(let path) = live.drawing else { throw NotLive() }
    let chosen = results.where(.learningRate, is: 0.1)
    let row = try #require(try chosen.run(.best(.finalLoss)))
    let (first, end) = (try chosen.trajectory(of: row, at: [0])[0], try chosen.finalParameters(of: row))
    #expect(path.axes == [1, 4])
    for index in end.indices { #expect(path.start[index] == ([1, 4].contains(index) ? first : end)[index]) }
    #expect(live.controls.suffix(2).map(\.parameter) == [1, 4])
    #expect(live.controls.suffix(2).map(\.range) == [-2...2, -3...3])
  }

  @Test func aDescentOnAFunctionIsThatOfTheSweep() throws {
    let setup = Setup(
      objective: .himmelblau, start: .uniform(-4...4), optimizer: .momentum(learningRate: 0.01), stop: .after(steps: 50)
    )
    let results = try TrainedRuns.results(setup) {
      Vary(.learningRate, over: [0.001, 0.002])
      Seeds(4..<7)
    }
    let figure = Figure("F") { VectorField(x: -5...5, y: -5...5) }.where(.learningRate, is: 0.002)
      .live(.learningRate, .optimizer, .start)
    let live = try Self.live(results, figure)
    #expect(live.controls.map(\.name) == ["learning-rate", "optimizer", "start-x", "start-y"])
    #expect(live.layers.isEmpty && live.rest.isEmpty && live.fields.first == "objective")
    guard case .path(let path) = live.drawing else { throw NotLive() }
    let row = try #require(results.where(.learningRate, is: 0.002).rows.first { $0.seed == live.firstSeed })
    let found = try #require(PagePath(request: [1, 1, 50, 2] + path.start + live.head)).trained()
    #expect(Array(found[4..<6]) == (try results.finalParameters(of: row)))
    // A function of the author's own is a mistake before training.
    let other = Objective("bowl", parameterCount: 2) { ($0[0] * $0[0] + $0[1] * $0[1], [2 * $0[0], 2 * $0[1]]) }
    let mistakes = try Self.mistakes(
      Figure("F") { VectorField(x: -1...1, y: -1...1) }.where(.learningRate, is: 0.1).live(.start)
    ) {
      $0 = Setup(
        objective: other, start: .normal(scale: 1), optimizer: .gradientDescent(learningRate: 0.1),
        stop: .after(steps: 9))
    }
    #expect(mistakes.count == 1 && mistakes[0].value == "bowl" && mistakes[0].rule.contains("himmelblau"))
  }

  /// Where an axis of the sweep decides batch size and steps, the menu has its values, as far as a page trains them.
  @Test func anAxisThatDecidesTheBatchIsTheMenu() throws {
    let size = Parameter<Int>(
      "samples-per-step", get: { $0.batch?.size(samples: 40) },
      set: { setup, size in
        setup.batch = .mini(size: size)
        setup.stop = .after(steps: 80 / size)
      })
    var setup = TrainedRuns.setup
    setup.data = .moons(samples: 40, noise: 0.1)
    let results = try TrainedRuns.results(setup) {
      Vary(size, over: [1, 4, 40])
      Seeds(0..<2)
    }
    let live = try Self.live(results, Figure("F") { Curve(.loss) }.where(size, is: 4).live(.batchSize))
    #expect(live.settings == [["samples-per-step", "4"]])
    let menu = try #require(live.controls.first)
    #expect(menu.name == "samples-per-step" && menu.start == 1)
    #expect(menu.choices.map(\.setting) == ["1", "4"] && menu.choices.map(\.steps) == [80, 20])
    #expect(menu.choices.map(\.numbers) == [[1, 1], [1, 4]])
  }

  /// A page never trains something else than the set-up that its command names.
  @Test func whatTheCommandCouldNotNameHasNoControl() throws {
    // A variant that changes more than the batch, several rules, and no scale.
    let results = try TrainedRuns.results(TrainedRuns.setup) {
      Variants(
        "kind",
        [
          Variant("small") { $0.batch = .mini(size: 4) },
          Variant("adam") {
            $0.batch = .mini(size: 8)
            $0.optimizer = .adam(learningRate: 0.01)
          },
        ])
      Seeds(0..<2)
    }
    let figure = Figure("F") { Curve(.loss) }.where(Parameter<String>.variant("kind"), is: "small")
      .live(.batchSize, .optimizer, .learningRate)
    #expect(try Self.live(results, figure).controls.map(\.name) == ["learning-rate"])
    var zero = TrainedRuns.setup
    zero.initialization = .zero
    let flat = Figure("F") { Curve(.loss) }.where(.learningRate, is: 0.1).live(.initScale, .learningRate)
    #expect(try Self.live(try Self.trained(zero), flat).controls.map(\.name) == ["learning-rate"])
    // Seeds with a gap have data of their own in the page up to the gap.
    var drawn = TrainedRuns.setup
    drawn.data = drawn.data?.drawnPerSeed()
    let gap = try TrainedRuns.results(drawn) {
      Vary(.learningRate, over: [0.1])
      Seeds([3, 4, 6, 7])
    }
    #expect(try Self.runs(try Self.live(gap)).seeds == 3..<5)
  }
}
