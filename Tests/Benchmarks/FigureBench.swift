import CairoCanvas
import Foundation
import Lanes
import Learning
import Plotting

/// One figure of many noisy loss curves: how long from numbers to a PNG file.
struct FigureBench {
  let curves: Int
  let points: Int

  func run(repeats: Int, dump: String?) throws {
    let data = (0..<curves).map(losses)
    let folder = URL(fileURLWithPath: dump ?? NSTemporaryDirectory())
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("descent-curves.png")
    var seconds: [Double] = []
    for _ in 0..<repeats {
      let start = ContinuousClock.now
      try draw(data, to: file)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    if dump == nil {
      try FileManager.default.removeItem(at: file)
    } else {
      var array = NPY.header(rows: curves, columns: points)
      for row in data { row.withUnsafeBytes { array.append(contentsOf: $0) } }
      try array.write(to: folder.appendingPathComponent("curves.npy"))
    }
    print(#"{"peer": "descent", "curves": \#(curves), "points": \#(points), "seconds": \#(seconds.min() ?? .nan)}"#)
  }

  /// A loss that falls as a power of the step, with noise.
  private func losses(_ index: Int) -> [Double] {
    let noise = RandomStream(seed: UInt64(index), role: .analysis).normals(points)
    let power = 0.3 + 0.4 * Double(index) / Double(curves)
    return noise.enumerated().map { step, z in Exact.exp(0.3 * z - power * Exact.log(Double(step + 1))) }
  }

  private func draw(_ data: [[Double]], to file: URL) throws {
    let lines = data.map { row in row.enumerated().map { Point(Double($0 + 1), $1) } }
    let chart = Chart(
      x: AxisStyle("step", .log), y: AxisStyle("loss E", .log),
      marks: [.bundle(lines, Stroke(Palette.categories[0].opacity(0.06), width: 0.5))])
    let grid = ChartGrid(chart, aspect: 1.6)
    let ruler = try CairoCanvas.ruler()
    let layout = GridLayout(grid, width: 500, canvas: ruler)
    let canvas = try CairoCanvas(path: file.path, format: .png, size: Size(500, layout.height))
    layout.draw(at: Point(0, 0), on: canvas)
    try canvas.finish()
  }
}
