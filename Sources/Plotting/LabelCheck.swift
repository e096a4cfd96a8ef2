/// Finds texts of a picture that touch each other, or that a frame or the picture's edge cuts off.
package enum LabelCheck {
  /// What is wrong with the texts of a grid drawn at a width, in words; empty where all can be read.
  /// - Parameters:
  ///   - stretch: the height over the grid's own: pages make figures lower or higher.
  ///   - ruler: measures text as the page's own canvas does.
  package static func conflicts(
    _ grid: ChartGrid, width: Double, stretch: Double = 1, ruler: some Canvas
  ) -> [String] {
    let layout = GridLayout(grid, width: width, canvas: ruler)
    let height = stretch * layout.height
    let canvas = RecordingCanvas(size: Size(width, height), ruler: ruler)
    layout.draw(at: Point(0, 0), height: height, on: canvas)
    return conflicts(canvas)
  }

  /// The same for whatever has been drawn.
  package static func conflicts(_ canvas: RecordingCanvas) -> [String] {
    let page = Rect(x: 0, y: 0, width: canvas.size.width, height: canvas.size.height)
    let texts = zip(canvas.commands, canvas.clips).compactMap {
      command, clip -> (name: String, box: Rect, clip: Rect)? in
      guard case .text(let text, let box, _) = command, !text.string.isEmpty else { return nil }
      return ("“\(text.string)”", box, clip)
    }
    var found: [String] = []
    for (index, text) in texts.enumerated() {
      if !page.contains(text.box, tolerance: 1.5) {
        found.append("\(text.name) leaves the picture")
      } else if !text.clip.contains(text.box, tolerance: 1.5) {
        found.append("\(text.name) is cut off by its frame")
      }
      for other in texts[(index + 1)...] where text.box.overlaps(other.box.inset(by: 0.4)) {
        found.append("\(text.name) touches \(other.name)")
      }
    }
    return found
  }
}
