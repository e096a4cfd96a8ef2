extension SeriesCode {
  /// Numbers of a few bits each, one after the other.
  enum Bits {
    /// The sign in the lowest bit, so that small negative numbers have few bits.
    @inline(__always) private static func folded(_ number: UInt64) -> UInt64 {
      (number &<< 1) ^ UInt64(bitPattern: Int64(bitPattern: number) &>> 63)
    }

    @inline(__always) private static func unfolded(_ number: UInt64) -> UInt64 { (number &>> 1) ^ (0 &- (number & 1)) }

    /// The bits that the largest of the first numbers needs.
    @inline(__always) static func width(_ numbers: UnsafeMutableBufferPointer<UInt64>, _ count: Int) -> Int {
      var all: UInt64 = 0
      for i in 0..<count { all |= folded(numbers[i]) }
      return 64 - all.leadingZeroBitCount
    }

    /// Replaces the first `count` numbers by the `count − 1` differences of neighbours.
    @inline(__always) static func subtractNeighbours(_ numbers: UnsafeMutableBufferPointer<UInt64>, _ count: Int) {
      for i in 0..<(count - 1) { numbers[i] = numbers[i + 1] &- numbers[i] }
    }

    /// Writes the first numbers with so many bits each. Up to seven bytes behind them are overwritten.
    @inline(__always) static func pack(
      _ numbers: UnsafeMutableBufferPointer<UInt64>, _ count: Int, _ width: Int,
      _ code: UnsafeMutableRawBufferPointer, _ offset: Int
    ) {
      var (word, filled, at) = (0 as UInt64, 0, offset)
      for i in 0..<count {
        let number = folded(numbers[i])
        word |= number &<< UInt64(filled)
        filled += width
        guard filled >= 64 else { continue }
        code.storeBytes(of: word.littleEndian, toByteOffset: at, as: UInt64.self)
        at += 8
        filled -= 64
        word = filled == 0 ? 0 : number &>> UInt64(width - filled)
      }
      if filled > 0 { code.storeBytes(of: word.littleEndian, toByteOffset: at, as: UInt64.self) }
    }

    /// Reads the numbers of blocks with these widths. The caller has compared their lengths with that of the code.
    static func unpack(
      _ code: UnsafeRawBufferPointer, from offset: Int, widths: Slice<UnsafeRawBufferPointer>,
      into numbers: UnsafeMutableBufferPointer<UInt64>
    ) {
      var at = offset
      var start = 0
      for width in widths {
        let (count, width) = (min(block, numbers.count - start), Int(width))
        let mask: UInt64 = width == 0 ? 0 : .max &>> UInt64(64 - width)
        for i in 0..<count {
          numbers[start + i] = unfolded(bits(code, at, i * width) & mask)
        }
        at += (width * count + 7) / 8
        start += count
      }
    }

    /// The 64 bits that begin at a bit; those beyond the end of the code are 0.
    @inline(__always) private static func bits(_ code: UnsafeRawBufferPointer, _ offset: Int, _ bit: Int) -> UInt64 {
      let (at, shift) = (offset + bit / 8, UInt64(bit % 8))
      if at + 9 <= code.count {
        let low = UInt64(littleEndian: code.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &>> shift
        return shift == 0 ? low : low | UInt64(code[at + 8]) &<< (64 &- shift)
      }
      var (low, place) = (0 as UInt64, at)
      while place < min(at + 8, code.count) {
        low |= UInt64(code[place]) &<< UInt64(8 * (place - at))
        place += 1
      }
      // A ninth byte would be beyond the end.
      return low &>> shift
    }
  }
}
