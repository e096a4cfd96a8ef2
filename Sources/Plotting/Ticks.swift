import Foundation

/// A tick on an axis with its label; minor ticks have none.
public struct Tick: Hashable, Sendable {
  /// The position of the tick in data units.
  public var value: Double
  /// The text; empty for a minor tick.
  public var label: String
  /// Whether it is a short tick without a label.
  public var isMinor: Bool

  /// A tick with its label.
  public init(_ value: Double, _ label: String, isMinor: Bool = false) {
    self.value = value
    self.label = label
    self.isMinor = isMinor
  }
}

extension Scale {
  /// Ticks for an axis that has room for about `count` labels.
  public func ticks(count: Int) -> [Tick] {
    switch kind {
    case .linear: linearTicks(count)
    case .log: logTicks(count)
    case .symlog(let threshold): symlogTicks(count, threshold)
    case .ordinal(let names): names.enumerated().map { Tick(Double($0), $1) }
    }
  }

  /// Ticks for data that are whole numbers: where an axis would label a half, it takes fewer and longer steps.
  func wholeTicks(count: Int) -> [Tick] {
    let (first, last) = (domain.lowerBound.rounded(.up), domain.upperBound.rounded(.down))
    let isWhole = { (tick: Tick) in tick.isMinor || tick.value == tick.value.rounded() }
    let wanted = ticks(count: count)
    guard first <= last, !wanted.allSatisfy(isWhole) else { return wanted }
    switch kind {
    case .linear:
      for fewer in stride(from: count, through: 2, by: -1) {
        let ticks = linearTicks(fewer)
        if ticks.allSatisfy(isWhole) { return ticks }
      }
    case .log:
      // Their labels may have the decimals of those in between.
      let whole = wanted.filter(isWhole).map { $0.isMinor ? $0 : Tick($0.value, Self.label($0.value, step: 1)) }
      if whole.count(where: { !$0.isMinor }) > 1 || last - first > 8 { return whole }
    case .symlog, .ordinal: return wanted
    }
    // So short an axis holds a handful of whole numbers.
    return stride(from: first, through: last, by: 1).map { Tick($0, Self.label($0, step: 1)) }
  }

  /// The extended search of Talbot, Lin & Hanrahan 2010 (doi:10.1109/TVCG.2010.130): among steps q·10ᶻ, the labelling
  /// with the best weighted score of simplicity, coverage and density.
  private func linearTicks(_ wanted: Int) -> [Tick] {
    let low = domain.lowerBound
    let high = domain.upperBound
    guard high - low > 1e-290, wanted > 0 else { return [Tick(low, Self.label(low, step: 0))] }
    var best: (score: Double, start: Double, step: Double, count: Int)?
    let steps: [Double] = [1, 5, 2, 2.5, 4, 3]
    for (rank, q) in steps.enumerated() {
      for skip in 1...3 {
        for count in 2...max(2, wanted + 2) {
          let delta = (high - low) / Double(count + 1) / Double(skip) / q
          let power = Int(ceil(log10(delta)))
          for z in power...power + 1 {
            let step = Double(skip) * q * pow(10, Double(z))
            let first = ceil(low / step - 1e-9) * step
            let intervals = floor((high - first) / step + 1e-9)
            // Rounding may make the ends equal; there is nothing to count then.
            guard intervals >= 1, intervals <= Double(wanted + 1) else { continue }
            let number = Int(intervals) + 1
            let last = first + Double(number - 1) * step
            let hasZero = first <= 0 && last >= 0
            let simplicity = 1 - Double(rank) / Double(steps.count - 1) - Double(skip) + 1 + (hasZero ? 1 : 0)
            let range = 0.1 * (high - low)
            let coverage = 1 - 0.5 * (pow(high - last, 2) + pow(low - first, 2)) / (range * range)
            let r = Double(number - 1) / (last - first)
            let target = Double(max(wanted, 2) - 1) / (high - low)
            let density = 2 - max(r / target, target / r)
            let score = 0.25 * simplicity + 0.2 * coverage + 0.5 * density
            if score > (best?.score ?? -.infinity) { best = (score, first, step, number) }
          }
        }
      }
    }
    guard let best else {
      return [Tick(low, Self.label(low, step: high - low)), Tick(high, Self.label(high, step: high - low))]
    }
    let ticks = (0..<best.count).map { i in
      let value = best.start + Double(i) * best.step
      let clean = abs(value) < best.step * 1e-9 ? 0 : value
      return Tick(clean, Self.label(clean, step: best.step))
    }
    return Self.aligned(ticks)
  }

  /// Ticks at decades with minor ticks at 2…9. Ranges of less than one and a half decades have 1-2-5 or linear steps.
  private func logTicks(_ wanted: Int) -> [Tick] {
    let low = domain.lowerBound
    let high = domain.upperBound
    let first = Int(ceil(log10(low) - 1e-9))
    let last = Int(floor(log10(high) + 1e-9))
    if last < first || (last - first < 1) {
      let fine = oneTwoFive(first: Int(floor(log10(low))), last: last + 1)
      if fine.count >= 2 { return fine }
      return Scale(.linear, domain: domain).linearTicks(wanted).filter { $0.value > 0 }
    }
    let stride = max(1, Int((Double(last - first + 1) / Double(max(wanted, 2))).rounded(.up)))
    var ticks: [Tick] = []
    for power in (first - 1)...(last + 1) {
      let decade = pow(10, Double(power))
      if power >= first, power <= last {
        let isLabelled = (power - first) % stride == 0
        if isLabelled || last - first <= 16 {
          ticks.append(Tick(decade, isLabelled ? Self.decade(power) : "", isMinor: !isLabelled))
        }
      }
      if stride == 1 {
        for digit in 2...9 {
          let value = decade * Double(digit)
          if value >= low, value <= high { ticks.append(Tick(value, "", isMinor: true)) }
        }
      }
    }
    return ticks
  }

  /// Ticks at zero and, on both sides, at decades above the threshold, as many as fit.
  private func symlogTicks(_ wanted: Int, _ threshold: Double) -> [Tick] {
    let reach = max(abs(domain.lowerBound), abs(domain.upperBound))
    let first = Int(ceil(log10(threshold) - 1e-9))
    let last = Int(floor(log10(max(reach, threshold)) + 1e-9))
    guard first <= last else { return Scale(.linear, domain: domain).linearTicks(wanted) }
    let decades = (first...last).flatMap { [(-1.0, $0), (1.0, $0)] }
      .filter { domain.contains($0.0 * pow(10, Double($0.1))) }
    let stride = max(1, Int((Double(decades.count + 1) / Double(max(wanted, 2))).rounded(.up)))
    let ticks = decades.filter { (last - $0.1) % stride == 0 }.map { sign, power in
      Tick(sign * pow(10, Double(power)), (sign < 0 ? "−" : "") + Self.decade(power))
    }
    return ((domain.contains(0) ? [Tick(0, "0")] : []) + ticks).sorted { $0.value < $1.value }
  }

  private func oneTwoFive(first: Int, last: Int) -> [Tick] {
    var ticks: [Tick] = []
    for power in first...max(first, last) {
      for digit in 1...9 {
        let value = pow(10, Double(power)) * Double(digit)
        guard value >= domain.lowerBound, value <= domain.upperBound else { continue }
        let isLabelled = [1, 2, 5].contains(digit)
        ticks.append(
          Tick(value, isLabelled ? Self.label(value, step: pow(10, Double(power))) : "", isMinor: !isLabelled))
      }
    }
    return ticks.filter { !$0.isMinor }.count >= 2 ? ticks : []
  }

  private static func decade(_ power: Int) -> String {
    switch power {
    case -2...3: label(pow(10, Double(power)), step: pow(10, Double(power)))
    default: "10" + superscript(power)
    }
  }

  static func superscript(_ number: Int) -> String {
    let digits: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
    ]
    return String(String(number).map { digits[$0] ?? $0 })
  }

  /// A label with as many decimals as the step needs.
  static func label(_ value: Double, step: Double) -> String {
    if value == 0 { return "0" }
    let size = max(abs(value), abs(step))
    if size >= 1e5 || size < 1e-3 {
      let power = Int(floor(log10(abs(value))))
      let mantissa = value / pow(10, Double(power))
      let digits = max(0, min(9, power - Int(floor(log10(max(abs(step), .leastNormalMagnitude)) + 1e-9)) + 1))
      let text = trimmed(String(format: "%.\(digits)f", mantissa))
      if text == "1" { return "10" + superscript(power) }
      if text == "-1" { return "−10" + superscript(power) }
      return text.replacingOccurrences(of: "-", with: "−") + "·10" + superscript(power)
    }
    // A step of 2.5 needs one decimal more than its power of ten.
    let decimals = step == 0 ? 6 : max(0, min(9, Int(-floor(log10(abs(step)) + 1e-9)) + 1))
    return trimmed(String(format: "%.\(decimals)f", value)).replacingOccurrences(of: "-", with: "−")
  }

  /// The ticks with the same number of decimals in every label: 0.950 and 0.955.
  private static func aligned(_ ticks: [Tick]) -> [Tick] {
    guard !ticks.contains(where: { $0.label.contains("10") && $0.label.contains { "⁰¹²³⁴⁵⁶⁷⁸⁹".contains($0) } }) else {
      return ticks
    }
    let decimals = ticks.map { $0.label.split(separator: ".").dropFirst().first?.count ?? 0 }.max() ?? 0
    return ticks.map { tick in
      let text = String(format: "%.\(decimals)f", tick.value).replacingOccurrences(of: "-", with: "−")
      return Tick(tick.value, tick.value == 0 ? "0" : text)
    }
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
