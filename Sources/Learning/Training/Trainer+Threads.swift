import Foundation

extension Trainer {
  /// Runs `work` on so many threads at once and waits for all of them.
  ///
  /// It makes its own threads and does not use the cooperative pool: a trainer is a loop that runs for seconds without a pause.
  package static func onThreads(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    let group = DispatchGroup()
    for _ in 0..<count {
      group.enter()
      let thread = Thread {
        work()
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
  }
}
