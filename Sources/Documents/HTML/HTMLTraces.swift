import Foundation
import Plotting

/// The runs that a reader can point at in a figure, as JSON: their points in the units of the data, and where each layout of the
/// figure has its axes, so that the points are stored once for all layouts.
///
/// Of every run some points are kept: the first, the last, and the lowest and the highest of equal parts of the axis. They are
/// values that the run had, not averages.
struct HTMLTraces {
  /// Points of all runs of a figure.
  private static let most = 24_000
  private static let mostPerRun = 200

  private struct Panel: Encodable {
    /// What is written before x and y in a note.
    let heads: [String]
    /// For each run its position in the plan, then x and y of its points.
    let runs: [[Number]]
  }

  /// A number with as many digits as it needs.
  private struct Number: Encodable {
    let value: Double

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let whole = Int(exactly: value), abs(whole) < 1 << 50 { return try container.encode(whole) }
      try container.encode(Decimal(string: String(format: "%.6g", value), locale: nil) ?? 0)
    }
  }

  private struct Place: Encodable {
    let frame: [Double]
    let x: Axis
    let y: Axis
  }

  private struct Axis: Encodable {
    let kind: String
    let low: Double
    let high: Double
    let threshold: Double

    init(_ scale: Scale) {
      (low, high) = (scale.domain.lowerBound, scale.domain.upperBound)
      if case .symlog(let threshold) = scale.kind { self.threshold = threshold } else { threshold = 0 }
      kind =
        switch scale.kind {
        case .linear, .ordinal: "linear"
        case .log: "log"
        case .symlog: "symlog"
        }
    }
  }

  /// The runs of a figure; empty where it shows none one by one.
  /// - Parameter known: the runs that the page tells about.
  static func markup(_ grid: ChartGrid, known: Set<Int>) -> String {
    let charts = grid.charts.flatMap(\.self).filter { !$0.traces.isEmpty }
    let count = charts.reduce(0) { $0 + $1.traces.count { known.contains($0.run) } }
    guard count > 0 else { return "" }
    let points = min(mostPerRun, max(6, most / count))
    let panels = charts.map { chart in
      Panel(
        heads: [chart.x, chart.y].map { $0.title.isEmpty ? "" : "\($0.title): " },
        runs: chart.traces.filter { known.contains($0.run) }.compactMap { trace in
          let kept = sampled(trace.points.filter(chart.shows), logarithmic: chart.x.kind == .log, keeping: points)
          return kept.isEmpty
            ? nil : [Number(value: Double(trace.run))] + kept.flatMap { [$0.x, $0.y].map(Number.init) }
        })
    }
    return "<script type=\"application/json\" class=\"traces\">\(json(panels))</script>\n"
  }

  /// Where the charts of a layout are.
  static func places<Ruler: Canvas>(_ canvas: SVGCanvas<Ruler>) -> String {
    guard !canvas.panels.isEmpty else { return "" }
    let places = canvas.panels.map { panel in
      Place(
        frame: [panel.frame.x, panel.frame.y, panel.frame.width, panel.frame.height], x: Axis(panel.x), y: Axis(panel.y)
      )
    }
    return "<script type=\"application/json\" class=\"places\">\(json(places))</script>\n"
  }

  /// Some points of a curve with ascending x.
  static func sampled(_ points: [Point], logarithmic: Bool, keeping most: Int) -> [Point] {
    guard points.count > most, let first = points.first, let last = points.last else { return points }
    func place(_ x: Double) -> Double { logarithmic ? log(max(x, .leastNormalMagnitude)) : x }
    let (low, width) = (place(first.x), place(last.x) - place(first.x))
    let parts = max(1, (most - 2) / 2)
    var extremes: [Int: (low: Int, high: Int)] = [:]
    for (index, point) in points.enumerated().dropFirst().dropLast() {
      let part = width > 0 ? min(Int((place(point.x) - low) / width * Double(parts)), parts - 1) : 0
      let known = extremes[part] ?? (index, index)
      extremes[part] = (
        point.y < points[known.low].y ? index : known.low, point.y > points[known.high].y ? index : known.high
      )
    }
    let kept = Set(extremes.values.flatMap { [$0.low, $0.high] }).union([0, points.count - 1])
    return kept.sorted().map { points[$0] }
  }

  private static func json(_ value: some Encodable) -> String {
    // Finite numbers and text can always be encoded.
    let encoder = JSONEncoder()
    // The same page has the same bytes each time.
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(value) else { return "[]" }
    return String(decoding: data, as: UTF8.self)
  }
}

/// The table of runs that a page tells about.
enum HTMLRuns {
  private struct Content: Encodable {
    let setup: [String]
    /// By the position in the plan: seed, setting, values, command.
    let runs: [String: Run]
  }

  private struct Run: Encodable {
    let seed: String
    let setting: String
    let values: [String]
    let command: String
  }

  static func markup(_ runs: Document.Runs) -> String {
    guard !runs.runs.isEmpty else { return "" }
    let content = Content(
      setup: runs.setup,
      runs: Dictionary(
        uniqueKeysWithValues: runs.runs.map { index, run in
          ("\(index)", Run(seed: "\(run.seed)", setting: run.setting, values: run.values, command: run.command))
        }))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = (try? encoder.encode(content)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return """
      <script type="application/json" id="runs">\(json.replacing("<!--", with: "\\u003c!--"))</script>
      <div id="card" role="dialog" aria-label="Run" tabindex="-1" hidden></div>\n
      """
  }
}
