import Foundation

/// A mapping from numbers to positions along an axis.
public struct Scale: Hashable, Sendable {
  /// The kinds of scale.
  public enum Kind: Hashable, Sendable {
    /// Equal distances for equal differences.
    case linear
    /// Equal distances for equal ratios; positive values only.
    case log
    /// Logarithmic on both sides of zero, linear within ± the threshold: sign(v)·log₁₀(1 + |v|/c).
    case symlog(threshold: Double)
    /// Categories, evenly spaced, named in order; the values are 0, 1, 2 …
    case ordinal([String])

    /// Whether the values are categories.
    public var isOrdinal: Bool { if case .ordinal = self { true } else { false } }
  }

  /// The kind of scale.
  public let kind: Kind
  /// The data range that the axis shows.
  public let domain: ClosedRange<Double>

  /// Numbers beyond this are treated as infinite, so that differences and squares of the others are finite.
  static let greatest = 1e150

  /// A scale of a kind. The domain is limited to ±10¹⁵⁰, and to at least 10⁻³⁰⁰ on a logarithmic axis.
  public init(_ kind: Kind, domain: ClosedRange<Double>) {
    self.kind = kind
    let least = kind == .log ? 1e-300 : -Self.greatest
    let low = min(max(domain.lowerBound, least), Self.greatest)
    self.domain = low...max(low, min(domain.upperBound, Self.greatest))
  }

  /// Whether the values are categories.
  public var isOrdinal: Bool { kind.isOrdinal }

  /// The scale with its domain restricted to limits.
  func clamped(to limits: ClosedRange<Double>) -> Scale {
    let low = min(max(domain.lowerBound, limits.lowerBound), limits.upperBound)
    let high = max(min(domain.upperBound, limits.upperBound), low)
    return low < high ? Scale(kind, domain: low...high) : Scale(kind, domain: limits)
  }

  /// Whether a value can be shown at all.
  public func shows(_ value: Double) -> Bool { abs(value) <= Self.greatest && (kind != .log || value > 0) }

  /// The position of a value: 0 at the lower end of the domain, 1 at its upper end.
  public func share(_ value: Double) -> Double {
    let low = position(domain.lowerBound)
    let width = position(domain.upperBound) - low
    return width == 0 ? 0.5 : (position(value) - low) / width
  }

  /// The value at a position along the axis: the inverse of `share`.
  public func value(atShare share: Double) -> Double {
    let low = position(domain.lowerBound)
    let place = low + share * (position(domain.upperBound) - low)
    return switch kind {
    case .linear, .ordinal: place
    case .log: pow(10, place)
    case .symlog(let threshold): (place < 0 ? -1 : 1) * threshold * (pow(10, abs(place)) - 1)
    }
  }

  /// The position of a value on an unbounded axis of this kind.
  private func position(_ value: Double) -> Double {
    switch kind {
    case .linear, .ordinal: value
    case .log: log10(value)
    case .symlog(let threshold): (value < 0 ? -1 : 1) * log10(1 + abs(value) / threshold)
    }
  }

  /// A scale over the range of some values with a margin; the range also includes the values of `including`.
  public static func fitting(_ kind: Kind, _ values: [Double], including: [Double] = [], air: Double = 0.04) -> Scale {
    fitting(kind, Extent(values), including: including, air: air)
  }

  /// A scale over an extent with a margin; the range also includes the values of `including`.
  static func fitting(_ kind: Kind, _ extent: Extent, including: [Double] = [], air: Double = 0.04) -> Scale {
    if case .ordinal(let names) = kind { return Scale(kind, domain: -0.5...(Double(max(names.count, 1)) - 0.5)) }
    let extent = extent.union(Extent(including))
    let (low, high) = (kind == .log ? extent.leastPositive : extent.least, extent.greatest)
    guard low <= high, high.isFinite else { return Scale(kind, domain: kind == .log ? 0.1...1 : 0...1) }
    switch kind {
    case .log:
      let ratio = high / low
      if ratio < 1.0001 { return Scale(.log, domain: low / 2...high * 2) }
      let margin = pow(ratio, air)
      let bottom = max(low / margin, Double.leastNormalMagnitude)
      let top = min(high * margin, Double.greatestFiniteMagnitude)
      return Scale(.log, domain: bottom...top)
    case .symlog where low < high:
      // The margin is a fraction of the drawn length.
      let bare = Scale(kind, domain: low...high)
      return Scale(kind, domain: bare.value(atShare: -air)...bare.value(atShare: 1 + air))
    default:
      let width = high - low
      if width <= abs(high) * 1e-12 {
        let half = high == 0 ? 1 : abs(high) * 0.1
        return Scale(kind, domain: low - half...high + half)
      }
      if !width.isFinite { return Scale(kind, domain: low / 2...high / 2) }
      // An end that was requested, such as 0 or 1, gets no margin.
      let bottom = including.contains(low) ? low : low - air * width
      let top = including.contains(high) ? high : high + air * width
      return Scale(kind, domain: bottom...top)
    }
  }
}
