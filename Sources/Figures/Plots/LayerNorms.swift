package import Analysis
package import Learning
import Plotting
import Studies

/// The gradient norm of every layer during training, or the ratio of each layer's norm to that of the next layer towards the
/// output. Ratios below 1 mean vanishing gradients, ratios above 1 exploding gradients.
public struct LayerNorms: Plot, DrawnPlot {
  /// The quantity on the y axis.
  public enum Style: Sendable {
    /// ‖∂E/∂Wˡ‖₂
    case norms
    /// ‖∂E/∂Wˡ‖₂ / ‖∂E/∂Wˡ⁺¹‖₂
    case ratios
  }

  private let style: Style
  private let layers: Int

  /// - Parameter layers: the number of weight layers of the networks.
  public init(layers: Int, as style: Style = .norms) {
    self.layers = layers
    self.style = style
  }

  package var colorParameter: String? { nil }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    guard let network = task.network, network.layers.count != layers else { return task.needsNetwork() }
    return [
      task.mistake(
        "a network of \(NumberText.count(network.layers.count, "layer"))", "it draws \(layers)",
        "Write LayerNorms(layers: \(network.layers.count))")
    ]
  }
  package var statesCount: Bool { true }
  package var quantities: [Quantity] { layers < 1 ? [] : (1...layers).map { .layerGradientNorm($0) } }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let styles = SettingStyle.styles(layers, ordered: true)
    let curves = try quantities.map { try CurveBundle(results, quantity: $0, progress: .step, window: 1) }
    let grid = curves.first?.grid(atMost: 400, logarithmic: look.xKind == .log) ?? []
    let medians = try curves.map { try $0.quantiles(grid, [0.5])[0] }
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    for layer in medians.indices {
      if style == .ratios, layer + 1 == medians.count { continue }
      let points =
        style == .norms
        ? medians[layer] : zip(medians[layer], medians[layer + 1]).map { Point($0.x, $0.y / $1.y) }
      let look = styles[layer]
      marks.append(.line(points, Stroke(look.color, width: 1.4, dash: look.dash)))
      let label = style == .norms ? "layer \(layer + 1)" : "\(layer + 1) : \(layer + 2)"
      legend.append(LegendEntry(label, look.color, dash: look.dash))
      if let last = points.last(where: { $0.y.isFinite }) { marks.append(.endLabel(label, at: last.y, look.color)) }
    }
    if style == .ratios { marks.append(.horizontalRule(1, label: "", Stroke(.gray, width: 0.8))) }
    let title = style == .norms ? "‖∂E/∂Wˡ‖₂" : "gradient norm, layer l / l + 1"
    return PlotContent(
      marks: marks, x: AxisStyle("step", look.xKind ?? .linear), y: AxisStyle(title, look.yKind ?? .log),
      remarks: ["Medians of \(NumberText.count(results.count, "run")); layer 1 is next to the input."],
      legend: legend.count > 1 ? legend : [])
  }
}
