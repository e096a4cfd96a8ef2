import Documents
import Testing

/// Page breaks: planted heights, and laws over random ones.
@Suite struct PaginationTests {
  typealias Item = Pagination.Item

  private static func text(_ height: Double) -> Item { Item(.fixed(height), spaceAbove: 10) }
  private static func heading(_ height: Double = 20) -> Item { Item(.fixed(height, isHeading: true), spaceAbove: 10) }
  private static func figure(_ height: Double) -> Item {
    Item(.flexible(height, least: 0.75 * height, most: 1.25 * height), spaceAbove: 10)
  }
  private static func table(_ rows: Int) -> Item {
    Item(.rows(head: 30, Array(repeating: 10, count: rows)), spaceAbove: 10)
  }

  /// "0 1 | 2[0..<5]": the items of each page from top to bottom.
  private static func order(_ items: [Item]) -> String {
    Pagination.pages(items, height: 600).map { page in
      page.map { "\($0.item)\($0.part.rows.map { "[\($0.lowerBound)..<\($0.upperBound)]" } ?? "")" }
        .joined(separator: " ")
    }.joined(separator: " | ")
  }

  @Test func whatFitsIsOnOnePage() {
    #expect(Self.order([Self.heading(), Self.text(300), Self.text(250)]) == "0 1 2")
  }

  @Test func aHeadingGoesWithWhatFollows() {
    #expect(Self.order([Self.text(550), Self.heading(), Self.text(100), Self.text(400)]) == "0 | 1 2 3")
  }

  @Test func aTableIsCutBetweenRowsThreeAtLeastOnEitherSide() {
    // 520 + 10 + 30 leave room for 4 rows.
    #expect(Self.order([Self.text(520), Self.table(10)]) == "0 1[0..<4] | 1[4..<10]")
    // For two rows only it is not begun.
    #expect(Self.order([Self.text(540), Self.table(10)]) == "0 | 1")
    // Two rows alone are not left over: one fewer stays.
    #expect(Self.order([Self.text(500), Self.table(8), Self.text(300)]) == "0 1[0..<5] | 1[5..<8] 2")
  }

  @Test func aFigureThatDoesNotFitShrinksWithinItsBounds() {
    let pages = Pagination.pages([Self.text(200), Self.figure(450)], height: 600)
    #expect(pages.count == 1 && pages[0][1].part.height == 390)
  }

  @Test func textBehindAFigureMovesAboveItWithinItsSection() {
    let items = [
      Self.text(300), Self.figure(500), Self.text(100), Self.text(80), Self.heading(), Self.text(300),
    ]
    #expect(Self.order(items) == "0 2 3 | 1 | 4 5")
    // What comes behind the next heading is of another section.
    #expect(Self.order([Self.text(300), Self.figure(500), Self.heading(), Self.text(100)]) == "0 | 1 | 2 3")
  }

  @Test func figuresOfASparsePageGrow() {
    let pages = Pagination.pages([Self.figure(300), Self.figure(590), Self.text(500)], height: 600)
    #expect(pages[0].map(\.part.height) == [375])
  }

  @Test func aShortRestIsDrawnIntoThePageBefore() {
    #expect(Self.order([Self.figure(580), Self.text(60)]) == "0 1")
  }

  /// A rule and what follows it belong to the end of a document.
  @Test func whatIsNotMovableStaysBehindItsFigure() {
    let rule = Item(.fixed(1), spaceAbove: 10, isMovable: false)
    #expect(Self.order([Self.text(300), Self.figure(500), Self.text(80), rule, Self.text(60)]) == "0 2 | 1 3 4")
  }

  /// The second figure would fit if both shrank, and leave one line for a page of its own: it goes to that page.
  @Test func noFigureIsSqueezedInForTheSakeOfAStraggler() {
    #expect(Self.order([Self.figure(400), Self.figure(380), Self.text(45)]) == "0 | 1 2")
    // With more behind it the page is filled.
    #expect(Self.order([Self.figure(400), Self.figure(380), Self.text(300)]) == "0 1 | 2")
  }

  @Test func nothingIsLostNothingOverlapsAndNoHeadingIsAtAFoot() {
    var dice = Dice(state: 1)
    for _ in 0..<400 {
      let count = 2 + dice.below(30)
      let items = (0..<count).map { index -> Item in
        switch dice.below(5) {
        case 0 where index < count - 1: Self.heading(Double(10 + dice.below(20)))
        case 1: Self.figure(Double(100 + dice.below(450)))
        case 2: Self.table(1 + dice.below(80))
        default: Self.text(Double(10 + dice.below(300)))
        }
      }
      let pages = Pagination.pages(items, height: 600)
      var rows: [Int: [Int]] = [:]
      for (number, page) in pages.enumerated() {
        var bottom = 0.0
        for placement in page {
          #expect(placement.y >= bottom - 1e-9)
          bottom = placement.y + placement.part.height
          rows[placement.item, default: []] += placement.part.rows.map(Array.init) ?? [0]
          if let cut = placement.part.rows { #expect(cut.count >= 3) }
        }
        #expect(bottom <= 600 + 1e-9)
        if let last = page.last, case .fixed(_, isHeading: true) = items[last.item].shape {
          #expect(number == pages.count - 1, "a heading is last on page \(number)")
        }
      }
      for (index, item) in items.enumerated() {
        if case .rows(_, let heights) = item.shape, rows[index] != [0] {
          #expect(rows[index] == Array(heights.indices))
        } else {
          #expect(rows[index] == [0], "item \(index)")
        }
      }
    }
  }

  /// SplitMix64.
  struct Dice {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(limit))
    }
  }
}
