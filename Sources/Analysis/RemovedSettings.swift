import Synchronization

/// The settings that a claim needs and that the command line has removed from the sweep: such a claim is untested.
package final class RemovedSettings: Sendable {
  private let noted = Mutex<[String]>([])

  func note(_ setting: String) {
    noted.withLock { if !$0.contains(setting) { $0.append(setting) } }
  }

  /// Runs `body` and returns its result with the settings that it noted.
  package func during<T>(_ body: () throws -> T) rethrows -> (result: T, removed: [String]) {
    noted.withLock { $0 = [] }
    let result = try body()
    return (result, noted.withLock { $0 })
  }
}
