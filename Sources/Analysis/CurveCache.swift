import Learning
import Studies
import Synchronization

/// The curves of a plan's runs. All curves of a quantity are read from the store when the first one is needed.
final class CurveCache: Sendable {
  private let store: any RunStore
  private let keys: [String]
  private let read = Mutex<[Quantity: [String: Series]]>([:])
  private let parameters = Mutex<[String: [Double]]?>(nil)

  init(store: any RunStore, keys: [String]) {
    self.store = store
    self.keys = keys
  }

  /// The recorded values of a run; `nil` if it has not recorded the quantity.
  /// - Throws: what the store throws. The next call reads again.
  func series(_ quantity: Quantity, _ key: String) throws -> Series? {
    try read.withLock { cache in
      if let known = cache[quantity] { return known[key] }
      let all = try store.series(quantity, of: keys)
      cache[quantity] = all
      return all[key]
    }
  }

  /// The parameters of a run after its training.
  /// - Throws: what the store throws, and `Mistake` for a run without parameters.
  func finalParameters(_ key: String) throws -> [Double] {
    try parameters.withLock { cache in
      let all = try cache ?? store.finalParameters(of: keys)
      cache = all
      guard let found = all[key] else {
        throw Mistake(
          .archive, at: "run \(key.prefix(12))", value: "no parameters", rule: "a finished run keeps its parameters",
          remedy: "Train it again: descent run NAME --fresh")
      }
      return found
    }
  }
}
