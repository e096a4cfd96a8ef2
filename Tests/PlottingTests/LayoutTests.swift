import Foundation
import Plotting
import Testing

/// Charts of random ranges, sizes and label lengths: nothing overlaps, nothing leaves the page.
@Suite struct LayoutTests {
  static func chart(_ lottery: inout Lottery, title: String) -> Chart {
    let isLogX = Bool.random(using: &lottery)
    let isLogY = Bool.random(using: &lottery)
    func values(_ isLog: Bool) -> [Double] {
      let size = pow(10, Double.random(in: -9...9, using: &lottery))
      let count = Int.random(in: 2...30, using: &lottery)
      return (0..<count).map { _ in
        isLog
          ? size * pow(10, Double.random(in: 0...12, using: &lottery))
          : size * Double.random(in: -1...1, using: &lottery)
      }
    }
    let names = (0..<Int.random(in: 2...9, using: &lottery)).map { i in
      "label \(i) " + String(repeating: "w", count: Int.random(in: 0...14, using: &lottery))
    }
    let isOrdinal = Int.random(in: 0..<4, using: &lottery) == 0
    var ys = values(isLogY)
    let isSymlog = !isLogY && Int.random(in: 0..<5, using: &lottery) == 0
    if isSymlog { ys = ys.map { $0 * $0 * $0 } }
    let xs = isOrdinal ? names.indices.map(Double.init) : values(isLogX).sorted()
    let points = zip(xs, ys).map { Point($0, $1) }
    return Chart(
      title: title, x: AxisStyle("the x axis", isOrdinal ? .ordinal(names) : isLogX ? .log : .linear),
      y: AxisStyle(
        "the y axis",
        isSymlog ? .symlog(threshold: 1e-4 * (ys.map(abs).max() ?? 1)) : isLogY ? .log : .linear),
      marks: [
        .line(points, Stroke(.black)), .points(points, .circle, .black, radius: 2),
        .topLabel(points[0].x, "12 %", .fail), .topLabel(points[points.count - 1].x, "100 %", .fail, row: 1),
      ] + endLabels(ys, &lottery))
  }

  /// Up to six labels beside the frame, some at the same height.
  private static func endLabels(_ ys: [Double], _ lottery: inout Lottery) -> [Mark] {
    (0..<Int.random(in: 0...6, using: &lottery)).map { i in
      .endLabel("end \(i)", at: ys[Int.random(in: 0..<min(3, ys.count), using: &lottery)], .pass)
    }
  }

  private static func colors(_ lottery: inout Lottery) -> ColorScale? {
    let size = pow(10, Double.random(in: -6...6, using: &lottery))
    return switch Int.random(in: 0..<4, using: &lottery) {
    case 0: .fitting("final loss E", [size, 5000 * size], kind: .log)
    case 1: .fitting("output y", [-size, size / 3], map: .diverging)
    default: nil
    }
  }

  @Test func nothingOverlapsAndNothingIsClipped() {
    var lottery = Lottery(state: 17)
    for round in 0..<400 {
      let rows = Int.random(in: 1...2, using: &lottery)
      let columns = Int.random(in: 1...3, using: &lottery)
      let shares = Bool.random(using: &lottery)
      var first = Self.chart(&lottery, title: "")
      first.title = columns > 1 ? "σ₀ = 0.5" : ""
      let charts = (0..<rows).map { _ in
        (0..<columns).map { _ in
          var chart = shares ? first : Self.chart(&lottery, title: first.title)
          chart.title = first.title
          return chart
        }
      }
      let legend = (0..<Int.random(in: 0...12, using: &lottery)).map {
        LegendEntry("entry \($0)" + String(repeating: "x", count: $0), .black)
      }
      let grid = ChartGrid(
        charts, legendTitle: "a parameter η", legend: legend, colorScale: Self.colors(&lottery), sharesAxes: shares)
      let width = Double.random(in: 330...700, using: &lottery)
      let canvas = RecordingCanvas(size: Size(width, 10_000))
      let layout = GridLayout(grid, width: width, canvas: canvas)
      let page = Rect(x: 0, y: 0, width: width, height: layout.height)
      layout.draw(at: Point(0, 0), on: canvas)
      let texts = canvas.texts
      #expect(texts.count > 4)
      for (i, a) in texts.enumerated() {
        #expect(page.contains(a.box, tolerance: 1.5), "round \(round): “\(a.text.string)” \(a.box) leaves \(page)")
        for b in texts[(i + 1)...] where a.box.overlaps(b.box.inset(by: 0.4)) {
          Issue.record("round \(round): “\(a.text.string)” \(a.box) overlaps “\(b.text.string)” \(b.box)")
        }
      }
    }
  }

  @Test func marksStayInTheirFrame() {
    var lottery = Lottery(state: 5)
    for _ in 0..<50 {
      let canvas = RecordingCanvas(size: Size(400, 400))
      GridLayout(ChartGrid(Self.chart(&lottery, title: "")), width: 400, canvas: canvas).draw(
        at: Point(0, 0), on: canvas)
      let page = Rect(x: 0, y: 0, width: 400, height: 400)
      for (command, clip) in zip(canvas.commands, canvas.clips) {
        guard case .stroke(let path, let stroke) = command, stroke.color == .black, path.elements.count > 1 else {
          continue
        }
        #expect(clip != page, "a data line is clipped to its frame")
      }
    }
  }

  @Test func aShiftedPointIsDrawnElsewhere() {
    func strokes(_ y: Double) -> [Path] {
      let canvas = RecordingCanvas(size: Size(400, 400))
      let chart = Chart(
        x: AxisStyle("x", domain: 0...1), y: AxisStyle("y", domain: 0...1),
        marks: [.line([Point(0, y), Point(1, y)], Stroke(.fail))])
      GridLayout(ChartGrid(chart), width: 400, canvas: canvas).draw(at: Point(0, 0), on: canvas)
      return canvas.strokes(colored: .fail)
    }
    #expect(strokes(0.2).count == 1)
    #expect(strokes(0.2) != strokes(0.3))
  }

  /// Values that an axis cannot show stand at its edge, above or below.
  @Test func whatCannotBeShownStandsAtTheEdge() {
    let canvas = RecordingCanvas(size: Size(400, 400))
    let points = [Point(0, 1), Point(1, .infinity), Point(2, .nan), Point(3, 0), Point(4, -1), Point(5, 100)]
    let chart = Chart(
      x: AxisStyle("x"), y: AxisStyle("y", .log, domain: 0.1...10), marks: [.points(points, .circle, .fail, radius: 2)])
    GridLayout(ChartGrid(chart), width: 400, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    #expect(canvas.strokes(colored: .fail).count == 5, "five open triangles")
    let filled = canvas.commands.count { if case .fill(_, .fail) = $0 { true } else { false } }
    #expect(filled == 2, "the shown point, and the one beyond the frame that the clip hides")
  }
}
