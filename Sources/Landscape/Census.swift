/// Which minima the runs of one setting ended in, how often each, and how many more there may be.
public struct Census: Sendable {
  /// One place, found by one run or many.
  public struct Place: Sendable {
    /// A, B, C … for minima by rising loss; S1, S2 … for saddles and maxima; ∞1 … for places at infinity; K1 … on kinks.
    public let name: String
    public let kind: EndPoint.Kind
    /// The loss; of a place at infinity its limit.
    public let loss: Double
    /// The ends that lie here, by their number among all ends, in rising order.
    public let members: [Int]
    /// The member with the least gradient.
    public let representative: EndPoint

    public var count: Int { members.count }
    public var isMinimum: Bool { kind == .strictMinimum || kind == .degenerateMinimum }
  }

  /// All ends, in the order of the runs.
  public let ends: [EndPoint]
  /// All places that have a name, minima first, each kind by rising loss.
  public let places: [Place]
  /// Losses closer than this are one level.
  public let levelTolerance: Double

  public var minima: [Place] { places.filter(\.isMinimum) }

  /// Minima of one loss, whatever their parameters: the levels on which runs end.
  public var levels: [(loss: Double, places: [Place])] {
    var groups: [(loss: Double, places: [Place])] = []
    for place in minima {
      if let last = groups.last?.places.last, place.loss - last.loss <= levelTolerance {
        groups[groups.count - 1].places.append(place)
      } else {
        groups.append((place.loss, [place]))
      }
    }
    return groups
  }

  /// The place of an end, `nil` for one that is still moving or has diverged.
  public func place(of end: Int) -> Place? { places.first { $0.members.contains(end) } }

  /// How many ends are of a kind.
  public func count(of kind: EndPoint.Kind) -> Int { ends.count { $0.kind == kind } }

  /// - Parameters:
  ///   - ends: one a run.
  ///   - functions: the loss that each was classified with.
  ///   - levelTolerance: losses closer than this are one level; where none is given 10⁻⁸ of the greatest loss among the ends
  ///     and at θ = 0. Places at infinity and on kinks, whose loss is less exact, are put together within a thousand times that.
  public init(_ ends: [EndPoint], of functions: [any LossFunction], levelTolerance: Double? = nil) {
    self.ends = ends
    let origin = functions.first.map { abs($0(Array(repeating: 0, count: $0.parameterCount))) } ?? 0
    let greatest = (ends.map { abs($0.limit) } + [origin]).filter(\.isFinite).max() ?? 0
    let level = levelTolerance ?? 1e-8 * greatest
    self.levelTolerance = level
    let identities = zip(ends, functions).map { Identity.of($0, $1) }

    /// Ends of some kinds, put together where they are the same.
    func gather(_ kinds: [EndPoint.Kind], sameLevelSuffices: Bool) -> [[Int]] {
      let tolerance = sameLevelSuffices ? 1000 * level : level
      var groups: [[Int]] = []
      var open: [Int] = []
      for i in ends.indices.filter({ kinds.contains(ends[$0].kind) }).sorted(by: { ends[$0].limit < ends[$1].limit }) {
        // Groups whose level has been passed are closed.
        open.removeAll { ends[i].limit - ends[groups[$0][groups[$0].count - 1]].limit > tolerance }
        let home = open.first { group in
          if sameLevelSuffices { return true }
          guard ends[groups[group][0]].kind == ends[i].kind, let a = identities[groups[group][0]], let b = identities[i]
          else {
            return false
          }
          return a.isSame(as: b)
        }
        if let home {
          groups[home].append(i)
        } else {
          open.append(groups.count)
          groups.append([i])
        }
      }
      return groups
    }
    func places(_ groups: [[Int]], _ name: (Int) -> String) -> [Place] {
      groups.enumerated().map { index, group in
        let best = group.min { ends[$0].gradientNorm < ends[$1].gradientNorm } ?? group[0]
        return Place(
          name: name(index), kind: ends[best].kind, loss: ends[best].limit, members: group.sorted(),
          representative: ends[best])
      }
    }
    self.places =
      places(gather([.strictMinimum, .degenerateMinimum], sameLevelSuffices: false), Self.letters)
      + places(gather([.saddle, .maximum], sameLevelSuffices: false)) { "S\($0 + 1)" }
      + places(gather([.atInfinity], sameLevelSuffices: true)) { "∞\($0 + 1)" }
      + places(gather([.kink], sameLevelSuffices: true)) { "K\($0 + 1)" }
  }

  /// A … Z, AA, AB …
  static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }
}

extension EndPoint {
  /// Whether the end is somewhere, not on its way.
  var isPlace: Bool { kind != .stillMoving && kind != .diverged }
}
