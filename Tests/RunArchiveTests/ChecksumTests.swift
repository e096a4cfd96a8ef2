import RunArchive
import Testing

@Suite struct ChecksumTests {
  static func sum(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes(Checksum.of) }

  /// Values of the reference implementation (xxhsum 0.8.1), for every path through the algorithm: nothing, single
  /// bytes, words, stripes and their remainders.
  @Test func agreesWithTheReference() {
    #expect(Self.sum([]) == 0xEF46_DB37_51D8_E999)
    #expect(Self.sum(Array("a".utf8)) == 0xD24E_C4F1_A98C_6E5B)
    #expect(Self.sum(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
    #expect(Self.sum(Array("Nobody inspects the spammish repetition".utf8)) == 0xFBCE_A83C_8A37_8BF1)
  }

  /// Of the bytes 0, 1, 2 …, for remainders of every kind.
  @Test(
    arguments: [
      (8, 0x884A_1736_14B8_1B8D), (31, 0xC346_D2B5_9B4D_8EE1), (32, 0xCBF5_9C51_16FF_32B4), (33, 0x0C53_5D1A_CAFB_8EAD),
      (63, 0xE26A_A9E2_A95F_8E4F), (100, 0x6AC1_E580_3216_6597),
    ] as [(Int, UInt64)]) func agreesAtEveryRemainder(_ count: Int, _ sum: UInt64)
  {
    #expect(Self.sum((0..<count).map { UInt8($0) }) == sum)
  }

  @Test func everyBitAndEveryLengthCounts() {
    for count in [1, 7, 8, 31, 32, 33, 100] {
      let bytes = (0..<count).map { UInt8($0) }
      let sum = Self.sum(bytes)
      #expect(sum != Self.sum(bytes + [0]))
      for bit in 0..<8 * count {
        var other = bytes
        other[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(Self.sum(other) != sum, "bit \(bit) of \(count) bytes")
      }
    }
  }
}
