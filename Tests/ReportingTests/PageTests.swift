import Plotting
import Reporting
import Testing

/// Page breaks: no heading at a page's end, nothing lost, nothing outside.
@Suite struct PageTests {
  struct Box: Block {
    let name: Int
    let size: Double
    let keepsWithNext: Bool
    func height(width: Double, canvas: some Canvas) -> Double { size }
    func draw(at origin: Point, width: Double, on canvas: some Canvas) {
      canvas.fill(
        .rect(Rect(x: origin.x, y: origin.y, width: width, height: size)), Color(Double(name), 0, keepsWithNext ? 1 : 0)
      )
    }
  }

  @Test func headingsStayWithWhatFollows() {
    var state: UInt64 = 1
    func random(_ limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return (state >> 33) % limit
    }
    for _ in 0..<200 {
      let count = 3 + Int(random(30))
      let blocks = (0..<count).map { i in
        let isHeading = random(4) == 0 && i < count - 1
        return Box(name: i, size: Double(10 + random(isHeading ? 20 : 300)), keepsWithNext: isHeading)
      }
      let pages = Pages(blocks, title: "t", canvas: RecordingCanvas(size: Pages.size))
      var drawn: [Int] = []
      for page in 0..<pages.count {
        let canvas = RecordingCanvas(size: Pages.size)
        pages.draw(page: page, on: canvas)
        var bottom = 0.0
        var last: Color?
        for case .fill(let path, let color) in canvas.commands {
          let ys = path.elements.compactMap { element -> Double? in
            switch element {
            case .move(let p), .line(let p): p.y
            default: nil
            }
          }
          #expect((ys.min() ?? 0) >= bottom, "blocks overlap")
          bottom = ys.max() ?? 0
          #expect(bottom <= Pages.size.height - 50)
          drawn.append(Int(color.red))
          last = color
        }
        #expect(last?.blue == 0, "a heading stands at the end of page \(page)")
      }
      #expect(drawn == Array(0..<count))
    }
  }
}
