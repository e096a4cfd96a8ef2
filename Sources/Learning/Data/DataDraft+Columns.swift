extension DataDraft {
  /// Fills in missing inputs, which are NaN, and makes one input of each category. What is filled in and which categories are known comes
  /// from the training part only.
  /// - Parameter columns: the input columns; those of categories have the place of a category in its list as their number.
  /// - Throws: `Mistake` for a column that no training sample has a value of.
  mutating func prepareColumns(_ columns: [Dataset.Preparation.Column], title: String) throws {
    preparation.columns = columns
    for index in columns.indices {
      switch columns[index].kind {
      case .number: try fillNumber(index, title)
      case .categories(let names, _, _): try learnCategories(index, names, title)
      }
    }
    expandCategories()
  }

  private mutating func fillNumber(_ column: Int, _ title: String) throws {
    let width = inputNames.count
    let places = (0..<count).map { $0 * width + column }
    guard case .number(.some) = preparation.columns[column].kind else { return }
    let known = places.prefix(trainingCount).map { inputs[$0] }.filter { !$0.isNaN }.sorted()
    guard !known.isEmpty else { throw unknown(column, title) }
    let middle = known.count / 2
    let median = known.count % 2 == 1 ? known[middle] : known[middle - 1] / 2 + known[middle] / 2
    preparation.columns[column].kind = .number(fill: median)
    for place in places where inputs[place].isNaN {
      inputs[place] = median
      preparation.filledValues += 1
    }
  }

  private mutating func learnCategories(_ column: Int, _ names: [String], _ title: String) throws {
    let width = inputNames.count
    var counts = [Int](repeating: 0, count: names.count)
    for i in 0..<trainingCount where !inputs[i * width + column].isNaN { counts[Int(inputs[i * width + column])] += 1 }
    guard let most = counts.max(), most > 0, let fill = counts.firstIndex(of: most) else {
      throw unknown(column, title)
    }
    preparation.columns[column].kind = .categories(names, known: counts.map { $0 > 0 }, fill: fill)
    for i in 0..<count where inputs[i * width + column].isNaN {
      inputs[i * width + column] = Double(fill)
      preparation.filledValues += 1
    }
  }

  private mutating func expandCategories() {
    let columns = preparation.columns
    var expanded: [Double] = []
    let names = columns.flatMap(\.inputNames)
    guard names != inputNames else { return }
    expanded.reserveCapacity(count * names.count)
    for i in 0..<count {
      var isKnown = true
      for (j, column) in columns.enumerated() {
        let value = inputs[i * columns.count + j]
        guard case .categories(let names, let known, _) = column.kind else {
          expanded.append(value)
          continue
        }
        let category = Int(value)
        isKnown = isKnown && known[category]
        for k in names.indices { expanded.append(k == category && known[k] ? 1 : 0) }
      }
      if !isKnown { preparation.unseenCategories += 1 }
    }
    inputs = expanded
    inputNames = names
  }

  private func unknown(_ column: Int, _ title: String) -> Mistake {
    Mistake(
      .data, at: "data \(title), column \(Quoted.short(preparation.columns[column].name))",
      value: "no value in \(trainingCount) training samples", rule: "what is filled in comes from the training part",
      remedy: "Leave the column out of the inputs")
  }
}
