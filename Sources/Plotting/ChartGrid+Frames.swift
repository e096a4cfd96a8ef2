extension ChartGrid {
  /// Grids that are frames of one figure, with axes, legend and colour scale that are the same in all of them.
  package static func withFixedScales(_ frames: [ChartGrid]) -> [ChartGrid] {
    guard let first = frames.first, frames.count > 1 else { return frames }
    var result = frames
    let legend = frames.flatMap(\.legend).reduce(into: [LegendEntry]()) { if !$0.contains($1) { $0.append($1) } }
    let hasOneTitle = frames.allSatisfy { $0.legendTitle == first.legendTitle }
    for index in result.indices {
      if hasOneTitle { result[index].legend = legend }
      result[index].aspect = first.aspect
    }
    fixColors(&result)
    let shapes = Set(frames.map { $0.charts.map(\.count) })
    if shapes.count == 1, !first.sharesAxes {
      for row in first.charts.indices {
        for column in first.charts[row].indices { fixAxes(&result) { $0 == row && $1 == column } }
      }
    } else {
      fixAxes(&result) { _, _ in true }
    }
    return result
  }

  // MARK: Axes

  /// Gives the chosen charts of all frames the same axes.
  private static func fixAxes(_ frames: inout [ChartGrid], _ isChosen: (_ row: Int, _ column: Int) -> Bool) {
    let places = frames.indices.flatMap { frame in
      frames[frame].charts.indices.flatMap { row in
        frames[frame].charts[row].indices.filter { isChosen(row, $0) }.map { (frame, row, $0) }
      }
    }
    let charts = places.map { frames[$0.0].charts[$0.1][$0.2] }
    let extents = charts.map { chart in
      let own = GridMeasures.extent(chart)
      return (x: own.x.cut(by: chart.x), y: own.y.cut(by: chart.y))
    }
    let all = GridMeasures.union(extents)
    let x = fixed(charts.map(\.x), all.x)
    let y = fixed(charts.map(\.y), all.y)
    for (frame, row, column) in places {
      let titles = (frames[frame].charts[row][column].x.title, frames[frame].charts[row][column].y.title)
      (frames[frame].charts[row][column].x, frames[frame].charts[row][column].y) = (x, y)
      (frames[frame].charts[row][column].x.title, frames[frame].charts[row][column].y.title) = titles
    }
  }

  /// The axis that holds what the axes of all frames hold.
  private static func fixed(_ axes: [AxisStyle], _ extent: Extent) -> AxisStyle {
    guard var axis = axes.first else { return AxisStyle("") }
    // A logarithmic axis of one frame could not show the zeros of another.
    if let linear = axes.first(where: { $0.kind != axis.kind && $0.kind == .linear }) { axis.kind = linear.kind }
    let domains = axes.compactMap(\.domain)
    axis.domain = domains.count == axes.count ? union(domains) : nil
    let limits = axes.compactMap(\.limits)
    axis.limits = limits.count == axes.count ? union(limits) : nil
    axis.including = axes.flatMap(\.including).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    if !axes.allSatisfy({ $0.ticks == axis.ticks }) { axis.ticks = nil }
    // The extents have been cut by the ceiling and the floor of their own frame.
    (axis.ceiling, axis.floor) = (nil, nil)
    axis.shared = extent
    return axis
  }

  private static func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double>? {
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else { return nil }
    return low...high
  }

  // MARK: Colours

  /// Gives cells of all frames the colour scale that holds the values of all of them.
  private static func fixColors(_ frames: inout [ChartGrid]) {
    let scales = frames.compactMap(\.colorScale)
    guard let first = scales.first, Set(scales).count > 1, !first.isOfSettings,
      scales.allSatisfy({ $0.title == first.title && $0.map == first.map && $0.scale.kind == first.scale.kind }),
      let domain = union(scales.map(\.scale.domain))
    else { return }
    var shared = first
    shared.scale = Scale(first.scale.kind, domain: domain)
    for frame in frames.indices {
      let own = frames[frame].colorScale
      if own != nil { frames[frame].colorScale = shared }
      for row in frames[frame].charts.indices {
        for column in frames[frame].charts[row].indices {
          frames[frame].charts[row][column].marks = frames[frame].charts[row][column].marks.map { mark in
            if case .cells(let cells, let colors) = mark, colors == own { .cells(cells, shared) } else { mark }
          }
        }
      }
    }
  }
}

extension Extent {
  /// The extent without what the ceiling and the floor of an axis leave out.
  fileprivate func cut(by axis: AxisStyle) -> Extent {
    var result = self
    if let ceiling = axis.ceiling { result = result.cut(above: ceiling) }
    if let floor = axis.floor { result = result.cut(below: floor) }
    return result
  }
}
