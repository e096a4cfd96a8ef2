public import Analysis
public import Learning
import Plotting
import Studies

/// The graph of a network: one line per weight, with a width proportional to |w|, blue for negative and red for positive weights.
public struct NetworkGraph: Plot {
  private let choice: Results.Choice
  /// The greatest number of units of a layer that are drawn; the caption gives the number of larger layers.
  private static let most = 16

  /// The network of one run.
  public init(_ choice: Results.Choice = .middle(.finalLoss)) { self.choice = choice }

  public var colorParameter: String? { nil }
  public var metrics: [Metric] { choice.metrics }
  public func mistakes(_ task: PlotTask) -> [Mistake] { task.needsNetwork() }

  public func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    guard let row = try results.run(choice), let network = try results.network(of: row) else {
      throw results.nothingToShow("a network")
    }
    let data = try results.dataset(of: row)
    return Self.picture(
      network, inputs: data?.inputNames ?? [], outputs: data?.outputNames ?? [], "Shown: \(choice.phrase).")
  }

  /// The graph of any network.
  static func picture(_ network: TrainedNetwork, inputs: [String], outputs: [String], _ remark: String) -> PlotContent {
    let shape = network.architecture
    let sizes = [shape.inputs] + shape.layers.map(\.units)
    func place(_ layer: Int, _ unit: Int) -> Point {
      let shown = min(sizes[layer], most)
      return Point(Double(layer), shown == 1 ? 0 : 1 - 2 * Double(unit) / Double(shown - 1) * min(1, Double(shown) / 6))
    }
    func centered(_ layer: Int, _ unit: Int) -> Point {
      let shown = min(sizes[layer], most)
      let top = place(layer, 0).y
      let bottom = place(layer, shown - 1).y
      return Point(Double(layer), place(layer, unit).y - (top + bottom) / 2)
    }
    let weights = shape.layers.flatMap { layer in
      (0..<layer.weightCount).map { abs(network.parameters[layer.offset + $0]) }
    }
    let largest = max(weights.max() ?? 1, .leastNormalMagnitude)
    var (edges, nodes, labels): ([(Double, Mark)], [Mark], [Mark]) = ([], [], [])
    for (index, layer) in shape.layers.enumerated() {
      for unit in 0..<min(layer.units, most) {
        for input in 0..<min(layer.inputs, most) {
          let weight = network.parameters[layer.weight(unit, input)]
          let share = abs(weight) / largest
          let color = Palette.diverging(weight < 0 ? 0.06 : 0.94).opacity(0.35 + 0.65 * share)
          let stroke = Stroke(color, width: 0.3 + 4 * share)
          edges.append((share, .line([centered(index, input), centered(index + 1, unit)], stroke)))
          if weights.count <= 12 {
            let (a, b) = (centered(index, input), centered(index + 1, unit))
            // Labels are placed near one end of their line, at different positions, because lines cross in the middle.
            let at = 0.25 + 0.2 * Double(input % 2)
            labels.append(
              .tag(
                Text(NumberText.short(weight), size: 6.5), at: Point(a.x + at * (b.x - a.x), a.y + at * (b.y - a.y)),
                .center))
          }
        }
      }
    }
    for layer in sizes.indices {
      let points = (0..<min(sizes[layer], most)).map { centered(layer, $0) }
      nodes.append(.points(points, .circle, .black, radius: 6.2))
      nodes.append(.points(points, .circle, .white, radius: 5.4))
      let names = layer == 0 ? inputs : layer == sizes.count - 1 ? outputs : []
      for (unit, name) in names.prefix(most).enumerated() {
        let point = centered(layer, unit)
        let side = layer == 0 ? -0.09 : 0.09
        labels.append(
          .text(Text(name, size: 8), at: Point(point.x + side, point.y), layer == 0 ? .right : .left))
      }
    }
    var remarks = [
      remark, "Line width: |w|, at most \(NumberText.short(largest)); blue: negative, red: positive.",
    ]
    if let hidden = sizes.filter({ $0 > most }).max() {
      remarks.append("Of \(hidden) units in a layer, \(most) are drawn.")
    }
    let depth = Double(sizes.count - 1)
    return PlotContent(
      marks: edges.sorted { $0.0 < $1.0 }.map(\.1) + nodes + labels, x: AxisStyle("", domain: -0.45...depth + 0.45),
      y: AxisStyle("", domain: -1.2...1.2), remarks: remarks, hasAxes: false, aspect: 2.4)
  }
}
