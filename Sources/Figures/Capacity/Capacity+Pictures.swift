public import Analysis
import Documents
import Learning
public import Plotting
import Studies

extension ReportTable {
  /// A table with the measurements and the verdict of each width: `ReportTable(of: capacity)`, where `capacity` is a function
  /// of the runs.
  public init(
    _ caption: String = "", of capacity: @escaping @Sendable (_ results: Results) throws -> Capacity
  ) {
    self.init { results in
      var table = try capacity(results).table
      if !caption.isEmpty { table.caption = Markdown.inlines("\(caption): ") + table.caption }
      return table
    }
  }
}

extension Capacity {
  var table: Document.Table {
    let hasRandom = widths.contains { $0.random != nil }
    let hasRise = widths.contains { $0.rise != nil }
    let hasDiverged = widths.contains { $0.diverged + ($0.random?.diverged ?? 0) > 0 }
    var columns: [Document.Column] = [
      .number(symbol), .number("p : n"), .number("training"), .number("validation"), .number("over best"),
      .number("95 %"), .number("fitted"),
    ]
    if hasRandom { columns.append(.number("random left")) }
    if hasRise { columns.append(.number("rise")) }
    if hasDiverged { columns.append(.number("diverged")) }
    columns.append("verdict")
    let rows = widths.map { width in
      var row = [
        "\(width.width)", NumberText.short(width.parametersPerValue), NumberText.short(width.training.median),
        NumberText.short(width.validation.median), NumberText.short(width.toBest.median),
        width.width == best.width ? "–" : Self.range(width.toBest),
        "\(width.interpolating.successes)" + (width.random.map { " / \($0.interpolating.successes)" } ?? ""),
      ]
      if hasRandom { row.append(width.random.map { Self.share($0.left.median) } ?? "–") }
      if hasRise { row.append(width.rise.map { NumberText.short($0.median) } ?? "–") }
      if hasDiverged { row.append("\(width.diverged + (width.random?.diverged ?? 0))") }
      return row + [width.verdict.rawValue]
    }
    let definitions =
      [
        "medians of \(counts) runs", "p : n, parameters per training value",
        "over best, validation loss divided by that of the best width",
        "fitted, runs that interpolate\(hasRandom ? " true / random labels" : "")",
      ] + (hasRandom ? ["random left, training loss on random labels in % of the best constant's"] : [])
      + (hasRise ? ["rise, final validation loss divided by the least of its run"] : [])
    return Document.Table(definitions.joined(separator: "; "), columns, rows)
  }

  private static func range(_ ratio: PairedRatio) -> String {
    ratio.interval.map { "\(NumberText.short($0.lowerBound))–\(NumberText.short($0.upperBound))" } ?? "–"
  }

  private static func share(_ share: Double) -> String { share < 1e-3 ? "0.0 %" : NumberText.percent(share) }

  /// A figure of two panels: the share of runs that interpolate true and random labels, and the ratio of the validation loss to
  /// that of the best width.
  public func grid() -> ChartGrid {
    let place = Sensitivity.Placement(widths.map { .integer($0.width) }, kind: nil)
    func x(_ width: Width, shift: Double) -> Double {
      place.x(.integer(width.width)).map { place.jittered($0, share: shift) } ?? .nan
    }
    var axis = AxisStyle(parameter.label, place.kind, domain: place.domain).inWholeNumbers()
    axis.ticks = widths.map { Tick(x($0, shift: 0), "\($0.width)") }
    return ChartGrid(
      [[interpolationPanel(axis, x), validationPanel(axis) { x($0, shift: 0) }]], sharesAxes: false, aspect: 1.25)
  }

  private func interpolationPanel(_ axis: AxisStyle, _ x: (_ width: Width, _ shift: Double) -> Double) -> Chart {
    let stroke = Stroke(Palette.categories[0], width: 1.3)
    var legend = [LegendEntry("true labels", stroke.color, marker: .circle, hasLine: true)]
    var marks: [Mark] = [.horizontalRule(50, label: "", Stroke(.gray, width: 0.8))]
    marks += Self.shares(widths.map { (x($0, -0.06), $0.interpolating) }, .circle, stroke)
    let random = widths.compactMap { width in width.random.map { (x: x(width, 0.06), share: $0.interpolating) } }
    if !random.isEmpty {
      let dashed = Stroke(Palette.categories[1], width: 1.3, dash: [4, 2])
      marks += Self.shares(random, .square, dashed)
      legend.append(LegendEntry("random labels", dashed.color, dash: dashed.dash, marker: .square))
    }
    return Chart(
      title: "Which widths interpolate?", x: axis,
      y: AxisStyle("share of \(counts) runs in %", domain: 0...100).within(0...100), marks: marks, legend: legend)
  }

  private func validationPanel(_ axis: AxisStyle, _ x: (Width) -> Double) -> Chart {
    var marks: [Mark] = [.horizontalRule(1, label: "", Stroke(.gray, width: 0.8))]
    var legend: [LegendEntry] = []
    for (index, verdict) in Verdict.allCases.enumerated() {
      let own = widths.filter { $0.verdict == verdict }
      guard !own.isEmpty else { continue }
      for width in own {
        guard let interval = width.toBest.interval else { continue }
        let stroke = Stroke(verdict.color, width: 1)
        marks.append(.interval(x: x(width), low: interval.lowerBound, high: interval.upperBound, stroke))
      }
      let marker = Marker.category(index)
      marks.append(.points(own.map { Point(x($0), $0.toBest.median) }, marker, verdict.color, radius: 2.6))
      legend.append(LegendEntry("\(verdict)", verdict.color, marker: marker))
    }
    return Chart(
      title: "Which validate worse?", x: axis, y: AxisStyle("validation loss over the best's", .log), marks: marks,
      legend: legend)
  }

  private static func shares(_ points: [(x: Double, share: Share)], _ marker: Marker, _ stroke: Stroke) -> [Mark] {
    let places = points.map { Point($0.x, 100 * $0.share.value) }
    let intervals = points.map { point in
      Mark.interval(
        x: point.x, low: 100 * point.share.interval.lowerBound, high: 100 * point.share.interval.upperBound,
        Stroke(stroke.color, width: 0.9))
    }
    return intervals + [.line(places, stroke), .points(places, marker, stroke.color, radius: 2.3)]
  }
}

extension Capacity.Verdict {
  /// Green where the width is right, blue below it, from yellow to red above it, grey where nothing can be said.
  var color: Color {
    switch self {
    case .tooSmall: Palette.categories[4]
    case .fits: Palette.categories[2]
    case .spare: Palette.categories[7]
    // A dark red: the vermilion of the palette is the colour of random labels in the panel beside.
    case .over: Color(0x8B1E1E)
    case .critical: Palette.categories[3]
    case .worse: Palette.categories[5]
    case .idle, .undecided: .gray
    case .diverges: .black
    }
  }
}
