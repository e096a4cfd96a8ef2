import Foundation
import Plotting
import Testing

@Suite struct TickTests {
  @Test func linearTicksAreRoundAndInside() {
    let ticks = Scale(.linear, domain: 0...10).ticks(count: 6)
    #expect(ticks.map(\.label) == ["0", "2", "4", "6", "8", "10"])
    #expect(Scale(.linear, domain: -0.1...0.3).ticks(count: 5).contains { $0.label == "0" })
  }

  @Test func decadesAreLabelledOnLogAxes() {
    let ticks = Scale(.log, domain: 1e-6...1e2).ticks(count: 10).filter { !$0.label.isEmpty }
    #expect(
      ticks.map(\.label).contains("10⁻⁶") && ticks.map(\.label).contains("0.1") && ticks.map(\.label).contains("100"))
  }

  @Test func noTickLeavesItsAxis() {
    var generator = Lottery(state: 1)
    for _ in 0..<3000 {
      let scale = generator.scale()
      for count in 1...9 {
        let ticks = scale.ticks(count: count)
        #expect(!ticks.isEmpty)
        for tick in ticks {
          let share = scale.share(tick.value)
          #expect(share > -1e-6 && share < 1 + 1e-6, "\(tick) on \(scale)")
        }
        let labels = ticks.map(\.label).filter { !$0.isEmpty }
        #expect(Set(labels).count == labels.count, "two ticks of one label: \(labels) on \(scale)")
      }
    }
  }

  @Test func labelsSayTheirValue() {
    var generator = Lottery(state: 2)
    for _ in 0..<1000 {
      let scale = generator.scale()
      for tick in scale.ticks(count: 5) where !tick.label.isEmpty {
        let value = Self.parse(tick.label)
        #expect(abs(value - tick.value) <= 1e-6 * max(abs(tick.value), 1e-300), "\(tick.label) for \(tick.value)")
      }
    }
  }

  static func parse(_ label: String) -> Double {
    let digits: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
    ]
    let plain = label.replacingOccurrences(of: "−", with: "-")
    guard let ten = plain.range(of: "10", options: .backwards),
      plain[ten.upperBound...].contains(where: { digits[$0] != nil })
    else { return Double(plain) ?? .nan }
    let exponent = Int(String(plain[ten.upperBound...].map { digits[$0] ?? $0 })) ?? 0
    let head = plain[..<ten.lowerBound].replacingOccurrences(of: "·", with: "")
    let mantissa = head.isEmpty ? 1 : head == "-" ? -1 : Double(head) ?? .nan
    return mantissa * pow(10, Double(exponent))
  }
}

/// Random cases from a fixed beginning.
struct Lottery: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
  }

  mutating func scale() -> Scale {
    let size = pow(10, Double.random(in: -12...12, using: &self))
    let low = Double.random(in: -1...1, using: &self) * size
    let width = pow(10, Double.random(in: -3...3, using: &self)) * size
    if Bool.random(using: &self) { return Scale(.linear, domain: low...(low + width)) }
    let bottom = pow(10, Double.random(in: -30...10, using: &self))
    return Scale(.log, domain: bottom...(bottom * pow(10, Double.random(in: 0.05...30, using: &self))))
  }
}

extension TickTests {
  /// Nothing that a run may compute ends the drawing: not infinity, not numbers whose differences overflow.
  @Test func rangesOfAnySizeHaveTicks() {
    for low in [-1e308, -1e160, -1e-300, 0, 1e-300, 1, 1e160, 1e308] { checkTicks(from: low) }
  }

  private func checkTicks(from low: Double) {
    for high in [1e-300, 1, 1e160, 1e308] where high >= low {
      for kind in [Scale.Kind.linear, .log, .symlog(threshold: 1e-3)] {
        for scale in [Scale(kind, domain: low...high), Scale.fitting(kind, [low, high])] {
          let ticks = scale.ticks(count: 6)
          #expect(ticks.allSatisfy { abs($0.value) <= 1e151 }, "\(kind) \(low)…\(high)")
          #expect(scale.domain.lowerBound <= scale.domain.upperBound)
        }
      }
    }
  }

  @Test func sharesStayWithinZeroAndAHundred() {
    for top in [3.0, 60, 99, 100] {
      let bars: [Mark] = [.interval(x: 0, low: 0, high: top, Stroke(.black))]
      let chart = Chart(x: AxisStyle("x"), y: .percent("share in %"), marks: bars)
      let canvas = RecordingCanvas(size: Size(300, 200))
      GridLayout(ChartGrid(chart), width: 300, canvas: canvas).draw(at: Point(0, 0), on: canvas)
      let path = canvas.strokes(colored: .black).flatMap(\.elements).compactMap { element -> Double? in
        switch element {
        case .move(let p), .line(let p): p.y
        default: nil
        }
      }
      let labels = canvas.texts.compactMap { text, box in Double(text.string).map { (value: $0, y: box.center.y) } }
      #expect(labels.contains { $0.value == 0 } && labels.allSatisfy { $0.value <= 100 } && labels.count > 2, "\(top)")
      // The interval's top is where its value lies between the labels.
      let marks = labels.sorted { $0.value < $1.value }
      if let low = marks.first, let high = marks.last, low.value < high.value, let highest = path.min() {
        let expected = low.y + (high.y - low.y) * (top - low.value) / (high.value - low.value)
        #expect(path.contains { abs($0 - expected) < 1 }, "\(top): \(expected), drawn from \(highest)")
      }
    }
  }
}
