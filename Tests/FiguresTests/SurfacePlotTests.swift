import Analysis
import Figures
import Foundation
import Learning
import Planted
import Plotting
import Studies
import Testing

/// Surfaces and fields of ½x² + 2y², on which gradient descent has a closed form: xₖ = (1 − η)ᵏx₀, yₖ = (1 − 4η)ᵏy₀.
@Suite struct SurfacePlotTests {
  static let bowl = Objective.function("bowl") { x, y in
    0.5 * x * x + 2 * y * y
  } gradient: { x, y in
    (x, 4 * y)
  }

  static func way(_ start: Point, steps: Int = 10) -> [Point] {
    (0...steps).map { Point(start.x * pow(0.9, Double($0)), start.y * pow(0.6, Double($0))) }
  }

  /// One run from (2, 1), at the end of its ten steps.
  static func results(seeds: Int = 1, start: Setup.Start = .at([2, 1])) throws -> Results {
    let setup = Setup(
      objective: bowl, start: start, optimizer: .gradientDescent(learningRate: 0.1), stop: .after(steps: 10))
    let end = way(Point(2, 1))[10]
    return try PlantedRuns.results(setup) {
      Seeds(0..<seeds)
    } run: { _, seed in
      PlantedRuns.Run(finalLoss: 1 + Double(seed), diverged: seed == 1, parameters: [end.x, end.y])
    }
  }

  private func check(_ field: Field) {
    for (row, y) in field.y.enumerated() {
      for (column, x) in field.x.enumerated() {
        #expect(near(field.values[row][column], 0.5 * x * x + 2 * y * y, 1e-9))
      }
    }
  }

  @Test func aSurfaceIsTheLossAndAPathTheRun() throws {
    let drawn = try Drawn(Self.results()) { LossSurface(.parameters(0, 1)) }
    let chart = drawn.chart
    let field = try #require(chart.contours.first?.field)
    check(field)
    let way = Self.way(Point(2, 1))
    for line in chart.lines { #expect(near(line.points, way, 1e-9)) }
    #expect(chart.lines.count == 2, "an edge and a line")
    let rings = chart.markers.filter { $0.marker == .ring }
    let diamonds = chart.markers.filter { $0.marker == .diamond }
    #expect(rings.count == 1 && near(rings[0].points, [Point(2, 1)], 1e-9))
    #expect(diamonds.allSatisfy { near($0.points, [way[10]], 1e-9) } && !diamonds.isEmpty)
    let (xs, ys) = (try #require(chart.x.domain), try #require(chart.y.domain))
    #expect(way.allSatisfy { xs.contains($0.x) && ys.contains($0.y) })
    #expect(field.x.first == xs.lowerBound && field.x.last == xs.upperBound)
    #expect(field.y.first == ys.lowerBound && field.y.last == ys.upperBound)
    #expect(chart.x.title == "θ₁" && chart.y.title == "θ₂" && drawn.caption.contains("1 run:"))
    // Cells of the page's own fineness between the lattice's values: bilinear, so a little above a bowl.
    let (fine, colors) = try #require(chart.cells.first)
    let x = (fine.xEdges[40] + fine.xEdges[41]) / 2
    let y = (fine.yEdges[7] + fine.yEdges[8]) / 2
    #expect(abs(fine.values[7][40] - 0.5 * x * x - 2 * y * y) < 0.01)
    #expect(colors == drawn.grid.colorScale && colors.scale.kind == .log)
  }

  @Test func parametersAreNamedInTheirOrder() throws {
    let drawn = try Drawn(Self.results()) { LossSurface(.parameters(1, 0), x: -1...1, y: -3...3) }
    #expect(drawn.chart.x.title == "θ₂" && drawn.chart.y.title == "θ₁")
    #expect(drawn.chart.x.domain == -1...1 && drawn.chart.y.domain == -3...3)
    let field = try #require(drawn.chart.contours.first?.field)
    for (row, y) in field.y.enumerated() {
      for (column, x) in field.x.enumerated() {
        #expect(near(field.values[row][column], 0.5 * y * y + 2 * x * x, 1e-9))
      }
    }
    #expect(near(drawn.chart.lines[0].points, Self.way(Point(2, 1)).map { Point($0.y, $0.x) }, 1e-9))
  }

  /// Ways of other runs that have not diverged; each from its own start.
  @Test func pathsAreThoseOfSoManyRuns() throws {
    let results = try Self.results(seeds: 4, start: .uniform(1...2))
    let drawn = try Drawn(results) { LossSurface(.parameters(0, 1), paths: 3) }
    #expect(drawn.caption.contains("3 runs"))
    let starts = drawn.chart.markers.filter { $0.marker == .ring }.map { $0.points[0] }
    #expect(starts.count == 3 && Set(starts).count == 3)
    let seeds: [UInt64] = [0, 2, 3]
    for (seed, start) in zip(seeds, starts) {
      let row = try #require(results.rows.first { $0.seed == seed })
      let first = try results.trajectory(of: row, at: [0])[0]
      #expect(near([start.x, start.y], first, 1e-9), "the best run first, the diverged one of seed 1 left out")
    }
    for start in starts {
      #expect(drawn.chart.lines.contains { near($0.points, Self.way(start), 1e-9) })
    }
  }

  /// Both planes turn and shift the plane of two parameters: distances from the end stay what they are.
  @Test(arguments: [LossSurface.Plane.random(seed: 3), .principal])
  func distancesInThePictureAreDistances(_ plane: LossSurface.Plane) throws {
    let chart = try Drawn(Self.results()) { LossSurface(plane) }.chart
    let (way, drawn) = (Self.way(Point(2, 1)), chart.lines[0].points)
    func distance(_ a: Point, _ b: Point) -> Double { hypot(a.x - b.x, a.y - b.y) }
    for point in 0...10 {
      #expect(near(distance(drawn[point], drawn[0]), distance(way[point], way[0]), 1e-9))
      #expect(near(distance(drawn[point], Point(0, 0)), distance(way[point], way[10]), 1e-9), "the end is 0")
    }
    if case .principal = plane {
      // The first direction is that of the greatest spread: no turn of the way has more of it along x.
      let along = drawn.reduce(0) { $0 + $1.x * $1.x }
      for degree in 0..<180 {
        let angle = Double(degree) * Double.pi / 180
        let turned = drawn.map { cos(angle) * $0.x + sin(angle) * $0.y }
        #expect(turned.reduce(0) { $0 + $1 * $1 } <= along * (1 + 1e-9))
      }
    }
  }

  /// Both directions of a random plane give each unit its own share, and are orthogonal.
  @Test func bothDirectionsOfARandomPlaneAreFilterNormalised() throws {
    let shape = Network.mlp(hidden: 5, activation: .tanh).architecture(inputs: 4, outputs: 2)
    let end = (0..<shape.parameterCount).map { Double(1 + $0 % 7) }
    let plane = LossSurface.randomPlane(3, like: end, shape)
    for direction in plane {
      var ratios: [Double] = []
      for layer in shape.layers {
        for unit in 0..<layer.units {
          func square(_ v: [Double]) -> Double {
            (0..<layer.inputs).reduce(0) { $0 + v[layer.weight(unit, $1)] * v[layer.weight(unit, $1)] }
          }
          ratios.append((square(direction) / square(end)).squareRoot())
        }
      }
      #expect((ratios.max() ?? 0) - (ratios.min() ?? 1) < 1e-12)
    }
    let products = [(0, 0), (1, 1), (0, 1)].map { a, b in zip(plane[a], plane[b]).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(products[0] - 1) < 1e-12 && abs(products[1] - 1) < 1e-12 && abs(products[2]) < 1e-12)
  }

  @Test func arrowsPointDownhill() throws {
    let results = try Self.results(seeds: 3)
    let drawn = try Drawn(results) { VectorField(x: -3...3, y: -1...2) }
    let arrows = drawn.chart.arrows
    #expect(arrows.count == 24 * 16)
    let colors = try #require(drawn.grid.colorScale)
    for arrow in arrows {
      #expect(near(arrow.direction.x, -arrow.at.x) && near(arrow.direction.y, -4 * arrow.at.y))
      let color = try #require(colors.color(hypot(arrow.at.x, 4 * arrow.at.y)))
      #expect(near([arrow.color.red, arrow.color.green, arrow.color.blue], [color.red, color.green, color.blue]))
    }
    #expect(Set(arrows.map(\.at.x)).count == 24 && Set(arrows.map(\.at.y)).count == 16)
    #expect(arrows.allSatisfy { (-3...3).contains($0.at.x) && (-1...2).contains($0.at.y) })
    let contours = try #require(drawn.chart.contours.first)
    check(contours.field)
    // Ten levels that part the values of the surface into eleven parts of equal size.
    let values = contours.field.values.flatMap(\.self)
    #expect(contours.levels.count == 10)
    for (i, level) in contours.levels.enumerated() {
      #expect(abs(Double(values.count { $0 < level }) / Double(values.count) - Double(i + 1) / 11) < 0.01)
    }
    // Seed 1 has diverged.
    #expect(drawn.chart.lines.count == 2 && drawn.caption.contains("2 runs"))
    for line in drawn.chart.lines { #expect(near(line.points, Self.way(Point(2, 1)), 1e-9)) }
    #expect(near(drawn.chart.markers.filter { $0.marker == .ring }[0].points, [Point(2, 1)]))
    #expect(drawn.chart.x.domain == -3...3 && drawn.chart.y.domain == -1...2)
  }
}
