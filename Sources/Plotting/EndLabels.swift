/// Labels beside the ends of lines, moved apart so that they do not overlap.
struct EndLabels {
  private static let gap = 5.0

  /// The width that the labels need to the right of a frame.
  static func width(_ grid: ChartGrid, _ canvas: some Canvas) -> Double {
    let labels = grid.charts.flatMap(\.self).flatMap(\.marks).compactMap { mark -> String? in
      if case .endLabel(let label, _, _) = mark { label } else { nil }
    }
    let widest = labels.map { canvas.measure(text($0, .black)).width }.max()
    return widest.map { $0 + gap + 6 } ?? 0
  }

  private static func text(_ label: String, _ color: Color) -> Text {
    Text(label, size: GridLayout.labelSize, color: color)
  }

  /// Draws the labels of a panel; `y` maps a value to its position on the page.
  static func draw(_ marks: [Mark], frame: Rect, on canvas: some Canvas, y: (Double) -> Double?) {
    var labels: [(text: Text, wanted: Double, place: Double)] = []
    for case .endLabel(let label, let value, let color) in marks {
      guard let height = y(value) else { continue }
      let inside = min(max(height, frame.y), frame.bottom)
      labels.append((text(label, color), inside, inside))
    }
    labels.sort { $0.wanted < $1.wanted }
    let height = canvas.measure(text("Ag", .black)).height
    spread(&labels, height: height, frame: frame)
    for label in labels {
      let end = Point(frame.right + 2, label.wanted)
      let start = Point(frame.right + gap + 3, label.place)
      if abs(label.place - label.wanted) > 1 {
        canvas.stroke(.line([end, start]), Stroke(label.text.color, width: 0.5))
      }
      canvas.draw(label.text, at: Point(start.x + 1, label.place), anchor: .left)
    }
  }

  /// Moves labels that touch apart: each cluster is centred at the mean of the wanted positions of its labels.
  private static func spread(_ labels: inout [(text: Text, wanted: Double, place: Double)], height: Double, frame: Rect)
  {
    var clusters: [(first: Int, count: Int, center: Double)] = []
    for index in labels.indices {
      clusters.append((index, 1, labels[index].wanted))
      while clusters.count > 1 {
        let (upper, lower) = (clusters[clusters.count - 2], clusters[clusters.count - 1])
        let reach = height * Double(upper.count + lower.count) / 2
        guard lower.center - upper.center < reach else { break }
        let count = upper.count + lower.count
        let wanted = labels[upper.first..<(upper.first + count)].map(\.wanted)
        clusters.removeLast(2)
        let half = height * Double(count) / 2
        let mean = wanted.reduce(0, +) / Double(count)
        clusters.append(
          (upper.first, count, min(max(mean, frame.y + half - height / 2), frame.bottom - half + height / 2)))
      }
    }
    for cluster in clusters {
      for k in 0..<cluster.count {
        labels[cluster.first + k].place = cluster.center + height * (Double(k) - Double(cluster.count - 1) / 2)
      }
    }
  }
}
