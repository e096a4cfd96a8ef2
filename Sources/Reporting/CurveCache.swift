import Learning
import Studies
import Synchronization

/// The curves of a plan's runs, read from the store by quantity when a figure first asks.
final class CurveCache: Sendable {
  private let store: any RunStore
  private let keys: [String]
  private let read = Mutex<[Quantity: [String: Series]]>([:])
  private let parameters = Mutex<[String: [Double]]?>(nil)

  init(store: any RunStore, keys: [String]) {
    self.store = store
    self.keys = keys
  }

  func series(_ quantity: Quantity, _ key: String) -> Series? {
    read.withLock { cache in
      if let known = cache[quantity] { return known[key] }
      let all = (try? store.series(quantity, of: keys)) ?? [:]
      cache[quantity] = all
      return all[key]
    }
  }

  /// The first step whose loss is below a threshold; the loss on all training data where that was recorded.
  func firstStep(below threshold: Double, key: String) -> Double {
    guard let series = series(.trainingLoss, key) ?? series(.loss, key) else { return .infinity }
    guard let index = series.values.firstIndex(where: { $0 < threshold }) else { return .infinity }
    return Double(series.step(index))
  }

  func finalParameters(_ key: String) -> [Double]? {
    parameters.withLock { cache in
      if let known = cache { return known[key] }
      let all = (try? store.finalParameters(of: keys)) ?? [:]
      cache = all
      return all[key]
    }
  }
}
