/// Whether two matrices are equal up to the order of their rows and the order of their columns.
///
/// 1. Entries closer than the tolerance get the same label. Two copies then have the same labels, so that different invariants
///    prove that two matrices are no copies.
/// 2. Rows and columns are coloured by the multiset of (label, colour of what crosses them), in turn until no colour splits any more
///    (colour refinement, Weisfeiler & Leman 1968). Different colours prove difference.
/// 3. Where colours leave a choice, one row is paired with each candidate in turn and colours are refined again (the search of
///    McKay 1981, Practical graph isomorphism, without its automorphisms), within a budget.
/// 4. A pairing counts only if the distance of the reordered matrix is within the tolerance.
enum PermutationMatch {
  /// The first matrix in the order of the second.
  case same([Double])
  case different
  /// The budget was used up before the search was complete.
  case unknown

  /// - Parameters:
  ///   - tolerance: the distance (Frobenius) up to which two matrices are equal.
  ///   - budget: refinements of colours at most.
  static func of(
    _ a: [Double], _ b: [Double], rows: Int, columns: Int, within tolerance: Double, budget: Int = 2000
  ) -> PermutationMatch {
    guard a.count == rows * columns, b.count == a.count, (a + b).allSatisfy(\.isFinite) else { return .different }
    let labels = labels(a, b, tolerance)
    var search = PermutationSearch(
      a: a, b: b, labels: labels, rows: rows, columns: columns, tolerance: tolerance, budget: budget)
    return search.run()
  }

  /// One number an entry, the same for entries that a chain of gaps within the tolerance connects.
  private static func labels(_ a: [Double], _ b: [Double], _ tolerance: Double) -> (a: [Int], b: [Int]) {
    let all = a + b
    var labels = all.map { _ in 0 }
    var (label, last) = (0, -Double.infinity)
    for index in all.indices.sorted(by: { all[$0] < all[$1] }) {
      if all[index] - last > tolerance { label += 1 }
      last = all[index]
      labels[index] = label
    }
    return (Array(labels[..<a.count]), Array(labels[a.count...]))
  }

  /// A copy of a matrix near another matrix that is not a copy: rows and columns assigned in turn, from several orders.
  static func near(_ a: [Double], _ b: [Double], rows: Int, columns: Int) -> [Double] {
    var best = a
    for shift in 0..<columns {
      var order = (0..<columns).map { ($0 + shift) % columns }
      var lines = Array(0..<rows)
      for _ in 0..<12 {
        let before = (order, lines)
        lines = Assignment.best(rows) { i, k in
          (0..<columns).reduce(0) { sum, j in
            let gap = b[i * columns + j] - a[k * columns + order[j]]
            return sum + gap * gap
          }
        }
        order = Assignment.best(columns) { j, m in
          (0..<rows).reduce(0) { sum, i in
            let gap = b[i * columns + j] - a[lines[i] * columns + m]
            return sum + gap * gap
          }
        }
        if before == (order, lines) { break }
      }
      let found = (0..<rows).flatMap { i in (0..<columns).map { a[lines[i] * columns + order[$0]] } }
      if Linear.distance(found, b) < Linear.distance(best, b) { best = found }
    }
    return best
  }
}

/// The search for a pairing of rows and columns.
private struct PermutationSearch {
  let a: [Double]
  let b: [Double]
  let labels: (a: [Int], b: [Int])
  let rows: Int
  let columns: Int
  let tolerance: Double
  var budget: Int

  /// Colours of the rows and columns of both matrices.
  private struct Colours {
    var rows: (a: [Int], b: [Int])
    var columns: (a: [Int], b: [Int])
  }

  init(
    a: [Double], b: [Double], labels: (a: [Int], b: [Int]), rows: Int, columns: Int, tolerance: Double, budget: Int
  ) {
    (self.a, self.b, self.labels, self.rows, self.columns) = (a, b, labels, rows, columns)
    (self.tolerance, self.budget) = (tolerance, budget)
  }

  mutating func run() -> PermutationMatch {
    let zero = Colours(
      rows: (Array(repeating: 0, count: rows), Array(repeating: 0, count: rows)),
      columns: (Array(repeating: 0, count: columns), Array(repeating: 0, count: columns)))
    return match(zero)
  }

  private mutating func match(_ start: Colours) -> PermutationMatch {
    guard budget > 0 else { return .unknown }
    budget -= 1
    guard let colours = refined(start) else { return .different }
    // The smallest class of rows, else of columns, that leaves a choice.
    let ofRows = Self.choice(colours.rows.a)
    guard let colour = ofRows ?? Self.choice(colours.columns.a) else { return verified(colours) }
    let (own, others) = ofRows != nil ? colours.rows : colours.columns
    guard let first = own.firstIndex(of: colour) else { return .different }
    let fresh = (own.max() ?? 0) + 1
    var outcome = PermutationMatch.different
    for partner in others.indices where others[partner] == colour {
      var next = colours
      if ofRows != nil {
        (next.rows.a[first], next.rows.b[partner]) = (fresh, fresh)
      } else {
        (next.columns.a[first], next.columns.b[partner]) = (fresh, fresh)
      }
      switch match(next) {
      case .same(let image): return .same(image)
      case .unknown: outcome = .unknown
      case .different: break
      }
      if case .unknown = outcome, budget <= 0 { return .unknown }
    }
    return outcome
  }

  private static func choice(_ colours: [Int]) -> Int? {
    let sizes = Dictionary(grouping: colours, by: \.self).mapValues(\.count).filter { $0.value > 1 }
    return sizes.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  /// Colours split until they are stable; `nil` where the two matrices do not have the same.
  private func refined(_ start: Colours) -> Colours? {
    var colours = start
    for _ in 0..<rows + columns + 1 {
      let before = Self.classes(colours.rows.a) + Self.classes(colours.columns.a)
      guard let rows = split(colours.rows, crossedBy: colours.columns, byRow: true) else { return nil }
      colours.rows = rows
      guard let columns = split(colours.columns, crossedBy: colours.rows, byRow: false) else { return nil }
      colours.columns = columns
      if Self.classes(colours.rows.a) + Self.classes(colours.columns.a) == before { break }
    }
    return colours
  }

  private static func classes(_ colours: [Int]) -> Int { Set(colours).count }

  /// Of each line its colour, then the sorted pairs (label, colour of the line that crosses there).
  private func signatures(_ own: [Int], _ crossing: [Int], _ labels: [Int], byRow: Bool) -> [[Int]] {
    own.indices.map { i in
      let pairs = crossing.indices.map { j in
        (labels[byRow ? i * columns + j : j * columns + i], crossing[j])
      }.sorted { $0 < $1 }
      return [own[i]] + pairs.flatMap { [$0.0, $0.1] }
    }
  }

  /// Signatures as small numbers, the same for both matrices; `nil` where they do not occur equally often.
  private func split(
    _ own: (a: [Int], b: [Int]), crossedBy crossing: (a: [Int], b: [Int]), byRow: Bool
  ) -> (a: [Int], b: [Int])? {
    let a = signatures(own.a, crossing.a, labels.a, byRow: byRow)
    let b = signatures(own.b, crossing.b, labels.b, byRow: byRow)
    guard a.count == b.count else { return nil }
    var numbers: [[Int]: Int] = [:]
    for signature in a where numbers[signature] == nil { numbers[signature] = numbers.count }
    let (ofA, ofB) = (a.map { numbers[$0] ?? -1 }, b.map { numbers[$0] ?? -1 })
    return ofA.sorted() == ofB.sorted() ? (ofA, ofB) : nil
  }

  /// All classes hold one line each: the pairing is fixed and its distance decides.
  private func verified(_ colours: Colours) -> PermutationMatch {
    func partners(_ pair: (a: [Int], b: [Int])) -> [Int] {
      let places = Dictionary(zip(pair.a, pair.a.indices)) { first, _ in first }
      return pair.b.map { places[$0] ?? 0 }
    }
    let (lines, order) = (partners(colours.rows), partners(colours.columns))
    let image = lines.flatMap { row in order.map { a[row * columns + $0] } }
    return Linear.distance(image, b) <= tolerance ? .same(image) : .different
  }
}
