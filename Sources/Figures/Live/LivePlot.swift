import Analysis
import Documents
import Learning
import Plotting
import Studies

/// A plot over which a page can draw its runs.
enum LivePlot {
  case curve(Curve)
  case boundary(DecisionBoundary)
  case function(FittedCurves)
  case surface(LossSurface)
  case field(VectorField)

  /// The plot of a figure; `nil` where a page can draw nothing over it.
  init?(_ figure: Figure) {
    guard figure.drawing == nil, figure.plots.count == 1, figure.insets.isEmpty else { return nil }
    switch figure.plots.first {
    case let curve as Curve where curve.showsPlainSteps && [.loss, .gradientNorm].contains(curve.quantity):
      self = .curve(curve)
    case let boundary as DecisionBoundary: self = .boundary(boundary)
    case let function as FittedCurves: self = .function(function)
    case let surface as LossSurface where surface.coordinates != nil: self = .surface(surface)
    case let field as VectorField: self = .field(field)
    default: return nil
    }
  }

  /// Whether one run is drawn, and not many with their median.
  var showsOneRun: Bool { if case .curve = self { false } else { true } }

  /// The controls that mean something for it.
  var controls: [Figure.LiveControl] {
    switch self {
    case .curve, .boundary, .function: Figure.LiveControl.allCases.filter { $0 != .start }
    case .surface: [.learningRate, .optimizer, .batchSize, .seeds, .start]
    case .field: [.learningRate, .optimizer, .start]
    }
  }

  /// The run that the page begins with.
  func row(_ results: Results) throws -> Results.Row? {
    switch self {
    case .boundary(let boundary): try results.run(boundary.choice)
    case .function(let function): try results.run(function.choice)
    case .surface(let surface): try results.run(surface.choice)
    case .curve, .field: results.rows.min { $0.seed < $1.seed }
    }
  }

  /// What the page draws; `nil` where the run is not such.
  func drawing(_ results: Results, _ row: Results.Row) throws -> Document.Figure.Live.Drawing? {
    switch self {
    case .curve(let curve): return .curve(ofGradientNorm: curve.quantity == .gradientNorm)
    case .boundary(let boundary):
      return try results.dataset(of: row).map { .plane(boundary.live($0)) }
    case .function:
      return try results.dataset(of: row).map { .function(FittedCurves.range($0)) }
    case .surface(let surface):
      guard let (i, j) = surface.coordinates else { return nil }
      // The plane of the figure passes through the end point: there are the other parameters at the start.
      let first = try results.trajectory(of: row, at: [0])[0]
      var start = try results.finalParameters(of: row)
      (start[i], start[j]) = (first[i], first[j])
      return .path(.init(axes: [i, j], start: start))
    case .field: return .path(.init(axes: [0, 1], start: try results.trajectory(of: row, at: [0])[0]))
    }
  }
}

extension DecisionBoundary {
  /// The plane that a page draws: the same range, colours, lines and samples.
  func live(_ data: Dataset) -> Document.Figure.Live.Plane {
    let (plane, middle) = (Plane(data), Self.middle(data))
    let isSingle = data.outputCount == 1
    let scale = isSingle ? Self.colors(data) : Self.classColors(data.outputCount)
    let (low, high) = (scale.scale.domain.lowerBound, scale.scale.domain.upperBound)
    let count = isSingle ? 65 : data.outputCount
    return .init(
      x: plane.x, y: plane.y, level: isSingle ? middle : nil,
      colors: (0..<count).compactMap { scale.color(low + (high - low) * Double($0) / Double(max(1, count - 1))) },
      outputs: low...high, showsUnits: showsUnits,
      classes: (0..<max(2, data.outputCount)).map { Self.color($0, isSingle) })
  }
}
