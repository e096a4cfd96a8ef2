import Analysis
import Plotting
import Studies

/// The runs that a figure shows one by one: all of them, or an even sample where they are too many for a picture.
struct SingleRuns {
  /// A figure of more runs shows a sample.
  static let most = 20_000
  /// The size of the sample, for all panels and colours of a figure together.
  static let sample = 2_000

  /// The number of runs of the figure.
  private let count: Int

  init(of figure: Results) { count = figure.count }

  /// Whether only a sample is shown.
  var isSample: Bool { count > Self.most }

  /// The shown ones of some of the figure's elements, in their order; at least one of any.
  func of<Element>(_ elements: [Element]) -> [Element] {
    isSample ? Self.spread(elements, keeping: (elements.count * Self.sample + count - 1) / count) : elements
  }

  /// Elements that are spread evenly, the first and the last among them; all where there are not more than `most`.
  static func spread<Element>(_ elements: [Element], keeping most: Int) -> [Element] {
    EvenSample.indices(elements.count, keeping: most).map { elements[$0] }
  }

  /// What faint lines are.
  var lines: String { "faint lines: " + (isSample ? words : "single runs") }
  /// What markers are.
  var markers: String { isSample ? "markers: \(words)" : "one marker per run" }

  /// "about 2000 single runs, spread evenly over all"
  var words: String { "about \(NumberText.grouped(Self.sample)) single runs, spread evenly over all" }
}
