import Foundation

extension PanelRenderer {
  func draw(_ mark: Mark, _ canvas: some Canvas) {
    switch mark {
    case .line(let points, let stroke):
      for piece in pieces(points) { canvas.stroke(.line(Decimation.thin(piece)), stroke) }
      annotate(points, canvas, name: panel.names.line(stroke))
    case .bundle(let lines, let stroke): drawBundle(lines, stroke, canvas)
    case .steps(let points, let stroke):
      for piece in pieces(points) { canvas.stroke(.line(Decimation.thin(staircase(piece))), stroke) }
      annotate(points, canvas, name: panel.names.line(stroke))
    case .band(let xs, let low, let high, let color): drawBand(xs, low, high, color, canvas)
    case .area(let points, let color):
      canvas.fill(.polygon(points.filter { shows($0) }.map(place)), color)
    case .points(let points, let marker, let color, let radius):
      for point in points where shows(point) { marker.draw(at: place(point), radius: radius, color, on: canvas) }
      annotate(points, canvas)
    case .jittered(let points, let marker, let color, let radius):
      for point in points where shows(point.drawn) {
        marker.draw(at: place(point.drawn), radius: radius, color, on: canvas)
      }
      annotate(points, canvas)
    case .bar(let center, let width, let value, let color): drawBar(center, width, value, color, canvas)
    case .box(let box, let color): drawBox(box, color, canvas)
    case .cells(let grid, let colors): drawCells(grid, colors, canvas)
    case .contours(let field, let levels, let stroke): drawContours(field, levels, stroke, canvas)
    case .arrows(let arrows, let length): drawArrows(arrows, length, canvas)
    case .verticalRule(let value, _, let stroke):
      guard panel.x.shows(value) else { return }
      canvas.stroke(.line([Point(x(value), panel.frame.y), Point(x(value), panel.frame.bottom)]), stroke)
    case .horizontalRule(let value, _, let stroke):
      guard panel.y.shows(value) else { return }
      canvas.stroke(.line([Point(panel.frame.x, y(value)), Point(panel.frame.right, y(value))]), stroke)
    case .interval(let at, let low, let high, let stroke): drawInterval(at, low, high, stroke, canvas)
    case .text(let text, let point, let anchor):
      if shows(point) { canvas.draw(text, at: place(point), anchor: anchor) }
    case .tag(let text, let point, let anchor): drawTag(text, point, anchor, canvas)
    case .topLabel, .endLabel: break
    }
  }

  private func drawContours(_ field: Field, _ levels: [Double], _ stroke: Stroke, _ canvas: some Canvas) {
    for level in levels {
      var path = Path()
      for (a, b) in field.contour(level) where shows(a) && shows(b) {
        path.move(to: place(a))
        path.line(to: place(b))
      }
      canvas.stroke(path, stroke)
    }
  }

  private func drawInterval(_ at: Double, _ low: Double, _ high: Double, _ stroke: Stroke, _ canvas: some Canvas) {
    guard panel.x.shows(at), low <= high else { return }
    let bottom = panel.y.shows(low) ? y(low) : panel.frame.bottom
    let top = panel.y.shows(high) ? y(high) : panel.frame.y
    var path = Path.line([Point(x(at), bottom), Point(x(at), top)])
    for edge in [bottom, top] {
      path.move(to: Point(x(at) - 2.5, edge))
      path.line(to: Point(x(at) + 2.5, edge))
    }
    canvas.stroke(path, stroke)
  }

  private func drawTag(_ text: Text, _ point: Point, _ anchor: Anchor, _ canvas: some Canvas) {
    guard shows(point) else { return }
    let at = place(point)
    canvas.fill(.rect(Self.box(canvas.measure(text), at: at, anchor).inset(by: -1)), .white.opacity(0.82))
    canvas.draw(text, at: at, anchor: anchor)
  }

  func shows(_ point: Point) -> Bool { panel.x.shows(point.x) && panel.y.shows(point.y) }
  func place(_ point: Point) -> Point { Point(x(point.x), y(point.y)) }

  /// Adds notes at the points of a curve: at most about two hundred, evenly spread.
  private func annotate(_ points: [Point], _ canvas: some Canvas, name: String = "") {
    annotate(points.map { JitteredPoint($0, drawnAt: $0) }, canvas, name: name)
  }

  /// Adds notes with the values at the drawn positions.
  /// - Parameter name: what the legend calls the curve.
  private func annotate(_ points: [JitteredPoint], _ canvas: some Canvas, name: String = "") {
    // Without axes a position has no meaning.
    guard panel.chart.hasAxes else { return }
    let title = panel.names.title
    let head = name.isEmpty ? "" : title.isEmpty ? "\(name)\n" : "\(title): \(name)\n"
    let stride = max(1, points.count / 200)
    for index in Swift.stride(from: 0, to: points.count, by: stride) where shows(points[index].drawn) {
      let at = place(points[index].drawn)
      guard panel.frame.inset(by: -1).contains(Rect(x: at.x, y: at.y, width: 0, height: 0)) else { continue }
      canvas.annotate(at, head + note(points[index].value))
    }
  }

  private func note(_ point: Point) -> String {
    [note(point.x, panel.x, panel.chart.x), note(point.y, panel.y, panel.chart.y)].joined(separator: "\n")
  }

  private func note(_ value: Double, _ scale: Scale, _ style: AxisStyle) -> String {
    let head = style.title.isEmpty ? "" : "\(style.title): "
    if case .ordinal(let names) = scale.kind, let index = Int(exactly: value.rounded()), names.indices.contains(index) {
      return head + names[index]
    }
    return head + String(format: "%.4g", value)
  }

  // MARK: Bars, boxes, cells, arrows

  private func drawBar(_ center: Double, _ width: Double, _ value: Double, _ color: Color, _ canvas: some Canvas) {
    guard panel.y.shows(value) else { return }
    let base = panel.y.kind == .log ? panel.y.domain.lowerBound : max(0, panel.y.domain.lowerBound)
    let (left, right) = (x(center - width / 2), x(center + width / 2))
    canvas.fill(
      .rect(Rect(x: left, y: min(y(value), y(base)), width: right - left, height: abs(y(base) - y(value)))), color)
    canvas.annotate(Point((left + right) / 2, y(value)), note(Point(center, value)))
  }

  private func drawBox(_ box: BoxSummary, _ color: Color, _ canvas: some Canvas) {
    func height(_ value: Double) -> Double {
      panel.y.shows(value)
        ? min(max(y(value), panel.frame.y - 5), panel.frame.bottom + 5)
        : value > 0 ? panel.frame.y - 5 : panel.frame.bottom + 5
    }
    let (left, right) = (x(box.x - box.width / 2), x(box.x + box.width / 2))
    let body = Rect(x: left, y: height(box.third), width: right - left, height: height(box.first) - height(box.third))
    canvas.fill(.rect(body), color.opacity(0.25))
    var path = Path.rect(body)
    for (from, to) in [(box.third, box.high), (box.first, box.low)] {
      path.move(to: Point(body.center.x, height(from)))
      path.line(to: Point(body.center.x, height(to)))
    }
    canvas.stroke(path, Stroke(color, width: 0.8))
    canvas.stroke(
      .line([Point(left, height(box.median)), Point(right, height(box.median))]), Stroke(color, width: 1.8))
    canvas.annotate(Point(body.center.x, height(box.median)), note(Point(box.x, box.median)))
  }

  private func drawCells(_ grid: CellGrid, _ colors: ColorScale, _ canvas: some Canvas) {
    if let raster = raster(grid, colors) {
      canvas.draw(raster.image, in: raster.place)
      return
    }
    for (row, values) in grid.values.enumerated() where row + 1 < grid.yEdges.count {
      for (column, value) in values.enumerated() where column + 1 < grid.xEdges.count {
        let (left, right) = (x(grid.xEdges[column]), x(grid.xEdges[column + 1]))
        let (bottom, top) = (y(grid.yEdges[row]), y(grid.yEdges[row + 1]))
        let cell = Rect(x: min(left, right), y: min(top, bottom), width: abs(right - left), height: abs(bottom - top))
        // Cells overlap slightly, so that no thin white lines appear between them.
        let color = colors.color(value)
        canvas.fill(
          .rect(Rect(x: cell.x, y: cell.y - 0.4, width: cell.width + 0.4, height: cell.height + 0.4)), color ?? .faint)
        if color == nil {
          canvas.stroke(.line([Point(cell.x, cell.bottom), Point(cell.right, cell.y)]), Stroke(.lightGray, width: 0.6))
        }
        let label = row < grid.labels.count && column < grid.labels[row].count ? grid.labels[row][column] : ""
        if !label.isEmpty { drawLabel(label, in: cell, on: color ?? .faint, canvas) }
        if grid.values.count * values.count <= 4000 {
          canvas.annotate(cell.center, "\(colors.title): \(String(format: "%.4g", value))")
        }
      }
    }
  }

  /// Many cells are one image: a surface, not a table.
  private func raster(_ grid: CellGrid, _ colors: ColorScale) -> (image: Image, place: Rect)? {
    let (columns, rows) = (grid.xEdges.count - 1, grid.yEdges.count - 1)
    guard columns * rows > 400, grid.labels.isEmpty, grid.values.count == rows else { return nil }
    let (xs, ys) = (grid.xEdges.map(x), grid.yEdges.map(y))
    let (across, up) = (Self.cellsOfPixels(xs), Self.cellsOfPixels(ys))
    var image = Image(width: across.count, height: up.count)
    for (pixelRow, row) in up.enumerated() {
      for (pixelColumn, column) in across.enumerated() {
        image[pixelColumn, up.count - 1 - pixelRow] = colors.color(grid.values[row][column]) ?? .faint
      }
    }
    return (image, Rect(x: xs[0], y: ys[rows], width: xs[columns] - xs[0], height: ys[0] - ys[rows]))
  }

  /// The cell that each pixel between the first and the last edge shows: a pixel a cell where the cells are of one size, else
  /// pixels as fine as the printed page's.
  private static func cellsOfPixels(_ edges: [Double]) -> [Int] {
    let count = edges.count - 1
    let length = edges[count] - edges[0]
    let step = length / Double(count)
    if zip(edges, edges.dropFirst()).allSatisfy({ abs($1 - $0 - step) < 0.01 * abs(step) }) { return Array(0..<count) }
    let pixels = max(count, Int((abs(length) * 200 / 72).rounded(.up)))
    var cell = 0
    return (0..<pixels).map { pixel in
      let place = edges[0] + length * (Double(pixel) + 0.5) / Double(pixels)
      while cell + 1 < count, (place - edges[cell + 1]) * length >= 0 { cell += 1 }
      return cell
    }
  }

  /// The label's lines, as many as the cell has room for; none where the first does not fit.
  private func drawLabel(_ label: String, in cell: Rect, on color: Color, _ canvas: some Canvas) {
    let ink: Color = color.isLight ? .black : .white
    let lines = label.split(separator: "\n").map { Text(String($0), size: 7, color: ink) }
    for count in stride(from: lines.count, through: 1, by: -1) {
      let sizes = lines.prefix(count).map(canvas.measure)
      let height = sizes.reduce(0) { $0 + $1.height }
      guard height <= cell.height - 2, sizes.allSatisfy({ $0.width <= cell.width - 3 }) else { continue }
      var top = cell.center.y - height / 2
      for (text, size) in zip(lines, sizes) {
        canvas.draw(text, at: Point(cell.center.x, top), anchor: .top)
        top += size.height
      }
      return
    }
  }

  private func drawArrows(_ arrows: [Arrow], _ length: Double, _ canvas: some Canvas) {
    for arrow in arrows where shows(arrow.at) {
      let start = place(arrow.at)
      let ahead = Point(arrow.at.x + 1e-4 * arrow.direction.x, arrow.at.y + 1e-4 * arrow.direction.y)
      guard shows(ahead) else { continue }
      let (dx, dy) = (x(ahead.x) - start.x, y(ahead.y) - start.y)
      let size = (dx * dx + dy * dy).squareRoot()
      guard size > 0, size.isFinite else { continue }
      let (ux, uy) = (dx / size, dy / size)
      let tail = Point(start.x - ux * length / 2, start.y - uy * length / 2)
      let tip = Point(start.x + ux * length / 2, start.y + uy * length / 2)
      let head = min(3, 0.4 * length)
      canvas.stroke(
        .line([tail, Point(tip.x - ux * head * 0.8, tip.y - uy * head * 0.8)]), Stroke(arrow.color, width: 0.9))
      canvas.fill(
        .polygon([
          tip, Point(tip.x - ux * head - uy * head * 0.5, tip.y - uy * head + ux * head * 0.5),
          Point(tip.x - ux * head + uy * head * 0.5, tip.y - uy * head - ux * head * 0.5),
        ]), arrow.color)
    }
  }

  // MARK: Curves

  /// Draws few lines as strokes, many as one raster image with the resolution of a printed page.
  private func drawBundle(_ lines: [[Point]], _ stroke: Stroke, _ canvas: some Canvas) {
    if lines.reduce(0, { $0 + $1.count }) <= 20_000 {
      for line in lines {
        for piece in pieces(line) { canvas.stroke(.line(Decimation.thin(piece)), stroke) }
      }
      return
    }
    let frame = panel.frame
    let fineness = 200.0 / 72
    let (width, height) = (Int((frame.width * fineness).rounded(.up)), Int((frame.height * fineness).rounded(.up)))
    guard width > 0, height > 0 else { return }
    var bundle = LineBundle(width: width, height: height)
    let (toColumn, toRow) = (Double(width), Double(height))
    let (xScale, yScale) = (panel.x, panel.y)
    for line in lines {
      for piece in line.split(whereSeparator: { !xScale.shows($0.x) || !yScale.shows($0.y) }) {
        bundle.add(piece.lazy.map { (xScale.share($0.x) * toColumn, (1 - yScale.share($0.y)) * toRow) })
      }
    }
    canvas.draw(bundle.image(stroke.color), in: frame)
  }

  /// The pieces of a curve in page coordinates, split at values that cannot be shown.
  private func pieces(_ points: [Point]) -> [[Point]] {
    var result: [[Point]] = []
    var piece: [Point] = []
    // Coordinates far outside the frame are limited to numbers that a canvas can represent.
    let far = 20 * panel.frame.height
    for point in points {
      if panel.x.shows(point.x), panel.y.shows(point.y) {
        let height = min(max(y(point.y), panel.frame.y - far), panel.frame.bottom + far)
        piece.append(Point(x(point.x), height))
      } else if !piece.isEmpty {
        result.append(piece)
        piece = []
      }
    }
    if !piece.isEmpty { result.append(piece) }
    return result
  }

  private func staircase(_ points: [Point]) -> [Point] {
    var result: [Point] = []
    for point in points {
      if let last = result.last { result.append(Point(point.x, last.y)) }
      result.append(point)
    }
    return result
  }

  /// Draws a band. It extends to the edge of the frame where a bound cannot be shown: infinity, or zero on a logarithmic axis.
  private func drawBand(_ xs: [Double], _ low: [Double], _ high: [Double], _ color: Color, _ canvas: some Canvas) {
    var upper: [Point] = []
    var lower: [Point] = []
    func flush() {
      if upper.count > 1 {
        canvas.fill(.polygon(Decimation.thin(upper) + Decimation.thin(lower).reversed()), color)
      }
      upper = []
      lower = []
    }
    func height(_ value: Double, orElse edge: Double) -> Double {
      if !panel.y.shows(value) { return value <= 0 ? panel.frame.bottom + 10 : edge }
      return min(max(y(value), panel.frame.y - 10), panel.frame.bottom + 10)
    }
    for (i, value) in xs.enumerated() where panel.x.shows(value) {
      if low[i].isNaN || (!low[i].isFinite && low[i] > 0) {
        flush()
        continue
      }
      upper.append(Point(x(value), height(high[i], orElse: panel.frame.y - 10)))
      lower.append(Point(x(value), height(low[i], orElse: panel.frame.bottom + 10)))
    }
    flush()
  }
}
