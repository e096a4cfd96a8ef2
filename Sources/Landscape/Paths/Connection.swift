/// What lies between two places: the straight line after alignment by the symmetries, a bent path, and the saddles on it.
public struct Connection: Sendable {
  /// Shares of a path's length and the loss there, both end points included.
  public struct Profile: Sendable {
    /// Position on the path, as a share of its length, from 0 to 1.
    public let shares: [Double]
    /// The loss at each position.
    public let losses: [Double]

    /// How far the loss rises above that of the higher end point; 0 where it does not.
    public var barrier: Double { max(0, (losses.max() ?? 0) - max(losses.first ?? 0, losses.last ?? 0)) }
  }

  /// The loss along the straight line.
  public let straight: Profile
  /// Along the elastic band.
  public let bent: Profile
  /// The band's images, both end points included.
  public let images: [[Double]]
  /// Stationary points that are no minima at the tops of the bent path, the highest first; each has been polished.
  public let saddles: [EndPoint]

  /// How far the loss must rise above the higher end point on the bent path: exactly, if a saddle marks its top; else at most.
  public var barrier: Double { bent.barrier }
  /// Whether the top of the bent path is a saddle with one negative eigenvalue.
  public var isCertified: Bool {
    guard let top = saddles.first else { return false }
    return top.index == 1 && abs(top.loss - (bent.losses.max() ?? .nan)) <= 1e-2 * max(barrier, 1e-12)
  }

  /// - Parameters:
  ///   - images: points of the band between the end points.
  ///   - iterations: steps of each band at most.
  ///   - copies: how many other copies of the second point, under the symmetries, a band is led to; the lowest band counts.
  public init(
    _ function: some LossFunction, from a: [Double], to b: [Double], images count: Int = 23, iterations: Int = 2000,
    copies: Int = 5
  ) {
    let end = function.aligned(b, to: a)
    let line = (0...64).map { Linear.add(Linear.scale(1 - Double($0) / 64, a), Double($0) / 64, end) }
    straight = Profile(shares: (0...64).map { Double($0) / 64 }, losses: function.losses(at: line))
    let paths = ([end] + function.copies(of: end, near: a).prefix(copies)).map { far -> BentPath in
      var band = ElasticBand(function, from: a, to: far, images: count)
      band.relax(steps: iterations)
      return BentPath(function, band)
    }
    let best =
      paths.min { $0.top < $1.top } ?? BentPath(function, ElasticBand(function, from: a, to: end, images: count))
    (bent, images, saddles) = (best.profile, best.images, best.saddles)
  }

  /// A relaxed band with the saddles on it.
  private struct BentPath {
    let profile: Profile
    let images: [[Double]]
    let saddles: [EndPoint]
    var top: Double { profile.losses.max() ?? .infinity }

    init<Function: LossFunction>(_ function: Function, _ band: ElasticBand<Function>) {
      images = band.images
      saddles = band.tops().compactMap { top in
        guard let near = Polish.nearest(function, to: top, within: 2 * band.spacing) else { return nil }
        let found = EndPoint(function, at: near, limit: 0, follows: 0)
        return found.kind == .saddle ? found : nil
      }.sorted { $0.loss > $1.loss }
      // A saddle found between two images is the top that the images straddle.
      profile = band.profile(through: saddles.map(\.theta))
    }
  }
}
