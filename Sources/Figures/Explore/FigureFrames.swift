import Analysis
import Documents
import Plotting
import Studies

/// The frames of a figure that is explored: its sliders, and a picture for every combination of their values.
struct FigureFrames {
  private let figure: Figure
  private let exploration: Exploration
  private let results: Results
  private let parts: [Part]

  /// A slider whose values select runs.
  private struct Part {
    let label: String
    /// For sentences: η, seed.
    let short: String
    let values: [Value]
    let start: Int
  }

  /// One value of a slider.
  private struct Value {
    let words: String
    var selection: Selection?
    var seed: UInt64?
  }

  /// Draws one picture of a figure: its runs, and the runs of all frames.
  typealias Drawing = (_ figure: Figure, _ results: Results, _ frames: [Results]) throws -> FigureBuilder.Built

  /// - Parameter results: the selected runs of the figure.
  /// - Returns: `nil` for a figure without sliders.
  init?(_ figure: Figure, _ results: Results) {
    guard let exploration = figure.exploration else { return nil }
    self.exploration = exploration
    self.results = results
    var still = figure
    still.exploration = nil
    self.figure = still
    parts = exploration.parameters.compactMap { Self.part($0, exploration, results) } + Self.seeds(exploration, results)
    // What the command line has reduced to one value needs no slider.
    if parts.isEmpty, exploration.play == nil { return nil }
  }

  private static func part(_ name: String, _ exploration: Exploration, _ results: Results) -> Part? {
    guard let parameter = results.plan.axes.first(where: { $0.parameter.name == name })?.parameter else { return nil }
    let groups = results.groups(named: name)
    guard groups.count > 1 else { return nil }
    let values = groups.map { Value(words: $0.value.title, selection: Selection(name: name, value: $0.value)) }
    let wanted = exploration.printed.last { $0.name == name }?.value
    let start = wanted.flatMap { value in groups.firstIndex { $0.value == value } } ?? (values.count - 1) / 2
    return Part(label: parameter.label, short: parameter.shortTitle, values: values, start: start)
  }

  private static func seeds(_ exploration: Exploration, _ results: Results) -> [Part] {
    let seeds = results.plan.seeds.filter { seed in results.rows.contains { $0.seed == seed } }
    guard exploration.hasSeeds, seeds.count > 1 else { return [] }
    let start = exploration.printedSeed.flatMap { seeds.firstIndex(of: $0) } ?? (seeds.count - 1) / 2
    return [Part(label: "seed", short: "seed", values: seeds.map { Value(words: "\($0)", seed: $0) }, start: start)]
  }

  // MARK: Pictures

  /// One combination of the sliders' values.
  private struct Frame {
    var figure: Figure
    var results: Results
    var sentences: [String] = []
  }

  /// All pictures, and what printed pages show of them.
  func built(_ draw: Drawing) throws -> FigureBuilder.Built {
    var frames = chosenFrames
    let steps = try steps(frames, draw)
    if let steps {
      frames = frames.flatMap { frame in
        steps.steps.indices.map { index in
          var played = frame
          played.results = frame.results.at(index, of: steps)
          played.sentences.append("Step \(NumberText.grouped(steps.steps[index])).")
          return played
        }
      }
    }
    let runs = frames.map(\.results)
    var pictures = try frames.map { try draw($0.figure, $0.results, runs) }
    for (index, grid) in ChartGrid.withFixedScales(pictures.map(\.grid)).enumerated() { pictures[index].grid = grid }
    let captions = zip(frames, pictures).map { frame, picture in
      ([picture.caption] + frame.sentences).filter { !$0.isEmpty }.joined(separator: " ")
    }
    return printed(together(pictures.map(\.grid), captions, steps?.steps), captions)
  }

  /// The combinations of the sliders that select runs.
  private var chosenFrames: [Frame] {
    parts.reduce([Frame(figure: figure, results: results)]) { frames, part in
      frames.flatMap { frame in part.values.map { Self.frame(frame, $0) } }
    }
  }

  private static func frame(_ frame: Frame, _ value: Value) -> Frame {
    var frame = frame
    if let selection = value.selection {
      frame.results = frame.results.chosen([selection])
      frame.figure.selection.append(selection)
    }
    if let seed = value.seed {
      frame.results = frame.results.filtered { $0.seed == seed }
      frame.sentences.append("Seed \(seed).")
    }
    return frame
  }

  /// The steps of the longest run that the pictures show; `nil` for a figure that is not played.
  private func steps(_ frames: [Frame], _ draw: Drawing) throws -> Replays? {
    guard let play = exploration.play else { return nil }
    // A first drawing, of the ends of the runs, finds out which runs the figure shows.
    let probe = Replays(steps: [])
    for frame in frames { _ = try draw(frame.figure, frame.results.at(nil, of: probe), []) }
    let spread = Replays.steps(to: probe.lastStep, count: play.frames, byPowers: play.spread == .powers)
    guard let printed = exploration.printedStep.map({ min($0, probe.lastStep) }), !spread.contains(printed) else {
      return Replays(steps: spread)
    }
    return Replays(steps: (spread + [printed]).sorted())
  }

  private func together(_ grids: [ChartGrid], _ captions: [String], _ steps: [Int]?) -> Document.Figure.Frames {
    var controls = parts.map { Document.Figure.Frames.Control($0.label, values: $0.values.map(\.words)) }
    var start = parts.reduce(0) { $0 * $1.values.count + $1.start }
    if let steps {
      controls.append(.init("step", values: steps.map { "\($0)" }, isPlayed: true))
      // The end of training is what a figure without frames shows.
      let shown = exploration.printedStep.flatMap { steps.firstIndex(of: $0) } ?? steps.count - 1
      start = start * steps.count + shown
    }
    let all = zip(grids, captions).map {
      let words = [$1, spread(steps)].filter { !$0.isEmpty }.joined(separator: " ")
      return Document.Figure.Frames.Drawing(charts: $0, caption: Markdown.inlines(words))
    }
    return Document.Figure.Frames(controls: controls, all: all, start: start)
  }

  // MARK: Printed pages

  private func printed(_ frames: Document.Figure.Frames, _ captions: [String]) -> FigureBuilder.Built {
    let sliders = zip(frames.controls, shorts).map { "\($1) (\($0.values.count) values)" }
    let steps = frames.controls.last { $0.isPlayed }?.values.compactMap(Int.init)
    let shown = exploration.printsPanels ? panels(frames) : nil
    let here =
      shown.map { "Panels: \($0.count) of \(frames.count) frames." }
      ?? "Shown here: \(words(frames, frames.start).joined(separator: ", "))."
    let grid = shown?.grid ?? frames.first?.charts ?? ChartGrid([])
    let caption = [captions[frames.start], spread(steps), here, "report.html has \(Self.listed(sliders))."]
    return FigureBuilder.Built(
      grid: grid, caption: caption.filter { !$0.isEmpty }.joined(separator: " "), form: .exploring(frames))
  }

  /// The names of the sliders for sentences.
  private var shorts: [String] { parts.map(\.short) + (exploration.play == nil ? [] : ["step"]) }

  /// The values of the sliders in a combination: "η = 0.1".
  private func words(_ frames: Document.Figure.Frames, _ combination: Int) -> [String] {
    zip(zip(shorts, frames.controls), frames.positions(combination)).map { "\($0.0) = \($0.1.values[$1])" }
  }

  /// How the frames of a played figure are spread over the steps, in words.
  private func spread(_ steps: [Int]?) -> String {
    guard let play = exploration.play, let steps, let last = steps.last else { return "" }
    if steps.count == last + 1 { return "Frames: every step from 0 to \(NumberText.grouped(last))." }
    let how = play.spread == .powers ? "by powers" : "evenly"
    return "Frames: \(steps.count) steps from 0 to \(NumberText.grouped(last)), spread \(how)."
  }

  private static func listed(_ sliders: [String]) -> String {
    "\(sliders.count == 1 ? "a slider" : "sliders") for \(sliders.joined(separator: " and "))"
  }

  /// Some of the frames side by side, evenly chosen, each under the values that it shows.
  private func panels(_ frames: Document.Figure.Frames) -> (grid: ChartGrid, count: Int)? {
    let count = min(frames.count, Exploration.mostPanels)
    guard count > 1, var grid = frames.first?.charts else { return nil }
    let indices = (0..<count).map { $0 * (frames.count - 1) / (count - 1) }
    let charts = indices.flatMap { index in
      frames.drawings[frames.order[index]].charts.charts.flatMap(\.self).map { chart in
        var chart = chart
        chart.title = (words(frames, index) + [chart.title]).filter { !$0.isEmpty }.joined(separator: ", ")
        return chart
      }
    }
    grid.charts = FigureBuilder.wrapped(charts)
    grid.aspect = min(grid.aspect, 1.35)
    return (grid, count)
  }
}
