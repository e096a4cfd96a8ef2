public import Analysis
package import Learning
import Plotting
import Studies

/// The graph of a network: one line per weight, with a width proportional to |w|, blue for negative and red for positive weights.
public struct NetworkGraph: Plot, DrawnPlot {
  private let choice: Results.Choice
  /// The greatest number of units of a layer that are drawn; the caption gives the number of larger layers.
  private static let most = 16

  /// The network of one run.
  public init(_ choice: Results.Choice = .middle(.finalLoss)) { self.choice = choice }

  package var colorParameter: String? { nil }
  package var metrics: [Metric] { choice.metrics }
  package var isReplayed: Bool { true }
  package func mistakes(_ task: PlotTask) -> [Mistake] { task.needsNetwork() }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    guard let row = try results.run(choice), let network = try results.network(of: row) else {
      throw results.nothingToShow("a network")
    }
    let data = try results.dataset(of: row)
    let others = try look.frames.compactMap { runs in try runs.run(choice).flatMap { try runs.network(of: $0) } }
    return Self.picture(
      network, among: others, inputs: data?.inputNames ?? [], outputs: data?.outputNames ?? [],
      "Shown: \(choice.phrase).")
  }

  /// The graph of any network.
  /// - Parameter others: networks in other frames of the figure: a width stands for the same |w| in all of them.
  static func picture(
    _ network: TrainedNetwork, among others: [TrainedNetwork] = [], inputs: [String], outputs: [String],
    _ remark: String
  ) -> PlotContent {
    let graph = Layout(network, among: others)
    let (edges, weights) = graph.edges()
    var remarks = [
      remark, "Line width: |w|, at most \(NumberText.short(graph.largest)); blue: negative, red: positive.",
    ]
    if let hidden = graph.sizes.filter({ $0 > most }).max() {
      remarks.append("Of \(hidden) units in a layer, \(most) are drawn.")
    }
    let depth = Double(graph.sizes.count - 1)
    return PlotContent(
      marks: edges + graph.nodes + weights + graph.names(inputs, outputs),
      x: AxisStyle("", domain: -0.45...depth + 0.45),
      y: AxisStyle("", domain: -1.2...1.2), remarks: remarks, hasAxes: false, aspect: 2.4)
  }

  /// Where units are, layer by layer from the left, and the marks that stand for them and for their weights.
  private struct Layout {
    let network: TrainedNetwork
    let sizes: [Int]
    let largest: Double

    init(_ network: TrainedNetwork, among others: [TrainedNetwork]) {
      self.network = network
      sizes = [network.architecture.inputs] + network.architecture.layers.map(\.units)
      let weights = ([network] + others).flatMap { network in
        network.architecture.layers.flatMap { layer in
          (0..<layer.weightCount).map { abs(network.parameters[layer.offset + $0]) }
        }
      }
      largest = max(weights.filter(\.isFinite).max() ?? 1, .leastNormalMagnitude)
    }

    private func shown(_ layer: Int) -> Int { min(sizes[layer], most) }

    /// A unit's place; the units of a layer are centred, the first on top.
    private func place(_ layer: Int, _ unit: Int) -> Point {
      let count = shown(layer)
      guard count > 1 else { return Point(Double(layer), 0) }
      let gap = 2 / Double(count - 1) * min(1, Double(count) / 6)
      return Point(Double(layer), gap * (Double(count - 1) / 2 - Double(unit)))
    }

    /// A line for each weight, the widest last, and the values of few weights.
    func edges() -> (lines: [Mark], values: [Mark]) {
      let layers = network.architecture.layers
      let hasValues = layers.reduce(0) { $0 + $1.weightCount } <= 12
      var (edges, values): ([(share: Double, line: Mark)], [Mark]) = ([], [])
      for (index, layer) in layers.enumerated() {
        for unit in 0..<shown(index + 1) {
          for input in 0..<shown(index) {
            let weight = network.parameters[layer.weight(unit, input)]
            let share = abs(weight) / largest
            let color = Palette.diverging(weight < 0 ? 0.06 : 0.94).opacity(0.35 + 0.65 * share)
            let (a, b) = (place(index, input), place(index + 1, unit))
            edges.append((share, .line([a, b], Stroke(color, width: 0.3 + 4 * share))))
            guard hasValues else { continue }
            // Labels are placed near one end of their line, at different positions, because lines cross in the middle.
            let at = 0.25 + 0.2 * Double(input % 2)
            let point = Point(a.x + at * (b.x - a.x), a.y + at * (b.y - a.y))
            values.append(.tag(Text(NumberText.short(weight), size: 6.5), at: point, .center))
          }
        }
      }
      return (edges.sorted { $0.share < $1.share }.map(\.line), values)
    }

    var nodes: [Mark] {
      sizes.indices.flatMap { layer -> [Mark] in
        let points = (0..<shown(layer)).map { place(layer, $0) }
        return [
          .points(points, .circle, .black, radius: 6.2), .points(points, .circle, .white, radius: 5.4),
        ]
      }
    }

    /// Names of inputs on the left, of outputs on the right.
    func names(_ inputs: [String], _ outputs: [String]) -> [Mark] {
      func column(_ names: [String], _ layer: Int, _ side: Double, _ anchor: Anchor) -> [Mark] {
        names.prefix(most).enumerated().map { unit, name in
          let point = place(layer, unit)
          return .text(Text(name, size: 8), at: Point(point.x + side, point.y), anchor)
        }
      }
      return column(inputs, 0, -0.09, .right) + column(outputs, sizes.count - 1, 0.09, .left)
    }
  }
}
