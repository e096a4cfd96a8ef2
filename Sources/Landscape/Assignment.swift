/// The assignment of n rows to n columns of least total cost, by shortest augmenting paths in O(n³).
///
/// Source: Jonker & Volgenant 1987, doi:10.1007/BF02278710, in the form without its heuristic start.
package enum Assignment {
  /// `result[row]` is the row's column.
  package static func best(_ n: Int, cost: (Int, Int) -> Double) -> [Int] {
    // Potentials u of rows, v of columns; column 0 and row 0 are places of departure, so all are counted from 1.
    var u = Array(repeating: 0.0, count: n + 1)
    var v = u
    var rowOf = Array(repeating: 0, count: n + 1)
    for row in stride(from: 1, through: n, by: 1) {
      var previous = Array(repeating: 0, count: n + 1)
      var shortest = Array(repeating: Double.infinity, count: n + 1)
      var isDone = Array(repeating: false, count: n + 1)
      rowOf[0] = row
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
    var result = Array(repeating: 0, count: n)
    for column in stride(from: 1, through: n, by: 1) { result[rowOf[column] - 1] = column - 1 }
    return result
  }
}
