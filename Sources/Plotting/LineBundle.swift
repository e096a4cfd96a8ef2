/// Many faint lines as one raster image, which is much faster to draw than separate strokes.
///
/// In every pixel column a line covers the pixels between its lowest and highest point, including the connection from the
/// column before, like a stroke. Every line adds a layer of opacity α to its pixels, so that n layers have the transparency
/// (1 − α)ⁿ. The time is proportional to the number of points, because only the changes of the layer count are stored.
struct LineBundle {
  private let width: Int
  private let height: Int
  /// The change of the layer count at each pixel, from the top, column by column.
  private var changes: [Int32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    changes = Array(repeating: 0, count: width * (height + 1))
  }

  /// Adds a line in pixel coordinates with y downwards. The x coordinates must not decrease.
  mutating func add(_ points: some Sequence<(x: Double, y: Double)>) {
    var column: Int?
    var (low, high, last) = (0.0, 0.0, 0.0)
    for (x, y) in points {
      let at = Int(x.rounded(.down))
      if let current = column, at == current {
        low = min(low, y)
        high = max(high, y)
      } else {
        var entry = y
        if let current = column {
          cover(current, low, high)
          bridge(from: current, last, to: at, y)
          entry = (last + y) / 2
        }
        column = at
        (low, high) = (min(y, entry), max(y, entry))
      }
      last = y
    }
    if let column { cover(column, low, high) }
  }

  /// Covers the columns between two points along a straight line.
  private mutating func bridge(from first: Int, _ y0: Double, to last: Int, _ y1: Double) {
    guard last > first + 1 else { return }
    let slope = (y1 - y0) / Double(last - first)
    for column in (first + 1)..<last {
      let a = y0 + slope * (Double(column - first) - 0.5)
      let b = y0 + slope * (Double(column - first) + 0.5)
      cover(column, min(a, b), max(a, b))
    }
  }

  private mutating func cover(_ column: Int, _ low: Double, _ high: Double) {
    guard column >= 0, column < width, high >= 0, low < Double(height) else { return }
    let top = Int(max(low, 0))
    let bottom = Int(min(high, Double(height - 1)))
    changes[column * (height + 1) + top] += 1
    changes[column * (height + 1) + bottom + 1] -= 1
  }

  func image(_ color: Color) -> Image {
    var image = Image(width: width, height: height)
    var shades: [Color] = [color.opacity(0)]
    for column in 0..<width {
      var layers = 0
      for row in 0..<height {
        layers += Int(changes[column * (height + 1) + row])
        guard layers > 0 else { continue }
        while shades.count <= layers {
          let through = (1 - shades[shades.count - 1].alpha) * (1 - color.alpha)
          shades.append(color.opacity(1 - through))
        }
        image[column, row] = shades[layers]
      }
    }
    return image
  }
}
