/// One axis of a chart.
public struct AxisStyle: Hashable, Sendable {
  /// The title.
  public var title: String
  /// The kind of scale.
  public var kind: Scale.Kind
  /// The range of the axis; `nil` for the range of the marks with a margin.
  public var domain: ClosedRange<Double>?
  /// Values that the range must include.
  public var including: [Double]
  /// The range of possible values, which margins do not exceed: 0…100 for shares in percent.
  public var limits: ClosedRange<Double>?
  /// The value above which marks do not extend the range.
  public var ceiling: Double?
  /// Values below this do not stretch the range.
  public var floor: Double?
  /// Ticks to use where they fit, in place of round numbers: the values that a sweep has tried.
  public var ticks: [Tick]?
  /// Whether only whole numbers are labelled. Axes of which all data are whole need no such wish: it is for counts and layers
  /// whose marks may lie in between, such as means.
  var isWhole = false
  /// The extent of the marks of all frames of a figure, in place of that of the chart's own.
  var shared: Extent?

  /// An axis with its title and scale.
  public init(
    _ title: String, _ kind: Scale.Kind = .linear, domain: ClosedRange<Double>? = nil, including: [Double] = []
  ) {
    self.title = title
    self.kind = kind
    self.domain = domain
    self.including = including
  }

  /// An axis of shares in percent, from 0 and at most to 100.
  public static func percent(_ title: String) -> AxisStyle { AxisStyle(title, including: [0]).within(0...100) }

  /// The axis with labels at whole numbers only: counts, layers, hidden units.
  public func inWholeNumbers(_ isWhole: Bool = true) -> AxisStyle {
    var copy = self
    copy.isWhole = isWhole
    return copy
  }

  /// The axis with a range that does not exceed limits.
  public func within(_ limits: ClosedRange<Double>?) -> AxisStyle {
    var copy = self
    copy.limits = limits
    return copy
  }
}

/// Marks over a pair of axes.
public struct Chart: Hashable, Sendable {
  /// The title.
  public var title: String
  /// The horizontal axis.
  public var x: AxisStyle
  /// The vertical axis.
  public var y: AxisStyle
  /// The marks, the first at the back.
  public var marks: [Mark]
  /// Whether frame, ticks and titles are drawn; the graph of a network has none.
  public var hasAxes: Bool
  /// Small charts inside this one.
  public var insets: [Inset]
  /// What lines and markers of this chart stand for, above its frame: where the charts of a grid differ.
  public var legend: [LegendEntry]
  /// The runs that a reader of a page in a browser can point at.
  public var traces: [RunTrace] = []
  /// Whether a page draws runs over it that it trains itself.
  package var isLive = false
  /// Whether a page must know where its axes are.
  var isLocated: Bool { isLive || !traces.isEmpty }

  /// Marks over two axes.
  public init(
    title: String = "", x: AxisStyle, y: AxisStyle, marks: [Mark], hasAxes: Bool = true, insets: [Inset] = [],
    legend: [LegendEntry] = []
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks
    self.hasAxes = hasAxes
    self.insets = insets
    self.legend = legend
  }
}

/// Where one run of a sweep is in a chart: its curve, or its marker.
public struct RunTrace: Hashable, Sendable {
  /// The position of the run in the plan, from 0.
  public var run: Int
  /// The points of its curve with ascending x; a single point for a marker.
  public var points: [Point]

  /// The points of a run.
  public init(run: Int, points: [Point]) {
    self.run = run
    self.points = points
  }
}

/// A small chart inside a larger one.
public struct Inset: Hashable, Sendable {
  /// The small chart.
  public var chart: Chart
  /// The position in fractions of the frame: x from the left, y from the top.
  public var place: Rect

  /// A chart at a place in shares of the frame.
  public init(_ chart: Chart, at place: Rect) {
    self.chart = chart
    self.place = place
  }
}

/// The meaning of a line or a marker.
public struct LegendEntry: Hashable, Sendable {
  /// The text of the entry.
  public var label: String
  /// The colour of the line and the marker.
  public var color: Color
  /// Dashes of the line in points; empty for a solid line.
  public var dash: [Double]
  /// The marker; `nil` for none.
  public var marker: Marker?
  /// Whether a short line is drawn.
  public var hasLine: Bool

  /// - Parameter hasLine: by default, no line is drawn for a marker without dashes.
  public init(_ label: String, _ color: Color, dash: [Double] = [], marker: Marker? = nil, hasLine: Bool? = nil) {
    self.hasLine = hasLine ?? (marker == nil || !dash.isEmpty)
    self.label = label
    self.color = color
    self.dash = dash
    self.marker = marker
  }
}

/// Charts in rows and columns that share a legend and, optionally, their axes.
public struct ChartGrid: Hashable, Sendable {
  /// The charts, row by row.
  public var charts: [[Chart]]
  /// The title of the legend.
  public var legendTitle: String
  /// The entries of the legend.
  public var legend: [LegendEntry]
  /// The scale of the colours of cells, contours and arrows, drawn as a bar on the right.
  public var colorScale: ColorScale?
  /// Whether all charts have the same ranges, which are labelled once per row and column.
  public var sharesAxes: Bool
  /// Width divided by height of a single chart.
  public var aspect: Double

  /// Charts in rows.
  public init(
    _ charts: [[Chart]], legendTitle: String = "", legend: [LegendEntry] = [], colorScale: ColorScale? = nil,
    sharesAxes: Bool = true, aspect: Double = 1.7
  ) {
    self.charts = charts
    self.legendTitle = legendTitle
    self.legend = legend
    self.colorScale = colorScale
    self.sharesAxes = sharesAxes
    self.aspect = aspect
  }

  /// A single chart.
  public init(
    _ chart: Chart, legendTitle: String = "", legend: [LegendEntry] = [], colorScale: ColorScale? = nil,
    aspect: Double = 1.7
  ) {
    self.init([[chart]], legendTitle: legendTitle, legend: legend, colorScale: colorScale, aspect: aspect)
  }
}

extension ChartGrid {
  /// Whether there are lines that would hide each other, so that those below are drawn wider.
  package var hasCoincidingLines: Bool {
    let page = RecordingCanvas(size: Size(500, 500))
    return GridLayout(self, width: 500, canvas: page).hasCoincidingLines(page)
  }
}
