package import Analysis
public import Learning
import Plotting
public import Studies

/// A recorded quantity during training: the median over the runs of a colour, a band of quantiles, single runs.
/// Losses and norms have a logarithmic axis unless the figure sets another one.
public struct Curve: Plot, DrawnPlot {
  /// The measure of training time on the x axis.
  public enum Progress: Sendable {
    /// Steps.
    case step
    /// The number of samples seen: steps × batch size.
    case sample
  }

  /// The band around the median.
  public enum Band: Sendable {
    /// No band.
    case none
    /// The middle half of the runs.
    case quartiles
    /// From the first to the ninth decile of the runs.
    case deciles

    var levels: (low: Double, high: Double)? {
      switch self {
      case .none: nil
      case .quartiles: (0.25, 0.75)
      case .deciles: (0.1, 0.9)
      }
    }
  }

  let quantity: Quantity
  let progress: Progress
  package private(set) var colorParameter: String?
  private var band = Band.none
  private var showsRuns = false
  private var window = 1
  private var isDashed = false
  private var hasBaseline = false

  /// A recorded quantity against steps or samples.
  public init(_ quantity: Quantity, over progress: Progress = .step) {
    self.quantity = quantity
    self.progress = progress
  }

  /// One colour for each value of a parameter.
  public func color<Value>(by parameter: Parameter<Value>) -> Curve { with { $0.colorParameter = parameter.name } }
  /// The band around the median.
  public func band(_ band: Band) -> Curve { with { $0.band = band } }
  /// Adds a faint line for each run, behind the median.
  public func runs() -> Curve { with { $0.showsRuns = true } }
  /// Smooths each run by a running mean over a number of steps, for noisy losses of single samples.
  public func smoothed(over steps: Int) -> Curve { with { $0.window = max(1, steps) } }
  /// Draws dashed lines, for example for validation beside training.
  public func dashed() -> Curve { with { $0.isDashed = true } }

  /// Adds a dotted line for the best constant output and a line of dashes and dots for the linear model, measured on the same data.
  public func baseline() -> Curve { with { $0.hasBaseline = true } }

  private func with(_ change: (inout Curve) -> Void) -> Curve {
    var copy = self
    change(&copy)
    return copy
  }

  /// Whether it shows values of runs as they are, against the step.
  var showsPlainSteps: Bool {
    guard case .step = progress else { return false }
    return window == 1
  }

  package var statesCount: Bool { true }
  package var quantities: [Quantity] { [quantity] }
  package var usesDashes: Bool { isDashed || hasBaseline }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    hasBaseline ? task.hasBaseline(quantity.hasBaseline, quantity.title) : []
  }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let isLogX = look.xKind == .log
    var bands: [Mark] = []
    var singles: [Mark] = []
    var traces: [RunTrace] = []
    var medians: [Mark] = []
    let groups = look.groups(results, by: colorParameter)
    let sample = SingleRuns(of: look.figure)
    for (style, group) in groups {
      let bundle = try CurveBundle(group, quantity: quantity, progress: progress, window: window)
      let color = style.color
      let grid = bundle.grid(atMost: 900, logarithmic: isLogX)
      if showsRuns {
        let faint = Stroke(color.opacity(max(0.06, min(0.35, 4 / Double(max(1, group.count))))), width: 0.5)
        let runs = try bundle.single(sample)
        singles.append(.bundle(runs.map(\.points), faint))
        traces += runs
      }
      let lines = try bundle.quantiles(grid, [0.5] + (band.levels.map { [$0.low, $0.high] } ?? []))
      if lines.count == 3 { bands += CurveBundle.band(lines[1], lines[2], color, among: groups.count) }
      let dash = isDashed ? Self.dash : style.dash
      medians.append(.line(lines[0], Stroke(color, width: 1.5, dash: dash)))
    }
    let x = AxisStyle(progress == .step ? "step" : "samples seen", look.xKind ?? .linear, including: isLogX ? [] : [0])
    let isLogY = look.yKind.map { $0 == .log } ?? (quantity.isMagnitude && !medians.contains(where: Self.hasZero))
    var remarks = remarks(groups.map(\.results.count), sample)
    var y = AxisStyle(title(results), isLogY ? .log : look.yKind ?? .linear).within(quantity.limits)
    if results.divergedCount > 0, let top = Self.start(medians) {
      // Diverging curves leave by the top; they must not set the scale of those that do not.
      y.ceiling = 3 * top
    }
    if isLogY, !look.hasYRange, quantity.isLoss, let floor = Self.floor(medians) {
      y.floor = floor.value
      remarks.append(floor.remark("curves"))
    }
    if isLogY, medians.contains(where: Self.hasZero) {
      remarks.append("A median of exactly 0 cannot be shown on a logarithmic axis and is not drawn.")
    }
    if hasBaseline {
      let baselines = try BaselineLines(.final(quantity), groups, of: look.figure)
      medians += baselines.rules()
      remarks.append(baselines.remark)
    }
    let legend = isDashed ? [LegendEntry(quantity.title, .gray, dash: Self.dash)] : []
    var content = PlotContent(marks: bands + singles + medians, x: x, y: y, remarks: remarks, legend: legend)
    content.traces = traces
    return content
  }

  private static let dash: [Double] = [4, 2]

  /// The axis says whose loss it is: with smaller batches the loss of a step is not that of the data.
  private func title(_ results: Results) -> String {
    guard quantity == .loss else { return quantity.title }
    let setups = results.setups
    if setups.allSatisfy(\.seesAllSamples) { return "training loss E" }
    let drops = setups.allSatisfy { $0.network?.dropoutRate ?? 0 > 0 }
    return "loss of the step’s batch" + (drops ? ", with dropout" : "")
  }

  private static func hasZero(_ mark: Mark) -> Bool {
    if case .line(let points, _) = mark { points.contains { $0.y <= 0 } } else { false }
  }

  /// The greatest first value of the curves that stay finite; of all where none does.
  private static func start(_ medians: [Mark]) -> Double? {
    let curves = medians.compactMap { if case .line(let points, _) = $0 { points.map(\.y) } else { nil } }
    let stable = curves.filter { $0.allSatisfy(\.isFinite) }
    return (stable.isEmpty ? curves : stable).compactMap { $0.first(where: \.isFinite) }.max()
  }

  /// The floor under the highest point that the curves begin at.
  private static func floor(_ medians: [Mark]) -> LossFloor? {
    let values = medians.flatMap { mark -> [Double] in
      if case .line(let points, _) = mark { points.map(\.y) } else { [] }
    }
    return LossFloor(below: start(medians), values: values)
  }

  private func remarks(_ counts: [Int], _ sample: SingleRuns) -> [String] {
    let low = counts.min() ?? 0
    let high = counts.max() ?? 0
    let n = low == high ? "\(low)" : "\(low)–\(high)"
    if isDashed { return ["Dashed: \(quantity.title)."] }
    guard high > 1 else { return ["One run per line."] }
    var sentence = "Lines: median of \(n) runs"
    switch band {
    case .none: break
    case .quartiles: sentence += "; bands: first to third quartile"
    case .deciles: sentence += "; bands: first to ninth decile"
    }
    if showsRuns { sentence += "; \(sample.lines)" }
    if window > 1 { sentence += "; each run smoothed by a running mean of \(window) steps" }
    return [sentence + "."]
  }
}
