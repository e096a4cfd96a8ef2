package import Analysis
package import Learning
import Plotting
import Studies

/// The vector field −∇E of a function of two variables, coloured by ‖∇E‖₂, with the trajectories of runs.
/// The arrows have one length; contour lines are at ten quantiles of E.
public struct VectorField: Plot, DrawnPlot {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  private let paths: Int

  /// A field over ranges of two variables, with trajectories of some runs.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, paths: Int = 8) {
    self.x = x
    self.y = y
    self.paths = paths
  }

  package var colorParameter: String? { nil }
  package var isReplayed: Bool { true }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    guard task.setup.objective?.parameterCount != 2 else { return [] }
    let value = task.setup.objective.map { "\($0.name), which has \($0.parameterCount) variables" } ?? "a network"
    return [task.mistake(value, "it draws functions of two variables", "Use Setup(objective: …), or leave it out")]
  }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    guard let objective = results.rows.first?.run.setup.objective, objective.parameterCount == 2 else {
      throw results.nothingToShow("a function of two variables")
    }
    func places(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
      (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * (Double($0) + 0.5) / Double(count) }
    }
    let points = places(y, 16).flatMap { y in places(x, 24).map { Point($0, y) } }
    let gradients = points.map { objective([$0.x, $0.y]).gradient }
    let norms = gradients.map { ($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() }
    let colors = ColorScale.fitting("gradient norm ‖∇E‖₂", norms.filter { $0 > 0 }, kind: .log)
    let arrows = zip(zip(points, gradients), norms).compactMap { pair, norm in
      norm > 0 ? Arrow(at: pair.0, direction: Point(-pair.1[0], -pair.1[1]), colors.color(norm) ?? .gray) : nil
    }
    let fine = (places(x, 60), places(y, 60))
    let field = Field(x: fine.0, y: fine.1, values: fine.1.map { y in fine.0.map { objective([$0, y]).value } })
    let values = field.values.flatMap(\.self).filter(\.isFinite).sorted()
    // Levels are quantiles of the values, so that their density does not depend on the slope.
    let levels = values.isEmpty ? [] : (1...10).map { values[min(values.count - 1, values.count * $0 / 11)] }
    var marks: [Mark] = [.contours(field, levels: levels, Stroke(.lightGray, width: 0.8)), .arrows(arrows, length: 11)]
    let shown = results.rows.filter { !$0.summary.hasDiverged }.prefix(paths)
    for row in shown {
      let path = try results.drawnPath(of: row).shown.map { Point($0[0], $0[1]) }
      marks.append(.line(path, Stroke(.black, width: 1)))
      if let start = path.first { marks.append(.points([start], .ring, .black, radius: 2.4)) }
      if let end = path.last { marks.append(.points([end], .diamond, .black, radius: 2.6)) }
    }
    var remarks = ["Arrows: the direction of steepest descent; grey lines: equal values."]
    if !shown.isEmpty {
      remarks.append(
        "Black: trajectories of \(NumberText.count(shown.count, "run")), ring at the start, diamond at the end point.")
    }
    return PlotContent(
      marks: marks, x: AxisStyle("x", domain: x), y: AxisStyle("y", domain: y), remarks: remarks, colors: colors,
      aspect: 1.5)
  }
}
