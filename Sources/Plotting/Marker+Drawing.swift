extension Marker {
  func draw(at p: Point, radius r: Double, _ color: Color, on canvas: some Canvas) {
    switch self {
    case .circle:
      var path = Path()
      path.circle(at: p, radius: r)
      canvas.fill(path, color)
    case .ring:
      var path = Path()
      path.circle(at: p, radius: r)
      canvas.stroke(path, Stroke(color, width: 0.9))
    case .square:
      canvas.fill(.rect(Rect(x: p.x - 0.9 * r, y: p.y - 0.9 * r, width: 1.8 * r, height: 1.8 * r)), color)
    case .triangle:
      canvas.fill(
        .polygon([Point(p.x, p.y - 1.15 * r), Point(p.x + r, p.y + 0.8 * r), Point(p.x - r, p.y + 0.8 * r)]), color)
    case .diamond:
      canvas.fill(
        .polygon([Point(p.x, p.y - 1.25 * r), Point(p.x + r, p.y), Point(p.x, p.y + 1.25 * r), Point(p.x - r, p.y)]),
        color)
    case .cross:
      var path = Path()
      path.move(to: Point(p.x - r, p.y - r))
      path.line(to: Point(p.x + r, p.y + r))
      path.move(to: Point(p.x - r, p.y + r))
      path.line(to: Point(p.x + r, p.y - r))
      canvas.stroke(path, Stroke(color, width: 1.1))
    }
  }
}
