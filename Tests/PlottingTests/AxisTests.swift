import Plotting
import Testing

/// Whole numbers, floors and ceilings of axes, as they are drawn.
@Suite struct AxisTests {
  private func labels(_ marks: [Mark], y: AxisStyle = AxisStyle("")) -> (x: [String], y: [String]) {
    let canvas = RecordingCanvas(size: Size(500, 400))
    GridLayout(ChartGrid(Chart(x: AxisStyle(""), y: y, marks: marks)), width: 500, canvas: canvas)
      .draw(at: Point(0, 0), on: canvas)
    let texts = canvas.texts
    let lowest = texts.map(\.box.y).max() ?? 0
    return (
      texts.filter { $0.box.y == lowest }.map(\.text.string), texts.filter { $0.box.y < lowest }.map(\.text.string)
    )
  }

  /// Layers 1 to 32: ticks between two layers would name none.
  @Test(arguments: [2, 3, 5, 9, 32]) func countsHaveWholeTicks(last: Int) {
    let layers = (1...last).map { Point(Double($0), 0.5 / Double($0)) }
    let found = labels([.line(layers, Stroke(.black))])
    #expect(found.x.count >= 2 && found.x.allSatisfy { Int($0) != nil }, "\(found.x)")
    #expect(found.y.contains { $0.contains(".") }, "values keep their decimals: \(found.y)")
  }

  @Test func rulesAndIntervalsDoNotMakeCountsFractions() {
    let counts = (1...4).map { Point(Double($0), 1) }
    let marks: [Mark] = [
      .points(counts, .circle, .black, radius: 2), .verticalRule(2.5, label: "", Stroke(.gray)),
      .interval(x: 1.05, low: 0.3, high: 2.2, Stroke(.gray)),
    ]
    let found = labels(marks)
    #expect((found.x + found.y).allSatisfy { Int($0) != nil }, "\(found)")
  }

  /// The mean number of minima found lies between two counts; the axis still counts.
  @Test(arguments: [1.5, 2, 3.2, 7]) func meansOfCountsHaveWholeTicks(last: Double) {
    let means = [Point(1, 0), Point(2, 0.4), Point(3, last)]
    let line: [Mark] = [.line(means, Stroke(.black))]
    let found = labels(line, y: AxisStyle("", including: [0]).inWholeNumbers()).y
    #expect(found.count >= 2 && found.allSatisfy { Int($0) != nil }, "\(found)")
    #expect(last > 2 || labels(line, y: AxisStyle("", including: [0])).y.contains { $0.contains(".") })
  }

  /// 3, 4 and 5 hidden units on a logarithmic axis: 1-2-5 has one label there only, and round numbers lie in between.
  @Test(arguments: [[3.0, 4, 5], [2, 3], [1, 2, 4, 8], [6, 7], [1, 64]]) func countsOnLogAxesHaveWholeTicks(
    _ counts: [Double]
  ) {
    let canvas = RecordingCanvas(size: Size(500, 400))
    let line = Mark.line(counts.map { Point($0, 0.5) }, Stroke(.black))
    let x = AxisStyle("", .log, domain: counts[0] * 0.9...counts[counts.count - 1] * 1.1)
    GridLayout(ChartGrid(Chart(x: x, y: AxisStyle("", domain: 0...1), marks: [line])), width: 500, canvas: canvas)
      .draw(at: Point(0, 0), on: canvas)
    let lowest = canvas.texts.map(\.box.y).max() ?? 0
    let found = canvas.texts.filter { $0.box.y == lowest }.map(\.text.string)
    #expect(!found.isEmpty && found.allSatisfy { Int($0) != nil }, "\(found)")
  }

  @Test func fractionsKeepTheirTicks() {
    let found = labels([.line([Point(0, 0), Point(0.4, 1.5)], Stroke(.black))])
    #expect(found.x.contains { $0.contains(".") })
  }

  /// A curve down to 10⁻³⁰ leaves the frame at the floor; one above it has the room.
  @Test func aFloorKeepsTheRoomForWhatMatters() {
    var y = AxisStyle("", .log)
    let curve: [Mark] = [.line([Point(0, 1), Point(1, 1e-30)], Stroke(.black))]
    #expect(labels(curve, y: y).y.contains("10⁻³⁰") || labels(curve, y: y).y.contains("10⁻²⁸"))
    y.floor = 1e-6
    let found = labels(curve, y: y).y
    #expect(found.contains("10⁻⁶") || found.contains("10⁻⁵"), "\(found)")
    #expect(!found.contains { $0.contains("⁻¹") || $0.contains("⁻²") }, "\(found)")
  }
}

/// Lines that lie on each other.
@Suite struct CoincidenceTests {
  private func widths(_ lines: [[Point]], dash: [Double] = []) -> [Double] {
    let colors = Palette.colors(lines.count, ordered: false)
    let canvas = RecordingCanvas(size: Size(400, 300))
    let marks = zip(lines, colors).map { Mark.line($0, Stroke($1, width: 1.5, dash: dash)) }
    let chart = Chart(x: AxisStyle("", domain: 0...1), y: AxisStyle("", domain: 0...1), marks: marks)
    GridLayout(ChartGrid(chart), width: 400, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    return colors.compactMap { color in
      for case .stroke(_, let stroke) in canvas.commands where stroke.color == color { return stroke.width }
      return nil
    }
  }

  private func line(_ count: Int, _ y: (Double) -> Double) -> [Point] {
    (0...count).map { Point(Double($0) / Double(count), y(Double($0) / Double(count))) }
  }

  /// The same curve three times, recorded at different steps: each is wider than the next, so that all are seen.
  @Test func lowerLinesStandOut() {
    let found = widths([line(10) { 0.2 + 0.5 * $0 }, line(7) { 0.2 + 0.5 * $0 }, line(50) { 0.2 + 0.5 * $0 }])
    #expect(found.count == 3 && found[2] == 1.5)
    #expect(found[0] - found[1] > 1 && found[1] - found[2] > 1)
  }

  /// Eight lines on each other keep their order of widths within four points.
  @Test func manyLinesDoNotBecomeABroadBand() {
    let found = widths((0..<8).map { count in line(10 + count) { 0.2 + 0.5 * $0 } })
    #expect(found.count == 8 && zip(found, found.dropFirst()).allSatisfy { $0 > $1 })
    #expect(abs(found[0] - 5.5) < 1e-9 && found[7] == 1.5)
  }

  @Test func linesApartKeepTheirWidth() {
    #expect(widths([line(10) { $0 }, line(10) { 1 - $0 }, line(10) { _ in 0.5 }]) == [1.5, 1.5, 1.5])
    // The same only over a third of the way.
    #expect(widths([line(30) { max(0, $0 - 0.33) }, line(30) { max(0, 0.9 * ($0 - 0.33)) }]) == [1.5, 1.5])
  }
}
