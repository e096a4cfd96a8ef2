import Analysis
import Documents
import Figures
import Foundation
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Where on the page the numbers of a figure are drawn.
@Suite struct PageTests {
  typealias Run = PlantedRuns.Run

  private static func curve(_ values: [Double]...) throws -> Results {
    try PlantedRuns.results {
      Seeds(0..<values.count)
    } run: { _, seed in
      .losses(values[seed])
    }
  }

  @Test func linearAxesKeepProportions() throws {
    let figure = Figure("F") { Curve(.loss) }.yScale(.linear).xRange(0...4).yRange(0...10)
    let page = Page(try Drawn(Self.curve([1, 2, 4, 8, 5]), figure).grid)
    let line = try #require(page.strokes(Palette.categories[0]).first)
    #expect(near(line, [Point(0, 0.1), Point(0.25, 0.2), Point(0.5, 0.4), Point(0.75, 0.8), Point(1, 0.5)], 1e-9))
  }

  @Test func logarithmicAxesKeepRatios() throws {
    let figure = Figure("F") { Curve(.loss) }.xScale(.log).yScale(.log).xRange(1...4).yRange(0.01...100)
    let page = Page(try Drawn(Self.curve([7, 100, 1, 0.1, 0.01]), figure).grid)
    let line = try #require(page.strokes(Palette.categories[0]).first)
    #expect(near(line, [Point(0, 1), Point(0.5, 0.5), Point(log(3) / log(4), 0.25), Point(1, 0)], 1e-9))
  }

  @Test func aBandIsFilledBetweenItsQuantiles() throws {
    let results = try Self.curve([0, 0], [1, 2], [2, 4], [3, 6], [4, 8])
    let figure = Figure("F") { Curve(.loss).band(.quartiles) }.yScale(.linear).xRange(0...1).yRange(0...10)
    let page = Page(try Drawn(results, figure).grid)
    let fills = page.canvas.commands.compactMap { command -> [Point]? in
      if case .fill(let path, let color) = command, color.solid == Palette.categories[0] {
        path.points.map { page.share($0) }
      } else {
        nil
      }
    }
    // Up along the third quartile, back along the first.
    #expect(near(fills[0], [Point(0, 0.3), Point(1, 0.6), Point(1, 0.2), Point(0, 0.1)], 1e-9))
  }

  /// The range of an axis that nothing else sets holds all values, with a little air.
  @Test func theRangeHoldsAllValues() throws {
    let page = Page(try Drawn(Self.curve([20, 3, 11]), Figure("F") { Curve(.loss) }.yScale(.linear)).grid)
    let line = try #require(page.strokes(Palette.categories[0]).first)
    let heights = line.map(\.y)
    #expect(heights[0] > 0.9 && heights[0] < 1 && heights[1] > 0 && heights[1] < 0.1)
    #expect(near((heights[2] - heights[1]) / (heights[0] - heights[1]), 8.0 / 17, 1e-9))
    #expect(line[0].x == 0, "0 was asked for and has no air")
  }

  @Test func ticksSayWhereTheirValueIs() throws {
    let figure = Figure("F") { Curve(.loss) }.yScale(.linear).xRange(0...8).yRange(0...10)
    let page = Page(try Drawn(Self.curve([1, 2]), figure).grid)
    let (left, bottom) = (page.frames[0].x, page.frames[0].bottom)
    let heights = page.canvas.texts.compactMap { text, box in
      box.right < left ? Double(text.string).map { ($0, page.share(box.center).y) } : nil
    }
    let places = page.canvas.texts.compactMap { text, box in
      box.y > bottom ? Double(text.string).map { ($0, page.share(box.center).x) } : nil
    }
    #expect(heights.count > 2 && places.count > 2)
    for (value, share) in heights { #expect(near(share, value / 10, 1e-9)) }
    for (value, share) in places { #expect(near(share, value / 8, 1e-9)) }
  }

  /// Values that are not finite are open triangles at the edge that they have left by.
  @Test func whatLeavesTheAxisIsATriangleAtItsEdge() throws {
    let results = try PlantedRuns.results {
      Vary(.hidden, over: [2, 4, 6])
      Seeds(0..<4)
    } run: { settings, seed in
      Run(finalLoss: 1 + Double(seed), diverged: settings[0] == .integer(6) && seed > 1)
    }
    let drawn = try Drawn(results) { Sensitivity(.finalLoss, to: .hidden) }
    let page = Page(drawn.grid)
    let colour = try #require(drawn.chart.jittered.first?.color)
    let triangles = page.strokes(colour).filter { $0.count == 3 }
    #expect(triangles.count == 2)
    for triangle in triangles {
      #expect(triangle[0].y > 0.97 && triangle[0].y < 1 && triangle[1].y < triangle[0].y, "it points up")
      #expect(triangle[0].x > 0.66, "at the third setting")
    }
    // Circles at the value's height, above their setting.
    let dots = page.fills(colour)
    #expect(dots.count == 10)
    let heights = Set(dots.map { (1e6 * $0[0].y).rounded() }).sorted()
    #expect(heights.count == 4 && near(heights[3] - heights[2], heights[1] - heights[0], 1e-4))
    let label = try #require(page.box("50 %"))
    #expect(label.bottom < page.frames[0].y && near(page.share(label.center).x, 2.5 / 3, 0.01))
  }

  @Test func aBoxIsDrawnAtItsQuartiles() throws {
    let results = try PlantedRuns.results {
      Vary(.activation, over: [.tanh, .relu])
      Seeds(0..<5)
    } run: { settings, seed in
      Run(finalLoss: settings[0] == .text("tanh") ? Double(1 + seed) : 7)
    }
    let figure = Figure("F") { Distribution(.finalLoss, as: .strip).color(by: .activation) }.yRange(0...10)
    let page = Page(try Drawn(results, figure).grid)
    let box = try #require(page.fills(Palette.categories[0].opacity(0.25)).first)
    let (left, top, right, bottom) = (box[0].x, box[0].y, box[1].x, box[2].y)
    #expect(near([top, bottom], [0.4, 0.2], 1e-9) && left > 0 && right < 0.5 && left < right)
    let strokes = page.strokes(Palette.categories[0])
    #expect(strokes.contains { near($0, [Point(left, 0.3), Point(right, 0.3)], 1e-9) }, "the median")
    let whiskers = try #require(strokes.first { $0.count == 8 })
    let middle = (left + right) / 2
    #expect(
      near(
        Array(whiskers[4...]), [Point(middle, 0.4), Point(middle, 0.5), Point(middle, 0.2), Point(middle, 0.1)], 1e-9))
    let names = ["tanh", "relu"].map { page.box($0).map { page.share($0.center).x } ?? .nan }
    #expect(near(names, [0.25, 0.75], 1e-9))
  }

  /// A bar from 0 to its share, with Wilson's interval around its end.
  @Test func barsAndIntervalsBeginAtZero() throws {
    let comparison = MinimumComparison(
      entries: [.init(name: "A", loss: 1, count: 6), .init(name: "B", loss: 2, count: 2)], passages: [], runs: 10)
    var chart = comparison.grid().charts[0][0]
    chart.y.domain = 0...100
    let page = Page(chart)
    let bars = [0, 1].map { page.fills(chart.bars[$0].color)[0] }
    #expect(near(bars.map { $0[0].y }, [0.6, 0.2], 1e-9) && near(bars.map { $0[2].y }, [0, 0], 1e-9))
    #expect(near(bars.map { ($0[0].x + $0[1].x) / 2 }, [0.25, 0.75], 1e-9))
    let spans = page.strokes(.black).filter { $0.count == 6 }
    for (span, count) in zip(spans, [6, 2]) {
      let bounds = Reference.wilson(count, of: 10)
      #expect(near([span[0].y, span[1].y], [bounds.low / 100, bounds.high / 100], 1e-9))
    }
  }

  /// A staircase keeps its height until the next value.
  @Test func aStaircaseRisesAtItsValues() throws {
    let figure = Figure("F") { Distribution(.finalLoss, as: .empirical) }.xRange(0...10)
    let results = try PlantedRuns.results {
      Seeds(0..<2)
    } run: { _, seed in
      Run(finalLoss: seed == 0 ? 2 : 6)
    }
    let line = try #require(Page(try Drawn(results, figure).grid).strokes(Palette.categories[0]).first)
    #expect(
      near(
        Array(line[1...5]), [Point(0.2, 0), Point(0.2, 0.5), Point(0.6, 0.5), Point(0.6, 1), Point(line[5].x, 1)], 1e-9)
    )
  }

  @Test func rulesCrossTheFrameAtTheirValue() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<2)
    } run: { _, seed in
      Run(finalLoss: Double(seed))
    }
    let level = Figure("F") { Distribution(.finalLoss).level(2.5, "known") }.yRange(0...10)
    let page = Page(try Drawn(results, level).grid)
    #expect(page.strokes(.gray).contains { near($0, [Point(0, 0.25), Point(1, 0.25)], 1e-9) })
    #expect((page.box("known").map { page.share($0.center).y } ?? 0) > 0.25, "above its line")
    let upright = Figure("F") { Distribution(.finalLoss, as: .empirical).level(2.5, "known") }.xRange(0...10)
    #expect(
      Page(try Drawn(results, upright).grid).strokes(.gray).contains {
        near($0, [Point(0.25, 1), Point(0.25, 0)], 1e-9)
      })
  }

  /// The lines of equal output of y = x are upright; where x is 0 the ground changes from blue to red.
  @Test func contoursAndCellsAreWhereTheFunctionIs() throws {
    let data = Dataset(
      name: "sides", inputNames: ["a", "b"], outputNames: ["y"],
      training: .init(count: 4, inputs: [-1, 0, 1, 0, -1, 4, 1, 4], targets: [-1, 1, -1, 1]), classes: .threshold(0))
    let results = try PlantedNetworks.results(data, .linear(bias: false), [[1, 0]])
    let drawn = try Drawn(results) { DecisionBoundary() }
    let page = Page(drawn.grid)
    let contour = try #require(page.strokes(.black).first { $0.count > 10 })
    #expect(contour.allSatisfy { near($0.x, 0.5, 1e-9) && $0.y > -1e-9 && $0.y < 1 + 1e-9 })
    let images = page.canvas.commands.compactMap {
      if case .image(let image, let place) = $0 { (image, place) } else { nil }
    }
    let (image, place) = try #require(images.first { near($0.1.width, page.frames[0].width, 1e-9) })
    #expect(near(place.height, page.frames[0].height, 1e-9) && near(place.x, page.frames[0].x, 1e-9))
    let (left, right) = (image[2, image.height / 2], image[image.width - 3, image.height / 2])
    #expect(left.blue > left.red && right.red > right.blue)
    // Marks of the classes on their sides.
    let blue = page.canvas.commands.compactMap { command -> Point? in
      if case .fill(let path, Palette.diverging(0)) = command { page.share(path.points[0]) } else { nil }
    }
    // One more stands in the legend, above the frame.
    #expect(blue.count == 3 && blue.filter { $0.y < 1 }.count == 2 && blue.allSatisfy { $0.y > 1 || $0.x < 0.5 })
  }

  /// Labels at the ends of lines stand at the height of the lines.
  @Test func endLabelsAreAtTheirLines() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<1)
    } run: { _, _ in
      Run(series: [
        .layerGradientNorm(1): Series(every: 1, values: [1, 0.1]),
        .layerGradientNorm(2): Series(every: 1, values: [1, 10]),
      ])
    }
    let page = Page(try Drawn(results, Figure("F") { LayerNorms(layers: 2) }.yRange(0.01...100)).grid)
    let right = page.canvas.texts.filter { $0.box.x > page.frames[0].right }
    let heights = ["layer 1", "layer 2"].map { label in
      right.first { $0.text.string == label }.map { page.share($0.box.center).y } ?? .nan
    }
    #expect(near(heights, [0.25, 0.75], 1e-6))
  }

  @Test func notesUnderThePointerSayTheDataNotTheirPlaces() throws {
    let rates = [0.01, 0.03, 0.1]
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Seeds(0..<9)
    } run: { _, seed in
      Run(finalLoss: 0.1 * Double(1 + seed))
    }
    let figures = [
      Figure("s") { Sensitivity(.finalLoss, to: .learningRate) },
      Figure("d") { Distribution(.finalLoss, as: .strip).color(by: .learningRate) },
      Figure("p") { PairedDifferences(.finalLoss, of: .learningRate) },
    ]
    let ruler = RecordingCanvas(size: Size(500, 400))
    for figure in figures {
      let canvas = SVGCanvas(size: Size(500, 400), identifier: "f", ruler: ruler) { _ in [] }
      GridLayout(try Drawn(results, figure).grid, width: 500, canvas: canvas).draw(at: Point(0, 0), on: canvas)
      #expect(canvas.notes.count >= 18)
      for note in canvas.notes {
        let x = note.text.split(separator: "\n")[0].split(separator: ": ").last.flatMap { Double($0) }
        #expect(x.map(rates.contains) ?? false, "\(note.text)")
      }
    }
  }
}
