public import Analysis
package import Learning
import Plotting
import Studies

/// The activations of two hidden units for each training sample, coloured by class.
public struct HiddenFeatures: Plot, DrawnPlot {
  private let layer: Int
  private let units: (Int, Int)
  private let choice: Results.Choice

  /// - Parameters:
  ///   - layer: the hidden layer, 1 next to the input.
  ///   - units: two units of the layer, counted from 1.
  public init(layer: Int = 1, units: (Int, Int) = (1, 2), of choice: Results.Choice = .middle(.finalLoss)) {
    self.layer = layer
    self.units = units
    self.choice = choice
  }

  package var colorParameter: String? { nil }
  package var metrics: [Metric] { choice.metrics }
  package var isReplayed: Bool { true }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    guard let network = task.network else { return task.needsNetwork() }
    let sizes = network.layers.dropLast().map(\.units)
    if sizes.indices.contains(layer - 1), min(units.0, units.1) >= 1, max(units.0, units.1) <= sizes[layer - 1] {
      return []
    }
    return [
      task.mistake(
        "units \(units.0) and \(units.1) of layer \(layer)",
        "the hidden layers have \(sizes.isEmpty ? "no" : sizes.map(String.init).joined(separator: ", ")) units",
        "Choose two units that every network of the sweep has")
    ]
  }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    if let row = try results.run(choice), let data = try results.dataset(of: row),
      let network = try results.network(of: row),
      network.architecture.layers.indices.contains(layer - 1),
      max(units.0, units.1) <= network.architecture.layers[layer - 1].units, min(units.0, units.1) > 0
    {
      var classes: [Int: [Point]] = [:]
      for i in 0..<data.training.count {
        let x = data.training.input(i)
        let a = network.layers(at: x)[layer - 1]
        classes[DecisionBoundary.label(data, i), default: []].append(Point(a[units.0 - 1], a[units.1 - 1]))
      }
      for (label, points) in classes.sorted(by: { $0.key < $1.key }) {
        let color = Palette.categories[label % Palette.categories.count]
        marks.append(.points(points, .category(label), color.opacity(0.7), radius: 2))
        legend.append(LegendEntry(DecisionBoundary.name(label, of: data), color, marker: .category(label)))
      }
    }
    func axis(_ unit: Int) -> AxisStyle { AxisStyle("activation of unit \(unit), layer \(layer)") }
    return PlotContent(
      marks: marks, x: axis(units.0), y: axis(units.1), remarks: ["Shown: \(choice.phrase)."], legend: legend,
      aspect: 1.4)
  }
}
