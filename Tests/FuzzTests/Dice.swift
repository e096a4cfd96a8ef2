/// Random choices from a seed: SplitMix64 (Steele, Lea & Flood 2014), apart from Descent's own streams.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
  mutating func chance(_ share: Double) -> Bool { Double(next() >> 11) / 0x1p53 < share }
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
  /// So many different elements, in their order.
  mutating func some<T>(_ choices: [T], atMost count: Int) -> [T] {
    let wanted = 1 + below(min(count, choices.count))
    var left = Array(choices.indices)
    var taken: [Int] = []
    for _ in 0..<wanted { taken.append(left.remove(at: below(left.count))) }
    return taken.sorted().map { choices[$0] }
  }
}
