package import Analysis
package import Learning
import Plotting
public import Studies

/// The medians of training and validation loss against the size of a network.
public struct Overcapacity: Plot, DrawnPlot {
  /// The quantity on the x axis.
  public enum Size: Sendable {
    /// The swept width.
    case width
    /// Parameters per training value (sample × output): from 1 on, a network may be able to interpolate.
    case parametersPerValue
  }

  let parameter: String
  private let label: String
  private let size: Size
  package private(set) var colorParameter: String?

  /// Losses against a parameter of whole numbers.
  public init(_ width: Parameter<Int>, against size: Size = .width) {
    parameter = width.name
    label = width.erased.label
    self.size = size
  }

  /// Separate curves for the values of a parameter, for example true and random labels.
  public func color<Value>(by parameter: Parameter<Value>) -> Overcapacity {
    var copy = self
    copy.colorParameter = parameter.name
    return copy
  }

  package var statesCount: Bool { true }
  package var usesDashes: Bool { true }
  package var shownParameters: [String] { [parameter] }
  package func mistakes(_ task: PlotTask) -> [Mistake] { task.needsNetwork() }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    var (bands, lines, rules): ([Mark], [Mark], [Mark]) = ([], [], [])
    let groups = look.groups(results, by: colorParameter)
    let counts = Set(groups.flatMap { $0.results.groups(named: parameter).map(\.results.count) }).sorted()
    let n = counts.map { "\($0)" }.joined(separator: "–")
    var remarks = ["Lines: medians of n = \(n) runs per size; bands: first to third quartile."]
    let solo = groups.count == 1
    var constants = BestConstants()
    for (style, group) in groups {
      let sizes = try group.groups(named: parameter).compactMap { setting, runs in
        try self.x(setting, runs).map { (x: $0, runs: runs) }
      }
      for (metric, isValidation) in [(Metric.finalLoss, false), (.final(.validationLoss), true)] {
        let color = solo && isValidation ? Palette.categories[1] : style.color
        if isValidation, try !group.rows.allSatisfy({ try group.dataset(of: $0)?.validation != nil }) { continue }
        let quartiles = try sizes.map { size in try [0.25, 0.5, 0.75].map { try size.runs.quantile(metric, $0) } }
        guard quartiles.contains(where: { $0[1].isFinite }) else { continue }
        bands.append(
          .band(x: sizes.map(\.x), low: quartiles.map { $0[0] }, high: quartiles.map { $0[2] }, color.opacity(0.15)))
        let points = zip(sizes, quartiles).map { Point($0.x, $1[1]) }
        lines.append(.line(points, Stroke(color, width: 1.5, dash: isValidation ? [4, 2] : [])))
        lines.append(.points(points, isValidation ? .square : .circle, color, radius: 2))
        if !isValidation, let place = try firstInterpolating(sizes.map(\.runs), &constants) {
          lines.append(.points([points[place]], .ring, .black, radius: 4.5))
          if !remarks.contains(Self.ringRemark) { remarks.append(Self.ringRemark) }
        }
        if solo, isValidation, let best = points.filter(\.y.isFinite).min(by: { $0.y < $1.y }) {
          rules.append(.verticalRule(best.x, label: "best", Stroke(.pass, width: 0.9)))
          remarks.append("Green line: the size with the least median validation loss.")
        }
      }
      if solo, let threshold = try interpolationThreshold(sizes) {
        rules.append(.verticalRule(threshold, label: "p = n", Stroke(.gray, width: 0.9)))
        remarks.append("Line p = n: as many parameters as training values.")
      }
    }
    return PlotContent(
      marks: bands + rules + lines, x: axis(results, look), y: AxisStyle("loss E", look.yKind ?? .log),
      remarks: remarks, legend: Self.legend(solo))
  }

  /// The axis of sizes: the widths that were tried are its ticks.
  private func axis(_ results: Results, _ look: PlotLook) -> AxisStyle {
    var x = AxisStyle(size == .width ? label : "parameters per training value", look.xKind ?? .log)
    if size == .width {
      let widths = results.groups(named: parameter).map(\.value)
      x.ticks = widths.compactMap { width in width.number.map { Tick($0, width.title) } }
    }
    return x
  }

  private static func legend(_ solo: Bool) -> [LegendEntry] {
    [
      LegendEntry("training", solo ? Palette.categories[0] : .gray, marker: .circle, hasLine: true),
      LegendEntry("validation", solo ? Palette.categories[1] : .gray, dash: [4, 2], marker: .square),
    ]
  }

  private static let interpolation = 0.01
  private static let ringRemark =
    "Ringed: the least size at which half of the runs interpolate (training loss below "
    + "\(NumberText.percent(interpolation)) of that of the best constant)."

  /// The index of the least size that interpolates; `nil` for a custom distance, whose best constant is not known.
  private func firstInterpolating(_ sizes: [Results], _ constants: inout BestConstants) throws -> Int? {
    for (place, runs) in sizes.enumerated() {
      guard let row = runs.rows.first else { continue }
      if case .custom = row.run.setup.loss { return nil }
      let losses = try constants.relativeLosses(runs)
      if Share(losses.count { $0 < Self.interpolation }, of: losses.count).isHalf { return place }
    }
    return nil
  }

  private func x(_ setting: Setting, _ runs: Results) throws -> Double? {
    size == .width ? setting.number : try Self.perValue(runs)
  }

  private static func perValue(_ runs: Results) throws -> Double? {
    guard let row = runs.rows.first, let data = try runs.dataset(of: row), let network = try runs.network(of: row)
    else {
      return nil
    }
    return Double(network.parameters.count) / Double(data.training.count * data.outputCount)
  }

  /// The size with one parameter per training value, by logarithmic interpolation between the sizes.
  private func interpolationThreshold(_ sizes: [(x: Double, runs: Results)]) throws -> Double? {
    if size == .parametersPerValue { return 1 }
    let ratios = try sizes.map { (x: $0.x, ratio: try Self.perValue($0.runs) ?? .nan) }
    for (a, b) in zip(ratios, ratios.dropFirst()) where a.ratio < 1 && b.ratio >= 1 && a.x > 0 {
      let share = Exact.log(1 / a.ratio) / Exact.log(b.ratio / a.ratio)
      return a.x * Exact.exp(share * Exact.log(b.x / a.x))
    }
    return nil
  }
}
