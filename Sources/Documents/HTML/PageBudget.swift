/// What a page leaves out to stay small: the largest of what may be left out, no more than it takes.
enum PageBudget {
  /// Bytes of a page.
  static let most = 2_000_000

  /// Bytes of what the sliders of a page exchange. A browser parses them when a slider is first moved, in a tenth of a second.
  static let mostForFrames = 6_000_000

  /// The indices of the largest sizes whose sum saves `bytes`; all of them where that is not enough.
  static func largest(of sizes: [Int], saving bytes: Int) -> Set<Int> {
    var left = bytes
    var chosen: Set<Int> = []
    for (index, size) in sizes.enumerated().sorted(by: { ($0.element, $1.offset) > ($1.element, $0.offset) })
    where left > 0 && size > 0 {
      chosen.insert(index)
      left -= size
    }
    return chosen
  }
}
