public import Analysis
package import Learning
import Plotting
import Studies

/// The output of a network over the plane of its two inputs, with the data and the zero line of each first-layer unit.
public struct DecisionBoundary: Plot, DrawnPlot {
  let choice: Results.Choice
  private(set) var showsUnits = true

  /// The boundary of one run's network: the line of the output between the two classes, or the regions in which each of
  /// several outputs is the greatest.
  public init(_ choice: Results.Choice = .middle(.finalLoss)) { self.choice = choice }

  /// Omits the lines w·x + b = 0 of the first layer's units.
  public func withoutUnits() -> DecisionBoundary {
    var copy = self
    copy.showsUnits = false
    return copy
  }

  package var colorParameter: String? { nil }
  package var metrics: [Metric] { choice.metrics }
  package var isReplayed: Bool { true }
  package func mistakes(_ task: PlotTask) -> [Mistake] { task.needsInputs(2) }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    guard let row = try results.run(choice), let data = try results.dataset(of: row), data.inputCount == 2,
      let network = try results.network(of: row)
    else { throw results.nothingToShow("a network of two inputs") }
    let plane = Plane(data)
    let isSingle = data.outputCount == 1
    let middle = Self.middle(data)
    let field = plane.field { isSingle ? network($0)[0] : Self.margin(network($0)) }
    var marks: [Mark] = isSingle ? [] : [Self.regions(network, plane, data.outputCount)]
    var colors: ColorScale?
    if isSingle {
      let scale = Self.colors(data)
      colors = scale
      marks.append(.cells(plane.cells { network($0)[0] }, scale))
      marks.append(.contours(field, levels: [middle], Stroke(.black, width: 1.4)))
    }
    if showsUnits { marks += Self.units(network, plane) }
    let classes = Self.classes(data)
    var legend: [LegendEntry] = []
    for (label, points) in classes.sorted(by: { $0.key < $1.key }) {
      let color = Self.color(label, isSingle)
      marks.append(.points(points, Marker.category(label), .white, radius: 2.9))
      marks.append(.points(points, Marker.category(label), color, radius: 2.2))
      legend.append(LegendEntry(Self.name(label, of: data), color, marker: .category(label)))
    }
    let unit = row.run.setup.data?.isStandardized == true ? " (standardized)" : ""
    var remarks = ["Shown: \(choice.phrase)."]
    if isSingle { remarks.append("Black line: the output is \(NumberText.short(middle)).") }
    if showsUnits { remarks.append("Dashed grey lines: w·x + b = 0 for each unit of the first layer.") }
    return PlotContent(
      marks: marks, x: AxisStyle(data.inputNames[0] + unit, domain: plane.x),
      y: AxisStyle(data.inputNames[1] + unit, domain: plane.y),
      remarks: remarks, colors: colors, legend: legend, aspect: 1.25)
  }

  /// What a legend calls a class: its own name, or the targets that make it.
  static func name(_ label: Int, of data: Dataset) -> String {
    if data.outputCount > 1 { return data.outputNames[label] }
    let targets = (0..<data.training.count).filter { Self.label(data, $0) == label }.map { data.training.targets[$0] }
    guard let low = targets.min(), let high = targets.max() else { return "class \(label)" }
    return low == high
      ? "target \(NumberText.short(low))" : "targets \(NumberText.short(low)) to \(NumberText.short(high))"
  }

  /// The output between the two classes.
  static func middle(_ data: Dataset) -> Double {
    if case .threshold(let threshold) = data.classes { return threshold }
    return ((data.training.targets.min() ?? 0) + (data.training.targets.max() ?? 1)) / 2
  }

  private static func margin(_ outputs: [Double]) -> Double {
    let sorted = outputs.sorted(by: >)
    return sorted.count > 1 ? sorted[0] - sorted[1] : sorted.first ?? 0
  }

  private static func regions(_ network: TrainedNetwork, _ plane: Plane, _ outputs: Int) -> Mark {
    let grid = plane.cells { x in
      let y = network(x)
      return Double(y.indices.max { y[$0] < y[$1] } ?? 0)
    }
    return .cells(grid, classColors(outputs))
  }

  /// The colours of the output of a network with one, of the regions of classes, and of the samples of a class.
  static func colors(_ data: Dataset) -> ColorScale {
    let middle = middle(data)
    let reach = data.training.targets.map { abs($0 - middle) }.max() ?? 1
    return ColorScale(
      "output y", map: .diverging, scale: Scale(.linear, domain: middle - reach...middle + reach), paleness: 0.55)
  }
  static func classColors(_ outputs: Int) -> ColorScale {
    let scale = Scale(.linear, domain: 0...Double(max(1, outputs - 1)))
    return ColorScale("class", map: .classes, scale: scale, paleness: 0.72)
  }
  static func color(_ label: Int, _ isSingle: Bool) -> Color {
    isSingle ? Palette.diverging(label == 0 ? 0 : 1) : Palette.categories[label % 8]
  }

  /// The line w·x + b = 0 of each first-layer unit.
  private static func units(_ network: TrainedNetwork, _ plane: Plane) -> [Mark] {
    guard let layer = network.architecture.layers.first, network.architecture.layers.count > 1 else { return [] }
    return (0..<layer.units).compactMap { unit in
      let (a, b) = (network.parameters[layer.weight(unit, 0)], network.parameters[layer.weight(unit, 1)])
      let c = layer.hasBias ? network.parameters[layer.bias(unit)] : 0
      guard abs(a) + abs(b) > 0 else { return nil }
      let points =
        abs(b) > abs(a)
        ? [plane.x.lowerBound, plane.x.upperBound].map { Point($0, -(a * $0 + c) / b) }
        : [plane.y.lowerBound, plane.y.upperBound].map { Point(-(b * $0 + c) / a, $0) }
      return .line(points, Stroke(.gray, width: 0.8, dash: [4, 2]))
    }
  }

  /// The training points of each class; two for a single output.
  static func classes(_ data: Dataset) -> [Int: [Point]] {
    var result: [Int: [Point]] = [:]
    for i in 0..<data.training.count {
      result[label(data, i), default: []].append(Point(data.training.inputs[2 * i], data.training.inputs[2 * i + 1]))
    }
    return result
  }

  static func label(_ data: Dataset, _ sample: Int) -> Int {
    let targets = data.training.targets[sample * data.outputCount..<(sample + 1) * data.outputCount]
    if data.outputCount == 1 { return targets[targets.startIndex] < middle(data) ? 0 : 1 }
    return (targets.indices.max { targets[$0] < targets[$1] } ?? targets.startIndex) - targets.startIndex
  }

  /// The range of the training inputs with a margin.
  struct Plane {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    private let count = 72

    init(_ data: Dataset) {
      func range(_ column: Int) -> ClosedRange<Double> {
        let values = stride(from: column, to: data.training.inputs.count, by: 2).map { data.training.inputs[$0] }
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let air = low < high ? 0.18 * (high - low) : 1
        return low - air...high + air
      }
      x = range(0)
      y = range(1)
    }

    private func at(_ range: ClosedRange<Double>, _ share: Double) -> Double {
      range.lowerBound + share * (range.upperBound - range.lowerBound)
    }

    func field(_ value: ([Double]) -> Double) -> Field {
      let xs = (0...count).map { at(x, Double($0) / Double(count)) }
      let ys = (0...count).map { at(y, Double($0) / Double(count)) }
      return Field(x: xs, y: ys, values: ys.map { y in xs.map { value([$0, y]) } })
    }

    func cells(_ value: ([Double]) -> Double) -> CellGrid {
      func centers(_ range: ClosedRange<Double>) -> [Double] {
        (0..<count).map { at(range, (Double($0) + 0.5) / Double(count)) }
      }
      func edges(_ range: ClosedRange<Double>) -> [Double] { (0...count).map { at(range, Double($0) / Double(count)) } }
      return CellGrid(
        xEdges: edges(x), yEdges: edges(y), values: centers(y).map { y in centers(x).map { value([$0, y]) } })
    }
  }
}
