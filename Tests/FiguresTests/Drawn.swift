import Analysis
import Figures
import Plotting

/// A figure of some runs as charts and caption.
struct Drawn {
  let grid: ChartGrid
  let caption: String

  init(_ results: Results, _ figure: Figure) throws {
    let built = try FigureBuilder(results: results, styles: SettingStyles(plan: results.plan)).build(figure)
    (grid, caption) = (built.grid, built.caption)
  }

  init(_ results: Results, @PlotBuilder plots: () -> [any Plot]) throws {
    try self.init(results, Figure("Planted", plots: plots))
  }

  var charts: [Chart] { grid.charts.flatMap(\.self) }
  /// The first panel.
  var chart: Chart { grid.charts[0][0] }
}

/// The marks of a chart by kind, in the order in which they are drawn.
extension Chart {
  var lines: [(points: [Point], stroke: Stroke)] {
    marks.compactMap { if case .line(let points, let stroke) = $0 { (points, stroke) } else { nil } }
  }
  /// Lines of full opacity: not the pale edges of bands.
  var solidLines: [(points: [Point], stroke: Stroke)] { lines.filter { $0.stroke.color.alpha == 1 } }
  var bundles: [(lines: [[Point]], stroke: Stroke)] {
    marks.compactMap { if case .bundle(let lines, let stroke) = $0 { (lines, stroke) } else { nil } }
  }
  var steps: [(points: [Point], stroke: Stroke)] {
    marks.compactMap { if case .steps(let points, let stroke) = $0 { (points, stroke) } else { nil } }
  }
  var bands: [(x: [Double], low: [Double], high: [Double], color: Color)] {
    marks.compactMap { if case .band(let x, let low, let high, let color) = $0 { (x, low, high, color) } else { nil } }
  }
  var areas: [(points: [Point], color: Color)] {
    marks.compactMap { if case .area(let points, let color) = $0 { (points, color) } else { nil } }
  }
  var markers: [(points: [Point], marker: Marker, color: Color, radius: Double)] {
    marks.compactMap {
      if case .points(let points, let marker, let color, let radius) = $0 {
        (points, marker, color, radius)
      } else {
        nil
      }
    }
  }
  var jittered: [(points: [JitteredPoint], marker: Marker, color: Color)] {
    marks.compactMap {
      if case .jittered(let points, let marker, let color, _) = $0 { (points, marker, color) } else { nil }
    }
  }
  var bars: [(x: Double, y: Double, color: Color)] {
    marks.compactMap { if case .bar(let x, _, let y, let color) = $0 { (x, y, color) } else { nil } }
  }
  var boxes: [(box: BoxSummary, color: Color)] {
    marks.compactMap { if case .box(let box, let color) = $0 { (box, color) } else { nil } }
  }
  var cells: [(grid: CellGrid, colors: ColorScale)] {
    marks.compactMap { if case .cells(let grid, let colors) = $0 { (grid, colors) } else { nil } }
  }
  var contours: [(field: Field, levels: [Double])] {
    marks.compactMap { if case .contours(let field, let levels, _) = $0 { (field, levels) } else { nil } }
  }
  var arrows: [Arrow] {
    marks.flatMap { mark -> [Arrow] in if case .arrows(let arrows, _) = mark { arrows } else { [] } }
  }
  var verticalRules: [(x: Double, label: String)] {
    marks.compactMap { if case .verticalRule(let x, let label, _) = $0 { (x, label) } else { nil } }
  }
  var horizontalRules: [(y: Double, label: String)] {
    marks.compactMap { if case .horizontalRule(let y, let label, _) = $0 { (y, label) } else { nil } }
  }
  var intervals: [(x: Double, low: Double, high: Double, color: Color)] {
    marks.compactMap {
      if case .interval(let x, let low, let high, let stroke) = $0 { (x, low, high, stroke.color) } else { nil }
    }
  }
  /// Texts and tags.
  var words: [(text: String, at: Point)] {
    marks.compactMap { mark in
      switch mark {
      case .text(let text, let point, _), .tag(let text, let point, _): (text.string, point)
      default: nil
      }
    }
  }
  var topLabels: [(x: Double, label: String)] {
    marks.compactMap { if case .topLabel(let x, let label, _, _) = $0 { (x, label) } else { nil } }
  }
  var endLabels: [(label: String, y: Double, color: Color)] {
    marks.compactMap { if case .endLabel(let label, let y, let color) = $0 { (label, y, color) } else { nil } }
  }
}

extension AxisStyle {
  /// The categories of an ordinal axis.
  var names: [String]? { if case .ordinal(let names) = kind { names } else { nil } }
}

extension Color {
  /// Without its opacity: bands and marks of a setting are paler than its line.
  var solid: Color { opacity(1) }
}
