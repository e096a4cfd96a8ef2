/// The assignment of n rows to n columns of least total cost, by shortest augmenting paths in O(n³).
///
/// Source: Jonker & Volgenant 1987, doi:10.1007/BF02278710, in the form without its heuristic start.
package enum Assignment {
  /// `result[row]` is the row's column.
  package static func best(_ n: Int, cost: (Int, Int) -> Double) -> [Int] {
    var search = AssignmentSearch(n)
    for row in stride(from: 1, through: n, by: 1) { search.add(row, cost) }
    var result = Array(repeating: 0, count: n)
    for column in stride(from: 1, through: n, by: 1) { result[search.rowOf[column] - 1] = column - 1 }
    return result
  }
}

/// An assignment of the first rows, to which one more row can be added.
private struct AssignmentSearch {
  private let n: Int
  /// Potentials u of rows, v of columns. Column 0 and row 0 are where paths begin, so all are counted from 1.
  private var u: [Double]
  private var v: [Double]
  private(set) var rowOf: [Int]

  init(_ n: Int) {
    self.n = n
    u = Array(repeating: 0, count: n + 1)
    v = u
    rowOf = Array(repeating: 0, count: n + 1)
  }

  /// Assigns a row along the shortest path from it to a column that is free.
  mutating func add(_ row: Int, _ cost: (Int, Int) -> Double) {
    rowOf[0] = row
    var previous = Array(repeating: 0, count: n + 1)
    var shortest = Array(repeating: Double.infinity, count: n + 1)
    var isDone = Array(repeating: false, count: n + 1)
    var column = 0
    repeat {
      isDone[column] = true
      var delta = Double.infinity
      var next = 0
      for j in 1...n where !isDone[j] {
        let reduced = cost(rowOf[column] - 1, j - 1) - u[rowOf[column]] - v[j]
        if reduced < shortest[j] {
          shortest[j] = reduced
          previous[j] = column
        }
        if shortest[j] < delta || next == 0 {
          delta = shortest[j]
          next = j
        }
      }
      for j in 0...n {
        if isDone[j] {
          u[rowOf[j]] += delta
          v[j] -= delta
        } else {
          shortest[j] -= delta
        }
      }
      column = next
    } while rowOf[column] != 0
    while column != 0 {
      rowOf[column] = rowOf[previous[column]]
      column = previous[column]
    }
  }
}
