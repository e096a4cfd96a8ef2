import PageEngine

extension PageCases {
  /// All cases in one list of numbers: how many there are, then for each the lengths of its description and of its results, and both.
  package static func numbers() -> [Double] {
    let cases = all
    return [Double(cases.count)]
      + cases.flatMap { runs -> [Double] in
        let (description, results) = (runs.description?.numbers ?? [], runs.trainedWide())
        return [Double(description.count), Double(results.count)] + description + results
      }
  }
}
