import PageEngine

/// What a page asks its engine, and what the program itself answers.
package struct PageCase {
  /// The functions of the engine, whose number stands in the file.
  package enum Function: Int {
    case train, follow, evaluate
  }

  package let function: Function
  package let request: [Double]
  package let answer: [Double]
}

extension PageCases {
  /// All cases in one list of numbers: how many there are, then for each the number of its function, the lengths of its request and of its
  /// answer, and both.
  package static func numbers() -> [Double] {
    var numbers = [Double(requests.count)]
    for one in requests {
      numbers += [Double(one.function.rawValue), Double(one.request.count), Double(one.answer.count)]
      numbers += one.request
      numbers += one.answer
    }
    return numbers
  }

  /// Trainings of all runs; paths and outputs of some; descents on every function.
  private static let requests: [PageCase] = {
    var requests = all.map {
      PageCase(function: .train, request: $0.description?.numbers ?? [], answer: $0.trainedWide())
    }
    for path in paths { requests.append(PageCase(function: .follow, request: path.request, answer: path.answer)) }
    return requests + outputs
  }()
}
