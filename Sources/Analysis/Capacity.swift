import Learning
public import Studies

/// The capacity of networks of several widths, measured over the runs of a sweep, and its effect on the validation loss.
///
///     let capacity = try Capacity(
///       results.where(.data, is: task), of: .hidden, randomLabels: results.where(.data, is: task.withRandomLabels()))
///     capacity.randomLabels.width      // the least width that memorises
///     capacity.widths.map(\.verdict)   // too small, fits the task, spare capacity, overcapacity …
///     "\(capacity)"                    // the verdicts in sentences, with their numbers
///
/// A run *interpolates* when its training loss is below one hundredth of that of the best constant output. A network that
/// interpolates random labels has memorised them: they contain nothing that can be learned.
///
/// Sources: Zhang et al. 2017, arXiv:1611.03530 (random labels); Belkin et al. 2019, doi:10.1073/pnas.1903070116 and Nakkiran
/// et al. 2020, arXiv:1912.02292 (interpolation threshold, second descent).
public struct Capacity: Sendable {
  /// The measurements of one width over its runs; the losses of diverged runs count as infinite.
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
    /// Validation loss divided by that of the training data's best constant.
    public let validationLeft: Quartiles
    /// The share of runs that interpolate the true labels.
    public let interpolating: Share
    /// The final validation loss divided by the least one of the same run; `nil` where it was not recorded during training.
    public let rise: Quartiles?
    /// The runs of this width on random labels; `nil` without such runs.
    public let random: RandomLabels?
    /// Validation loss divided by that of the best width, paired by seed.
    public internal(set) var toBest = PairedRatio.one
    /// The verdict on this width.
    public internal(set) var verdict = Verdict.undecided
  }

  /// The runs of one width on random labels.
  public struct RandomLabels: Sendable {
    /// Final training loss divided by that of the best constant.
    public let left: Quartiles
    /// The share of runs that interpolate.
    public let interpolating: Share
    /// Number of diverged runs.
    public let diverged: Int
  }

  /// The widths of the sweep, in ascending order.
  public let widths: [Width]
  /// The fraction of the best constant's training loss below which a run interpolates.
  public let fraction: Double
  /// The symbol of the width: `H`.
  public let symbol: String
  /// The least width that interpolates the true labels.
  public let interpolation: Threshold
  /// The least width that interpolates random labels; `nil` without such runs.
  public let randomLabels: Threshold?
  /// Whether the validation loss increases with the width and then decreases again.
  public let secondDescent: SecondDescent
  /// Whether each seed has its own data. If not, the intervals cover one data set only.
  public let isDrawnPerSeed: Bool
  package let parameter: AnyParameter
  private let bestIndex: Int

  /// The width with the least median validation loss; the narrowest of several with equal medians.
  public var best: Width { widths[bestIndex] }

  /// Measures a sweep of one task over widths.
  /// - Parameters:
  ///   - results: the runs on true labels; runs that are also in `randomLabels` are ignored here.
  ///   - width: the swept parameter: `.hidden`, `.depth` or one that the experiment defines.
  ///   - randomLabels: runs of the same widths on random labels.
  ///   - fraction: a run interpolates if its training loss is below this fraction of the best constant's.
  /// - Throws: `Mistake` if there are no runs or no validation data, or if the runs have different settings.
  public init(
    _ results: Results, of width: Parameter<Int>, randomLabels: Results? = nil,
    interpolatesBelow fraction: Double = 0.01
  ) throws {
    guard fraction > 0, fraction < 1 else {
      throw Mistake(
        at: "capacity over \(width.name)", value: "interpolatesBelow: \(fraction)",
        rule: "it is a fraction of the best constant's loss, between 0 and 1", remedy: "Write 0.01, for example")
    }
    let random = randomLabels.flatMap { $0.isEmpty ? nil : $0 }
    let memorised = Set(random?.rows.map(\.run.index) ?? [])
    let survey = CapacitySurvey(
      learned: memorised.isEmpty ? results : results.filtered { !memorised.contains($0.run.index) }, random: random,
      parameter: width.erased, fraction: fraction)
    var widths = try survey.widths()
    let ratios = try survey.ratios(widths.map(\.width))
    // A median that is not a number is sorted above every other.
    let best =
      widths.indices.min { Statistics.precedes(widths[$0].validation.median, widths[$1].validation.median) } ?? 0
    symbol = survey.parameter.shortTitle
    parameter = survey.parameter
    isDrawnPerSeed = results.rows.allSatisfy { $0.run.setup.data?.variesWithSeed ?? false }
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

  /// The measurements of one width; `nil` if the sweep does not have it.
  public subscript(width: Int) -> Width? { widths.first { $0.width == width } }
}

/// The median and the quartiles over runs.
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
