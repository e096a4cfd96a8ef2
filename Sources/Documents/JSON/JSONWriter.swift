import Plotting

/// Writes the nodes of a document as JSON, with the values of every figure. The page Exporting describes the schema.
package struct JSONWriter {
  /// The version of the schema: raised when a member changes its meaning or is removed, not when one is added.
  package static let version = 1

  /// A writer of JSON.
  package init() {}

  /// The nodes of a document.
  package func content(_ document: Document) -> JSONText { .array(document.nodes.map(object)) }

  private func object(_ node: Document.Node) -> JSONText {
    switch node {
    case .heading(let level, let title):
      .object([
        "type": .string("heading"), "level": .integer(level), "text": .string(title.plain), "markdown": markdown(title),
      ])
    case .paragraph(let content, let tone):
      .object([
        "type": .string("paragraph"), "tone": .string(word(tone)), "text": .string(content.plain),
        "markdown": markdown(content),
      ])
    case .list(let items): .object(["type": .string("list"), "items": .array(items.map(object))])
    case .code(let source): .object(["type": .string("code"), "text": .string(source)])
    case .table(let table): object(table)
    case .figure(let figure): object(figure)
    case .verdict(let verdict):
      .object([
        "type": .string("claim"), "claim": .string(verdict.claim.plain), "verdict": .string(verdict.outcome.rawValue),
        "evidence": .string(verdict.evidence.plain),
      ])
    case .rule: .object(["type": .string("rule")])
    case .provenance(let content): .object(["type": .string("provenance"), "text": .string(content.plain)])
    }
  }

  private func word(_ tone: Document.Tone) -> String {
    switch tone {
    case .body: "body"
    case .detail: "detail"
    case .notice: "notice"
    }
  }

  /// The words with their styles; `nil` where the words have none.
  private func markdown(_ content: [Inline]) -> JSONText? {
    let styled = MarkdownWriter().line(content)
    return styled == content.plain ? nil : .string(styled)
  }

  private func object(_ item: Document.ListItem) -> JSONText {
    .object([
      "number": item.number.map(JSONText.integer), "text": .string(item.content.plain),
      "markdown": markdown(item.content),
      "items": item.items.isEmpty ? nil : .array(item.items.map(object)),
    ])
  }

  // MARK: Tables

  private func object(_ table: Document.Table) -> JSONText {
    let columns = table.columns.map { column in
      JSONText.object([
        "title": .string(column.title.plain), "markdown": markdown(column.title),
        "kind": .string(column.kind == .number ? "number" : "text"),
      ])
    }
    let rows = table.rows.map { row in
      "[" + row.map { JSONText.string($0.plain).description }.joined(separator: ", ") + "]"
    }
    return .object([
      "type": .string("table"), "caption": .string(table.caption.plain), "columns": .array(columns),
      "rows": .array(rows.map(JSONText.verbatim)),
    ])
  }

  // MARK: Figures

  private func object(_ figure: Document.Figure) -> JSONText {
    let panels = figure.charts.charts.enumerated().flatMap { row, charts in
      charts.enumerated().map { column, chart in
        JSONFigure(chart, in: figure.charts).object(row: row, column: column)
      }
    }
    let naming = figure.charts.naming
    return .object([
      "type": .string("figure"), "number": .integer(figure.number), "title": .string(figure.title),
      "file": .string("figures/\(figure.name).png"), "caption": .string(figure.caption.plain),
      "markdown": markdown(figure.caption), "alternative": .string(figure.alternative()),
      "sliders": sliders(figure.form),
      "legend": .object([
        "title": .string(naming.title), "entries": .strings(naming.entries.map(\.label)),
      ]),
      "panels": .array(panels),
    ])
  }

  /// The sliders of a figure that is explored. The panels are those of printed pages.
  private func sliders(_ form: Document.Figure.Form) -> JSONText? {
    switch form {
    case .still, .live: nil
    case .exploring(let frames):
      .array(
        frames.controls.map { control in
          .object(["label": .string(control.label), "values": .strings(control.values)])
        })
    }
  }
}
