public import Analysis
public import Learning
public import Plotting
public import Studies

/// A picture of the runs: plots that share axes, repeated over facets.
public struct Figure: CellDeclaration, Sendable {
  package let title: String
  package let plots: [any Plot]
  /// Draws freely instead of from plots.
  let drawing: (@Sendable (Results) throws -> ChartGrid)?
  var columnParameter: String?
  var rowParameter: String?
  package var selection: [Selection] = []
  var pooled: [String] = []
  var xKind: Scale.Kind?
  var yKind: Scale.Kind?
  var xDomain: ClosedRange<Double>?
  var yDomain: ClosedRange<Double>?
  var hasOwnAxes = false
  var remark = ""
  var insets: [(figure: Figure, place: Rect)] = []

  /// Plots over shared axes.
  public init(_ title: String, @PlotBuilder plots: () -> [any Plot]) {
    self.title = title
    self.plots = plots()
    drawing = nil
  }

  /// A figure drawn by hand from the results.
  public init(_ title: String, drawing: @escaping @Sendable (_ results: Results) throws -> ChartGrid) {
    self.title = title
    plots = []
    self.drawing = drawing
  }

  public var cell: Cell { .figure(self) }

  /// One panel for each value of a parameter, side by side.
  public func facets<Value>(columns parameter: Parameter<Value>) -> Figure {
    with { $0.columnParameter = parameter.name }
  }

  /// One row of panels for each value of a parameter.
  public func facets<Value>(rows parameter: Parameter<Value>) -> Figure { with { $0.rowParameter = parameter.name } }

  /// A grid of panels: one row for each value of a parameter, one column for each value of another.
  public func facets<Row, Column>(rows: Parameter<Row>, columns: Parameter<Column>) -> Figure {
    facets(rows: rows).facets(columns: columns)
  }

  /// Only the runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> Figure {
    with { $0.selection.append(Selection(parameter, value)) }
  }

  /// Takes the values of a parameter together, as if they were seeds: says that leaving it free is meant.
  public func pooling<Value>(_ parameter: Parameter<Value>) -> Figure { with { $0.pooled.append(parameter.name) } }

  /// Each panel has axes of its own, for facets whose values lie far apart.
  public func ownAxes() -> Figure { with { $0.hasOwnAxes = true } }

  /// The scale of the x axis.
  public func xScale(_ kind: Scale.Kind) -> Figure { with { $0.xKind = kind } }
  /// The scale of the y axis.
  public func yScale(_ kind: Scale.Kind) -> Figure { with { $0.yKind = kind } }
  /// The range of the x axis.
  public func xRange(_ range: ClosedRange<Double>) -> Figure { with { $0.xDomain = range } }
  /// The range of the y axis.
  public func yRange(_ range: ClosedRange<Double>) -> Figure { with { $0.yDomain = range } }

  /// A second look at the same runs in a corner: `place` in shares of the panel, from its top left.
  public func inset(at place: Rect, _ figure: Figure) -> Figure { with { $0.insets.append((figure, place)) } }

  /// A sentence in front of what the caption says by itself (n, band, diverged runs).
  public func caption(_ sentence: String) -> Figure { with { $0.remark = sentence } }

  private func with(_ change: (inout Figure) -> Void) -> Figure {
    var copy = self
    change(&copy)
    return copy
  }
}

/// Builds a figure from the plots in braces.
@resultBuilder
public enum PlotBuilder {
  public static func buildExpression(_ plot: any Plot) -> [any Plot] { [plot] }
  public static func buildBlock(_ plots: [any Plot]...) -> [any Plot] { plots.flatMap(\.self) }
  public static func buildOptional(_ plots: [any Plot]?) -> [any Plot] { plots ?? [] }
  public static func buildEither(first: [any Plot]) -> [any Plot] { first }
  public static func buildEither(second: [any Plot]) -> [any Plot] { second }
}

/// A kind of picture of some runs. The figure splits the runs by facet, the plot by colour.
public protocol Plot: Sendable {
  /// The swept parameter that colours the plot; `nil` for one colour.
  var colorParameter: String? { get }
  /// Swept parameters that the plot shows in another way, on its x axis say.
  var shownParameters: [String] { get }
  /// Whether it shows every swept parameter, so that none is left free.
  var showsEveryParameter: Bool { get }
  /// Whether its colours need a legend: not where they only repeat the x axis.
  var needsLegend: Bool { get }
  /// Whether it tells colours apart by markers too.
  var usesMarkers: Bool { get }
  /// Whether its own remarks say how many runs it shows.
  var statesCount: Bool { get }
  /// Whether dashes have a meaning of their own in it, so that settings are told apart without them.
  var usesDashes: Bool { get }
  /// Thresholds on the loss that the plot uses, for the table of runs.
  var thresholds: [Double] { get }
  /// The recorded quantities it needs.
  var quantities: [Quantity] { get }
  /// The numbers of runs that it shows.
  var metrics: [Metric] { get }
  /// What keeps it from being drawn for one of the sweep's set-ups, found before anything is trained.
  func mistakes(_ task: PlotTask) -> [Mistake]
  /// Draws the runs of one panel.
  /// - Throws: `Mistake` where the runs lack what the plot shows, or the archive cannot be read.
  func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent
}

extension Plot {
  public var shownParameters: [String] { [] }
  public var showsEveryParameter: Bool { false }
  public var needsLegend: Bool { true }
  public var usesMarkers: Bool { false }
  public var statesCount: Bool { false }
  public var usesDashes: Bool { false }
  public var thresholds: [Double] { [] }
  public var quantities: [Quantity] { [] }
  public var metrics: [Metric] { [] }
  public func mistakes(_ task: PlotTask) -> [Mistake] { [] }
}

/// What a plot may ask of the report around it.
public struct PlotLook: Sendable {
  let styles: @Sendable (String, Setting) -> SettingStyle
  /// All runs of the figure, for scales that its panels share.
  let figure: Results
  /// Scales set on the figure.
  let xKind: Scale.Kind?
  let yKind: Scale.Kind?
  /// Whether the figure says which range the y axis has.
  let hasYRange: Bool

  /// The runs of each colour with their look, in the axis's order.
  func groups(_ results: Results, by parameter: String?) -> [(style: SettingStyle, results: Results)] {
    guard let parameter else { return [(.plain, results)] }
    return results.groups(named: parameter).map { (styles(parameter, $0.value), $0.results) }
  }
}

/// Marks, the axes they belong to, and what legend and caption should say about them.
public struct PlotContent: Sendable {
  var marks: [Mark]
  var x: AxisStyle
  var y: AxisStyle
  var remarks: [String]
  /// What the colours of cells, contours and arrows mean; the same in all panels.
  var colors: ColorScale?
  /// What marks mean that no swept parameter tells apart.
  var legend: [LegendEntry] = []
  var hasAxes = true
  /// Width over height of a panel, where the plot needs one of its own.
  var aspect: Double?

  init(
    marks: [Mark], x: AxisStyle, y: AxisStyle, remarks: [String] = [], colors: ColorScale? = nil,
    legend: [LegendEntry] = [], hasAxes: Bool = true, aspect: Double? = nil
  ) {
    self.marks = marks
    self.x = x
    self.y = y
    self.remarks = remarks
    self.colors = colors
    self.legend = legend
    self.hasAxes = hasAxes
    self.aspect = aspect
  }
}
