/// Draws charts.
public enum GridRenderer {
  /// The height a grid takes at a width.
  public static func height(of grid: ChartGrid, width: Double, canvas: some Canvas) -> Double {
    GridLayout(grid, in: width, at: Point(0, 0), canvas: canvas).height
  }

  /// Draws a grid with its top left corner at a point.
  /// - Parameter height: stretches the panels to fill this height; their own aspect where it is `nil`.
  public static func draw(
    _ grid: ChartGrid, at origin: Point, width: Double, height: Double? = nil, on canvas: some Canvas
  ) {
    let layout = GridLayout(grid, in: width, at: origin, canvas: canvas, fixedHeight: height)
    layout.legend.draw(on: canvas)
    layout.colorBar?.draw(on: canvas)
    for panel in layout.panels { PanelRenderer(panel: panel).draw(on: canvas) }
  }
}
