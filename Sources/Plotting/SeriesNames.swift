extension ChartGrid {
  /// What the colours stand for: by a legend, by a colour bar of settings, or by both.
  package var naming: (title: String, entries: [LegendEntry]) {
    guard let bar = colorScale, case .settings(let colors) = bar.map, case .ordinal(let names) = bar.scale.kind else {
      return (legendTitle, legend)
    }
    return (legendTitle.isEmpty ? bar.title : legendTitle, zip(names, colors).map { LegendEntry($0, $1) } + legend)
  }
}

/// What a chart calls its marks: by its legend, else by the label at a line's end.
package struct SeriesNames {
  /// What the legend's entries are values of.
  package let title: String
  private let legend: [LegendEntry]
  private let ends: [Color: String]

  package init(_ chart: Chart, _ grid: ChartGrid) {
    let naming = grid.naming
    title = naming.title
    legend = naming.entries + chart.legend
    ends = chart.marks.reduce(into: [:]) { ends, mark in
      if case .endLabel(let label, _, let color) = mark { ends[color] = label }
    }
  }

  package func line(_ stroke: Stroke) -> String { name(stroke.color) { $0.hasLine && $0.dash == stroke.dash } }
  package func points(_ marker: Marker, _ color: Color) -> String { name(color) { $0.marker == marker } }
  package func color(_ color: Color) -> String { name(color) { _ in true } }

  /// The entry of this colour and look, else the only one of this colour.
  private func name(_ color: Color, _ hasLook: (LegendEntry) -> Bool) -> String {
    let solid = color.opacity(1)
    let entries = legend.filter { $0.color.opacity(1) == solid }
    if let exact = entries.first(where: hasLook) { return exact.label }
    return (entries.count == 1 ? entries[0].label : ends[solid]) ?? ""
  }
}
