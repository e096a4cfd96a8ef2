/// Lossless compression of series of numbers: the differences of their bit patterns, in blocks of as many bits as the largest needs.
///
/// Values of a curve are close to each other, and so are their bit patterns. Where the curve is smooth, differences of higher order are smaller
/// still, down to the rounding of the values. The code has the following parts, numbers little-endian:
///
///     order k      1 byte   0 … 8
///     shift s      1 byte   0 … 63: number of low bits that are 0 in all values (29 for values of float32)
///     seeds        8·k bytes
///     widths       1 byte for each block of 32 residuals, 0 … 64
///     residuals    blocks of 32 numbers of as many bits as their width says, the first in the lowest bits; the last block has what is left
///
/// With x the bit patterns without their low bits, d⁰ = x and dʲᵢ = dʲ⁻¹ᵢ − dʲ⁻¹ᵢ₋₁ modulo 2⁶⁴, the seeds are dʲⱼ for j < k, and
/// the residuals are dᵏᵢ for i ≥ k, with the sign in the lowest bit (0, −1, 1, −2 … become 0, 1, 2, 3 …). Source of the packing:
/// D. Lemire and L. Boytsov, "Decoding billions of integers per second through vectorization", Software: Practice and Experience 45 (2015),
/// doi:10.1002/spe.2203.
package enum SeriesCode {
  /// Residuals in a block.
  static let block = 32
  static let maximumOrder = 8

  /// The code of values; `nil` where it would not be at least a fifth shorter than the values. Below that, coding takes longer than writing what
  /// it saves.
  package static func encode(_ values: [Double]) -> [UInt8]? {
    guard values.count > 1 else { return nil }
    return values.withUnsafeBytes { bytes in
      let patterns = bytes.bindMemory(to: UInt64.self)
      let most = values.count * 32 / 5
      // Noise is recognised by its samples, and not read as a whole.
      let likely = Form(shift: Form.shift(ofSamples: patterns), likely: patterns)
      guard likely.estimate <= most else { return nil }
      let shift = Form.shift(of: patterns.reduce(0, |))
      let form = shift == likely.shift ? likely : Form(shift: shift, likely: patterns)
      guard form.estimate <= most else { return nil }
      let code = write(patterns, form)
      return code.count <= most ? code : nil
    }
  }

  /// The values of a code.
  /// - Returns: `nil` where the bytes are no code of so many values.
  package static func decode(_ code: UnsafeRawBufferPointer, count: Int) -> [Double]? {
    guard (2...1 << 40).contains(count), code.count >= 2, code[0] <= maximumOrder, code[1] < 64 else { return nil }
    let (order, shift) = (Int(code[0]), UInt64(code[1]))
    guard order < count else { return nil }
    let residuals = count - order
    let first = start(ofBlocks: residuals, order)
    guard code.count >= first else { return nil }
    let widths = code[(2 + 8 * order)..<first]
    var end = first
    for (index, width) in widths.enumerated() {
      guard width <= 64 else { return nil }
      end += (Int(width) * min(block, residuals - index * block) + 7) / 8
    }
    guard end == code.count else { return nil }
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      buffer.withMemoryRebound(to: UInt64.self) { words in
        Bits.unpack(code, from: first, widths: widths, into: UnsafeMutableBufferPointer(rebasing: words[order...]))
        for j in stride(from: order - 1, through: 0, by: -1) {
          words[j] = UInt64(littleEndian: code.loadUnaligned(fromByteOffset: 2 + 8 * j, as: UInt64.self))
          for i in (j + 1)..<count { words[i] &+= words[i - 1] }
        }
        for i in 0..<count { words[i] &<<= shift }
      }
    }
  }

  /// Where the blocks of so many residuals begin.
  private static func start(ofBlocks residuals: Int, _ order: Int) -> Int {
    2 + 8 * order + (residuals + block - 1) / block
  }

  /// How values are coded.
  private struct Form {
    let shift: Int
    /// The order of differences with the shortest code, in samples of the values.
    private(set) var order = 0
    /// Bytes of the code, by the samples.
    private(set) var estimate = Int.max

    /// Samples of a long series, all of a short one.
    private static let samples = 12

    /// The low bits that are 0 in all values whose bit patterns have this union.
    static func shift(of union: UInt64) -> Int { union == 0 ? 63 : union.trailingZeroBitCount }

    /// The low bits that are 0 in all samples: in all values there are no more.
    static func shift(ofSamples patterns: UnsafeBufferPointer<UInt64>) -> Int {
      shift(of: parts(of: patterns).lazy.map { patterns[$0].reduce(0, |) }.reduce(0, |))
    }

    /// The samples, evenly distributed.
    private static func parts(of patterns: UnsafeBufferPointer<UInt64>) -> some RandomAccessCollection<Range<Int>> {
      let length = block + maximumOrder
      let count = max(1, min(samples, patterns.count / length))
      let distance = (patterns.count - min(length, patterns.count)) / max(1, count - 1)
      return (0..<count).lazy.map { $0 * distance..<min($0 * distance + length, patterns.count) }
    }

    init(shift: Int, likely patterns: UnsafeBufferPointer<UInt64>) {
      self.shift = shift
      let parts = Self.parts(of: patterns)
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: block + maximumOrder) { sample in
        var bits = [Int](repeating: 0, count: maximumOrder + 1)
        for range in parts {
          let part = UnsafeBufferPointer(rebasing: patterns[range])
          for i in part.indices { sample[i] = part[i] &>> UInt64(shift) }
          for order in 0...min(maximumOrder, part.count - 1) {
            bits[order] += Bits.width(sample, min(block, part.count - order))
            Bits.subtractNeighbours(sample, part.count - order)
          }
        }
        for order in 0...min(maximumOrder, patterns.count - 1) {
          let residuals = patterns.count - order
          let size = SeriesCode.start(ofBlocks: residuals, order) + (bits[order] * residuals / parts.count + 7) / 8
          if size < estimate { (self.order, estimate) = (order, size) }
        }
      }
    }
  }

  private static func write(_ patterns: UnsafeBufferPointer<UInt64>, _ form: Form) -> [UInt8] {
    let residuals = patterns.count - form.order
    let first = start(ofBlocks: residuals, form.order)
    // The last word that is stored may reach beyond the end.
    return [UInt8](unsafeUninitializedCapacity: first + 8 * residuals + 8) { buffer, initialized in
      let code = UnsafeMutableRawBufferPointer(buffer)
      (code[0], code[1]) = (UInt8(form.order), UInt8(form.shift))
      var at = first
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: block + maximumOrder) { part in
        for (index, start) in stride(from: 0, to: residuals, by: block).enumerated() {
          let count = min(block, residuals - start)
          for i in 0..<(count + form.order) { part[i] = patterns[start + i] &>> UInt64(form.shift) }
          for order in 0..<form.order {
            if start == 0 { code.storeBytes(of: part[0].littleEndian, toByteOffset: 2 + 8 * order, as: UInt64.self) }
            Bits.subtractNeighbours(part, count + form.order - order)
          }
          let width = Bits.width(part, count)
          code[2 + 8 * form.order + index] = UInt8(width)
          Bits.pack(part, count, width, code, at)
          at += (width * count + 7) / 8
        }
      }
      initialized = at
    }
  }
}
