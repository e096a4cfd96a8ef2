/// The samples of a step.
public enum Batching: Hashable, Sendable {
  /// All of them, at every step.
  case full
  /// The next `size` samples of a shuffled epoch; a batch may continue into the next epoch.
  case mini(size: Int)
  /// One sample, drawn uniformly and independently at every step.
  case singleWithReplacement
  /// One sample, the next of a shuffled epoch.
  public static let single = Batching.mini(size: 1)

  /// The name in descriptions and tables.
  public var name: String {
    switch self {
    case .full: "full"
    case .mini(let size): "mini(\(size))"
    case .singleWithReplacement: "single-with-replacement"
    }
  }

  /// Samples per step on a data set of `samples`.
  public func size(samples: Int) -> Int {
    switch self {
    case .full: samples
    case .mini(let size): size
    case .singleWithReplacement: 1
    }
  }
}
