import Foundation
import RunArchive
import Testing

/// The compression of series: every bit comes back, the format is the documented one, and damaged bytes are refused or give other numbers.
@Suite struct SeriesCodeTests {
  static func decoded(_ code: [UInt8], _ count: Int) -> [Double]? {
    code.withUnsafeBytes { SeriesCode.decode($0, count: count) }
  }

  /// The format of the page ArchiveSchema, bit by bit and with whole numbers of any size in place of shifted words.
  static func slowlyDecoded(_ code: [UInt8], _ count: Int) -> [UInt64] {
    let (order, shift) = (Int(code[0]), UInt64(code[1]))
    var seeds: [UInt64] = []
    for j in 0..<order {
      var seed: UInt64 = 0
      for i in 0..<8 { seed += UInt64(code[2 + 8 * j + i]) << UInt64(8 * i) }
      seeds.append(seed)
    }
    let blocks = (count - order + 31) / 32
    var bit = 8 * (2 + 8 * order + blocks)
    var numbers: [UInt64] = []
    for block in 0..<blocks {
      let width = Int(code[2 + 8 * order + block])
      for _ in 0..<min(32, count - order - 32 * block) {
        var folded: UInt64 = 0
        for i in 0..<width {
          let place = bit + i
          let byte = UInt64(code[place / 8])
          folded += (byte >> UInt64(place % 8) & 1) << UInt64(i)
        }
        bit += width
        numbers.append(folded % 2 == 0 ? folded / 2 : ~(folded / 2))
      }
      bit = (bit + 7) / 8 * 8
    }
    for seed in seeds.reversed() {
      var sums = [seed]
      for number in numbers { sums.append((sums.last ?? 0) &+ number) }
      numbers = sums
    }
    return numbers.map { $0 << shift }
  }

  static func checkRoundTrip(_ values: [Double], _ title: Comment = "") {
    guard let code = SeriesCode.encode(values) else { return }
    #expect(code.count < 8 * values.count, title)
    let patterns = values.map(\.bitPattern)
    #expect(decoded(code, values.count)?.map(\.bitPattern) == patterns, title)
    #expect(slowlyDecoded(code, values.count) == patterns, title)
  }

  static let special: [Double] = [
    0, -0.0, .infinity, -.infinity, .nan, .signalingNaN, Double(bitPattern: 0xFFFF_FFFF_FFFF_FFFF),
    Double(bitPattern: 0x7FF0_0000_DEAD_BEEF), .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1, .pi,
  ]

  @Test func everyBitOfSpecialValuesComesBack() {
    // Long constant parts between them, so that the code is shorter than the values.
    for a in Self.special {
      for b in Self.special {
        let values =
          Array(repeating: a, count: 70) + [b] + Array(repeating: a, count: 33) + Array(repeating: b, count: 5)
        #expect(SeriesCode.encode(values) != nil)
        Self.checkRoundTrip(values, "\(a) \(b)")
      }
    }
    Self.checkRoundTrip(Self.special)
  }

  @Test func everyLengthAndEveryWidthComesBack() {
    var random = SystemRandomNumberGenerator.seeded(1)
    for width in 0...64 {
      for count in [1, 2, 3, 8, 9, 31, 32, 33, 34, 63, 64, 65, 97, 257] {
        let mask: UInt64 = width == 0 ? 0 : .max >> UInt64(64 - width)
        var pattern = random.next()
        // A walk whose steps have so many bits.
        var walk: [Double] = []
        var short: [Double] = []
        for _ in 0..<count {
          pattern = pattern &+ (random.next() & mask) &- mask / 2
          walk.append(Double(bitPattern: pattern))
          let number = random.next() & mask
          short.append(Double(bitPattern: width == 0 ? 0 : number << UInt64(64 - width)))
        }
        Self.checkRoundTrip(walk, "\(count) values, \(width) bits")
        Self.checkRoundTrip(short, "\(count) values without their last bits")
      }
    }
  }

  /// Polynomials of the bit patterns: the order of the differences is theirs.
  @Test func smoothCurvesTakeFewBytes() throws {
    let patterns = (0..<1_000).map { i -> UInt64 in
      let t = UInt64(i)
      return 0x3FF0_0000_0000_0000 &+ 1_234_567 &* t &* t &* t &+ 89 &* t
    }
    let values = patterns.map { Double(bitPattern: $0) }
    let code = try #require(SeriesCode.encode(values))
    Self.checkRoundTrip(values)
    #expect(code.count <= 2 + 8 * 4 + 32 + 8 * 32)
    let constant = try #require(SeriesCode.encode(Array(repeating: 0.1, count: 3_200)))
    #expect(constant.count == 2 + 8 + 100)
    let loss = (0..<2_000).map { 0.5 * exp(-Double($0) / 300) + 0.01 }
    Self.checkRoundTrip(loss)
    #expect(try #require(SeriesCode.encode(loss)).count < 16_000 / 2)
    // Numbers of 32 bits have 29 bits less.
    let floats = (0..<2_000).map { i in Double(Float(sin(Double(i)))) }
    Self.checkRoundTrip(floats)
    #expect(try #require(SeriesCode.encode(floats)).count < 16_000 * 5 / 8)
  }

  @Test func noiseIsNotMadeLonger() {
    var random = SystemRandomNumberGenerator.seeded(2)
    let noise = (0..<1_000).map { _ in Double(bitPattern: random.next()) }
    #expect(SeriesCode.encode(noise) == nil)
    #expect(SeriesCode.encode([]) == nil && SeriesCode.encode([1]) == nil)
  }

  /// Any bytes at all: memory beyond the code is never read, and a code of another length is refused.
  @Test func damagedCodesAreRefusedOrDiffer() throws {
    var random = SystemRandomNumberGenerator.seeded(3)
    let values = (0..<200).map { 1 / Double(1 + $0) }
    let code = try #require(SeriesCode.encode(values))
    #expect(Self.decoded(code, 199) == nil || Self.decoded(code, 199) != Array(values.prefix(199)))
    for length in 0..<code.count { #expect(Self.decoded(Array(code.prefix(length)), 200) == nil) }
    #expect(Self.decoded(code + [0], 200) == nil)
    for count in [Int.min, -1, 0, 1, Int.max] { #expect(Self.decoded(code, count) == nil) }
    var others = 0
    for at in 0..<code.count * 8 {
      var flipped = code
      flipped[at / 8] ^= 1 << UInt8(at % 8)
      if let found = Self.decoded(flipped, 200), found != values { others += 1 }
    }
    #expect(others > 4 * code.count)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in UInt8.random(in: 0...70, using: &random) }
      let count = Int.random(in: 0..<100, using: &random)
      if let found = Self.decoded(bytes, count) { #expect(found.count == count) }
    }
  }
}
