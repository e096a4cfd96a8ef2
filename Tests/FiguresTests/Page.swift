import Plotting

/// Charts on a canvas that takes notes: what is drawn, and where in the frame of the axes.
struct Page {
  let canvas = RecordingCanvas(size: Size(600, 400))
  /// The frames of the panels, in the order in which they are drawn.
  let frames: [Rect]

  init(_ grid: ChartGrid) {
    GridLayout(grid, width: 600, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    // The axes are the only grey corner of three points.
    frames = canvas.strokes(colored: .gray).compactMap { path in
      let points = path.points
      guard points.count == 3 else { return nil }
      return Rect(
        x: points[0].x, y: points[0].y, width: points[2].x - points[1].x, height: points[1].y - points[0].y)
    }
  }

  init(_ chart: Chart) { self.init(ChartGrid(chart)) }

  /// A place in shares of a frame: x from the left, y from the bottom.
  func share(_ place: Point, of panel: Int = 0) -> Point {
    let frame = frames[panel]
    return Point((place.x - frame.x) / frame.width, (frame.bottom - place.y) / frame.height)
  }

  /// The points of all strokes of a colour, in shares of a frame.
  func strokes(_ color: Color, of panel: Int = 0) -> [[Point]] {
    canvas.strokes(colored: color).map { $0.points.map { share($0, of: panel) } }
  }

  /// The points of all filled outlines of a colour.
  func fills(_ color: Color, of panel: Int = 0) -> [[Point]] {
    canvas.commands.compactMap {
      if case .fill(let path, color) = $0 { path.points.map { share($0, of: panel) } } else { nil }
    }
  }

  /// Where a text is, by its box.
  func box(_ text: String) -> Rect? { canvas.texts.first { $0.text.string == text }?.box }
}

extension Path {
  /// Corners, and centres of circles.
  var points: [Point] {
    elements.compactMap {
      switch $0 {
      case .move(let point), .line(let point), .circle(let point, _): point
      case .close: nil
      }
    }
  }
}
