import Analysis
import Documents
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// The frames of figures that a reader explores, against runs that are trained and drawn on their own.
@Suite struct ExploreTests {
  private static let steps = 60

  private static func trained(steps: Int = steps) throws -> Results {
    var setup = TrainedRuns.setup
    setup.stop = .after(steps: steps)
    return try TrainedRuns.results(setup) {
      Vary(.learningRate, over: [0.05, 0.1, 0.2])
      Seeds(0..<3)
    }
  }

  private static func frames(_ results: Results, _ figure: Figure) throws -> Document.Figure.Frames {
    let built = try FigureBuilder(results: results, styles: SettingStyles(plan: results.plan)).build(figure)
    guard case .exploring(let frames) = built.form else {
      Issue.record("no frames")
      return Document.Figure.Frames(controls: [], all: [], start: 0)
    }
    return frames
  }

  /// The weights that a drawing sees, as the points of a line.
  private static let weights = Figure("Weights") { results in
    let row = try #require(results.rows.first)
    let points = try results.parameters(of: row).enumerated().map { Point(Double($0), $1) }
    return ChartGrid(Chart(x: AxisStyle("i"), y: AxisStyle("w"), marks: [.line(points, Stroke(.black))]))
  }

  private static func drawn(_ frame: Document.Figure.Frames.Drawing) -> [Double] {
    frame.charts.charts[0][0].allLines.flatMap { $0.points.map(\.y) }
  }

  @Test(arguments: [Figure.FrameSpread.even, .powers]) func aFrameIsTheRunTrainedForItsSteps(
    _ spread: Figure.FrameSpread
  ) throws {
    let results = try Self.trained()
    let played = try Self.frames(
      results, Self.weights.where(.learningRate, is: 0.2).play(over: .step, frames: 7, spread: spread))
    let steps = played.controls[0].values.compactMap(Int.init)
    #expect(steps.count == 7 && steps.first == 0 && steps.last == Self.steps && Set(steps).count == 7)
    if spread == .even { #expect(steps == [0, 10, 20, 30, 40, 50, 60]) }
    for (index, step) in steps.enumerated().dropFirst() {
      // Another sweep, whose runs end at this step.
      let short = try Self.trained(steps: step)
      let row = try #require(short.where(.learningRate, is: 0.2).rows.first)
      #expect(Self.drawn(played.drawings[played.order[index]]) == (try short.parameters(of: row)))
    }
    #expect(played.start == 6 && played.count == 7)
  }

  @Test func stepsAreSpreadAsTheCaptionSays() {
    #expect(Replays.steps(to: 5, count: 60, byPowers: true) == [0, 1, 2, 3, 4, 5])
    let many = Replays.steps(to: 40_000, count: 60, byPowers: true)
    #expect(many.count == 60 && many.first == 0 && many.last == 40_000)
    #expect(zip(many, many.dropFirst()).allSatisfy { $0 < $1 })
    let (early, late) = (many[1] - many[0], many[59] - many[58])
    #expect(early == 1 && late > 5_000)
    let even = Replays.steps(to: 590, count: 60, byPowers: false)
    #expect(zip(even, even.dropFirst()).allSatisfy { $1 - $0 == 10 })
  }

  @Test func aSliderShowsWhatAFigureOfOneValueShows() throws {
    let results = try Self.trained()
    let frames = try Self.frames(results, Figure("Loss") { Curve(.loss) }.explore(.learningRate))
    #expect(frames.controls.map(\.values) == [["0.05", "0.1", "0.2"]] && frames.start == 1)
    for (index, rate) in [0.05, 0.1, 0.2].enumerated() {
      let alone = try Drawn(results, Figure("Loss") { Curve(.loss) }.where(.learningRate, is: rate))
      let frame = frames.drawings[frames.order[index]]
      #expect(frame.charts.charts[0][0].marks == alone.chart.marks)
      #expect(frame.caption.plain.hasPrefix(alone.caption))
    }
  }

  @Test func seedsHaveASlider() throws {
    let results = try Self.trained()
    let figure = Self.weights.explore(.learningRate).explore(seed: true).printed(seed: 2).printed(
      .learningRate, at: 0.05)
    let frames = try Self.frames(results, figure)
    #expect(frames.count == 9 && frames.words(frames.start) == "learning rate η = 0.05, seed = 2")
    for (index, row) in results.rows.enumerated() {
      #expect(Self.drawn(frames.drawings[frames.order[index]]) == (try results.parameters(of: row)))
    }
    let caption = try Drawn(results, figure).caption
    #expect(caption.contains("Shown here: η = 0.05, seed = 2."))
    #expect(caption.contains("report.html has sliders for η (3 values) and seed (3 values)."))
  }

  @Test func equalFramesAreStoredOnce() throws {
    let results = try Self.trained()
    let figure = Figure("Fixed") { _ in
      ChartGrid(
        Chart(x: AxisStyle("x"), y: AxisStyle("y"), marks: [.line([Point(0, 1), Point(1, 2)], Stroke(.black))]))
    }
    let frames = try Self.frames(results, figure.explore(seed: true))
    // The captions differ, the charts do not.
    #expect(frames.count == 3 && Set(frames.drawings.map(\.charts)).count == 1)
    let drawing = frames.drawings[0]
    let equal = Document.Figure.Frames(
      controls: [.init("a", values: ["1", "2", "3", "4"])], all: [drawing, frames.drawings[1], drawing, drawing],
      start: 0)
    #expect(equal.drawings.count == 2 && equal.order == [0, 1, 0, 0])
  }

  @Test func axesAreTheSameInAllFrames() throws {
    let results = try Self.trained()
    let frames = try Self.frames(results, Self.weights.where(.learningRate, is: 0.2).play(over: .step, frames: 9))
    // On a page, the ticks of all frames have the same words at the same places.
    let labels = frames.drawings.map { drawing -> [String] in
      let page = RecordingCanvas(size: Size(500, 400))
      GridLayout(drawing.charts, width: 500, canvas: page).draw(at: Point(0, 0), on: page)
      return page.texts.map { "\($0.text.string) \($0.box)" }
    }
    #expect(Set(labels).count == 1)
    // Drawn alone, the first and the last frame have different axes: the test would see it.
    let alone = [0, 8].map { index -> [String] in
      var charts = frames.drawings[frames.order[index]].charts
      let own = charts.charts[0][0]
      charts.charts = [[Chart(x: AxisStyle("i"), y: AxisStyle("w"), marks: own.marks)]]
      let page = RecordingCanvas(size: Size(500, 400))
      GridLayout(charts, width: 500, canvas: page).draw(at: Point(0, 0), on: page)
      return page.texts.map { "\($0.text.string) \($0.box)" }
    }
    #expect(alone[0] != alone[1])
  }

  @Test func colourScalesAreTheSameInAllFrames() throws {
    func grid(_ values: [[Double]]) -> ChartGrid {
      let colors = ColorScale.fitting("E", values.flatMap(\.self))
      let cells = Mark.cells(CellGrid(xEdges: [0, 1, 2], yEdges: [0, 1], values: values), colors)
      return ChartGrid(Chart(x: AxisStyle("x"), y: AxisStyle("y"), marks: [cells]), colorScale: colors)
    }
    let fixed = ChartGrid.withFixedScales([grid([[1, 2]]), grid([[5, 9]])])
    let scales = fixed.compactMap(\.colorScale)
    #expect(scales.count == 2 && scales[0] == scales[1] && scales[0].scale.domain == 1...9)
    for frame in fixed {
      guard case .cells(_, let own) = frame.charts[0][0].marks[0] else { continue }
      #expect(own == scales[0])
    }
  }

  @Test func everyPlotOfParametersIsPlayed() throws {
    let results = try Self.trained().where(.learningRate, is: 0.2)
    let plots: [any Plot] = [
      DecisionBoundary(.firstSeed), HiddenFeatures(of: .firstSeed), NetworkGraph(.firstSeed),
      LossSurface(.parameters(0, 1), through: .firstSeed), LossSurface(.principal, through: .firstSeed),
    ]
    for plot in plots {
      let figure = Figure("F") { plot }
      let played = try Self.frames(results, figure.play(over: .step, frames: 5))
      #expect(played.drawings.count == 5, "\(plot)")
      let still = try Drawn(results, figure)
      guard !(plot is LossSurface) else { continue }
      // The last frame is the figure without frames.
      let last = try #require(played.first)
      #expect(last.charts.charts[0][0].marks == still.chart.marks || plot is NetworkGraph)
    }
  }

  @Test func aFittedCurveIsThatOfTheStep() throws {
    var setup = TrainedRuns.setup
    setup.data = .noisySine(samples: 12, noise: 0.1)
    setup.network = .mlp(hidden: 3)
    setup.loss = .meanSquaredError
    setup.stop = .after(steps: Self.steps)
    let results = try TrainedRuns.results(setup) { Seeds(0..<1) }
    let frames = try Self.frames(results, Figure("F") { FittedCurves(.firstSeed) }.play(over: .step, frames: 4))
    let row = try #require(results.rows.first)
    let architecture = try #require(try results.network(of: row)).architecture
    let steps = frames.controls[0].values.compactMap(Int.init)
    let trajectory = try results.trajectory(of: row, at: steps)
    #expect(steps.count == 4)
    for (index, parameters) in trajectory.enumerated() {
      let network = TrainedNetwork(architecture: architecture, parameters: parameters)
      let lines = frames.drawings[frames.order[index]].charts.charts[0][0].allLines.map(\.points)
      let isFitted = lines.contains { line in
        line.count > 20 && line.allSatisfy { abs(network([$0.x])[0] - $0.y) < 1e-12 }
      }
      #expect(isFitted, "step \(steps[index])")
    }
  }

  @Test func printedPagesCanShowAnyStep() throws {
    let results = try Self.trained().where(.learningRate, is: 0.2)
    let figure = Self.weights.play(over: .step, frames: 4, spread: .even)
    let row = try #require(results.rows.first)
    for step in [0, 20, 33, Self.steps] {
      let frames = try Self.frames(results, figure.printed(step: step))
      #expect(frames.words(frames.start) == "step = \(step)")
      let steps = frames.controls[0].values.compactMap(Int.init)
      #expect(steps == Set([0, 20, 40, 60, step]).sorted())
      let drawing = try #require(frames.first)
      #expect(Self.drawn(drawing) == (try results.trajectory(of: row, at: [step])[0]))
      #expect(try Drawn(results, figure.printed(step: step)).caption.contains("Shown here: step = \(step)."))
    }
    // The command line may have shortened the runs.
    let short = try Self.trained(steps: 10).where(.learningRate, is: 0.2)
    let frames = try Self.frames(short, figure.printed(step: 33))
    #expect(frames.words(frames.start) == "step = 10")
  }

  @Test func aPathGrowsOnAFixedSurface() throws {
    let results = try Self.trained().where(.learningRate, is: 0.2)
    let frames = try Self.frames(
      results, Figure("F") { LossSurface(.parameters(0, 1), through: .firstSeed) }.play(over: .step, frames: 6))
    let row = try #require(try results.run(.firstSeed))
    let steps = frames.controls[0].values.compactMap(Int.init)
    let path = try results.trajectory(of: row, at: steps)
    for (index, drawing) in frames.order.map({ frames.drawings[$0] }).enumerated() {
      let chart = drawing.charts.charts[0][0]
      let line = try #require(chart.allLines.last?.points)
      #expect(line.count == index + 1)
      // A point is drawn at its distance from the end point, with the rounding of one difference and one sum.
      for (point, parameters) in zip(line, path) {
        #expect(abs(point.x - parameters[0]) < 1e-14 && abs(point.y - parameters[1]) < 1e-14)
      }
      #expect(chart.cells.first?.grid == frames.drawings[0].charts.charts[0][0].cells.first?.grid)
    }
  }

  @Test func framesOnAPageCanBeThinned() throws {
    let results = try Self.trained()
    let frames = try Self.frames(results, Self.weights.where(.learningRate, is: 0.1).play(over: .step, frames: 20))
    let half = try #require(frames.thinned())
    let steps = half.controls[0].values.compactMap(Int.init)
    #expect(half.count == 11 && half.omitted == 9 && steps.first == 0 && steps.last == Self.steps)
    #expect(half.first == frames.first)
    for (index, value) in half.controls[0].values.enumerated() {
      let own = try #require(frames.controls[0].values.firstIndex(of: value))
      #expect(half.drawings[half.order[index]] == frames.drawings[frames.order[own]])
    }
  }

  @Test func printedPagesCanHavePanels() throws {
    let results = try Self.trained()
    let drawn = try Drawn(results, Figure("Loss") { Curve(.loss) }.explore(.learningRate).printedAsPanels())
    #expect(drawn.charts.map(\.title) == ["η = 0.05", "η = 0.1", "η = 0.2"])
    #expect(drawn.caption.contains("Panels: 3 of 3 frames."))
  }
}
