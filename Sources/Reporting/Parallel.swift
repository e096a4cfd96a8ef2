import Dispatch
import Synchronization

/// Independent jobs on all processors.
enum Parallel {
  /// Runs every job.
  /// - Throws: the error of the first job that has failed, in their order.
  static func run(_ jobs: [@Sendable () throws -> Void]) throws {
    let failures = Mutex<[Int: any Error]>([:])
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      do {
        try jobs[index]()
      } catch {
        failures.withLock { $0[index] = error }
      }
    }
    if let first = failures.withLock({ $0.min { $0.key < $1.key } }) { throw first.value }
  }
}
