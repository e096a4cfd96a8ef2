public import Analysis
import Learning
public import Plotting
public import Studies

/// A figure of the runs: plots that share axes, repeated in a panel for each facet.
public struct Figure: CellDeclaration, Sendable {
  package let title: String
  package let plots: [any DrawnPlot]
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
  /// The line of the declaration.
  var place: SourcePlace?
  var insets: [(figure: Figure, place: Rect)] = []
  /// What a reader can change in a browser; `nil` for one picture.
  var exploration: Exploration?
  /// What a reader changes in runs that the page trains; empty for a figure without.
  var liveControls: [LiveControl] = []

  /// Plots over shared axes.
  public init(_ title: String, @PlotBuilder plots: () -> [any Plot]) {
    self.title = title
    self.plots = plots().map { $0 as? any DrawnPlot ?? UnknownPlot(name: "\(type(of: $0))") }
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

  /// The figure with sliders for runs that a page trains.
  func withLive(_ controls: [LiveControl]) -> Figure { with { $0.liveControls = controls } }

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
