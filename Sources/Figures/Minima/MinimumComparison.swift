import Analysis
public import Plotting
import Studies

/// A comparison of the end points of runs of one setting: their shares, the loss between them, their Hessian spectra and the
/// network's outputs. It holds plain numbers of any source.
public struct MinimumComparison: Sendable {
  /// One end point.
  public struct Entry: Sendable {
    /// The name in the figure.
    public var name: String
    /// The loss.
    public var loss: Double
    /// The number of runs that ended here.
    public var count: Int
    /// The class: "strict minimum", "saddle" …; empty if it is unknown.
    public var kind: String
    /// The eigenvalues of the Hessian, in any order.
    public var eigenvalues: [Double]
    /// The network's output over its single input; empty for other networks.
    public var function: [Point]
    /// The output over two inputs; `nil` for other networks.
    public var surface: Field?

    /// One end point with its numbers.
    public init(
      name: String, loss: Double, count: Int, kind: String = "", eigenvalues: [Double] = [], function: [Point] = [],
      surface: Field? = nil
    ) {
      (self.name, self.loss, self.count, self.kind) = (name, loss, count, kind)
      (self.eigenvalues, self.function, self.surface) = (eigenvalues, function, surface)
    }
  }

  /// The loss along a line between two end points, with positions from 0 at the first to 1 at the second.
  public struct Passage: Sendable {
    /// The name in the figure.
    public var name: String
    /// Position from 0 to 1, and loss.
    public var points: [Point]
    /// Whether the path is bent to avoid high losses. It is dashed, in the colour of the straight line of the same name.
    public var isBent: Bool

    /// The loss along a line.
    public init(name: String, points: [Point], isBent: Bool = false) {
      self.name = name
      self.points = points
      self.isBent = isBent
    }
  }

  /// The end points that are compared.
  public var entries: [Entry]
  /// The lines between them.
  public var passages: [Passage]
  /// The number of all runs, including those that ended elsewhere.
  public var runs: Int

  /// End points, the lines between them and the number of all runs.
  public init(entries: [Entry], passages: [Passage], runs: Int) {
    self.entries = entries
    self.passages = passages
    self.runs = runs
  }

  /// The network's output at each end point, one small chart for each on the same axes, with the data if they are given.
  public func functionGrid(data: [Point] = []) -> ChartGrid {
    let colors = Palette.colors(entries.count, ordered: false)
    let values = entries.compactMap(\.surface).flatMap { $0.values.flatMap(\.self) }
    let scale = values.isEmpty ? nil : ColorScale.fitting("network output y", values, map: .diverging)
    let charts = entries.enumerated().map { index, entry in
      var marks: [Mark] = []
      if let surface = entry.surface, let scale, let x = surface.x.first, let y = surface.y.first {
        let xs = Scale(.linear, domain: x...max(x, surface.x.last ?? x))
        let ys = Scale(.linear, domain: y...max(y, surface.y.last ?? y))
        marks += Surface.marks(surface, x: xs, y: ys, scale, levels: 5, fineness: 48)
      }
      marks.append(.points(data, .ring, .gray, radius: 1.6))
      marks.append(.line(entry.function, Stroke(colors[index], width: 1.5)))
      return Chart(
        title: "\(entry.name): E = \(NumberText.short(entry.loss))", x: AxisStyle("x"),
        y: AxisStyle(scale == nil ? "network output y" : "x₂"), marks: marks)
    }
    let perRow = min(4, max(1, charts.count))
    let rows = stride(from: 0, to: charts.count, by: perRow).map { Array(charts[$0..<min($0 + perRow, charts.count)]) }
    return ChartGrid(rows, colorScale: scale, aspect: perRow > 2 ? 1.05 : 1.4)
  }

  /// A figure of four panels: shares, losses between end points, spectra, outputs. Panels without numbers are omitted.
  public func grid() -> ChartGrid {
    let colors = Palette.colors(entries.count, ordered: false)
    var charts = [census(colors)]
    if !passages.isEmpty { charts.append(interpolation()) }
    if entries.contains(where: { !$0.eigenvalues.isEmpty }) { charts.append(spectra(colors)) }
    if entries.contains(where: { !$0.function.isEmpty }) { charts.append(functions(colors)) }
    let rows =
      charts.count == 1
      ? [charts] : stride(from: 0, to: charts.count, by: 2).map { Array(charts[$0..<min($0 + 2, charts.count)]) }
    let legend = entries.enumerated().map { index, entry in
      let kind = entry.kind.isEmpty ? "" : ", \(entry.kind)"
      return LegendEntry(
        "\(entry.name): E = \(NumberText.short(entry.loss))\(kind)", colors[index], marker: .category(index),
        hasLine: true)
    }
    return ChartGrid(rows, legend: legend, sharesAxes: false, aspect: 1.45)
  }

  private func census(_ colors: [Color]) -> Chart {
    var marks: [Mark] = []
    for (index, entry) in entries.enumerated() {
      let share = Share(entry.count, of: runs)
      let place = Double(index)
      marks.append(.bar(x: place, width: 0.62, y: 100 * share.value, colors[index].opacity(0.75)))
      marks.append(
        .interval(
          x: place, low: 100 * share.interval.lowerBound, high: 100 * share.interval.upperBound,
          Stroke(.black, width: 0.8)))
      marks.append(.text(Text("\(entry.count)", size: 7), at: Point(place + 0.06, 100 * share.value), .bottomLeft))
    }
    return Chart(
      title: "Share of runs", x: AxisStyle("", .ordinal(entries.map(\.name))),
      y: .percent("share of \(runs) runs in %"), marks: marks)
  }

  private func interpolation() -> Chart {
    var marks: [Mark] = [
      .verticalRule(0, label: "", Stroke(.lightGray)), .verticalRule(1, label: "", Stroke(.lightGray)),
    ]
    // A line belongs to two end points: it has the colour of neither.
    let names = passages.map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    for passage in passages {
      let share = Double(names.firstIndex(of: passage.name) ?? 0) / Double(max(1, names.count - 1))
      let color = Palette.viridis(0.86 * share)
      marks.append(.line(passage.points, Stroke(color, width: 1.3, dash: passage.isBent ? [4, 2] : [])))
      let label = passage.isBent ? "\(passage.name), bent" : passage.name
      if let last = passage.points.last { marks.append(.endLabel(label, at: last.y, color)) }
    }
    return Chart(
      title: "Loss between end points", x: AxisStyle("fraction of the path"),
      y: AxisStyle("loss E", isPositive ? .log : .linear),
      marks: marks)
  }

  private var isPositive: Bool { passages.flatMap(\.points).allSatisfy { $0.y > 1e-14 } }

  private func spectra(_ colors: [Color]) -> Chart {
    let largest = entries.flatMap(\.eigenvalues).map(abs).max() ?? 1
    let threshold = max(largest * 1e-6, .leastNormalMagnitude)
    var marks: [Mark] = [.horizontalRule(0, label: "", Stroke(.gray, width: 0.8))]
    for (index, entry) in entries.enumerated() {
      let sorted = entry.eigenvalues.sorted(by: >)
      let points = sorted.enumerated().map { rank, value in
        Point(Double(index) + 0.7 * (Double(rank) + 0.5) / Double(sorted.count) - 0.35, value)
      }
      marks.append(.points(points, .category(index), colors[index], radius: 2))
    }
    return Chart(
      title: "Hessian spectrum", x: AxisStyle("", .ordinal(entries.map(\.name))),
      y: AxisStyle("eigenvalues of the Hessian", .symlog(threshold: threshold)), marks: marks)
  }

  private func functions(_ colors: [Color]) -> Chart {
    let marks: [Mark] = entries.enumerated().flatMap { index, entry -> [Mark] in
      // A few markers, at other inputs for each curve, tell the curves apart without colours.
      let spacing = max(entries.count, entry.function.count / 5)
      let first = (2 * index + 1) * spacing / (2 * max(entries.count, 1))
      let stations = stride(from: first, to: entry.function.count, by: spacing).map { entry.function[$0] }
      return [
        .line(entry.function, Stroke(colors[index], width: 1.4)),
        .points(stations, .category(index), colors[index], radius: 2),
      ]
    }
    return Chart(title: "Network output", x: AxisStyle("x"), y: AxisStyle("network output y"), marks: marks)
  }
}
