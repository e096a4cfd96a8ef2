/// "Did you mean …?"
package enum Spelling {
  /// The candidate with the fewest edits to `word`, if that is at most a third of its length (and at least 2).
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = min(max(2, word.count / 3), word.count - 1)
    let ranked = candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= limit else {
      return candidates.first { $0.lowercased().hasPrefix(word.lowercased()) && word.count > 1 }
    }
    return best.0
  }

  /// Levenshtein's distance: insertions, deletions and replacements.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var row = Array(0...b.count)
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
