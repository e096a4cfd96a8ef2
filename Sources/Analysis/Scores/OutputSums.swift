import Learning
import Studies

/// What outputs and targets of a part of the data add up to: all that scores and losses of the part need.
struct OutputSums: Sendable {
  /// Number of samples.
  let count: Int
  /// Σ(y − t)², Σ|y − t| and Σ(t − t̄)² for each output.
  let squares, magnitudes, spreads: [Double]
  /// The loss of the part.
  let loss: Double
  /// The counts of classes; `nil` for data without classes.
  let confusion: Confusion?

  /// - Parameter outputs: those of all samples, one after another.
  init(_ outputs: [Double], _ samples: Dataset.Samples, of data: Dataset, _ loss: Loss) {
    let width = data.outputCount
    count = samples.count
    self.loss = loss.value(outputs, samples.targets, samples: samples.count)
    func sums(_ term: (_ output: Double, _ target: Double) -> Double) -> [Double] {
      (0..<width).map { k in
        stride(from: k, to: outputs.count, by: width).reduce(0) { $0 + term(outputs[$1], samples.targets[$1]) }
      }
    }
    // Errors are in the unit of the source, also where the network sees standardised targets.
    let units = (0..<width).map { data.preparation.unit(ofTarget: $0) }
    squares = zip(sums { ($0 - $1) * ($0 - $1) }, units).map { $0 * $1 * $1 }
    magnitudes = zip(sums { abs($0 - $1) }, units).map { $0 * $1 }
    let means = sums { $1 }.map { $0 / Double(samples.count) }
    spreads = (0..<width).map { k in
      stride(from: k, to: outputs.count, by: width).reduce(0) { sum, index in
        let difference = (samples.targets[index] - means[k]) * units[k]
        return sum + difference * difference
      }
    }
    confusion = data.classes.map { classes in
      var confusion = Confusion(classes.names)
      for i in 0..<samples.count {
        let row = i * width..<(i + 1) * width
        guard let truth = classes.number(of: samples.targets[row]) else { continue }
        confusion.add(truth, predicted: classes.number(of: outputs[row]))
      }
      return confusion
    }
  }

  /// A score; NaN where it is not defined.
  func value(of score: Score) -> Double {
    let n = Double(count)
    switch score {
    case .rSquared: return mean(zip(squares, spreads).map { $1 > 0 ? 1 - $0 / $1 : .nan })
    case .rootMeanSquaredError: return mean(squares.map { ($0 / n).squareRoot() })
    case .meanAbsoluteError: return meanMagnitude
    case .accuracy, .precision, .recall, .f1: return confusion?.value(of: score) ?? .nan
    }
  }

  /// Mean over samples and outputs of |y − t|.
  var meanMagnitude: Double { mean(magnitudes.map { $0 / Double(count) }) }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
