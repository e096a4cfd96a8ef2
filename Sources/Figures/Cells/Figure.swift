public import Analysis
public import Learning
public import Plotting
public import Studies

/// A figure of the runs: plots that share axes, repeated in a panel for each facet.
public struct Figure: CellDeclaration, Sendable {
  package let title: String
  package let plots: [any Plot]
  /// Draws charts from the results instead of plots.
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
  /// What a reader can change in a browser; `nil` for one picture.
  var exploration: Exploration?

  /// Plots over shared axes.
  public init(_ title: String, @PlotBuilder plots: () -> [any Plot]) {
    self.title = title
    self.plots = plots()
    drawing = nil
  }

  /// A figure whose charts are made from the results.
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

  /// Restricts the figure to the runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> Figure {
    with { $0.selection.append(Selection(parameter, value)) }
  }

  /// Pools the values of a parameter, as if they were seeds. Without this, a swept parameter that is left free is a mistake.
  public func pooling<Value>(_ parameter: Parameter<Value>) -> Figure { with { $0.pooled.append(parameter.name) } }

  /// Gives each panel separate axes, for facets with very different values.
  public func ownAxes() -> Figure { with { $0.hasOwnAxes = true } }

  /// The scale of the x axis.
  public func xScale(_ kind: Scale.Kind) -> Figure { with { $0.xKind = kind } }
  /// The scale of the y axis.
  public func yScale(_ kind: Scale.Kind) -> Figure { with { $0.yKind = kind } }
  /// The range of the x axis.
  public func xRange(_ range: ClosedRange<Double>) -> Figure { with { $0.xDomain = range } }
  /// The range of the y axis.
  public func yRange(_ range: ClosedRange<Double>) -> Figure { with { $0.yDomain = range } }

  /// Adds a small figure of the same runs inside each panel; `place` is in fractions of the panel, from its top left corner.
  public func inset(at place: Rect, _ figure: Figure) -> Figure { with { $0.insets.append((figure, place)) } }

  /// Adds a sentence at the beginning of the caption, before the computed ones (n, bands, diverged runs).
  public func caption(_ sentence: String) -> Figure { with { $0.remark = sentence } }

  private func with(_ change: (inout Figure) -> Void) -> Figure {
    var copy = self
    change(&copy)
    return copy
  }

  /// The figure with a change of what a reader can explore.
  func exploring(_ change: (inout Exploration) -> Void) -> Figure {
    with { figure in
      var exploration = figure.exploration ?? Exploration()
      change(&exploration)
      figure.exploration = exploration
    }
  }
}

extension Figure {
  /// The parameters that its plots show, by an axis, a colour or otherwise.
  var plotParameters: [String] { plots.flatMap { $0.shownParameters + [$0.colorParameter].compactMap(\.self) } }

  /// The parameters that its panels differ in.
  var facetParameters: [String] { [columnParameter, rowParameter].compactMap(\.self) }

  /// The parameter whose values its legend names.
  var legendParameter: String? { plots.lazy.filter(\.needsLegend).compactMap(\.colorParameter).first }
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

/// A kind of diagram of some runs. The figure splits the runs by facet, the plot by colour.
public protocol Plot: Sendable {
  /// The swept parameter that is shown by colours; `nil` for one colour.
  var colorParameter: String? { get }
  /// The swept parameters that the plot shows otherwise, for example on its x axis.
  var shownParameters: [String] { get }
  /// Whether the plot shows every swept parameter, so that none is left free.
  var showsEveryParameter: Bool { get }
  /// Whether the colours need a legend. They do not if they repeat the x axis.
  var needsLegend: Bool { get }
  /// Whether the plot distinguishes the colours by markers as well.
  var usesMarkers: Bool { get }
  /// Whether the plot's own remarks give the number of runs.
  var statesCount: Bool { get }
  /// Whether dashes have a meaning of their own in it, so that settings are told apart without them.
  var usesDashes: Bool { get }
  /// Whether the plot shows the parameters of runs, so that it can be played over the steps of their training.
  var isReplayed: Bool { get }
  /// Thresholds on the loss that the plot uses, for the table of runs.
  var thresholds: [Double] { get }
  /// The recorded quantities that the plot needs.
  var quantities: [Quantity] { get }
  /// The metrics of runs that the plot shows.
  var metrics: [Metric] { get }
  /// The reasons why the plot cannot be drawn for one of the sweep's set-ups, found before training.
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
  public var isReplayed: Bool { false }
  public var thresholds: [Double] { [] }
  public var quantities: [Quantity] { [] }
  public var metrics: [Metric] { [] }
  public func mistakes(_ task: PlotTask) -> [Mistake] { [] }
}

/// The styles and scales that a report provides for a plot.
public struct PlotLook: Sendable {
  let styles: @Sendable (String, Setting) -> SettingStyle
  /// All runs of the figure, for scales that are shared between panels.
  let figure: Results
  /// The scales that are set for the figure.
  let xKind: Scale.Kind?
  let yKind: Scale.Kind?
  /// Whether the figure says which range the y axis has.
  let hasYRange: Bool
  /// The runs of every frame of a figure that is explored, for widths and colours that are the same in all of them.
  var frames: [Results] = []

  /// The runs of each colour with their style, in the order of the axis.
  func groups(_ results: Results, by parameter: String?) -> [(style: SettingStyle, results: Results)] {
    guard let parameter else { return [(.plain, results)] }
    return results.groups(named: parameter).map { (styles(parameter, $0.value), $0.results) }
  }
}

/// The marks of a plot with their axes, legend entries and remarks for the caption.
public struct PlotContent: Sendable {
  var marks: [Mark]
  var x: AxisStyle
  var y: AxisStyle
  var remarks: [String]
  /// The scale of the colours of cells, contours and arrows, the same in all panels.
  var colors: ColorScale?
  /// Legend entries of marks that do not stand for values of a swept parameter.
  var legend: [LegendEntry] = []
  var hasAxes = true
  /// Width divided by height of a panel; `nil` for the default.
  var aspect: Double?
  /// The runs that a reader can point at.
  var traces: [RunTrace] = []

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
