import Analysis
import Figures
import Foundation
import Learning
import Planted
import Plotting
import Studies
import Testing

/// The four pictures of a distribution: order, counts, quartiles, shares.
@Suite struct DistributionTests {
  typealias Run = PlantedRuns.Run

  /// Final losses of nine seeds at two rates; two runs of the second rate diverge.
  static func loss(_ rate: Int, _ seed: Int) -> Double {
    rate == 1 && seed % 4 == 1 ? .infinity : (rate == 0 ? 0.2 : 1.5) * Double(1 + (seed * 5) % 9) + 0.03 * Double(rate)
  }

  static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: CurveTests.rates)
      Seeds(0..<9)
    } run: { settings, seed in
      let loss = loss(settings[0] == .number(0.1) ? 0 : 1, seed)
      return Run(finalLoss: loss, diverged: loss == .infinity)
    }
  }

  private static func draw(_ style: Distribution.Style) throws -> Drawn {
    try Drawn(results()) { Distribution(.finalLoss, as: style).color(by: .learningRate).level(0.5, "known") }
  }

  private static func sorted(_ rate: Int) -> [Double] { (0..<9).map { loss(rate, $0) }.sorted() }

  @Test func aStaircaseRisesThroughAllRuns() throws {
    let drawn = try Self.draw(.staircase)
    for rate in 0...1 {
      let expected = Self.sorted(rate).enumerated().map { Point((Double($0) + 0.5) * 100 / 9, $1) }
      #expect(near(drawn.chart.steps[rate].points, expected))
      #expect(near(drawn.chart.markers[rate].points, expected))
      #expect(drawn.chart.steps[rate].stroke.color == drawn.grid.legend[rate].color)
      #expect(drawn.chart.markers[rate].marker == drawn.grid.legend[rate].marker)
    }
    #expect(drawn.chart.horizontalRules.map(\.y) == [0.5] && drawn.chart.horizontalRules[0].label == "known")
    #expect(drawn.chart.x.domain == 0...100)
    #expect(drawn.caption.contains("2 of 18 values are not finite"))
    #expect(drawn.caption.contains("2 of 18 runs diverged"))
  }

  @Test(arguments: [Scale.Kind.linear, .log]) func aHistogramCountsInBinsOfEqualWidth(_ kind: Scale.Kind) throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: CurveTests.rates)
      Seeds(0..<60)
    } run: { settings, seed in
      let slow = settings[0] == .number(0.1)
      let spread = Double((seed * 37) % 60) / 60
      return Run(finalLoss: slow ? 0.1 + spread * spread : 0.5 + 4 * spread, diverged: !slow && seed < 3)
    }
    let figure = Figure("F") { Distribution(.finalLoss, as: .histogram).color(by: .learningRate).level(2, "L") }
    let drawn = try Drawn(results, figure.xScale(kind))
    let domain = try #require(drawn.chart.x.domain)
    func place(_ x: Double) -> Double {
      kind == .log
        ? log(x / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
        : (x - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    }
    for rate in 0...1 {
      let values = results.rows.filter {
        results.setting("learning-rate", $0) == .number(CurveTests.rates[rate]) && !$0.summary.hasDiverged
      }.map(\.summary.finalLoss)
      // √120 = 10.95
      var counts = Array(repeating: 0.0, count: 10)
      for value in values { counts[Int(place(value) * 10)] += 1 }
      let outline = drawn.chart.lines[rate].points
      #expect(outline.count == 20)
      #expect(stride(from: 0, to: 20, by: 2).map { outline[$0].y } == counts)
      #expect(stride(from: 1, to: 20, by: 2).map { outline[$0].y } == counts)
      for (edge, point) in outline.enumerated() { #expect(near(place(point.x), Double((edge + 1) / 2) / 10, 1e-9)) }
      #expect(counts.reduce(0, +) == Double(values.count))
      #expect(drawn.chart.areas[rate].points.map(\.y) == [0] + outline.map(\.y) + [0])
      #expect(drawn.chart.areas[rate].color.solid == drawn.grid.legend[rate].color)
    }
    #expect(drawn.chart.verticalRules.map(\.x) == [2] && drawn.chart.y.including == [0])
    #expect(drawn.caption.contains("10 bins") && drawn.caption.contains("3 of 120 values are not finite."))
  }

  @Test func aStripHasABoxAndAMarkPerRun() throws {
    let drawn = try Self.draw(.strip)
    #expect(drawn.chart.x.names == ["0.1", "0.3"] && drawn.chart.x.title == "learning rate η")
    #expect(drawn.chart.boxes.count == 2 && drawn.chart.jittered.count == 2)
    for rate in 0...1 {
      let values = Self.sorted(rate)
      let (box, color) = drawn.chart.boxes[rate]
      #expect(
        near(
          [box.low, box.first, box.median, box.third, box.high],
          [0, 0.25, 0.5, 0.75, 1].map { Reference.quantile(values, $0) }))
      #expect(abs(box.x - Double(rate)) < 0.5 && color == Palette.categories[rate])
      let cloud = drawn.chart.jittered[rate]
      #expect(cloud.points.map(\.value) == values.map { Point(Double(rate), $0) })
      #expect(cloud.points.allSatisfy { abs($0.drawn.x - Double(rate)) < 0.5 && $0.drawn.y == $0.value.y })
      #expect(cloud.color.solid == color)
    }
    #expect(drawn.grid.legend.isEmpty, "the axis names the colours")
    #expect(drawn.caption.contains("quartiles") && drawn.caption.contains("open triangles"))
  }

  @Test func anEmpiricalShareIsAtOrBelowEachValue() throws {
    let drawn = try Self.draw(.empirical)
    let domain = try #require(drawn.chart.x.domain)
    for rate in 0...1 {
      let finite = Self.sorted(rate).filter(\.isFinite)
      var expected = [Point(domain.lowerBound, 0)]
      for (i, value) in finite.enumerated() { expected.append(Point(value, 100 * Double(i + 1) / 9)) }
      expected.append(Point(domain.upperBound, 100 * Double(finite.count) / 9))
      #expect(near(drawn.chart.steps[rate].points, expected), "a run that diverged is in the count")
    }
    #expect(drawn.chart.y.domain == 0...100 && drawn.chart.verticalRules.map(\.x) == [0.5])
    #expect(domain.contains(0.2) && domain.contains(13.53))
  }

  /// Panels share their bins, so that heights can be compared.
  @Test func panelsOfAHistogramShareTheirBins() throws {
    let figure = Figure("F") { Distribution(.finalLoss, as: .histogram) }.facets(columns: .learningRate)
    let charts = try Drawn(Self.results(), figure).charts
    #expect(charts.count == 2 && charts[0].x.domain == charts[1].x.domain)
    #expect(charts[0].lines[0].points.map(\.x) == charts[1].lines[0].points.map(\.x))
  }

  /// Final losses of 3, 0.1 and 10⁻³⁶ in turn.
  private static func converging() throws -> Results {
    try PlantedRuns.results {
      Seeds(0..<12)
    } run: { _, seed in
      Run(finalLoss: [3, 0.1, 1e-36][seed % 3] * (1 + 0.01 * Double(seed)))
    }
  }

  @Test(arguments: [Distribution.Style.staircase, .strip]) func aLogarithmicHeightHasAFloor(
    _ style: Distribution.Style
  ) throws {
    func drawn(_ level: Double) throws -> Drawn {
      try Drawn(
        Self.converging(), Figure("F") { Distribution(.finalLoss, as: style).level(level, "known") }.yScale(.log))
    }
    #expect(try drawn(0.5).chart.y.floor.map { near(log10($0), -9) } ?? false)
    #expect(try drawn(0.5).caption.contains("Below 10⁻⁹ values leave the axis (open triangles)."))
    #expect(try drawn(1e-20).chart.y.floor.map { near(log10($0), -20) } ?? false, "a level is on the axis")
    #expect(try drawn(1e-40).chart.y.floor == nil)
  }

  /// The bins have the room above the floor; runs below it are in none of them.
  @Test func aHistogramBeginsAtItsFloor() throws {
    let figure = Figure("F") { Distribution(.finalLoss, as: .histogram) }.xScale(.log)
    let drawn = try Drawn(Self.converging(), figure)
    let domain = try #require(drawn.chart.x.domain)
    #expect(near(log10(domain.lowerBound), -9) && domain.upperBound > 3 && domain.upperBound < 10)
    let outline = drawn.chart.lines[0].points
    #expect(stride(from: 0, to: outline.count, by: 2).reduce(0) { $0 + outline[$1].y } == 8)
    #expect(outline[0].y == 0, "the four runs below are not in the first bin")
    #expect(drawn.caption.contains("Below 10⁻⁹ values leave the axis."))
    #expect(try Drawn(Self.converging(), figure.xRange(1e-40...10)).caption.contains("leave the axis") == false)
  }

  /// The curve enters the axis at the share of the runs that are below it.
  @Test func anEmpiricalShareCountsWhatIsBelowItsFloor() throws {
    let drawn = try Drawn(Self.converging(), Figure("F") { Distribution(.finalLoss, as: .empirical) }.xScale(.log))
    let points = drawn.chart.steps[0].points
    let domain = try #require(drawn.chart.x.domain)
    #expect(near(log10(domain.lowerBound), -9) && points[0].x == domain.lowerBound)
    #expect(near(points[0].y, 100 * 4 / 12) && points.count == 10 && near(points[9].y, 100))
    #expect(points.dropFirst().dropLast().allSatisfy { $0.x > 0.05 })
    #expect(drawn.caption.contains("Below 10⁻⁹ values leave the axis."))
  }
}

/// Differences of a metric to a reference setting, seed by seed.
@Suite struct PairedDifferencesTests {
  typealias Run = PlantedRuns.Run

  /// A seed's own level is far greater than the differences: unpaired subtraction shows.
  static func loss(_ rate: Int, _ seed: Int) -> Double {
    let level = 10 * Double(1 + (seed * 3) % 7)
    if rate == 2, seed == 5 { return .infinity }
    return level + [0, -0.5, 0.25][rate] * (1 + 0.1 * Double(seed))
  }

  static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.3, 1])
      Vary(.hidden, over: [2, 4])
      Seeds(0..<7)
    } run: { settings, seed in
      let rate = settings[0] == .number(0.1) ? 0 : settings[0] == .number(0.3) ? 1 : 2
      // The other setting's level is not to enter either.
      let loss = loss(rate, seed) + (settings[1] == .integer(4) ? 1000 : 0)
      return Run(finalLoss: loss, diverged: loss == .infinity)
    }
  }

  @Test func aMarkIsTheDifferenceOfAPair() throws {
    let drawn = try Drawn(Self.results()) { PairedDifferences(.finalLoss, of: .learningRate) }
    #expect(drawn.chart.x.names == ["0.3", "1"])
    #expect(drawn.chart.boxes.count == 2 && drawn.chart.jittered.count == 2)
    for rate in 1...2 {
      var differences: [Double] = []
      for seed in 0..<7 where Self.loss(rate, seed).isFinite {
        for level in [0.0, 1000] { differences.append(Self.loss(rate, seed) + level - Self.loss(0, seed) - level) }
      }
      differences.sort()
      let (box, color) = drawn.chart.boxes[rate - 1]
      #expect(
        near(
          [box.low, box.first, box.median, box.third, box.high],
          [0, 0.25, 0.5, 0.75, 1].map { Reference.quantile(differences, $0) }, 1e-9))
      let cloud = drawn.chart.jittered[rate - 1]
      #expect(near(cloud.points.map(\.value.y), differences, 1e-9))
      #expect(cloud.points.allSatisfy { $0.value.x == Double(rate - 1) && abs($0.drawn.x - $0.value.x) < 0.5 })
      let styles = Palette.colors(3, ordered: true)
      #expect(color == styles[rate] && cloud.color.solid == styles[rate], "the colour of the rate elsewhere")
    }
    #expect(drawn.chart.horizontalRules.map(\.y) == [0])
    #expect(drawn.caption.contains("η = 0.1") && drawn.caption.contains("2 pairs have no finite difference"))
  }
}
