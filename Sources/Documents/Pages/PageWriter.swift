package import Plotting

/// Lays a document out on A4 pages, which can be drawn on any canvas.
package struct PageWriter: Sendable {
  package static let size = Size(595, 842)
  package static let margin = 50.0
  private static let footer = 12.0
  package static var width: Double { size.width - 2 * margin }
  /// The height that the items of a page share.
  package static var contentHeight: Double { size.height - 2 * margin - footer }

  private let title: String
  private let items: [any PageItem]
  private let pages: [[Pagination.Placement]]

  package var count: Int { pages.count }

  /// Measures and places all items once, for all formats.
  package init(_ document: Document, canvas: some Canvas) {
    title = document.title
    items = document.nodes.flatMap(Self.items)
    let measured = items.map {
      Pagination.Item($0.shape(width: Self.width, canvas: canvas), spaceAbove: $0.spaceAbove, isMovable: $0.isMovable)
    }
    pages = Pagination.pages(measured, height: Self.contentHeight)
  }

  package func draw(page: Int, on canvas: some Canvas) {
    for placement in pages[page] {
      items[placement.item].draw(
        placement.part, at: Point(Self.margin, Self.margin + placement.y), width: Self.width, on: canvas)
    }
    let y = Self.size.height - Self.margin + 6
    canvas.draw(Text(title, size: 7.5, color: .gray), at: Point(Self.margin, y), anchor: .left)
    canvas.draw(
      Text("\(page + 1) / \(count)", size: 7.5, color: .gray), at: Point(Self.size.width - Self.margin, y),
      anchor: .right)
  }

  /// Headings and figures with their positions, for a table of contents.
  package var outline: [(title: String, page: Int, y: Double)] {
    pages.enumerated().flatMap { page, placements in
      placements.compactMap { placement in
        items[placement.item].outlineTitle.map { ($0, page, Self.margin + placement.y) }
      }
    }
  }

  // MARK: Nodes

  private static func items(_ node: Document.Node) -> [any PageItem] {
    switch node {
    case .heading(let level, let title): [heading(level, title)]
    case .paragraph(let content, .body): [TextItem(spans: content.spans())]
    case .paragraph(let content, .detail):
      [TextItem(spans: content.spans(), size: 8.5, color: .gray, spaceAbove: 2)]
    case .paragraph(let content, .notice):
      [TextItem(spans: content.spans(.bold), size: 8.5, color: .fail, spaceAbove: 2)]
    case .list(let list): list.flatMap { items($0, depth: 0) }
    case .code(let source): [CodeItem(source: source)]
    case .table(let table): [TableItem(table: table)]
    case .figure(let figure): [FigureItem(figure)]
    case .verdict(let verdict): [VerdictItem(verdict: verdict)]
    case .rule: [RuleItem()]
    case .provenance(let content):
      [TextItem(spans: content.spans(), size: 7.5, color: .gray, spaceAbove: 6, isMovable: false)]
    }
  }

  private static func heading(_ level: Int, _ title: [Inline]) -> TextItem {
    let size = [1: 17.0, 2: 14.0, 3: 12.0, 4: 10.5][level] ?? 9.5
    let space = level == 1 ? 0.0 : level < 4 ? 16 : 12
    return TextItem(spans: title.spans(.bold), size: size, spaceAbove: space, isHeading: true)
  }

  private static func items(_ item: Document.ListItem, depth: Int) -> [any PageItem] {
    let own = TextItem(
      spans: item.content.spans(), indent: 16 + 14 * Double(depth), marker: item.number.map { "\($0)." } ?? "•",
      spaceAbove: 3.5)
    return [own] + item.items.flatMap { items($0, depth: depth + 1) }
  }
}
