/// Groups end points that are one place.
struct PlaceGrouping {
  private let ends: [EndPoint]
  private let functions: [any LossFunction]
  private let identities: [Identity?]
  private let level: Double
  /// Whether all groups so far are proven to be distinct.
  private(set) var isExact = true

  init(_ ends: [EndPoint], _ functions: [any LossFunction], levelTolerance: Double) {
    self.ends = ends
    self.functions = functions
    level = levelTolerance
    identities = zip(ends, functions).map { Self.identity($0, $1) }
  }

  private static func identity(_ end: EndPoint, _ function: any LossFunction) -> Identity? {
    Identity(end, of: function)
  }

  /// End points of some kinds by place, each group and the groups among themselves by rising loss.
  mutating func gather(_ kinds: [EndPoint.Kind], sameLevelSuffices: Bool) -> [[Int]] {
    let tolerance = sameLevelSuffices ? 1000 * level : level
    var groups: [[Int]] = []
    for i in ends.indices.filter({ kinds.contains(ends[$0].kind) }).sorted(by: { ends[$0].limit < ends[$1].limit }) {
      let near = groups.indices.filter { ends[i].isLevel(with: ends[groups[$0][groups[$0].count - 1]], tolerance) }
      let homes = sameLevelSuffices && !isKinkOfObjective(i) ? Array(near.prefix(1)) : homes(of: i, among: near, groups)
      let first = homes.first ?? groups.count
      if homes.isEmpty { groups.append([]) }
      for other in homes.dropFirst().reversed() { groups[first] += groups.remove(at: other) }
      groups[first].append(i)
    }
    if !sameLevelSuffices { verifyDistinct(groups) }
    return groups.map { $0.sorted { (ends[$0].limit, $0) < (ends[$1].limit, $1) } }
  }

  private func isKinkOfObjective(_ i: Int) -> Bool { ends[i].kind == .kink && functions[i] is ObjectiveLoss }

  /// Whether valleys are followed from this end point: degenerate minima of objectives.
  private func hasValley(_ i: Int) -> Bool { ends[i].kind == .degenerateMinimum && functions[i] is ObjectiveLoss }

  /// The groups that an end point belongs to. A valley may connect one point with several groups, which are one place then.
  private mutating func homes(of i: Int, among near: [Int], _ groups: [[Int]]) -> [Int] {
    var found: [Int] = []
    var isOpen = false
    for index in near {
      switch match(i, groups[index]) {
      case .same: found.append(index)
      case .unknown: isOpen = true
      case .different: break
      }
      if !found.isEmpty, !hasValley(i) { break }
    }
    if found.isEmpty, isOpen { isExact = false }
    return found
  }

  private func match(_ i: Int, _ group: [Int]) -> Match {
    guard ends[group[0]].kind == ends[i].kind, let a = identities[group[0]], let b = identities[i] else {
      return .different
    }
    let match = a.match(b)
    guard match != .same, hasValley(i) else { return match }
    // From the nearest member: short valleys are found more reliably than long ones.
    let nearest = group.min {
      Linear.distance(ends[$0].theta, ends[i].theta) < Linear.distance(ends[$1].theta, ends[i].theta)
    }
    return nearest.map { Self.isConnected(functions[i], ends[i], ends[$0]) } == true ? .same : .different
  }

  /// Degenerate minima on one level that no valley was found to connect are distinct only if one of them is isolated.
  private mutating func verifyDistinct(_ groups: [[Int]]) {
    let valleys = groups.map { $0[0] }.filter(hasValley)
    for (position, a) in valleys.enumerated() {
      for b in valleys[..<position] where ends[a].isLevel(with: ends[b], level) {
        if !isExact { return }
        isExact = Self.isApart(functions[a], ends[a], ends[b])
      }
    }
  }

  private static func isConnected(_ function: any LossFunction, _ a: EndPoint, _ b: EndPoint) -> Bool {
    function.isConnected(a, b)
  }

  private static func isApart(_ function: any LossFunction, _ a: EndPoint, _ b: EndPoint) -> Bool {
    function.isApart(a, b)
  }
}
