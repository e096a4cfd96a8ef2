import Studies

extension Capacity {
  /// The verdict on one width. *Worse* means: the whole interval of `toBest` lies above 1. *Memorises* means: at least half
  /// of the runs on random labels interpolate.
  public enum Verdict: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Worse than the best, which is wider; does not memorise.
    case tooSmall = "too small"
    /// Not worse than the best; does not memorise.
    case fits = "fits the task"
    /// Not worse than the best, although it memorises.
    case spare = "spare capacity"
    /// Worse than the best, which is narrower; memorises.
    case over = "overcapacity"
    /// Worse than the best, which is wider; memorises: at the peak before a second descent.
    case critical = "at the peak"
    /// Worse than the best, which is narrower; does not memorise, or was not trained on random labels.
    case worse = "worse validation"
    /// Not worse than the best, but its median validation loss is not below that of the best constant.
    case idle = "no better than a constant"
    /// Most runs diverged.
    case diverges
    /// A single width, or too few seeds for the number of widths.
    case undecided

    /// The verdict in words.
    public var description: String { rawValue }

    init(_ width: Width, best: Width, isAlone: Bool) {
      let memorises = width.random.map { $0.interpolating.isHalf } ?? false
      if 2 * width.diverged > width.runs {
        self = .diverges
      } else if isAlone || width.toBest.interval == nil {
        self = .undecided
      } else if width.toBest.isAboveOne {
        self =
          width.width < best.width ? (memorises ? .critical : .tooSmall) : (memorises ? .over : .worse)
      } else if !(width.validationLeft.median < 1) {
        self = .idle
      } else {
        self = memorises ? .spare : .fits
      }
    }
  }

  /// The least width at which at least half of the runs interpolate.
  public struct Threshold: Sendable, CustomStringConvertible {
    /// The least such width; `nil` where there is none.
    public let width: Int?
    /// The next narrower width of the sweep: the threshold lies between the two.
    public let narrower: Int?
    /// Parameters per training value at `width`.
    public let parametersPerValue: Double?
    /// Parameters per training value at the next narrower width.
    public let parametersPerValueBelow: Double?
    /// Wider ones at which fewer than half of the runs interpolate.
    public let exceptions: [Int]
    let index: Int?
    private let symbol: String

    init(_ widths: [Width], symbol: String, _ share: (Width) -> Share?) {
      let index = widths.firstIndex { share($0)?.isHalf ?? false }
      let tried = widths.indices.filter { share(widths[$0]) != nil }
      let below = tried.last { $0 < index ?? widths.count }.map { widths[$0] }
      width = index.map { widths[$0].width }
      parametersPerValue = index.map { widths[$0].parametersPerValue }
      narrower = below?.width
      parametersPerValueBelow = below?.parametersPerValue
      exceptions =
        index.map { first in
          tried.filter { $0 > first && !(share(widths[$0])?.isHalf ?? true) }.map { widths[$0].width }
        } ?? []
      self.index = index
      self.symbol = symbol
    }

    /// "between H = 4 and 8 (0.8 to 1.6 parameters per training value)"
    public var description: String {
      let per = "parameters per training value"
      let (upper, lower) = (
        NumberText.short(parametersPerValue ?? .nan), NumberText.short(parametersPerValueBelow ?? .nan)
      )
      guard let width else {
        return narrower.map { "at no width up to \(symbol.equals($0)) (\(lower) \(per))" } ?? "at no width"
      }
      let place =
        narrower.map { "between \(symbol.equals($0)) and \(width) (\(lower) to \(upper) \(per))" }
        ?? "at \(symbol.equals(width)) (\(upper) \(per)), the narrowest width of the sweep"
      let list = exceptions.map { "\($0)" }.joined(separator: ", ")
      return exceptions.isEmpty ? place : "\(place), though not at \(symbol.equals(list))"
    }
  }

  /// Whether the validation loss increases with the width and then decreases again, both beyond seed noise.
  public struct SecondDescent: Sendable, CustomStringConvertible {
    /// The width with the greatest median validation loss among those that are worse than both a narrower and a wider one.
    public let peak: Int?
    /// The best narrower width.
    public let before: Int?
    /// The best wider width.
    public let after: Int?
    /// Validation loss at the peak divided by that at the best narrower width.
    public let rise: PairedRatio?
    /// Validation loss at the peak divided by that at the best wider width.
    public let fall: PairedRatio?
    /// Whether the peak is at the interpolation threshold: at one of the two widths around it, or at one next to these.
    public let isAtThreshold: Bool
    /// Whether there are enough widths and seeds to test for a second descent.
    public let isDecidable: Bool
    private let symbol: String
    private let threshold: Threshold

    /// Whether there is a peak at the interpolation threshold, which is called double descent.
    public var isFound: Bool { peak != nil && isAtThreshold }

    init(_ widths: [Width], _ ratios: [[PairedRatio]], threshold: Threshold, symbol: String) {
      func least(_ candidates: some Sequence<Int>, below peak: Int) -> Int? {
        candidates.filter { ratios[peak][$0].isAboveOne }
          .min { widths[$0].validation.median < widths[$1].validation.median }
      }
      let peaks = widths.indices.compactMap { peak -> (peak: Int, before: Int, after: Int)? in
        guard let before = least(0..<peak, below: peak), let after = least(peak + 1..<widths.count, below: peak) else {
          return nil
        }
        return (peak, before, after)
      }
      let highest = peaks.max { widths[$0.peak].validation.median < widths[$1.peak].validation.median }
      peak = highest.map { widths[$0.peak].width }
      before = highest.map { widths[$0.before].width }
      after = highest.map { widths[$0.after].width }
      rise = highest.map { ratios[$0.peak][$0.before] }
      fall = highest.map { ratios[$0.peak][$0.after] }
      isAtThreshold =
        highest.flatMap { found in threshold.index.map { ($0 - 2...$0 + 1).contains(found.peak) } } ?? false
      isDecidable = widths.count > 2 && ratios.joined().allSatisfy { $0.interval != nil }
      self.symbol = symbol
      self.threshold = threshold
    }

    public var description: String {
      guard isDecidable else { return "there are too few widths or seeds to test for a second descent" }
      guard let peak, let before, let after, let rise, let fall else {
        return
          "no width has a worse validation loss, beyond seed noise, than both a narrower and a wider one: no second descent is found"
      }
      let place =
        isAtThreshold
        ? "at the interpolation threshold: a second descent"
        : threshold.width == nil
          ? "but no width interpolates: not the second descent of the interpolation threshold"
          : "away from the interpolation threshold: not its second descent"
      return
        "the validation loss has a peak at \(symbol.equals(peak)), \(rise) times the loss at \(symbol.equals(before)) and \(fall) times "
        + "that at \(symbol.equals(after)), \(place)"
    }
  }
}

extension Share {
  /// Whether at least half of the runs are counted; `false` without runs.
  package var isHalf: Bool { count > 0 && 2 * successes >= count }
}

extension String {
  /// "H = 8", with spaces at which no line is broken.
  func equals(_ value: some CustomStringConvertible) -> String { "\(self)\u{00A0}=\u{00A0}\(value)" }
}
