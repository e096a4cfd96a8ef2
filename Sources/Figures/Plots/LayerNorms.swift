public import Analysis
public import Learning
import Plotting
import Studies

/// The gradient norm of every layer in the course of training, or the ratio of each layer's to the one above it: below 1
/// and falling with depth, gradients vanish on their way down; above 1, they explode.
public struct LayerNorms: Plot {
  /// The quantity on the y axis.
  public enum Style: Sendable {
    /// ‖∂E/∂Wˡ‖₂
    case norms
    /// ‖∂E/∂Wˡ‖₂ / ‖∂E/∂Wˡ⁺¹‖₂
    case ratios
  }

  private let style: Style
  private let layers: Int

  /// - Parameter layers: how many weight layers the networks have.
  public init(layers: Int, as style: Style = .norms) {
    self.layers = layers
    self.style = style
  }

  public var colorParameter: String? { nil }
  public func mistakes(_ task: PlotTask) -> [Mistake] {
    guard let network = task.network, network.layers.count != layers else { return task.needsNetwork() }
    return [
      task.mistake(
        "a network of \(network.layers.count) layers", "it draws \(layers)",
        "Write LayerNorms(layers: \(network.layers.count))")
    ]
  }
  public var statesCount: Bool { true }
  public var quantities: [Quantity] { layers < 1 ? [] : (1...layers).map { .layerGradientNorm($0) } }

  public func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let colors = Palette.colors(layers, ordered: true)
    let curves = try quantities.map { try CurveBundle(results, quantity: $0, course: .step, window: 1) }
    let grid = curves.first?.grid(atMost: 400, logarithmic: look.xKind == .log) ?? []
    let medians = curves.map { $0.quantile(grid, 0.5) }
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    for layer in medians.indices {
      if style == .ratios, layer + 1 == medians.count { continue }
      let points =
        style == .norms
        ? medians[layer] : zip(medians[layer], medians[layer + 1]).map { Point($0.x, $0.y / $1.y) }
      let stroke = Stroke(colors[layer], width: 1.4, dash: Dash.category(layer))
      marks.append(.line(points, stroke))
      let label = style == .norms ? "layer \(layer + 1)" : "\(layer + 1) : \(layer + 2)"
      legend.append(LegendEntry(label, colors[layer], dash: stroke.dash))
      if let last = points.last(where: { $0.y.isFinite }) { marks.append(.endLabel(label, at: last.y, colors[layer])) }
    }
    if style == .ratios { marks.append(.horizontalRule(1, label: "", Stroke(.gray, width: 0.8, dash: [3, 2]))) }
    let title = style == .norms ? "‖∂E/∂Wˡ‖₂" : "norm of a layer : of the layer above"
    return PlotContent(
      marks: marks, x: AxisStyle("step", look.xKind ?? .linear), y: AxisStyle(title, look.yKind ?? .log),
      remarks: ["Medians of \(results.count) runs; layer 1 is next to the input."],
      legend: legend.count > 1 ? legend : [])
  }
}
