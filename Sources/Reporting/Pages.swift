package import Plotting

/// Blocks laid out on A4 pages: no heading alone at a page's end, no figure torn from its caption.
package struct Pages {
  package static let size = Size(595, 842)
  static let margin = 50.0
  private static let footer = 24.0

  private let pages: [[(block: any Block, origin: Point)]]
  private let title: String

  package var count: Int { pages.count }
  private static var width: Double { size.width - 2 * margin }

  package init(_ blocks: [any Block], title: String, canvas: some Canvas) {
    self.title = title
    var pages: [[(block: any Block, origin: Point)]] = [[]]
    var y = Self.margin
    let bottom = Self.size.height - Self.margin - Self.footer + 12
    var queue = blocks[...]
    while let block = queue.popFirst() {
      let space = pages[pages.count - 1].isEmpty ? 0 : block.spaceAbove
      let height = block.height(width: Self.width, canvas: canvas)
      let needed = block.keepsWithNext ? Self.chainHeight(block, queue, canvas) : height
      if y + space + needed <= bottom || (pages[pages.count - 1].isEmpty && block.keepsWithNext) {
        pages[pages.count - 1].append((block, Point(Self.margin, y + space)))
        y += space + height
      } else if let (head, tail) = block.split(height: bottom - y - space, width: Self.width, canvas: canvas) {
        queue.insert(head, at: queue.startIndex)
        queue.insert(tail, at: queue.index(after: queue.startIndex))
      } else if let smaller = block.shrunk(to: bottom - y - space, width: Self.width, canvas: canvas) {
        queue.insert(smaller, at: queue.startIndex)
      } else if pages[pages.count - 1].isEmpty {
        // Taller than a page: better cut at its foot than lost.
        pages[pages.count - 1].append((block, Point(Self.margin, y)))
        y = bottom + 1
      } else {
        pages.append([])
        y = Self.margin
        queue.insert(block, at: queue.startIndex)
      }
    }
    self.pages = Self.withoutStraggler(pages, bottom: bottom, canvas)
  }

  /// A last page with only a few lines on it is drawn into the page before, whose figures make room where they can.
  private static func withoutStraggler(
    _ pages: [[(block: any Block, origin: Point)]], bottom: Double, _ canvas: some Canvas
  ) -> [[(block: any Block, origin: Point)]] {
    guard pages.count > 1, let last = pages.last else { return pages }
    let full = pages[pages.count - 2]
    func height(_ blocks: [any Block]) -> Double {
      blocks.enumerated().reduce(0) {
        $0 + $1.element.height(width: width, canvas: canvas) + ($1.offset == 0 ? 0 : $1.element.spaceAbove)
      }
    }
    let all = (full + last).map(\.block)
    var excess = height(all) - (bottom - margin)
    guard height(last.map(\.block)) < 130 else { return pages }
    let blocks = all.map { block -> any Block in
      guard excess > 0 else { return block }
      let natural = block.height(width: width, canvas: canvas)
      // As much as it takes, or as the block allows.
      for share in [1, 0.75, 0.5, 0.25] {
        guard
          let smaller = block.shrunk(to: natural - share * min(excess, 0.25 * natural), width: width, canvas: canvas)
        else { continue }
        excess -= natural - smaller.height(width: width, canvas: canvas)
        return smaller
      }
      return block
    }
    guard excess <= 0 else { return pages }
    var y = margin
    var page: [(block: any Block, origin: Point)] = []
    for block in blocks {
      if !page.isEmpty { y += block.spaceAbove }
      page.append((block, Point(margin, y)))
      y += block.height(width: width, canvas: canvas)
    }
    return pages.dropLast(2) + [page]
  }

  /// The height of a heading with what it must not be parted from.
  private static func chainHeight(_ block: any Block, _ rest: ArraySlice<any Block>, _ canvas: some Canvas) -> Double {
    var total = block.height(width: width, canvas: canvas)
    for next in rest {
      let height = next.height(width: width, canvas: canvas)
      total += next.spaceAbove + height
      if !next.keepsWithNext { break }
    }
    return total
  }

  /// Headings and figures, for a reader's list of contents.
  var outline: [(title: String, page: Int, y: Double)] {
    pages.enumerated().flatMap { page, blocks in
      blocks.compactMap { block, origin in block.outlineTitle.map { ($0, page, origin.y) } }
    }
  }

  package func draw(page: Int, on canvas: some Canvas) {
    for (block, origin) in pages[page] { block.draw(at: origin, width: Self.width, on: canvas) }
    let y = Self.size.height - Self.margin + 6
    canvas.draw(Text(title, size: 7.5, color: .gray), at: Point(Self.margin, y), anchor: .left)
    canvas.draw(
      Text("\(page + 1) / \(count)", size: 7.5, color: .gray), at: Point(Self.size.width - Self.margin, y),
      anchor: .right)
  }
}
