package import Analysis
package import Learning
import Plotting
import Studies

/// A kind of diagram of some runs: one of the plots of Descent. `Figure(_:drawing:)` draws charts of your own.
public protocol Plot: Sendable {}

/// What a figure asks its plots. The figure splits the runs by facet, the plot by colour.
package protocol DrawnPlot: Plot {
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

extension DrawnPlot {
  package var shownParameters: [String] { [] }
  package var showsEveryParameter: Bool { false }
  package var needsLegend: Bool { true }
  package var usesMarkers: Bool { false }
  package var statesCount: Bool { false }
  package var usesDashes: Bool { false }
  package var isReplayed: Bool { false }
  package var thresholds: [Double] { [] }
  package var quantities: [Quantity] { [] }
  package var metrics: [Metric] { [] }
  package func mistakes(_ task: PlotTask) -> [Mistake] { [] }
}

/// A type that claims to be a plot and is none of Descent's: a mistake that is reported before training.
struct UnknownPlot: DrawnPlot {
  let name: String

  var colorParameter: String? { nil }
  func mistakes(_ task: PlotTask) -> [Mistake] {
    [task.mistake(name, "it is not a plot of Descent", "Use one of its plots, or Figure(_:drawing:)")]
  }
  func draw(_ results: Results, _ look: PlotLook) -> PlotContent {
    PlotContent(marks: [], x: AxisStyle(""), y: AxisStyle(""))
  }
}

/// The styles and scales that a report provides for a plot.
package struct PlotLook: Sendable {
  let styles: @Sendable (String, Setting) -> SettingStyle
  /// All runs of the figure, for scales that are shared between panels.
  let figure: Results
  /// The scales that are set for the figure.
  let xKind: Scale.Kind?
  let yKind: Scale.Kind?
  /// Whether the figure says which range an axis has.
  let hasXRange: Bool
  let hasYRange: Bool
  /// Whether each panel has axes of its own.
  let hasOwnAxes: Bool
  /// The runs of every frame of a figure that is explored, for widths and colours that are the same in all of them.
  var frames: [Results] = []

  /// The runs of each colour with their style, in the order of the axis.
  func groups(_ results: Results, by parameter: String?) -> [(style: SettingStyle, results: Results)] {
    guard let parameter else { return [(.plain, results)] }
    return results.groups(named: parameter).map { (styles(parameter, $0.value), $0.results) }
  }

  /// The floor of an axis of a metric, one for all panels that share it; `nil` where the figure sets scale or range otherwise.
  func floor(_ metric: Metric, of results: Results, vertical: Bool, levels: [Double] = []) throws -> LossFloor? {
    guard (vertical ? yKind : xKind) == .log, !(vertical ? hasYRange : hasXRange) else { return nil }
    return try LossFloor(metric, of: hasOwnAxes ? results : figure, levels: levels)
  }
}

/// The marks of a plot with their axes, legend entries and remarks for the caption.
package struct PlotContent: Sendable {
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
