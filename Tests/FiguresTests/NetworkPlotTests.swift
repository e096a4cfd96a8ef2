import Analysis
import Figures
import Foundation
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Plots of what a trained network computes, on networks whose function is known in closed form.
@Suite struct NetworkPlotTests {
  private static let others = Array(repeating: 0.0, count: 9)

  @Test func aDecisionBoundaryIsWhereTheOutputIsTheThreshold() throws {
    let results = try PlantedNetworks.results(
      PlantedNetworks.corners, PlantedNetworks.reluNet, [Self.others, PlantedNetworks.reluParameters])
    let drawn = try Drawn(results) { DecisionBoundary(.best(.finalLoss)) }
    let chart = drawn.chart
    let (contour, levels) = try #require(chart.contours.first)
    #expect(levels == [0.5])
    for (row, y) in contour.y.enumerated() {
      for (column, x) in contour.x.enumerated() {
        #expect(near(contour.values[row][column], PlantedNetworks.relu(x, y)))
      }
    }
    let grid = try #require(chart.cells.first?.grid)
    for row in grid.values.indices {
      for column in grid.values[row].indices {
        let x = (grid.xEdges[column] + grid.xEdges[column + 1]) / 2
        let y = (grid.yEdges[row] + grid.yEdges[row + 1]) / 2
        #expect(near(grid.values[row][column], PlantedNetworks.relu(x, y), 1e-9))
      }
    }
    // The data with some air.
    let (xs, ys) = (try #require(chart.x.domain), try #require(chart.y.domain))
    #expect(xs.lowerBound < -1 && xs.upperBound > 1 && xs.upperBound < 2 && near(xs.lowerBound, -xs.upperBound))
    #expect(ys.lowerBound < 10 && ys.upperBound > 30 && ys.lowerBound > 0 && ys.upperBound < 40)
    #expect(contour.x.first == xs.lowerBound && contour.x.last == xs.upperBound && contour.y.last == ys.upperBound)
    #expect(grid.xEdges.first == xs.lowerBound && grid.yEdges.last == ys.upperBound)
    #expect(chart.x.title == "width" && chart.y.title == "height")
    #expect(drawn.caption.contains("best final training loss") && drawn.caption.contains("the output is 0.5"))
    // White at the threshold, and as far as the targets on both sides.
    let colors = try #require(drawn.grid.colorScale)
    #expect(colors.scale.domain == 0...1 && colors.map == .diverging)
  }

  @Test func linesOfUnitsAreWhereTheirInputIsZero() throws {
    let results = try PlantedNetworks.results(
      PlantedNetworks.corners, PlantedNetworks.reluNet, [PlantedNetworks.reluParameters])
    let chart = try Drawn(results) { DecisionBoundary() }.chart
    let lines = chart.lines.map(\.points)
    #expect(lines.count == 2 && lines.allSatisfy { $0.count == 2 && $0[0] != $0[1] })
    // One flat, one steep.
    for point in lines[0] { #expect(near(0.03 * point.x + 0.1 * point.y - 1, 0)) }
    for point in lines[1] { #expect(near(-2 * point.x + 0.05 * point.y + 0.5, 0)) }
    #expect(try Drawn(results) { DecisionBoundary().withoutUnits() }.chart.lines.isEmpty)
  }

  @Test func pointsHaveTheColourOfTheirClass() throws {
    let results = try PlantedNetworks.results(
      PlantedNetworks.corners, PlantedNetworks.reluNet, [PlantedNetworks.reluParameters])
    let drawn = try Drawn(results) { DecisionBoundary() }
    let points = drawn.chart.markers.filter { $0.color != .white }
    #expect(drawn.grid.legend.map(\.label) == ["target 0", "target 1"])
    #expect(drawn.grid.legend.map(\.color) == points.map(\.color))
    #expect(points.map(\.points) == [[Point(-1, 10), Point(1, 10)], [Point(-1, 30), Point(1, 30)]])
    // The colours of the ground: blue below the threshold, red above.
    #expect(points.map(\.color) == [Palette.diverging(0), Palette.diverging(1)])
    #expect(points[0].marker != points[1].marker)
  }

  /// Three outputs 2x, y, −x − y: the greatest is the class.
  @Test func severalClassesAreRegionsOfTheGreatestOutput() throws {
    let data = Dataset(
      name: "three", inputNames: ["x1", "x2"], outputNames: ["a", "b", "c"],
      training: .init(count: 3, inputs: [2, 0, 0, 2, -2, -2], targets: [1, 0, 0, 0, 1, 0, 0, 0, 1]),
      classes: .oneHot(names: ["a", "b", "c"]))
    let results = try PlantedNetworks.results(data, .linear(bias: false), [[2, 0, 0, 1, -1, -1]])
    let chart = try Drawn(results) { DecisionBoundary() }.chart
    let grid = try #require(chart.cells.first?.grid)
    var seen: Set<Double> = []
    for row in grid.values.indices {
      for column in grid.values[row].indices {
        let x = (grid.xEdges[column] + grid.xEdges[column + 1]) / 2
        let y = (grid.yEdges[row] + grid.yEdges[row + 1]) / 2
        let outputs = [2 * x, y, -x - y]
        let best = outputs.sorted()[2]
        // Not on an edge between two regions, where rounding decides.
        if best - outputs.sorted()[1] > 1e-9 { #expect(outputs[Int(grid.values[row][column])] == best) }
        seen.insert(grid.values[row][column])
      }
    }
    #expect(seen == [0, 1, 2])
    let points = chart.markers.filter { $0.color != .white }
    #expect(points.map(\.points) == [[Point(2, 0)], [Point(0, 2)], [Point(-2, -2)]])
    #expect(points.map(\.color) == Array(Palette.categories.prefix(3)))
    #expect(chart.cells[0].colors.color(1) != chart.cells[0].colors.color(2))
  }

  /// y = ax + b; of each rate the run that is chosen.
  @Test func fittedCurvesAreThoseOfTheChosenRun() throws {
    let data = Dataset(
      name: "line", inputNames: ["time"], outputNames: ["height"],
      training: .init(count: 4, inputs: [0, 1, 2, 5], targets: [1, 3, 4, 10]))
    let setup = Setup(
      data: .custom("line") { _ in data }, network: .linear(), loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1), initialization: .fanIn(), stop: .after(steps: 10))
    func line(_ rate: Double, _ seed: Int) -> [Double] { [10 * rate + Double(seed), -rate] }
    let results = try PlantedRuns.results(setup) {
      Vary(.learningRate, over: [0.1, 0.3])
      Seeds(0..<3)
    } run: { settings, seed in
      // From best to worst: seeds 2, 0, 1.
      PlantedRuns.Run(finalLoss: [0.2, 0.3, 0.1][seed], parameters: line(settings[0].number ?? 0, seed))
    }
    for (choice, seed) in [
      (Results.Choice.best(.finalLoss), 2), (.middle(.finalLoss), 0), (.worst(.finalLoss), 1), (.seed(1), 1),
      (.firstSeed, 0),
    ] {
      let drawn = try Drawn(results) { FittedCurves(choice).color(by: .learningRate) }
      #expect(drawn.chart.lines.count == 2)
      for (curve, rate) in zip(drawn.chart.lines, [0.1, 0.3]) {
        let (a, b) = (line(rate, seed)[0], line(rate, seed)[1])
        for point in curve.points { #expect(near(point.y, a * point.x + b)) }
        #expect(near(curve.points[0].x, -0.2) && near(curve.points[240].x, 5.2), "a little beyond the data")
      }
      #expect(drawn.chart.lines.map(\.stroke.color) == Array(Palette.categories.prefix(2)))
      #expect(drawn.chart.markers[0].points == [Point(0, 1), Point(1, 3), Point(2, 4), Point(5, 10)])
      #expect(drawn.grid.legend.map(\.label) == ["0.1", "0.3", "training data"])
      #expect(drawn.chart.x.title == "time" && drawn.chart.y.title == "height")
    }
  }

  /// Two hidden layers of two tanh units each; the picture swaps the units of the second.
  @Test func hiddenFeaturesAreActivations() throws {
    let parameters = [0.5, 0.02, -1, 0.01, 0.1, -0.2] + [1, -2, 0.3, 0.4, 0.05, -0.05] + [1, 1, 0]
    let network = Network.layers([(2, .tanh), (2, .tanh)])
    let results = try PlantedNetworks.results(PlantedNetworks.corners, network, [parameters])
    let drawn = try Drawn(results) { HiddenFeatures(layer: 2, units: (2, 1)) }
    func unit(_ x: Double, _ y: Double) -> Point {
      let a = tanh(0.5 * x + 0.02 * y + 0.1)
      let b = tanh(-x + 0.01 * y - 0.2)
      return Point(tanh(0.3 * a + 0.4 * b - 0.05), tanh(a - 2 * b + 0.05))
    }
    #expect(near(drawn.chart.markers[0].points, [unit(-1, 10), unit(1, 10)]))
    #expect(near(drawn.chart.markers[1].points, [unit(-1, 30), unit(1, 30)]))
    #expect(drawn.chart.x.title.contains("unit 2, layer 2") && drawn.chart.y.title.contains("unit 1, layer 2"))
    #expect(drawn.grid.legend.map(\.label) == ["target 0", "target 1"])
    #expect(drawn.grid.legend.map(\.color) == drawn.chart.markers.map(\.color.solid))
    #expect(drawn.grid.legend.map(\.marker) == drawn.chart.markers.map(\.marker))
  }

  @Test func aGraphHasALineForEachWeight() throws {
    let results = try PlantedNetworks.results(
      PlantedNetworks.corners, PlantedNetworks.reluNet, [PlantedNetworks.reluParameters])
    let drawn = try Drawn(results) { NetworkGraph() }
    let chart = drawn.chart
    // Weights by (layer, unit, input); the greatest is 2.
    let weights = [(0, 0, 0, 0.03), (0, 0, 1, 0.1), (0, 1, 0, -2), (0, 1, 1, 0.05), (1, 0, 0, 0.5), (1, 0, 1, -1)]
    let nodes = chart.markers.filter { $0.color == .white }.map(\.points)
    #expect(nodes.map(\.count) == [2, 2, 1])
    #expect(nodes[0][0].y > nodes[0][1].y && nodes[2][0] == Point(2, 0), "the first unit on top, layers centred")
    #expect(chart.allLines.count == 6)
    let widths = weights.map { layer, unit, input, _ in
      chart.allLines.first { $0.points == [nodes[layer][input], nodes[layer + 1][unit]] }?.stroke.width ?? .nan
    }
    for (layer, unit, input, weight) in weights {
      let ends = [nodes[layer][input], nodes[layer + 1][unit]]
      let line = try #require(chart.allLines.first { $0.points == ends })
      for (other, width) in zip(weights, widths) where abs(other.3) < abs(weight) {
        #expect(width < line.stroke.width, "the wider the larger")
      }
      #expect((line.stroke.color.red > line.stroke.color.blue) == (weight > 0), "red above zero")
    }
    #expect(zip(chart.allLines, chart.allLines.dropFirst()).allSatisfy { $0.stroke.width <= $1.stroke.width })
    let words = chart.words.map(\.text)
    #expect(Set(words) == ["width", "height", "y", "0.03", "0.1", "−2", "0.05", "0.5", "−1"])
    let label = try #require(chart.words.first { $0.text == "−2" })
    let share = (label.at.x - nodes[0][0].x) / (nodes[1][1].x - nodes[0][0].x)
    #expect(near(label.at.y, nodes[0][0].y + share * (nodes[1][1].y - nodes[0][0].y)), "on its line")
    #expect(drawn.caption.contains("at most 2"))
  }

  @Test func unitsThatAreNotDrawnAreCounted() throws {
    let results = try PlantedNetworks.results(
      PlantedNetworks.corners, .layers([(20, .relu)]), [Array(repeating: 0.5, count: 81)])
    let drawn = try Drawn(results) { NetworkGraph() }
    #expect(drawn.chart.allLines.count == 16 * 2 + 16 && drawn.chart.words.map(\.text) == ["width", "height", "y"])
    #expect(drawn.caption.contains("Of 20 units in a layer, 16 are drawn"))
  }

  @Test(arguments: [LayerNorms.Style.norms, .ratios]) func normsOfLayersAreMedians(_ style: LayerNorms.Style) throws {
    func norm(_ layer: Int, _ seed: Int, _ step: Int) -> Double {
      [0.5, 2, 3][layer] * (1 + 0.3 * Double((seed * 2 + layer) % 5)) / Double(1 + step)
    }
    let results = try PlantedRuns.results {
      Seeds(0..<5)
    } run: { _, seed in
      var run = PlantedRuns.Run()
      for layer in 0..<3 {
        let values = (0..<4).map { norm(layer, seed, $0) }
        run.series[.layerGradientNorm(layer + 1)] = Series(every: 2, values: values)
      }
      return run
    }
    let drawn = try Drawn(results) { LayerNorms(layers: 3, as: style) }
    let medians = (0..<3).map { layer in
      (0..<4).map { step in Reference.median((0..<5).map { norm(layer, $0, step) }) }
    }
    let expected = style == .norms ? medians : (0..<2).map { i in (0..<4).map { medians[i][$0] / medians[i + 1][$0] } }
    #expect(drawn.chart.lines.count == expected.count)
    for (line, values) in zip(drawn.chart.lines, expected) {
      #expect(near(line.points, zip([0.0, 2, 4, 6], values).map { Point($0, $1) }))
    }
    #expect(
      drawn.chart.endLabels.map(\.label) == (style == .norms ? ["layer 1", "layer 2", "layer 3"] : ["1 : 2", "2 : 3"]))
    #expect(near(drawn.chart.endLabels.map(\.y), expected.map { $0[3] }))
    #expect(drawn.chart.endLabels.map(\.color) == drawn.chart.lines.map(\.stroke.color))
    #expect(drawn.grid.legend.map(\.color) == drawn.chart.lines.map(\.stroke.color))
    #expect(drawn.grid.legend.map(\.label) == drawn.chart.endLabels.map(\.label))
    #expect(drawn.chart.horizontalRules.map(\.y) == (style == .norms ? [] : [1]))
    #expect(drawn.caption.contains("5 runs") && drawn.chart.y.kind == .log)
    // Three layers are a scale of colours; the two ratios are the first two of it.
    #expect(drawn.chart.lines.map(\.stroke.color) == Array(Palette.colors(3, ordered: true).prefix(expected.count)))
    #expect(drawn.chart.lines.allSatisfy { $0.stroke.dash.isEmpty } && drawn.grid.legend.allSatisfy(\.dash.isEmpty))
  }
}
