import Analysis
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Laws that hold for figures of any runs.
@Suite struct FigureLawTests {
  typealias Run = PlantedRuns.Run

  /// Numbers without order or pattern; every fifth run diverges.
  static func run(_ settings: [Setting], _ seed: Int) -> Run {
    let rate = settings[0].number ?? 1
    let spread = 1 + Double((seed * 7919 + Int(1000 * rate) * 31) % 101) / 10
    let diverged = (seed + Int(10 * rate)) % 5 == 0
    let losses = (0..<8).map { rate * spread / Double(1 + $0 * (1 + seed % 3)) }
    return .losses(
      diverged ? Array(losses.prefix(4)) : losses, finalLoss: diverged ? .nan : losses[7], diverged: diverged)
  }

  static func results(rates: [Double] = [0.1, 0.2, 0.7], seeds: [UInt64] = Array(0..<9)) throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Seeds(seeds)
    } run: {
      run($0, $1)
    }
  }

  static let plots: [any Plot] = [
    Curve(.loss).color(by: .learningRate).band(.deciles).runs(),
    Curve(.loss).color(by: .learningRate).smoothed(over: 3).band(.quartiles),
    Convergence(below: 0.2).color(by: .learningRate), Distribution(.finalLoss).color(by: .learningRate),
    Distribution(.finalLoss, as: .histogram).color(by: .learningRate),
    Distribution(.finalLoss, as: .strip).color(by: .learningRate),
    Distribution(.finalLoss, as: .empirical).color(by: .learningRate), Sensitivity(.finalLoss, to: .learningRate),
    PairedDifferences(.finalLoss, of: .learningRate), HeatMap(.finalLoss, x: .learningRate, y: .learningRate),
  ]

  /// The marks without what only keeps points apart: the order of runs within a cloud or a bundle, and their jitter.
  private func essence(_ marks: [Mark]) -> [String] {
    marks.map { mark in
      switch mark {
      case .jittered(let points, let marker, let color, _):
        "\(points.map { "\($0.value)" }.sorted()) \(marker) \(color)"
      case .bundle(let lines, let stroke): "\(lines.map { "\($0)" }.sorted()) \(stroke)"
      default: "\(mark)"
      }
    }
  }

  @Test(arguments: plots.indices) func theOrderOfSeedsChangesNothing(_ index: Int) throws {
    let plot = Self.plots[index]
    let drawn = try Drawn(Self.results()) { plot }
    let other = try Drawn(Self.results(seeds: [4, 0, 8, 2, 6, 1, 7, 3, 5])) { plot }
    #expect(essence(drawn.chart.marks) == essence(other.chart.marks))
    #expect(drawn.caption == other.caption && drawn.grid.legend == other.grid.legend)
    #expect(drawn.chart.x == other.chart.x && drawn.chart.y == other.chart.y)
  }

  /// What is drawn of a setting is a matter of its own runs.
  @Test func anotherSettingChangesNoCurve() throws {
    let (few, many) = (try Self.results(rates: [0.1, 0.2]), try Self.results(rates: [0.1, 0.2, 0.7]))
    func both(_ plot: any Plot) throws -> (Chart, Chart) {
      (try Drawn(few) { plot }.chart, try Drawn(many) { plot }.chart)
    }
    for plot in Self.plots.prefix(2) {
      let (a, b) = try both(plot)
      for setting in 0..<2 {
        #expect(near(a.solidLines[setting].points, b.solidLines[setting].points, 0))
        #expect(near(a.bands[setting].low, b.bands[setting].low, 0))
        #expect(near(a.bands[setting].high, b.bands[setting].high, 0))
      }
    }
    for plot in [Self.plots[2], Self.plots[3]] {
      let (a, b) = try both(plot)
      for setting in 0..<2 { #expect(near(a.steps[setting].points, b.steps[setting].points, 0)) }
    }
    let (a, b) = try both(Self.plots[5])
    for setting in 0..<2 { #expect(a.boxes[setting].box == b.boxes[setting].box) }
    let (c, d) = try both(Sensitivity(.finalLoss, to: .learningRate))
    #expect(near(c.lines[0].points, Array(d.lines[0].points.prefix(2)), 0))
    let (e, f) = try both(PairedDifferences(.finalLoss, of: .learningRate))
    #expect(e.boxes[0].box == f.boxes[0].box)
  }

  /// Each run is in one panel, and every run is in some.
  @Test(arguments: [false, true]) func panelsPartTheRuns(inRows: Bool) throws {
    let figure = Figure("F") { Curve(.loss).runs() }
    let faceted = inRows ? figure.facets(rows: .learningRate) : figure.facets(columns: .learningRate)
    let whole = try Drawn(Self.results(), figure).chart.bundles.flatMap(\.lines)
    let panels = try Drawn(Self.results(), faceted).charts
    #expect(panels.count == 3 && panels.allSatisfy { $0.bundles.flatMap(\.lines).count == 9 })
    #expect(panels.flatMap(\.bundles).flatMap(\.lines).map { "\($0)" }.sorted() == whole.map { "\($0)" }.sorted())
  }
}
