import Plotting

/// The numbers behind a figure, as a table that a reader unfolds.
struct HTMLData {
  /// Rows that a figure's series share.
  private static let most = 600
  /// Curves that no legend names are shown one by one up to here.
  private static let curves = 8

  /// In place of the table where a page would grow too large.
  static let notice = """
    <p class="small">The data of this figure are left out: the page would be larger than 2 MB. \
    The file runs.csv has the numbers of every run.</p>\n
    """

  let markup: String

  /// - Parameter frame: the values of the sliders for which the data are shown; empty for a figure without sliders.
  init(_ figure: Document.Figure, of frame: String = "") {
    var left: [String] = []
    var series: [FigureSeries] = []
    for chart in figure.charts.charts.flatMap(\.self) {
      let all = FigureSeries.all(of: chart, in: figure.charts).filter { !$0.rows.isEmpty }
      let faint = all.filter { $0.kind == .faintLine }
      series += faint.count > Self.curves ? all.filter { $0.kind != .faintLine } : all
      if faint.count > Self.curves {
        left.append("\(faint.count) single curves\(chart.title.isEmpty ? "" : " (\(chart.title))")")
      }
    }
    guard !series.isEmpty else {
      markup = ""
      return
    }
    let shown = EvenSample.indices(series.count, keeping: Self.most / 2).map { series[$0] }
    if shown.count < series.count { left.append("\(series.count - shown.count) series") }
    let rows = EvenSample.most(perGroup: shown.map(\.rows.count), limit: Self.most)
    let remark = left.isEmpty ? "" : "<p class=\"small\">Left out: \(HTML.escaped(left.joined(separator: ", "))).</p>\n"
    markup = """
      <details><summary>Data of figure \(figure.number)\(frame.isEmpty ? "" : HTML.markup([.text(" at \(frame)")]))</summary>
      \(remark)<div class="scroll" tabindex="0"><table>
      \(shown.map { Self.markup($0, most: rows) }.joined())</table></div></details>\n
      """
  }

  private static func markup(_ series: FigureSeries, most: Int) -> String {
    let kept = EvenSample.indices(series.rows.count, keeping: most)
    let sampled = kept.count < series.rows.count ? "\(kept.count) of \(series.rows.count) points" : ""
    let name = [series.panel, series.label, word(series.kind), sampled].filter { !$0.isEmpty }.joined(separator: ", ")
    let head = series.columns.map { "<th scope=\"col\">\(HTML.markup([.text($0.title)]))" }.joined()
    let rows = kept.map { index in
      let cells = zip(series.rows[index], series.columns).map { "<td>\(HTML.escaped($1.text($0, digits: 5)))" }
      return "<tr>\(cells.joined())\n"
    }
    return """
      <tbody><tr><th scope="rowgroup" colspan="\(series.columns.count)">\(HTML.markup([.text(name)]))
      <tr>\(head)
      \(rows.joined())</tbody>\n
      """
  }

  /// What a series without a name is called.
  private static func word(_ kind: FigureSeries.Kind) -> String {
    switch kind {
    case .line: "line"
    case .faintLine: "single curve"
    case .points: "points"
    case .bars: "bars"
    case .boxes: "boxes"
    case .intervals: "intervals"
    case .band: "band"
    case .cells: "cells"
    }
  }
}
