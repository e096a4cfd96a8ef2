extension Dataset {
  /// What was done to the samples of a source before training: the parts, and what was learnt from the training part.
  package struct Preparation: Hashable, Sendable {
    /// The factor on every input of a CSV file.
    package var inputFactor = 1.0
    /// Mean of each input over the training part; empty where inputs are not standardised.
    package var means: [Double] = []
    /// Deviation of each input over the training part, 1 for a constant one; empty where inputs are not standardised.
    package var deviations: [Double] = []
    /// Mean of each target over the training part; empty where targets are not standardised.
    package var targetMeans: [Double] = []
    /// Deviation of each target over the training part, 1 for a constant one; empty where targets are not standardised.
    package var targetDeviations: [Double] = []
    /// The input columns of the source, where one of them has categories or had missing values to fill in; empty otherwise.
    package var columns: [Column] = []
    /// The rows of the source, counted from 0, in the order of the samples: the training part, the validation part, the test part.
    /// `nil` where that order is the source's own.
    package var rows: [Int]?
    /// Number of rows of the source that were left out because a value is missing.
    package var droppedRows = 0
    /// Number of inputs that were missing and are filled in.
    package var filledValues = 0
    /// Number of held-out samples with a category that no training sample has.
    package var unseenCategories = 0

    /// Samples of which nothing is known but themselves.
    package init() {}

    /// An input column of a source.
    package struct Column: Hashable, Sendable {
      /// The name in the header.
      package let name: String
      /// How its values become inputs.
      package var kind: Kind

      package enum Kind: Hashable, Sendable {
        /// A number. `fill` is the median of the training part, for a missing one; `nil` where missing values are refused.
        case number(fill: Double?)
        /// One input for each category, 1 for the one that a sample has. Those that the training part has are `known`; a sample of
        /// another one has 0 in all of them. `fill` is the most frequent one of the training part, for a missing one.
        case categories([String], known: [Bool], fill: Int?)
      }

      /// A column by its name in the header.
      package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
      }

      /// The inputs that the column becomes.
      package var inputNames: [String] {
        guard case .categories(let names, _, _) = kind else { return [name] }
        return names.map { "\(name)=\($0)" }
      }

      /// For each input that the column becomes, whether it is a number of the source.
      package var areNumbers: [Bool] { fills.map { $0 != nil } }

      /// For each input that the column becomes, what fills in a missing number (NaN where missing ones are refused); `nil` for categories.
      fileprivate var fills: [Double?] {
        switch kind {
        case .number(let fill): [fill ?? .nan]
        case .categories(let names, _, _): names.map { _ in nil }
        }
      }
    }

    /// Inputs of the source as the network sees them, with the bits of the training.
    /// - Parameter raw: one number an input, with those of categories as 0 and 1, and NaN for a missing number.
    package func input(_ raw: [Double]) -> [Double] {
      let fills = columns.isEmpty ? raw.map { _ in Double.nan } : columns.flatMap { $0.fills }
      return raw.indices.map { j in
        // The median is that of inputs with their factor.
        let scaled = fills[j].map { raw[j].isNaN ? $0 : raw[j] * inputFactor } ?? raw[j]
        return means.isEmpty ? scaled : (scaled - means[j]) / deviations[j]
      }
    }

    /// One unit of a network's target in the unit of the source.
    package func unit(ofTarget index: Int) -> Double { targetDeviations.isEmpty ? 1 : targetDeviations[index] }

    /// An output of the network in the units of the source's target.
    package func target(_ output: Double, _ index: Int) -> Double {
      targetMeans.isEmpty ? output : output * targetDeviations[index] + targetMeans[index]
    }
  }

  /// The columns of the source that the inputs were made of.
  package var sourceColumns: [Preparation.Column] {
    preparation.columns.isEmpty
      ? inputNames.map { Preparation.Column(name: $0, kind: .number(fill: nil)) } : preparation.columns
  }

  /// The rows of the source, counted from 0, that are trained on.
  package var trainingRows: [Int] {
    preparation.rows.map { Array($0.prefix(training.count)) } ?? Array(0..<training.count)
  }

  /// The rows of the source that are held out; `nil` where there are none, or where a data set came with a validation part of its own.
  package var validationRows: [Int]? {
    preparation.rows.map { Array($0.dropFirst(training.count).prefix(validation?.count ?? 0)) }
  }

  /// The rows of the source of the test part; `nil` where there is none, or where a data set came with one of its own.
  package var testRows: [Int]? {
    guard let test, let rows = preparation.rows else { return nil }
    return Array(rows.suffix(test.count))
  }
}
