import Studies

extension Capacity {
  /// What is said of one width. *Worse* means: beyond seed noise, by `toBest`. *Memorises* means: at least half of the runs
  /// interpolate random labels.
  public enum Verdict: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Worse than a wider one; does not memorise.
    case tooSmall = "too small"
    /// Not worse than the best, and does not memorise.
    case fits = "fits the task"
    /// Not worse than the best, although it memorises.
    case spare = "capacity to spare"
    /// Memorises, and is worse than the best, which is narrower.
    case over = "overcapacity"
    /// Memorises, and is worse than the best, which is wider: on the hump that a second descent leaves behind.
    case critical = "on the hump"
    /// Worse than the best, which is narrower, before it memorises, or where nobody has looked.
    case worse = "validates worse"
    /// Not worse than the best, but no better than the best constant either.
    case idle = "no better than a constant"
    /// Most runs diverged.
    case diverges
    /// One width alone, or too few seeds for the number of widths.
    case undecided = "cannot be told"

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

  /// From which width on at least half of the runs interpolate.
  public struct Threshold: Sendable, CustomStringConvertible {
    /// The least such width; `nil` where there is none.
    public let width: Int?
    /// The next narrower one that was tried: the threshold lies between the two.
    public let narrower: Int?
    /// Parameters per training value at both.
    public let parametersPerValue: Double?
    /// Parameters per training value at the next narrower width.
    public let parametersPerValueBelow: Double?
    /// Wider ones at which fewer than half interpolate after all.
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
        ?? "at \(symbol.equals(width)) already (\(upper) \(per)), the narrowest tried"
      let list = exceptions.map { "\($0)" }.joined(separator: ", ")
      return exceptions.isEmpty ? place : "\(place), though not at \(symbol.equals(list))"
    }
  }

  /// Whether validation rises over the widths and then falls again, both beyond seed noise.
  public struct SecondDescent: Sendable, CustomStringConvertible {
    /// The width with the greatest median validation loss among those that are worse than a narrower and a wider one.
    public let peak: Int?
    /// The best narrower and the best wider width.
    public let before: Int?
    /// The best wider width.
    public let after: Int?
    /// Validation loss at the peak over that before it, and over that after it.
    public let rise: PairedRatio?
    /// Validation loss at the peak divided by that at the best wider width.
    public let fall: PairedRatio?
    /// Whether the peak is at the interpolation threshold: one of the two widths between which it lies, or next to them.
    public let isAtThreshold: Bool
    /// Whether there were widths and seeds enough to look for one.
    public let isDecidable: Bool
    private let symbol: String
    private let threshold: Threshold

    /// A peak at the interpolation threshold: what is called double descent.
    public var isFound: Bool { peak != nil && isAtThreshold }

    init(_ widths: [Width], _ ratios: [[PairedRatio]], threshold: Threshold, symbol: String) {
      func least(_ candidates: some Sequence<Int>, below peak: Int) -> Int? {
        candidates.filter { ratios[peak][$0].isAboveOne }
          .min { widths[$0].validation.median < widths[$1].validation.median }
      }
      let humps = widths.indices.compactMap { peak -> (peak: Int, before: Int, after: Int)? in
        guard let before = least(0..<peak, below: peak), let after = least(peak + 1..<widths.count, below: peak) else {
          return nil
        }
        return (peak, before, after)
      }
      let hump = humps.max { widths[$0.peak].validation.median < widths[$1.peak].validation.median }
      peak = hump.map { widths[$0.peak].width }
      before = hump.map { widths[$0.before].width }
      after = hump.map { widths[$0.after].width }
      rise = hump.map { ratios[$0.peak][$0.before] }
      fall = hump.map { ratios[$0.peak][$0.after] }
      isAtThreshold = hump.flatMap { hump in threshold.index.map { ($0 - 2...$0 + 1).contains(hump.peak) } } ?? false
      isDecidable = widths.count > 2 && ratios.joined().allSatisfy { $0.interval != nil }
      self.symbol = symbol
      self.threshold = threshold
    }

    public var description: String {
      guard isDecidable else { return "a second descent cannot be looked for with so few widths or seeds" }
      guard let peak, let before, let after, let rise, let fall else {
        return
          "no width validates worse, beyond seed noise, than both a narrower and a wider one: no second descent is found"
      }
      let place =
        isAtThreshold
        ? "at the interpolation threshold: a second descent"
        : threshold.width == nil
          ? "but no width interpolates: not the second descent of the interpolation threshold"
          : "away from the interpolation threshold: not its second descent"
      return
        "validation has a peak at \(symbol.equals(peak)), \(rise) times the loss at \(symbol.equals(before)) and \(fall) times "
        + "that at \(symbol.equals(after)), \(place)"
    }
  }
}

extension Share {
  /// At least one half, and of something.
  package var isHalf: Bool { count > 0 && 2 * successes >= count }
}

extension String {
  /// "H = 8", never torn apart at a line's end.
  func equals(_ value: some CustomStringConvertible) -> String { "\(self)\u{00A0}=\u{00A0}\(value)" }
}
