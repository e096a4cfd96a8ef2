extension DataDraft {
  /// x ← (x − mean)/deviation, both of the training part; a constant column is only shifted.
  ///
  /// A column counts as constant where its deviation is at most 10⁻¹² of its mean.
  /// - Throws: `Mistake` where a mean, a deviation or a result leaves the range of doubles.
  mutating func standardize(title: String) throws {
    for column in inputNames.indices { try standardize(column: column, title) }
  }

  private mutating func standardize(column: Int, _ title: String) throws {
    let width = inputNames.count
    let count = count - heldCount
    var sum = 0.0
    for i in 0..<count { sum += inputs[i * width + column] }
    let mean = sum / Double(count)
    var squares = 0.0
    var farthest = 0.0
    for i in 0..<count {
      let difference = inputs[i * width + column] - mean
      squares += difference * difference
      farthest = max(farthest, abs(difference))
    }
    let deviation = (squares / Double(count)).squareRoot()
    // Below 10⁻¹⁵⁰, squares lose digits or vanish.
    guard deviation.isFinite, farthest >= 1e-150 || farthest <= 1e-12 * abs(mean) else {
      throw outOfRange(column, title, part: 0..<count)
    }
    let factor = deviation > 1e-12 * abs(mean) ? deviation : 1
    preparation.means.append(mean)
    preparation.deviations.append(factor)
    for i in 0..<self.count {
      let value = (inputs[i * width + column] - mean) / factor
      guard value.isFinite else { throw outOfRange(column, title, part: i..<i + 1) }
      inputs[i * width + column] = value
    }
  }

  private func outOfRange(_ column: Int, _ title: String, part: Range<Int>) -> Mistake {
    let width = inputNames.count
    let largest = part.map { abs(inputs[$0 * width + column]) }.max() ?? 0
    return Mistake(
      .data, at: "data \(title), column \(Quoted.short(inputNames[column]))", value: "sizes up to \(largest)",
      rule: "the squares of a standardized column stay within the range of doubles",
      remedy: largest < 1
        ? "Multiply the column by a large factor, or leave standardized() out"
        : "Multiply the column by a small factor, or leave standardized() out")
  }
}
