/// A square of numbers, row by row.
public struct SquareMatrix: Sendable, Hashable {
  /// Number of rows, and of columns.
  public let count: Int
  /// The elements, row by row.
  public var elements: [Double]

  /// A matrix of zeros.
  public init(zeros count: Int) {
    self.count = count
    elements = Array(repeating: 0, count: count * count)
  }

  /// n rows of n numbers.
  public init?(_ rows: [[Double]]) {
    guard rows.allSatisfy({ $0.count == rows.count }) else { return nil }
    count = rows.count
    elements = rows.flatMap(\.self)
  }

  /// The element in a row and a column, both from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * count + column] }
    set { elements[row * count + column] = newValue }
  }

  /// A·v
  func times(_ v: [Double]) -> [Double] {
    (0..<count).map { row in (0..<count).reduce(0) { $0 + self[row, $1] * v[$1] } }
  }

  /// vᵀA·v
  func form(_ v: [Double]) -> Double { Linear.dot(v, times(v)) }

  /// The rows.
  public var rows: [[Double]] { (0..<count).map { Array(elements[$0 * count..<($0 + 1) * count]) } }
}
