import Plotting

extension Document.Figure {
  /// What the figure shows, in words: what is drawn over which axes, then the numbers of each chart that a reader would take from it.
  ///
  /// - Parameter limit: characters; whole sentences are left out beyond it.
  public func alternative(limit: Int = 900) -> String {
    let all = charts.charts.flatMap(\.self)
    let findings = all.map { ChartFinding($0, in: charts, isOnly: all.count == 1).sentence }.filter { !$0.isEmpty }
    var text = ChartFinding.heading(charts)
    for (index, sentence) in findings.enumerated() {
      guard text.count + sentence.count + 1 <= limit else {
        let rest = findings.count - index
        if index > 0 { text += " \(rest) more panel\(rest == 1 ? "" : "s")." }
        break
      }
      text += " " + sentence
    }
    return text
  }
}

/// What one chart of a figure shows, as a sentence with its numbers.
struct ChartFinding {
  private let chart: Chart
  private let series: [FigureSeries]
  private let isOnly: Bool
  private static let most = 6

  init(_ chart: Chart, in grid: ChartGrid, isOnly: Bool) {
    self.chart = chart
    self.isOnly = isOnly
    series = FigureSeries.all(of: chart, in: grid)
  }

  // MARK: What is drawn

  /// "4 panels: η = 0.1, η = 0.2, …. Line chart of loss (logarithmic axis) against step, by learning rate."
  static func heading(_ grid: ChartGrid) -> String {
    let charts = grid.charts.flatMap(\.self)
    guard let first = charts.first else { return "An empty figure." }
    let titles = charts.map(\.title).filter { !$0.isEmpty }
    let names = titles.isEmpty ? "" : ": " + listed(titles)
    let panels = charts.count == 1 ? (titles.first.map { "\($0). " } ?? "") : "\(charts.count) panels\(names). "
    let found = kinds(charts.flatMap(\.marks))
    let kind = found.isEmpty ? "Drawing" : found.prefix(2).joined(separator: " with ")
    let of = first.hasAxes && !first.y.title.isEmpty ? " of \(axis(first.y))" : ""
    let against = first.hasAxes && !first.x.title.isEmpty ? " against \(axis(first.x))" : ""
    let naming = grid.naming
    let by = naming.entries.isEmpty || naming.title.isEmpty ? "" : ", by \(naming.title)"
    return "\(panels)\(kind.prefix(1).uppercased())\(kind.dropFirst())\(of)\(against)\(by)."
  }

  private static func axis(_ axis: AxisStyle) -> String {
    axis.kind == .log ? "\(axis.title) (logarithmic axis)" : axis.title
  }

  private static func kinds(_ marks: [Mark]) -> [String] {
    var kinds: [String] = []
    for mark in marks {
      let kind: String? =
        switch mark {
        case .line, .steps, .bundle: "line chart"
        case .points, .jittered: "points"
        case .bar: "bar chart"
        case .box: "box plot"
        case .interval: "intervals"
        case .cells: "colour map"
        case .contours: "lines of equal value"
        case .arrows: "arrows"
        case .area, .band, .verticalRule, .horizontalRule, .text, .tag, .topLabel, .endLabel: nil
        }
      if let kind, !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }

  // MARK: The finding

  var sentence: String {
    guard chart.hasAxes else { return labels }
    let parts = lines + [points, bars, boxes, intervals, bands, cells, rules].flatMap(\.self)
    guard !parts.isEmpty else { return "" }
    let title = isOnly || chart.title.isEmpty ? "" : "\(chart.title): "
    let words = "\(title)\(parts.joined(separator: "; "))."
    // A name is written as its legend writes it.
    return words.hasPrefix("a ") ? "A" + words.dropFirst() : words
  }

  /// The words in a drawing without axes.
  private var labels: String {
    let words = chart.marks.compactMap { mark -> String? in
      switch mark {
      case .text(let text, _, _), .tag(let text, _, _): text.string
      default: nil
      }
    }
    return words.isEmpty ? "" : "Labels: \(Self.listed(words))."
  }

  private func of(_ kind: FigureSeries.Kind) -> [FigureSeries] { series.filter { $0.kind == kind && !$0.rows.isEmpty } }

  /// Lines that a legend names one by one; of many their end points.
  private var lines: [String] {
    let lines = of(.line)
    if !lines.isEmpty, lines.count <= Self.most { return lines.map(Self.course) }
    return lines.isEmpty ? ends(of(.faintLine), "curve") : ends(lines, "line")
  }

  /// "0.1 goes from 0.76 to 0.01, least 0.009 at 120"
  private static func course(_ line: FigureSeries) -> String {
    let (x, y) = (line.columns[0], line.columns[1])
    let (first, last) = (line.rows[0][1], line.rows[line.rows.count - 1][1])
    var text = "\(name(line, "a line")) goes from \(y.text(first)) to \(y.text(last))"
    if let least = line.rows.min(by: { $0[1] < $1[1] }), least[1] < min(first, last) {
      text += ", least \(y.text(least[1])) at \(x.text(least[0]))"
    }
    if let greatest = line.rows.max(by: { $0[1] < $1[1] }), greatest[1] > max(first, last) {
      text += ", greatest \(y.text(greatest[1])) at \(x.text(greatest[0]))"
    }
    return text
  }

  private func ends(_ lines: [FigureSeries], _ noun: String) -> [String] {
    let ends = lines.map { (line: $0, value: $0.rows[$0.rows.count - 1][1]) }
    guard let low = ends.min(by: { $0.value < $1.value }), let high = ends.max(by: { $0.value < $1.value }) else {
      return []
    }
    func end(_ end: (line: FigureSeries, value: Double)) -> String {
      end.line.columns[1].text(end.value) + (end.line.label.isEmpty ? "" : " (\(end.line.label))")
    }
    if lines.count == 1 { return [Self.course(low.line)] }
    return ["\(lines.count) \(noun)s end between \(end(low)) and \(end(high))"]
  }

  private var points: [String] {
    of(.points).prefix(Self.most).map { series in
      let (x, y) = (series.columns[0], series.columns[1])
      if series.rows.count <= 3 {
        let places = series.rows.map { "(\(x.text($0[0])), \(y.text($0[1])))" }
        return
          "\(Self.name(series, series.rows.count == 1 ? "a point" : "points")) at \(places.joined(separator: ", "))"
      }
      let name = series.label.isEmpty ? "" : "\(series.label): "
      let (across, up) = (Self.range(series.rows.map { $0[0] }, x), Self.range(series.rows.map { $0[1] }, y))
      return "\(name)\(series.rows.count) points, x \(across), y \(up)"
    }
  }

  private var bars: [String] { of(.bars).map { Self.values($0, noun: "bars") { $1.text($0[1]) } } }

  private var boxes: [String] {
    of(.boxes).map {
      Self.values($0, noun: "medians", at: 3) { "\($1.text($0[3])) (quartiles \($1.text($0[2])), \($1.text($0[4])))" }
    }
  }

  private var intervals: [String] {
    of(.intervals).map { Self.values($0, noun: "intervals", at: 2) { "\($1.text($0[1])) to \($1.text($0[2]))" } }
  }

  /// A band says something of its own only where it has no line.
  private var bands: [String] {
    guard of(.line).isEmpty else { return [] }
    return of(.band).prefix(Self.most).compactMap { band in
      guard let last = band.rows.last else { return nil }
      return
        "\(Self.name(band, "a band")) ends from \(band.columns[1].text(last[1])) to \(band.columns[2].text(last[2]))"
    }
  }

  private var cells: [String] {
    of(.cells).compactMap { cells in
      let (x, y, z) = (cells.columns[0], cells.columns[1], cells.columns[2])
      let rows = cells.rows.filter { $0[2].isFinite }
      guard let low = rows.min(by: { $0[2] < $1[2] }), let high = rows.max(by: { $0[2] < $1[2] }) else { return nil }
      func cell(_ row: [Double]) -> String { "\(z.text(row[2])) at (\(x.text(row[0])), \(y.text(row[1])))" }
      return "\(z.title.isEmpty ? "value" : z.title) from \(cell(low)) to \(cell(high))"
    }
  }

  private var rules: [String] {
    chart.marks.compactMap { mark in
      switch mark {
      case .verticalRule(let value, let label, _) where !label.isEmpty:
        "“\(label)” marks x = \(FigureSeries.Column(title: "").text(value))"
      case .horizontalRule(let value, let label, _) where !label.isEmpty:
        "“\(label)” marks y = \(FigureSeries.Column(title: "").text(value))"
      default: nil
      }
    }
  }

  // MARK: Words

  /// The rows one by one; of many the least and the greatest by one column.
  private static func values(
    _ series: FigureSeries, noun: String, at column: Int = 1, _ value: ([Double], FigureSeries.Column) -> String
  ) -> String {
    let x = series.columns[0]
    let y = series.columns[series.columns.count - 1]
    let name = series.label.isEmpty ? "" : "\(series.label): "
    if series.rows.count <= most {
      return name + series.rows.map { "\(x.text($0[0])) \(value($0, y))" }.joined(separator: ", ")
    }
    let sorted = series.rows.sorted { $0[column] < $1[column] }
    guard let low = sorted.first, let high = sorted.last else { return "" }
    let (least, greatest) = ("\(value(low, y)) at \(x.text(low[0]))", "\(value(high, y)) at \(x.text(high[0]))")
    return "\(name)\(sorted.count) \(noun), least \(least), greatest \(greatest)"
  }

  private static func name(_ series: FigureSeries, _ noun: String) -> String {
    series.label.isEmpty ? noun : series.label
  }

  private static func range(_ values: [Double], _ column: FigureSeries.Column) -> String {
    guard let low = values.min(), let high = values.max() else { return "nowhere" }
    return low == high ? column.text(low) : "\(column.text(low)) to \(column.text(high))"
  }

  private static func listed(_ words: [String]) -> String {
    let more = words.count - most
    return words.prefix(most).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
