/// A chain of points between two places that moves downhill while its points stay evenly spaced: at last it lies in the
/// valleys and crosses the ridges at their lowest passes.
///
///     every image but the first and last:  θ ← θ − η∇E(θ),   then all are set at equal distances along their polygon
///
/// Sources: Jónsson, Mills & Jacobsen 1998 (nudged elastic band); in this form E, Ren & Vanden-Eijnden 2007,
/// doi:10.1063/1.2720838 (simplified string method).
struct ElasticBand<Function: LossFunction> {
  private let function: Function
  private(set) var images: [[Double]]

  init(_ function: Function, from a: [Double], to b: [Double], images count: Int) {
    self.function = function
    images = (0...count + 1).map {
      Linear.add(Linear.scale(1 - Double($0) / Double(count + 1), a), Double($0) / Double(count + 1), b)
    }
  }

  private var lengths: [Double] { zip(images, images.dropFirst()).map { Linear.distance($0, $1) } }
  var spacing: Double { lengths.reduce(0, +) / Double(max(1, lengths.count)) }

  /// Moves the chain downhill until its highest loss has stopped falling.
  mutating func relax(steps: Int) {
    guard spacing > 0 else { return }
    var rate = 0.5 / max(1e-300, images.map { function.derivatives($0).hessian.radius }.max() ?? 1)
    var best = images
    var least = Double.infinity
    var idle = 0
    for step in 0..<steps where idle < 10 {
      let slopes = function.gradients(at: Array(images[1..<images.count - 1]))
      for (i, found) in slopes.enumerated() {
        let length = rate * Linear.norm(found.gradient)
        // No image jumps over its neighbour.
        let damping = length > 0.5 * spacing ? 0.5 * spacing / length : 1
        images[i + 1] = Linear.add(images[i + 1], -rate * damping, found.gradient)
      }
      spread()
      guard step % 50 == 49 else { continue }
      let top = function.losses(at: images).max() ?? .infinity
      idle = top < least - 1e-4 * abs(least) ? 0 : idle + 1
      if top < least {
        (least, best) = (top, images)
        rate *= 1.3
      } else {
        rate *= 0.5
      }
    }
    images = best
  }

  /// Sets the images at equal distances along the polygon through them.
  private mutating func spread() {
    let lengths = lengths
    let whole = lengths.reduce(0, +)
    guard whole > 0, whole.isFinite else { return }
    var spaced = [images[0]]
    var (segment, passed) = (0, 0.0)
    for k in 1..<images.count - 1 {
      let wanted = whole * Double(k) / Double(images.count - 1)
      while segment < lengths.count - 1, passed + lengths[segment] < wanted {
        passed += lengths[segment]
        segment += 1
      }
      let share = lengths[segment] > 0 ? (wanted - passed) / lengths[segment] : 0
      spaced.append(Linear.add(Linear.scale(1 - share, images[segment]), share, images[segment + 1]))
    }
    spaced.append(images[images.count - 1])
    images = spaced
  }

  /// Points higher than both neighbours, the highest of eight on the polygon around each such image.
  func tops() -> [[Double]] {
    let losses = function.losses(at: images)
    let tops = (1..<max(2, images.count - 1)).filter { (i: Int) -> Bool in
      losses[i] >= losses[i - 1] && losses[i] > losses[i + 1]
    }
    return tops.compactMap(highest(near:))
  }

  /// The highest of nine points on the polygon around an image.
  private func highest(near i: Int) -> [Double]? {
    let points = (-4...4).map { (k: Int) -> [Double] in
      let share = Double(abs(k)) / 4
      return Linear.add(Linear.scale(1 - share, images[i]), share, images[k < 0 ? i - 1 : i + 1])
    }
    let losses = function.losses(at: points)
    return points.indices.max { losses[$0] < losses[$1] }.map { points[$0] }
  }

  /// The loss along the chain, with some further points inserted.
  func profile(through points: [[Double]]) -> Connection.Profile {
    var chain = images
    for point in points {
      let nearest = chain.indices.min { Linear.distance(chain[$0], point) < Linear.distance(chain[$1], point) } ?? 0
      guard nearest > 0, nearest < chain.count - 1 else { continue }
      // It replaces the nearest image.
      chain[nearest] = point
    }
    var (at, shares, losses) = (0.0, [Double](), [Double]())
    let steps = zip(chain, chain.dropFirst()).map { Linear.distance($0, $1) }
    let whole = max(1e-300, steps.reduce(0, +))
    for (i, length) in steps.enumerated() {
      let points = (0..<8).map { Linear.add(Linear.scale(1 - Double($0) / 8, chain[i]), Double($0) / 8, chain[i + 1]) }
      shares += (0..<8).map { (at + length * Double($0) / 8) / whole }
      losses += function.losses(at: points)
      at += length
    }
    return Connection.Profile(shares: shares + [1], losses: losses + function.losses(at: [chain[chain.count - 1]]))
  }
}
