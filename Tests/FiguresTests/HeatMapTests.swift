import Analysis
import Figures
import Foundation
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Medians over two swept parameters.
@Suite struct HeatMapTests {
  typealias Run = PlantedRuns.Run

  static let rates = [0.1, 0.2, 1]
  static let widths = [2, 4]

  /// Two of three runs diverge at the last rate and the greater width.
  static func diverges(_ rate: Int, _ width: Int, _ seed: Int) -> Bool { rate == 2 && width == 1 && seed > 0 }

  static func results(_ loss: (_ rate: Int, _ width: Int, _ seed: Int) -> Double) throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Vary(.hidden, over: widths)
      Seeds(0..<3)
    } run: { settings, seed in
      let rate = rates.firstIndex { settings[0] == .number($0) } ?? 0
      let width = widths.firstIndex { settings[1] == .integer($0) } ?? 0
      return Run(finalLoss: loss(rate, width, seed), diverged: diverges(rate, width, seed))
    }
  }

  @Test func aCellHasTheMedianOfItsRuns() throws {
    // Medians 1.5, 3, 6 in the first row, 15, 30 and none in the second; seeds 0 and 2 are around them.
    func median(_ rate: Int, _ width: Int) -> Double { [1.5, 3, 6][rate] * (width == 0 ? 1 : 10) }
    let drawn = try Drawn(Self.results { median($0, $1) * [0.25, 1, 3][$2] }) {
      HeatMap(.finalLoss, x: .learningRate, y: .hidden)
    }
    let (grid, colors) = try #require(drawn.chart.cells.first)
    #expect(grid.values == [[1.5, 3, 6], [15, 30, .infinity]])
    #expect(grid.labels == [["1.5", "3", "6"], ["15", "30", "∞\n67 %"]])
    #expect(grid.xEdges == [-0.5, 0.5, 1.5, 2.5] && grid.yEdges == [-0.5, 0.5, 1.5])
    #expect(drawn.chart.x.names == ["0.1", "0.2", "1"] && drawn.chart.y.names == ["2", "4"])
    #expect(drawn.chart.x.title == "learning rate η" && drawn.chart.y.title == "hidden units H")
    #expect(colors.scale.kind == .log && near(colors.scale.domain.lowerBound, 1.5))
    #expect(near(colors.scale.domain.upperBound, 30))
    #expect(drawn.grid.colorScale == colors && colors.title == "final training loss E")
    #expect(drawn.caption.contains("Median of 3 runs per cell") && drawn.caption.contains("2 of 18 runs diverged"))
    // On the page the first row is the lowest.
    let page = Page(drawn.grid)
    let low = try #require(page.box("1.5"))
    let high = try #require(page.box("15"))
    let right = try #require(page.box("3"))
    #expect(high.y < low.y && right.x > low.x && high.x + high.width / 2 == low.x + low.width / 2)
    #expect(page.fills(Palette.viridis(0)).contains { $0[0].x < 0.01 && abs($0[2].y) < 0.02 }, "the least, below left")
  }

  @Test func coloursAreLinearWhereALogarithmCannotBe() throws {
    let narrow = try Self.results { rate, width, _ in 1 + 0.1 * Double(rate + width) }
    #expect(
      try Drawn(narrow) { HeatMap(.finalLoss, x: .learningRate, y: .hidden) }.grid.colorScale?.scale.kind == .linear)
    let wide = try Self.results { rate, width, _ in Double(rate) * 10 }
    #expect(
      try Drawn(wide) { HeatMap(.finalLoss, x: .learningRate, y: .hidden) }.grid.colorScale?.scale.kind == .linear)
  }

  /// log₁₀ E = 2 + log₁₀ η + ¼(H − 2) is bilinear in log₁₀ η and H: so is what lies between the settings.
  @Test func contoursInterpolateBetweenTheSettings() throws {
    func value(_ rate: Double, _ width: Double) -> Double { 2 + log10(rate) + 0.25 * (width - 2) }
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: Self.rates)
      Vary(.hidden, over: Self.widths)
      Seeds(0..<3)
    } run: { settings, seed in
      Run(finalLoss: value(settings[0].number ?? 0, settings[1].number ?? 0) + [0, -0.1, 0.2][seed])
    }
    let drawn = try Drawn(results) { HeatMap(.finalLoss, x: .learningRate, y: .hidden, style: .contours) }
    let chart = drawn.chart
    #expect(chart.x.kind == .log && chart.x.domain == 0.1...1 && chart.y.kind == .linear && chart.y.domain == 2...4)
    let field = try #require(chart.contours.first?.field)
    #expect(field.x == Self.rates && field.y == [2, 4])
    for (row, width) in field.y.enumerated() {
      #expect(near(field.values[row], Self.rates.map { value($0, width) }))
    }
    let fine = try #require(chart.cells.first?.grid)
    let (columns, rows) = (fine.xEdges.count - 1, fine.yEdges.count - 1)
    for row in [0, rows / 3, rows - 1] {
      for column in [0, 17, columns / 2, columns - 1] {
        let x = pow(10, -1 + (Double(column) + 0.5) / Double(columns))
        let y = 2 + 2 * (Double(row) + 0.5) / Double(rows)
        #expect(near(fine.values[row][column], value(x, y), 1e-9))
      }
    }
    #expect(Set(chart.markers[0].points) == Set([2, 4].flatMap { y in Self.rates.map { Point($0, y) } }))
    let levels = chart.contours[0].levels
    #expect(levels.count == 9 && levels == levels.sorted())
    #expect(levels.allSatisfy { drawn.grid.colorScale?.scale.domain.contains($0) ?? false })
  }

  /// Panels share their colours, and a cell of one panel has that panel's runs alone.
  @Test func panelsShareTheirColours() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: Self.rates)
      Vary(.hidden, over: Self.widths)
      Vary(.initScale, over: [1, 2])
      Seeds(0..<3)
    } run: { settings, seed in
      Run(finalLoss: (settings[2] == .number(1) ? 1 : 100) + Double(seed))
    }
    let figure = Figure("F") { HeatMap(.finalLoss, x: .learningRate, y: .hidden) }.facets(columns: .initScale)
    let charts = try Drawn(results, figure).charts
    #expect(charts.map(\.title) == ["σ₀ = 1", "σ₀ = 2"])
    #expect(charts[0].cells[0].grid.values.flatMap(\.self) == Array(repeating: 2, count: 6))
    #expect(charts[1].cells[0].grid.values.flatMap(\.self) == Array(repeating: 101, count: 6))
    #expect(charts[0].cells[0].colors == charts[1].cells[0].colors)
  }
}

/// Every run as a line over all swept parameters.
@Suite struct ParallelCoordinatesTests {
  @Test func aLinePerRunBetterOnesOnTop() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.3, 1])
      Vary(.activation, over: [.tanh, .relu])
      Seeds(0..<2)
    } run: { settings, seed in
      let loss = (settings[0].number ?? 0) * (settings[1] == .text("relu") ? 2 : 5) + 0.01 * Double(seed)
      return PlantedRuns.Run(finalLoss: loss, diverged: settings[0] == .number(1) && seed == 1)
    }
    let drawn = try Drawn(results) { ParallelCoordinates(.finalLoss) }
    let colors = try #require(drawn.grid.colorScale)
    let runs = drawn.chart.lines.filter { $0.points.count == 3 }
    #expect(runs.count == 12 && drawn.chart.lines.count == 15, "and three axes")
    let finite = results.rows.filter { !$0.summary.hasDiverged }.map(\.summary.finalLoss).sorted(by: >)
    #expect(runs.prefix(2).allSatisfy { $0.points[2].y > 1 }, "those that diverged, below all others")
    for (line, value) in zip(runs.dropFirst(2), finite) {
      #expect(line.points.map(\.x) == [0, 1, 2])
      #expect(near(line.points[2].y, colors.scale.share(value)))
      #expect(line.stroke.color.solid == colors.color(value))
      // The rate by its logarithm, the activation by its number; a little apart.
      let row = try #require(results.rows.first { $0.summary.finalLoss == value })
      let rate = try #require(results.setting("learning-rate", row)?.number)
      let place = rate == 0.1 ? 0 : rate == 1 ? 1 : 0.47712125
      #expect(abs(line.points[0].y - place) < 0.03)
      #expect(abs(line.points[1].y - (results.setting("activation", row) == .text("relu") ? 1 : 0)) < 0.03)
    }
    #expect(
      colors.scale.kind == .log && near(colors.scale.domain.lowerBound, 0.2) && near(colors.scale.domain.upperBound, 5))
    #expect(drawn.chart.words.map(\.text).contains("learning rate η") && drawn.chart.words.map(\.text).contains("relu"))
    let tick = try #require(drawn.chart.words.first { $0.text == "0.3" })
    #expect(abs(tick.at.y - 0.47712125) < 1e-6 && abs(tick.at.x) < 0.1)
    #expect(drawn.caption.contains("2 runs without a finite value") && !drawn.chart.hasAxes)
  }
}
