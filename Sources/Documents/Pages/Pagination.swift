/// Distributes measured items over pages. It depends on their heights alone, so that it can be tested without a canvas.
///
/// - A heading is on the same page as the item that follows it.
/// - A table is split between rows, with at least three rows on either side; its head is repeated.
/// - If a figure does not fit, the figures of the page shrink within their bounds, or the text after the figure moves above it.
/// - The figures of a page that would be more than a third empty grow within their bounds.
package struct Pagination {
  /// The size of an item, and how it may be split or stretched.
  package enum Shape: Hashable {
    case fixed(Double, isHeading: Bool = false)
    case flexible(Double, least: Double, most: Double)
    case rows(head: Double, [Double])
  }

  package struct Item {
    package var shape: Shape
    package var spaceAbove: Double
    /// Whether it may move above a figure that comes before it.
    package var isMovable: Bool

    package init(_ shape: Shape, spaceAbove: Double, isMovable: Bool = true) {
      self.shape = shape
      self.spaceAbove = spaceAbove
      self.isMovable = isMovable
    }
  }

  /// An item, or some of its rows, with the assigned height.
  package struct Part: Hashable {
    package var height: Double
    package var rows: Range<Int>?

    package init(height: Double, rows: Range<Int>? = nil) {
      self.height = height
      self.rows = rows
    }

    var isContinued: Bool { (rows?.lowerBound ?? 0) > 0 }
  }

  package struct Placement: Hashable {
    package var item: Int
    /// The distance from the top of the page's content.
    package var y: Double
    package var part: Part
  }

  /// The least number of rows on either side of a split.
  private static let fewestRows = 3
  /// The empty share of a page above which items are shrunk or moved to fill it.
  private static let tolerated = 0.2
  /// A last page with less than this share of its height would be a few lines alone.
  private static let straggler = 0.1
  /// The empty share of a page above which its figures grow.
  private static let sparse = 1.0 / 3

  private let height: Double

  /// The items that are not placed yet, in their order. Some rows of the first one may have been placed.
  private var queue: ArraySlice<Piece>

  /// An item, or its rows that are not placed yet.
  private struct Piece {
    let item: Int
    let shape: Shape
    let spaceAbove: Double
    let isMovable: Bool
    var rows: Range<Int>?

    var isHeading: Bool { if case .fixed(_, isHeading: true) = shape { true } else { false } }
    var isFigure: Bool { if case .flexible = shape { true } else { false } }

    var natural: Double {
      switch shape {
      case .fixed(let height, _): height
      case .flexible(let height, _, _): height
      case .rows(let head, let heights): head + heights[rows ?? 0..<heights.count].reduce(0, +)
      }
    }
    var least: Double { if case .flexible(_, let least, _) = shape { least } else { natural } }
    var most: Double { if case .flexible(_, _, let most) = shape { most } else { natural } }
  }

  private init(_ items: [Item], height: Double) {
    self.height = height
    queue =
      items.enumerated().map { index, item in
        Piece(item: index, shape: item.shape, spaceAbove: item.spaceAbove, isMovable: item.isMovable)
      }[...]
  }

  /// The pages with their items from top to bottom.
  package static func pages(_ items: [Item], height: Double) -> [[Placement]] {
    var pagination = Pagination(items, height: height)
    var pages: [[Placement]] = []
    while !pagination.queue.isEmpty { pages.append(pagination.nextPage()) }
    return pages.isEmpty ? [[]] : pages
  }

  // MARK: One page

  private mutating func nextPage() -> [Placement] {
    var page: [Piece] = []
    while let group = group(), fits(page + group) {
      page += group
      queue = queue.dropFirst(group.count)
    }
    if cutTable(&page) || queue.isEmpty { return placed(page) }
    let empty = height - total(page, \.natural)
    if isShortRest, total(page + queue, \.least) <= height {
      page += queue
      queue = []
    } else if empty > Self.tolerated * height, let group = group() {
      if total(page + group, \.least) > height {
        moveTextUp(&page)
      } else if !leavesStraggler(behind: group) {
        page += group
        queue = queue.dropFirst(group.count)
      }
    }
    if page.isEmpty, let tooTall = queue.popFirst() { page = [tooTall] }
    return placed(page)
  }

  /// The next headings with the item after them.
  private func group() -> ArraySlice<Piece>? {
    guard !queue.isEmpty else { return nil }
    let end = queue.firstIndex { !$0.isHeading }.map { $0 + 1 } ?? queue.endIndex
    return queue[..<end]
  }

  /// Whether placing a group with effort would leave a last page of a few lines: they go with the group instead.
  private func leavesStraggler(behind group: ArraySlice<Piece>) -> Bool {
    let rest = queue.dropFirst(group.count)
    return !rest.isEmpty && total(rest, \.natural) < Self.straggler * height
  }

  /// Whether the remaining items would leave another page nearly empty.
  private var isShortRest: Bool { total(queue, \.natural) < 0.18 * height }

  private func total(_ pieces: some Collection<Piece>, _ size: (Piece) -> Double) -> Double {
    pieces.reduce(0) { $0 + size($1) + $1.spaceAbove } - (pieces.first?.spaceAbove ?? 0)
  }

  private func fits(_ pieces: [Piece]) -> Bool { total(pieces, \.natural) <= height }

  /// Splits a table that does not fit and places its first rows, with the headings before it.
  private mutating func cutTable(_ page: inout [Piece]) -> Bool {
    guard let group = group(), var first = group.last, case .rows(let head, let heights) = first.shape else {
      return false
    }
    let all = first.rows ?? 0..<heights.count
    var used =
      total(page + group.dropLast(), \.natural) + (page.isEmpty && group.count == 1 ? 0 : first.spaceAbove) + head
    var end = all.lowerBound
    while end < all.upperBound, used + heights[end] <= height {
      used += heights[end]
      end += 1
    }
    end = min(end, all.upperBound - Self.fewestRows)
    guard end - all.lowerBound >= Self.fewestRows else { return false }
    queue = queue.dropFirst(group.count)
    var rest = first
    first.rows = all.lowerBound..<end
    rest.rows = end..<all.upperBound
    page += group.dropLast() + [first]
    queue.insert(rest, at: queue.startIndex)
    return true
  }

  /// Moves a figure that does not fit to the next page, and fills this page with the text between it and the next heading or
  /// figure.
  private mutating func moveTextUp(_ page: inout [Piece]) {
    guard let group = group(), let figure = group.last, figure.isFigure else { return }
    let headings = group.dropLast()
    let behind = queue.dropFirst(group.count)
    var taken = 0
    while let next = behind.dropFirst(taken).first, next.isMovable, !next.isHeading, !next.isFigure,
      fits(page + headings + behind.prefix(taken + 1))
    { taken += 1 }
    guard taken > 0 else { return }
    page += headings + behind.prefix(taken)
    queue = [figure] + behind.dropFirst(taken)
  }

  /// Assigns heights and positions. Figures shrink to fit, or grow on a sparse page.
  private func placed(_ page: [Piece]) -> [Placement] {
    let natural = total(page, \.natural)
    let isSparse = !queue.isEmpty && natural < (1 - Self.sparse) * height
    let target = natural > height || isSparse ? height : natural
    func slack(_ piece: Piece) -> Double { target > natural ? piece.most - piece.natural : piece.natural - piece.least }
    let room = page.reduce(0) { $0 + slack($1) }
    let share = room > 0 ? max(-1, min(1, (target - natural) / room)) : 0
    var y = 0.0
    return page.enumerated().map { index, piece in
      if index > 0 { y += piece.spaceAbove }
      let own = piece.natural + share * slack(piece)
      defer { y += own }
      return Placement(item: piece.item, y: y, part: Part(height: own, rows: piece.rows))
    }
  }
}
