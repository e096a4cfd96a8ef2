public import Analysis
package import Learning
import Plotting
public import Studies

/// The outputs of networks with one input, one curve per setting, with the training data.
public struct FittedCurves: Plot, DrawnPlot {
  let choice: Results.Choice
  package private(set) var colorParameter: String?

  /// The function of one network per colour, over the range of the training inputs and 4 % on both sides.
  public init(_ choice: Results.Choice = .middle(.finalLoss)) { self.choice = choice }

  /// One colour for each value of a parameter.
  public func color<Value>(by parameter: Parameter<Value>) -> FittedCurves {
    var copy = self
    copy.colorParameter = parameter.name
    return copy
  }

  package var metrics: [Metric] { choice.metrics }
  package var isReplayed: Bool { true }
  package func mistakes(_ task: PlotTask) -> [Mistake] { task.needsInputs(1) }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    var names = (x: "x", y: "y")
    if let row = results.rows.first, let data = try results.dataset(of: row), data.inputCount == 1 {
      names = (data.inputNames[0], data.outputNames.count == 1 ? data.outputNames[0] : "y")
      let points = (0..<data.training.count).flatMap { i in
        (0..<data.outputCount).map { Point(data.training.inputs[i], data.training.targets[i * data.outputCount + $0]) }
      }
      marks.append(.points(points, .ring, .gray, radius: 2.2))
      legend.append(LegendEntry("training data", .gray, marker: .ring))
      let range = Self.range(data)
      let xs = (0...240).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 240 }
      for (style, group) in look.groups(results, by: colorParameter) {
        guard let row = try group.run(choice), let network = try group.network(of: row) else { continue }
        let outputs = xs.map { network([$0]) }
        for output in 0..<data.outputCount {
          marks.append(
            .line(zip(xs, outputs).map { Point($0, $1[output]) }, Stroke(style.color, width: 1.3, dash: style.dash)))
        }
      }
    }
    return PlotContent(
      marks: marks, x: AxisStyle(names.x), y: AxisStyle(names.y),
      remarks: ["Curves: \(choice.phrase) of each setting."],
      legend: legend)
  }

  /// The range of the training inputs and 4 % on both sides.
  static func range(_ data: Dataset) -> ClosedRange<Double> {
    let (low, high) = (data.training.inputs.min() ?? 0, data.training.inputs.max() ?? 1)
    return low - 0.04 * (high - low)...high + 0.04 * (high - low)
  }
}

extension Results.Choice {
  /// The metrics that the choice needs.
  var metrics: [Metric] {
    switch self {
    case .best(let metric), .middle(let metric), .worst(let metric): [metric]
    case .seed, .firstSeed: []
    }
  }

  /// The choice in words, for captions.
  var phrase: String {
    switch self {
    case .best(let metric): "the run with the best \(metric.title)"
    case .middle(let metric): "the run with the median \(metric.title)"
    case .worst(let metric): "the run with the worst \(metric.title)"
    case .seed(let seed): "the run with seed \(seed)"
    case .firstSeed: "the run with the first seed"
    }
  }
}
