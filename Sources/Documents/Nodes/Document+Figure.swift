package import Plotting

extension Document {
  /// Charts with a number, a title and a caption.
  package struct Figure: Hashable, Sendable {
    /// The number of the figure in its document, from 1.
    package var number: Int
    /// The title.
    package var title: String
    /// The charts.
    package var charts: ChartGrid
    /// The caption below the charts.
    package var caption: [Inline]
    /// Whether a page for a browser shows more than the charts, which are those of printed pages.
    package var form: Form

    /// Charts with a number, a title and a caption.
    package init(number: Int, title: String, charts: ChartGrid, caption: [Inline], form: Form = .still) {
      self.number = number
      self.title = title
      self.charts = charts
      self.caption = caption
      self.form = form
    }

    /// The number and the title: "Figure 3. Loss".
    package var heading: String { "Figure \(number). \(title)" }

    /// The name of the figure's file without extension: the number and the title, hyphenated.
    package var name: String { Self.name(number, title) }

    /// The file name for a number and a title, needed to check files before the charts are made.
    package static func name(_ number: Int, _ title: String) -> String {
      let words = title.lowercased().split { !($0.isLetter || $0.isNumber) || !$0.isASCII }
      return "\(number < 10 ? "0" : "")\(number)-\(words.isEmpty ? "figure" : words.prefix(8).joined(separator: "-"))"
    }
  }

  /// The figures in the order of the document.
  package var figures: [Figure] {
    nodes.compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }
}
