extension Dataset {
  /// What was done to the samples of a source before training: the split, and the scaling of the inputs.
  package struct Preparation: Hashable, Sendable {
    /// The factor on every input of a CSV file.
    package var inputFactor = 1.0
    /// Mean of each input over the training part; empty where inputs are not standardised.
    package var means: [Double] = []
    /// Deviation of each input over the training part, 1 for a constant one; empty where inputs are not standardised.
    package var deviations: [Double] = []
    /// The rows of the source, counted from 0, in the order of the samples: the training part, then the validation part. `nil` where
    /// no share was drawn, so that the order is the source's own.
    package var rows: [Int]?

    /// Inputs of the source as the network sees them, with the bits of the training.
    package func input(_ raw: [Double]) -> [Double] {
      raw.indices.map { j in
        let scaled = raw[j] * inputFactor
        return means.isEmpty ? scaled : (scaled - means[j]) / deviations[j]
      }
    }
  }

  /// The rows of the source, counted from 0, that are trained on.
  package var trainingRows: [Int] {
    preparation.rows.map { Array($0.prefix(training.count)) } ?? Array(0..<training.count)
  }

  /// The rows of the source that are held out; `nil` where there are none, or where a data set came with a validation part of its own.
  package var validationRows: [Int]? { preparation.rows.map { Array($0.dropFirst(training.count)) } }
}
