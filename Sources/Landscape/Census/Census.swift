/// The minima that the runs of one setting ended in, how often each, and how many more there may be (Good–Turing: `discovery`).
///
/// End points are one place where a symmetry of the network or objective maps one to the other within their uncertainty.
public struct Census: Sendable {
  /// One place, found by one run or many.
  public struct Place: Sendable {
    /// A, B, C … for minima by rising loss; S1, S2 … for saddles and maxima; ∞1 … for places at infinity; K1 … on kinks.
    public let name: String
    /// The class of the point.
    public let kind: EndPoint.Kind
    /// The loss; of a place at infinity its limit.
    public let loss: Double
    /// The end points at this place, by their number among all end points, in rising order.
    public let members: [Int]
    /// The member with the least gradient.
    public let representative: EndPoint

    /// Number of runs that ended here.
    public var count: Int { members.count }
    /// Whether it is a strict or a degenerate minimum.
    public var isMinimum: Bool { kind == .strictMinimum || kind == .degenerateMinimum }
  }

  /// All end points, in the order of the runs.
  public let ends: [EndPoint]
  /// All places that have a name, minima first, each kind by rising loss.
  public let places: [Place]
  /// Losses closer than this are one level, in any case; 0 for objectives. The uncertainty of both comes on top.
  public let levelTolerance: Double
  /// Whether the places that are counted are proven to be distinct. Where they are not, their number is an upper bound: "at
  /// most".
  public let isExact: Bool

  /// The strict and degenerate minima, by rising loss.
  public var minima: [Place] { places.filter(\.isMinimum) }

  /// Minima of one loss, whatever their parameters: the levels on which runs end.
  public var levels: [(loss: Double, places: [Place])] {
    var groups: [(loss: Double, places: [Place])] = []
    for place in minima {
      if let last = groups.last?.places.last, place.representative.isLevel(with: last.representative, levelTolerance) {
        groups[groups.count - 1].places.append(place)
      } else {
        groups.append((place.loss, [place]))
      }
    }
    return groups
  }

  /// The place of an end point; `nil` for one that is still moving or has diverged.
  public func place(of end: Int) -> Place? { places.first { $0.members.contains(end) } }

  /// The number of end points of a kind.
  public func count(of kind: EndPoint.Kind) -> Int { ends.count { $0.kind == kind } }

  /// - Parameters:
  ///   - ends: one end point for each run.
  ///   - functions: the loss that each was classified with.
  ///   - levelTolerance: losses closer than this are one level. Where none is given: 10⁻⁸ of the greatest loss of a network among
  ///     the end points and at θ = 0; for objectives nothing but the uncertainty of both losses, ½∇EᵀH⁻¹∇E and rounding, so that
  ///     neither a constant nor a factor changes the count. Places of networks at infinity and on kinks, whose loss is less
  ///     exact, are grouped within a thousand times that.
  package init(_ ends: [EndPoint], of functions: [any LossFunction], levelTolerance: Double? = nil) {
    self.ends = ends
    let level = levelTolerance ?? Self.networkTolerance(ends, functions)
    self.levelTolerance = level
    var grouping = PlaceGrouping(ends, functions, levelTolerance: level)
    func places(_ groups: [[Int]], _ name: (Int) -> String) -> [Place] {
      let found = groups.map { group -> (best: Int, members: [Int]) in
        (group.min { ends[$0].gradientNorm < ends[$1].gradientNorm } ?? group[0], group.sorted())
      }
      return found.enumerated().map { index, group in
        Place(
          name: name(index), kind: ends[group.best].kind, loss: ends[group.best].limit, members: group.members,
          representative: ends[group.best])
      }
    }
    self.places =
      places(grouping.gather([.strictMinimum, .degenerateMinimum], sameLevelSuffices: false), Self.letters)
      + places(grouping.gather([.saddle, .maximum], sameLevelSuffices: false)) { "S\($0 + 1)" }
      + places(grouping.gather([.atInfinity], sameLevelSuffices: true)) { "∞\($0 + 1)" }
      + places(grouping.gather([.kink], sameLevelSuffices: true)) { "K\($0 + 1)" }
    isExact = grouping.isExact
  }

  private static func networkTolerance(_ ends: [EndPoint], _ functions: [any LossFunction]) -> Double {
    guard let network = functions.first as? NetworkLoss else { return 0 }
    let origin = abs(network(Array(repeating: 0, count: network.parameterCount)))
    return 1e-8 * ((ends.map { abs($0.limit) } + [origin]).filter(\.isFinite).max() ?? 0)
  }

  /// A … Z, AA, AB …
  static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }
}

extension EndPoint {
  /// Whether the end point is a place: not still moving, and not diverged.
  var isPlace: Bool { kind != .stillMoving && kind != .diverged }

  /// Whether two losses are equal within a tolerance or their uncertainty.
  func isLevel(with other: EndPoint, _ tolerance: Double) -> Bool {
    abs(limit - other.limit) <= max(tolerance, uncertainty.loss + other.uncertainty.loss)
  }
}
