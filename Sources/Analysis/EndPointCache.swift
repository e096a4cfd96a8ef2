import Landscape
import Synchronization

/// The ends that a report has looked at closely, so that each is polished once.
final class EndPointCache: Sendable {
  private let known = Mutex<[String: EndPoint]>([:])

  /// The ends of runs with these keys; those not known are made all at once.
  func ends(_ keys: [String], make: (_ missing: [Int]) throws -> [EndPoint]) rethrows -> [EndPoint] {
    let missing = known.withLock { known in keys.indices.filter { known[keys[$0]] == nil } }
    let made = try make(missing)
    return known.withLock { known in
      for (index, end) in zip(missing, made) { known[keys[index]] = end }
      return keys.compactMap { known[$0] }
    }
  }
}
