package import Plotting

/// A figure that is explored, as a sequence of pictures of one size: its title, the charts of one frame, and the frame's values.
package struct AnimatedFigure {
  private let figure: Document.Figure
  private let frames: Document.Figure.Frames
  /// The combinations in the order in which they are shown.
  package let combinations: [Int]
  private let width: Double
  private static let margin = 14.0
  private static let gap = 6.0

  /// - Parameter width: of the charts, in points.
  /// - Returns: `nil` for a figure of one picture.
  package init?(_ figure: Document.Figure, width: Double = 500) {
    switch figure.form {
    case .still, .live: return nil
    case .exploring(let frames):
      self.figure = figure
      self.frames = frames
      self.width = width
      combinations = frames.sequence
    }
  }

  /// Thousandths of a second that each picture is shown: steps of training follow each other quickly, and their last one stays.
  package var durations: [Int] {
    let isPlayed = frames.controls.contains(where: \.isPlayed)
    return combinations.indices.map { isPlayed ? ($0 == combinations.count - 1 ? 1500 : 100) : 1000 }
  }

  private var heading: Text { Text(figure.heading, size: 9.5, style: .bold, width: width) }
  private func words(_ combination: Int) -> Text {
    Text(frames.words(combination), size: 8.5, color: .gray, width: width)
  }

  private func chartsHeight(_ canvas: some Canvas) -> Double {
    combinations.map { GridLayout(charts($0), width: width, canvas: canvas).height }.max() ?? 0
  }

  private func charts(_ combination: Int) -> ChartGrid { frames.drawings[frames.order[combination]].charts }

  /// The size of every picture in points, and the height of its charts.
  package func size(_ canvas: some Canvas) -> (page: Size, charts: Double) {
    let charts = chartsHeight(canvas)
    let line = combinations.map { canvas.measure(words($0)).height }.max() ?? 0
    let height = canvas.measure(heading).height + charts + line + 2 * Self.gap + 2 * Self.margin
    return (Size(width + 2 * Self.margin, height), charts)
  }

  /// Draws the picture of a combination.
  /// - Parameter height: of the charts, the same in all pictures.
  package func draw(_ combination: Int, chartsHeight height: Double, on canvas: some Canvas) {
    var y = Self.margin
    canvas.draw(heading, at: Point(Self.margin, y))
    y += canvas.measure(heading).height + Self.gap
    GridLayout(charts(combination), width: width, canvas: canvas)
      .draw(at: Point(Self.margin, y), height: height, on: canvas)
    y += height + Self.gap
    canvas.draw(words(combination), at: Point(Self.margin, y))
  }
}

extension Document.Figure.Frames {
  /// The combinations of an animation: all values of the slider that is played, or else of the longest one, with the others at
  /// the values that are shown first.
  var sequence: [Int] {
    guard
      let moving = controls.firstIndex(where: \.isPlayed)
        ?? controls.indices.max(by: { controls[$0].values.count < controls[$1].values.count })
    else { return [] }
    let fixed = positions(start)
    return (0..<count).filter { combination in
      let own = positions(combination)
      return controls.indices.allSatisfy { $0 == moving || own[$0] == fixed[$0] }
    }
  }
}
