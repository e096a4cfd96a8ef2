/// Picks some of many, evenly.
package enum EvenSample {
  /// The greatest number such that groups cut to it hold no more than `limit` together; 1 at least.
  package static func most(perGroup counts: [Int], limit: Int) -> Int {
    var left = limit
    for (index, count) in counts.sorted().enumerated() {
      let share = left / (counts.count - index)
      if count > share { return max(1, share) }
      left -= count
    }
    return max(1, counts.max() ?? 1)
  }

  /// Some indices of `count`, the first and the last among them where there are two.
  package static func indices(_ count: Int, keeping most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    guard most > 1 else { return most == 1 ? [0] : [] }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }
}
