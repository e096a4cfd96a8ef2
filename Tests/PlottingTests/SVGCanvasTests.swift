import Foundation
import Plotting
import Testing

/// What the canvas of a browser's page writes: small, and still what was drawn.
@Suite struct SVGCanvasTests {
  private static func canvas() -> SVGCanvas<RecordingCanvas> {
    SVGCanvas(size: Size(640, 400), identifier: "f", ruler: RecordingCanvas(size: Size(640, 400))) { _ in [1] }
  }

  private static func markup(_ draw: (SVGCanvas<RecordingCanvas>) -> Void) -> String {
    let canvas = canvas()
    draw(canvas)
    return canvas.picture(labelledBy: "t", description: "")
  }

  /// The points of a path's data, which holds M, l, h, v and z.
  private static func points(_ data: Substring) -> [Point] {
    var at = Point(0, 0)
    return data.matches(of: /([Mlhv])(-?[0-9.]+)(?: ?(-?[0-9.]+))?/).map { match in
      let (first, second) = (Double(match.output.2) ?? .nan, match.output.3.flatMap { Double($0) } ?? 0)
      switch match.output.1 {
      case "M": at = Point(first, second)
      case "h": at.x += first
      case "v": at.y += first
      default: at = Point(at.x + first, at.y + second)
      }
      return at
    }
  }

  private static func distance(_ p: Point, _ a: Point, _ b: Point) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let square = dx * dx + dy * dy
    let share = square == 0 ? 0 : min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1)
    return hypot(p.x - a.x - share * dx, p.y - a.y - share * dy)
  }

  private static let curves: [(String, [Point], Int)] = [
    ("wave", (0...2000).map { Point(Double($0) * 0.3, 200 + 80 * sin(Double($0) * 0.01)) }, 250),
    (
      "spiral",
      (0...5000).map {
        let t = Double($0) * 0.01; return Point(300 + 3 * t * cos(t), 200 + 3 * t * sin(t))
      }, 900
    ),
    ("there and back", (0...400).map { Point(100 + abs(200 - Double($0)), 50) }, 4),
    ("staircase", (0...40).map { Point(Double(($0 + 1) / 2) * 10, Double($0 / 2) * 5) }, 41),
  ]

  /// Every point is near the drawn line, which is short.
  @Test(arguments: curves) func linesLoseNothingThatIsSeen(_ name: String, _ curve: [Point], _ most: Int) throws {
    let markup = Self.markup { $0.stroke(.line(curve), Stroke(Color(0x0000FF))) }
    let drawn = Self.points(try #require(markup.firstMatch(of: /[ ]d="([^"]*)"/)).output.1)
    #expect(drawn.count <= most, "\(name): \(drawn.count) points")
    for point in curve {
      let nearest = zip(drawn, drawn.dropFirst()).map { Self.distance(point, $0, $1) }.min() ?? .infinity
      #expect(nearest < 0.3, "\(name): \(point)")
    }
  }

  /// Of noise the least and the greatest of every half pixel stay.
  @Test func noiseKeepsItsEnvelope() throws {
    let curve = (0..<60_000).map { Point(Double($0) * 0.01, Double(($0 * 7919) % 997) / 5) }
    let markup = Self.markup { $0.stroke(.line(curve), Stroke(Color(0x0000FF))) }
    let drawn = Self.points(try #require(markup.firstMatch(of: /[ ]d="([^"]*)"/)).output.1)
    #expect(drawn.count < 6000)
    for column in 0..<600 {
      func range(_ points: [Point]) -> (Double, Double) {
        let ys = points.filter { $0.x >= Double(column) - 0.45 && $0.x < Double(column) + 1.45 }.map(\.y)
        return (ys.min() ?? 0, ys.max() ?? 0)
      }
      let (all, kept) = (range(curve), range(drawn))
      #expect(abs(all.0 - kept.0) < 2.5 && abs(all.1 - kept.1) < 2.5)
    }
  }

  @Test func opaqueNeighboursOfOneLookAreOnePath() {
    func paths(_ color: Color) -> Int {
      Self.markup { canvas in
        for x in 0..<10 {
          var path = Path()
          path.circle(at: Point(Double(10 * x), 5), radius: 2)
          canvas.fill(path, color)
        }
      }.ranges(of: "<path").count
    }
    #expect(paths(.fail) == 1)
    // Where translucent marks overlap they are darker.
    #expect(paths(.fail.opacity(0.5)) == 10)
  }

  @Test func everySeriesKeepsNotes() {
    let canvas = Self.canvas()
    for series in 0..<10 {
      canvas.stroke(.line([Point(0, 0), Point(1, 1)]), Stroke(.fail))
      for index in 0..<(series == 0 ? 5000 : 50) { canvas.annotate(Point(Double(index), 0), "series \(series)") }
    }
    let notes = canvas.notes(limit: 600)
    #expect(notes.count == 600)
    #expect((1..<10).allSatisfy { series in notes.count { $0.text == "series \(series)" } == 50 })
    #expect(notes.first?.place.x == 0 && notes.contains { $0.place.x == 4999 })
    #expect(canvas.notes(limit: 5).count == 5)
  }

  /// Edges cut off at a frame make the outer cells smaller: still one image, not thousands of paths.
  @Test func unevenCellsAreOneImage() throws {
    let edges = [0.0] + (1..<30).map { Double($0) - 0.5 } + [29.0]
    let values = (0..<30).map { row in (0..<30).map { Double(row + $0) } }
    let canvas = RecordingCanvas(size: Size(640, 400))
    let colors = ColorScale("z", scale: Scale(.linear, domain: 0...60))
    let chart = Chart(
      x: AxisStyle("x", domain: 0...29), y: AxisStyle("y", domain: 0...29),
      marks: [.cells(CellGrid(xEdges: edges, yEdges: edges, values: values), colors)])
    GridLayout(ChartGrid(chart), width: 640, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    let images = canvas.commands.compactMap { command -> Image? in
      if case .image(let image, _) = command { image } else { nil }
    }
    #expect(images.count == 1)
    guard let image = images.first else { return }
    let firstCell = (0..<image.width).prefix { image[$0, 0] == image[0, 0] }.count
    #expect(abs(Double(firstCell) / Double(image.width) - 0.5 / 29) < 0.002)
    // Colours as a pixel keeps them.
    func pixel(_ value: Double) throws -> Color {
      var one = Image(width: 1, height: 1)
      one[0, 0] = try #require(colors.color(value))
      return one[0, 0]
    }
    #expect(try image[0, image.height - 1] == pixel(0))
    #expect(try image[image.width - 1, 0] == pixel(58))
  }
}
