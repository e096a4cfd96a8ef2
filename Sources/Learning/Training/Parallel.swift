import Foundation
import Synchronization

/// Independent work on all processors.
package enum Parallel {
  /// The values of `body` for 0, 1, 2 …, in this order.
  ///
  /// Calls are made on threads of their own, of which each takes the next number when it has finished one.
  /// - Throws: the error of the first call that has failed, in their order.
  package static func map<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let threads = min(count, ProcessInfo.processInfo.activeProcessorCount)
    guard threads > 1 else { return try (0..<count).map(body) }
    let next = Atomic<Int>(0)
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    // Both outlive the threads, for which `onThreads` waits.
    Trainer.onThreads(threads) {
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { return }
        let result = Result { try body(index) }
        results.withLock { $0[index] = result }
      }
    }
    let all = results.withLock { $0 }
    return try (0..<count).compactMap { try all[$0]?.get() }
  }

  /// Calls `use` with the values of `body` for 0, 1, 2 …, in this order. Only some of them are made before they are used, so that they take little memory.
  /// - Throws: the first error.
  package static func inOrder<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value, _ use: (Value) throws -> Void
  ) throws {
    let wave = 16
    for start in stride(from: 0, to: count, by: wave) {
      for value in try map(min(wave, count - start), { try body(start + $0) }) { try use(value) }
    }
  }
}
