import Synchronization

/// A digest of what a function computes at fixed points.
///
/// A name alone does not distinguish an edited function from its former version. The digest of its values does, wherever one of
/// the points shows the edit. It is part of a run's key, so that an edited function trains new runs.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
  fileprivate var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The fingerprint of no numbers.
  package init() {}

  fileprivate init(state: UInt64) { self.state = state }

  /// The digest of some values.
  package init(of values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Appends a number. All NaN count as one. FNV-1a over eight bytes (Fowler, Noll & Vo 1991).
  package mutating func add(_ value: Double) {
    var bits = value.isNaN ? Double.nan.bitPattern : value.bitPattern
    for _ in 0..<8 {
      state = (state ^ (bits & 0xFF)) &* 0x0000_0100_0000_01B3
      bits >>= 8
    }
  }

  /// Sixteen hexadecimal digits.
  package var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Fixed points between −`reach` and `reach`, without a pattern: multiples of the golden ratio.
  static func points(_ count: Int, reach: Double, from first: Int = 0) -> [Double] {
    (0..<count).map { k in
      let share = (Double(first + k + 1) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
      return reach * (2 * share - 1)
    }
  }
}

/// A fingerprint that is computed when it is first needed.
///
/// Copies of a declared function share it; two declarations of one name are compared by it. Threads that ask at once compute the same
/// number, because the function is pure; so a number that is written whole suffices, without a lock.
package final class LazyFingerprint: Sendable {
  private let compute: @Sendable () -> Fingerprint
  /// 0 until the fingerprint is known.
  private let known = Atomic<UInt64>(0)

  package init(_ compute: @escaping @Sendable () -> Fingerprint) { self.compute = compute }

  package var value: Fingerprint {
    let state = known.load(ordering: .relaxed)
    if state != 0 { return Fingerprint(state: state) }
    let value = compute()
    known.store(value.state, ordering: .relaxed)
    return value
  }

  /// Whether two functions of one name compute the same, as far as their fingerprints tell.
  package static func agree(_ a: LazyFingerprint, _ b: LazyFingerprint) -> Bool { a === b || a.value == b.value }
}
