import CairoCanvas
import Foundation
import Plotting
import Testing

/// What comes out of Cairo.
@Suite struct PictureTests {
  static func draw(_ format: CairoCanvas.Format, y: Double = 0.5, isBlank: Bool = false) throws -> Data {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).\(format.rawValue)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let canvas = try CairoCanvas(path: path, format: format, size: Size(300, 200))
    if !isBlank {
      let chart = Chart(
        x: AxisStyle("learning rate η", domain: 0...1), y: AxisStyle("‖∇E‖₂", domain: 0...1),
        marks: [.line([Point(0, y), Point(1, y)], Stroke(.fail, width: 2))])
      GridLayout(ChartGrid(chart), width: 300, canvas: canvas).draw(at: Point(0, 0), height: 190, on: canvas)
    }
    canvas.nextPage()
    try canvas.finish()
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  @Test(arguments: CairoCanvas.Format.allCases) func theSameInputGivesTheSameBytes(_ format: CairoCanvas.Format) throws
  {
    #expect(try Self.draw(format) == Self.draw(format))
  }

  @Test(arguments: CairoCanvas.Format.allCases) func aChangeIsSeen(_ format: CairoCanvas.Format) throws {
    #expect(try Self.draw(format) != Self.draw(format, y: 0.52))
    #expect(try Self.draw(format) != Self.draw(format, isBlank: true))
  }

  @Test func aFileThatCannotBeWrittenIsAnError() {
    #expect(throws: CairoCanvas.Failure.self) {
      let canvas = try CairoCanvas(path: "/proc/none/x.png", format: .png, size: Size(10, 10))
      try canvas.finish()
    }
  }

  /// In every pixel column the thinned curve reaches exactly as high and as low as the whole one.
  @Test func thinningLosesNoPixel() {
    var lottery = Lottery(state: 3)
    let points = (0..<60_000).map { i in
      Point(Double(i) / 60_000, 0.5 + 0.4 * sin(Double(i) / 900) + 0.05 * Double.random(in: -1...1, using: &lottery))
    }
    func columns(_ marks: [Mark]) -> (extents: [Int: ClosedRange<Double>], count: Int) {
      let canvas = RecordingCanvas(size: Size(300, 200))
      let chart = Chart(x: AxisStyle("x", domain: 0...1), y: AxisStyle("y", domain: 0...1), marks: marks)
      GridLayout(ChartGrid(chart), width: 300, canvas: canvas).draw(at: Point(0, 0), height: 190, on: canvas)
      var extents: [Int: ClosedRange<Double>] = [:]
      var count = 0
      for path in canvas.strokes(colored: .fail) {
        for element in path.elements {
          switch element {
          case .move(let p), .line(let p):
            // Half pixels of 200 dpi.
            let column = Int(p.x / 0.18)
            let old = extents[column] ?? p.y...p.y
            extents[column] = min(old.lowerBound, p.y)...max(old.upperBound, p.y)
            count += 1
          default: break
          }
        }
      }
      return (extents, count)
    }
    let stroke = Stroke(.fail, width: 0.5)
    // Pieces of eight points are never thinned.
    let whole = stride(from: 0, to: points.count - 1, by: 7).map {
      Mark.line(Array(points[$0..<min($0 + 8, points.count)]), stroke)
    }
    let thinned = columns([.line(points, stroke)])
    let full = columns(whole)
    #expect(thinned.count * 5 < full.count, "\(thinned.count) of \(full.count) points are left")
    #expect(thinned.extents == full.extents)
  }
}
