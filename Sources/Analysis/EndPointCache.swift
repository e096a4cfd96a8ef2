import Landscape
import Synchronization

/// The end points of runs, polished and classified once for a whole report.
final class EndPointCache: Sendable {
  private let known = Mutex<[Int: EndPoint]>([:])

  /// The end points of the runs at these positions of the plan; `make` computes all that are missing in one call.
  func ends(_ keys: [Int], make: (_ missing: [Int]) throws -> [EndPoint]) rethrows -> [EndPoint] {
    let missing = known.withLock { known in keys.indices.filter { known[keys[$0]] == nil } }
    let made = try make(missing)
    return known.withLock { known in
      for (index, end) in zip(missing, made) { known[keys[index]] = end }
      return keys.compactMap { known[$0] }
    }
  }
}
