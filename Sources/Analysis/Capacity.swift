import Learning
public import Studies

/// How much a network of each width can hold, measured over the runs of a sweep, and what that costs on fresh data.
///
///     let capacity = try Capacity(
///       results.where(.data, is: task), of: .hidden, randomLabels: results.where(.data, is: task.withRandomLabels()))
///     capacity.randomLabels.width      // the least width that memorises
///     capacity.widths.map(\.verdict)   // too small, fits the task, capacity to spare, overcapacity …
///     "\(capacity)"                    // the same in words, with the numbers
///
/// A run *interpolates* when its training loss is below a hundredth of that of the best constant: it has left less than that
/// of the spread of its targets. On random labels nothing can be learned, so that what is fitted there is memorised.
///
/// Sources: Zhang et al. 2017, arXiv:1611.03530 (random labels); Belkin et al. 2019, doi:10.1073/pnas.1903070116 and Nakkiran
/// et al. 2020, arXiv:1912.02292 (interpolation threshold, second descent).
public struct Capacity: Sendable {
  /// One width, measured over its runs; diverged runs count as infinite.
  public struct Width: Sendable {
    /// The value of the swept parameter.
    public let width: Int
    /// Number of parameters of the network.
    public let parameters: Int
    /// Parameters per training value (sample × output).
    public let parametersPerValue: Double
    /// Number of runs.
    public let runs: Int
    /// Number of diverged runs.
    public let diverged: Int
    /// Final training loss.
    public let training: Quartiles
    /// Final validation loss.
    public let validation: Quartiles
    /// Validation loss as a share of what the best constant of the training data has there.
    public let validationLeft: Quartiles
    /// Runs that interpolate the true labels.
    public let interpolating: Share
    /// Final validation loss over the least in time, run by run; `nil` where it was not recorded on the way.
    public let rise: Quartiles?
    /// `nil` where the width was not trained on random labels.
    public let random: RandomLabels?
    /// Validation loss over that of the best width, seed by seed.
    public internal(set) var toBest = PairedRatio.one
    /// The verdict on this width.
    public internal(set) var verdict = Verdict.undecided
  }

  /// What became of the runs on random labels.
  public struct RandomLabels: Sendable {
    /// The share of the labels' spread that is left.
    public let left: Quartiles
    /// Runs that interpolate.
    public let interpolating: Share
    /// Number of diverged runs.
    public let diverged: Int
  }

  /// Every width of the sweep, ascending.
  public let widths: [Width]
  /// The share of the best constant's loss below which a run interpolates.
  public let fraction: Double
  /// How widths are called: `H`.
  public let symbol: String
  /// Where networks begin to fit every training value.
  public let interpolation: Threshold
  /// Where networks begin to fit random labels; `nil` where there are no such runs.
  public let randomLabels: Threshold?
  /// Whether the validation loss increases with the width and then decreases again.
  public let secondDescent: SecondDescent
  /// Whether each seed drew its own data: only then do the intervals speak of more than one data set.
  public let isDrawnPerSeed: Bool
  package let parameter: AnyParameter
  private let bestIndex: Int

  /// The width with the least median validation loss, the narrowest of equals.
  public var best: Width { widths[bestIndex] }

  /// Measures a sweep of one task over widths.
  /// - Parameters:
  ///   - results: the runs on true labels; runs that are among `randomLabels` too are left out here.
  ///   - width: what is swept: `.hidden`, `.depth` or a parameter of one's own.
  ///   - randomLabels: runs of the same widths on random labels.
  ///   - fraction: a run interpolates below this share of the best constant's loss.
  /// - Throws: `Mistake` where there is nothing to measure: no runs, no validation data, settings mixed.
  public init(
    _ results: Results, of width: Parameter<Int>, randomLabels: Results? = nil,
    interpolatesBelow fraction: Double = 0.01
  ) throws {
    guard fraction > 0, fraction < 1 else {
      throw Mistake(
        at: "capacity over \(width.name)", value: "interpolatesBelow: \(fraction)",
        rule: "it is a share of the best constant's loss, between 0 and 1", remedy: "Write 0.01, say")
    }
    let random = randomLabels.flatMap { $0.isEmpty ? nil : $0 }
    let memorised = Set(random?.rows.map(\.run.index) ?? [])
    let survey = CapacitySurvey(
      learned: memorised.isEmpty ? results : results.filtered { !memorised.contains($0.run.index) }, random: random,
      parameter: width.erased, fraction: fraction)
    var widths = try survey.widths()
    let ratios = try survey.ratios(widths.map(\.width))
    // A median that is not a number stands above every other.
    let best =
      widths.indices.min { Statistics.precedes(widths[$0].validation.median, widths[$1].validation.median) } ?? 0
    symbol = survey.parameter.shortTitle
    parameter = survey.parameter
    isDrawnPerSeed = results.rows.allSatisfy { $0.run.setup.data?.isDrawnPerSeed ?? false }
    bestIndex = best
    self.fraction = fraction
    interpolation = Threshold(widths, symbol: symbol) { $0.interpolating }
    self.randomLabels = random == nil ? nil : Threshold(widths, symbol: symbol) { $0.random?.interpolating }
    for index in widths.indices {
      widths[index].toBest = ratios[index][best]
      widths[index].verdict = Verdict(widths[index], best: widths[best], isAlone: widths.count < 2)
    }
    self.widths = widths
    secondDescent = SecondDescent(widths, ratios, threshold: interpolation, symbol: symbol)
  }

  /// The measurements of one width; `nil` where it was not tried.
  public subscript(width: Int) -> Width? { widths.first { $0.width == width } }
}

/// Median and quartiles over runs.
public struct Quartiles: Hashable, Sendable, CustomStringConvertible {
  /// One of the three quartiles.
  public let first, median, third: Double

  /// The quartiles of values; infinite values keep their rank.
  public init(_ values: [Double]) {
    let sorted = Statistics.sorted(values)
    first = Statistics.quantile(sorted: sorted, 0.25)
    median = Statistics.quantile(sorted: sorted, 0.5)
    third = Statistics.quantile(sorted: sorted, 0.75)
  }

  /// "0.037 (0.031–0.042)"
  public var description: String {
    "\(NumberText.short(median)) (\(NumberText.short(first))–\(NumberText.short(third)))"
  }
}
