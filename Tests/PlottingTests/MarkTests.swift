import CairoCanvas
import Foundation
import Plotting
import Testing

/// What cells, surfaces, arrows and bundles of lines put on the page.
@Suite struct MarkTests {
  private func canvas(_ marks: [Mark], x: AxisStyle, y: AxisStyle) -> RecordingCanvas {
    let canvas = RecordingCanvas(size: Size(400, 400))
    GridLayout(ChartGrid(Chart(x: x, y: y, marks: marks)), width: 400, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    return canvas
  }

  /// A bundle covers in each pixel column what its lines span there, and no other pixel: counted by brute force.
  @Test func aBundleLosesNoPixel() throws {
    var lottery = Lottery(state: 3)
    let lines = (0..<12).map { _ in
      (0..<2000).map { Point(Double($0), Double.random(in: 0.2...0.8, using: &lottery)) }
    }
    let ink = Color(0, 0, 0, alpha: 0.5)
    let drawn = canvas(
      [.bundle(lines, Stroke(ink))], x: AxisStyle("", domain: 0...1999), y: AxisStyle("", domain: 0...1))
    let image = try #require(
      drawn.commands.compactMap { if case .image(let image, _) = $0 { image } else { nil } }.first)
    var layers = Array(repeating: Array(repeating: 0, count: image.height), count: image.width + 1)
    for line in lines {
      let places = line.map { (column: Int($0.x / 1999 * Double(image.width)), row: (1 - $0.y) * Double(image.height)) }
      for column in Set(places.map(\.column)) {
        var rows = places.filter { $0.column == column }.map(\.row)
        // The line enters half-way from the last point of the column before.
        if let first = rows.first, let before = places.last(where: { $0.column < column }) {
          rows.append((before.row + first) / 2)
        }
        guard let low = rows.min(), let high = rows.max() else { continue }
        for row in Int(low)...Int(high) { layers[column][row] += 1 }
      }
    }
    var wrong = 0
    for column in 0..<image.width {
      for row in 0..<image.height {
        let exact = 1 - pow(0.5, Double(layers[column][row]))
        if abs(image[column, row].alpha - exact) > 0.01 { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    #expect(image.pixels.contains { $0 >> 24 > 0 })
  }

  /// n layers of opacity α let (1 − α)ⁿ through.
  @Test func layersAddUp() throws {
    let flat = (0..<25_000).map { Point(Double($0), 0.5) }
    let drawn = canvas(
      [.bundle([flat, flat, flat], Stroke(Color(0, 0, 0, alpha: 0.2)))], x: AxisStyle("", domain: 0...24_999),
      y: AxisStyle("", domain: 0...1))
    let image = try #require(
      drawn.commands.compactMap { if case .image(let image, _) = $0 { image } else { nil } }.first)
    let alphas = Set((0..<image.height).map { image[image.width / 2, $0].alpha })
    #expect(alphas.count == 2)
    #expect(abs((alphas.max() ?? 0) - (1 - 0.8 * 0.8 * 0.8)) < 0.005)
  }

  /// The contour of x² + y² at r² is a circle: every end of every piece lies on it, and together they are 2πr long.
  @Test func contoursOfACone() {
    let axis = (0...80).map { -2 + 4 * Double($0) / 80 }
    let field = Field(x: axis, y: axis, values: axis.map { y in axis.map { x in (x * x + y * y).squareRoot() } })
    let pieces = field.contour(1.3)
    let length = pieces.reduce(0) { $0 + hypot($1.0.x - $1.1.x, $1.0.y - $1.1.y) }
    #expect(abs(length - 2 * Double.pi * 1.3) < 0.01)
    for (a, b) in pieces { #expect(abs(hypot(a.x, a.y) - 1.3) < 2e-3 && abs(hypot(b.x, b.y) - 1.3) < 2e-3) }
    #expect(field.contour(5).isEmpty)
  }

  /// A saddle's two pieces do not cross: the cell's middle says which corners belong together.
  @Test func aSaddleIsJoinedByItsMiddle() {
    func pieces(_ corners: [[Double]]) -> [(Point, Point)] { Field(x: [0, 1], y: [0, 1], values: corners).contour(0) }
    let joined = pieces([[2, -1], [-1, 2]])
    #expect(joined.count == 2)
    // The middle is above 0: the high corners (0,0) and (1,1) are joined, so each piece cuts off a low one.
    for (a, b) in joined {
      let middle = Point((a.x + b.x) / 2, (a.y + b.y) / 2)
      #expect(abs(middle.x - middle.y) > 0.3, "\(middle) lies beside a low corner")
    }
    for (a, b) in pieces([[1, -2], [-2, 1]]) {
      let middle = Point((a.x + b.x) / 2, (a.y + b.y) / 2)
      #expect(abs(middle.x + middle.y - 1) > 0.3, "\(middle) lies beside a high corner")
    }
  }

  @Test(arguments: [Scale.Kind.linear, .log, .symlog(threshold: 0.01)]) func sharesAndValuesAreInverse(kind: Scale.Kind)
  {
    let scale = Scale(kind, domain: kind == .log ? 0.003...700 : -40...700)
    var last = -Double.infinity
    for step in 0...100 {
      let value = scale.value(atShare: Double(step) / 100)
      #expect(value > last)
      last = value
      #expect(abs(scale.share(value) - Double(step) / 100) < 1e-12)
    }
  }

  @Test func coloursOfAScale() {
    let scale = ColorScale.fitting("loss", [0.01, 1, .infinity, .nan], kind: .log)
    #expect(scale.color(0.01) == Palette.viridis(0))
    #expect(scale.color(1) == Palette.viridis(1))
    #expect(scale.color(.infinity) == Palette.viridis(1))
    #expect(scale.color(.nan) == nil)
    let diverging = ColorScale.fitting("y", [-1, 3], map: .diverging)
    #expect(diverging.color(0) == Palette.diverging(0.5))
  }

  /// A cell without a value is pale and struck through, one with a value has its label in a colour that can be read.
  @Test func cellsSayWhatTheyHold() {
    let grid = CellGrid(
      xEdges: [-0.5, 0.5, 1.5], yEdges: [-0.5, 0.5], values: [[0.01, .nan]], labels: [["0.01", "∞"]])
    let drawn = canvas(
      [.cells(grid, .fitting("loss", [0.01, 1], kind: .log))], x: AxisStyle("", .ordinal(["a", "b"])),
      y: AxisStyle("", .ordinal(["c"])))
    #expect(drawn.texts.contains { $0.text.string == "0.01" && $0.text.color == .white })
    #expect(drawn.texts.contains { $0.text.string == "∞" && $0.text.color == .black })
    #expect(drawn.strokes(colored: .lightGray).count == 1)
  }

  /// An arrow points down the page where its direction rises in y, at its length whatever its size.
  @Test func arrowsHaveOneLength() {
    let arrows = [
      Arrow(at: Point(0.5, 0.5), direction: Point(0, 3e5), .fail),
      Arrow(at: Point(0.2, 0.2), direction: Point(1e-7, 0), .fail),
    ]
    let drawn = canvas([.arrows(arrows, length: 10)], x: AxisStyle("", domain: 0...1), y: AxisStyle("", domain: 0...1))
    let heads = drawn.commands.compactMap { if case .fill(let path, .fail) = $0 { path } else { nil } }
    #expect(heads.count == 2)
    for path in drawn.strokes(colored: .fail) {
      guard case .move(let a) = path.elements[0], case .line(let b) = path.elements[1] else { continue }
      #expect(abs(hypot(b.x - a.x, b.y - a.y) - 7.6) < 1e-6, "the shaft, less most of the head")
    }
  }
}

/// Notes in PNG files.
@Suite struct PNGNotesTests {
  @Test func notesComeBack() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("notes-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: file) }
    let notes = [("Title", "η ≤ 2/λ"), ("Set-up", "a=1\nb=2"), ("Empty", "")]
    let canvas = try CairoCanvas(path: file.path, format: .png, size: Size(20, 10), notes: notes)
    canvas.fill(.rect(Rect(x: 2, y: 2, width: 5, height: 5)), .fail)
    try canvas.finish()
    let data = try Data(contentsOf: file)
    let found = try PNGNotes.read(data)
    #expect(found.map(\.keyword) == notes.map(\.0) && found.map(\.text) == notes.map(\.1))
    #expect(throws: PNGNotes.Failure.damaged) { try PNGNotes.read(data.prefix(data.count / 2)) }
    #expect(throws: PNGNotes.Failure.notPNG) { try PNGNotes.read(Data("GIF89a".utf8)) }
  }
}
