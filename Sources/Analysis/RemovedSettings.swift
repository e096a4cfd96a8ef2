import Synchronization

/// Settings that a claim asked for and that the command line has taken out of the sweep: such a claim is untested.
package final class RemovedSettings: Sendable {
  private let noted = Mutex<[String]>([])

  func note(_ setting: String) {
    noted.withLock { if !$0.contains(setting) { $0.append(setting) } }
  }

  /// What was noted while `body` ran, with its result.
  package func during<T>(_ body: () throws -> T) rethrows -> (result: T, removed: [String]) {
    noted.withLock { $0 = [] }
    let result = try body()
    return (result, noted.withLock { $0 })
  }
}
