import Learning

extension EndPoint {
  /// Polishes the final parameters of a run and classifies the point.
  ///
  /// 1. Where the Hessian has a negative eigenvalue and a stationary point is near, that point is classified: a run may have
  ///    stopped at a saddle.
  /// 2. Elsewhere Newton steps lead downhill (`Polish`).
  /// 3. The eigenvalues of the Hessian decide, as far as they are certain (`FlatSpace`); the other directions are searched for
  ///    one along which E falls (`FlatDirectionSearch`).
  /// 4. A saddle is left along its direction of descent, and the point reached from there is classified in the same way.
  ///
  /// - Parameters:
  ///   - theta: the run's last parameters.
  ///   - limit: Newton steps at most.
  ///   - follows: how many saddles are left one after another.
  public init(_ function: some LossFunction, at theta: [Double], limit: Int = 500, follows: Int = 4) {
    guard theta.allSatisfy(\.isFinite), function(theta).isFinite else {
      self.init(diverged: theta)
      return
    }
    let start = theta
    if let near = Self.saddle(function, near: theta) {
      self.init(function, Polish(function, from: near, limit: 0), start: start, isStationary: true, follows: follows)
    } else {
      let polish = Polish(function, from: theta, limit: limit)
      self.init(function, polish, start: start, isStationary: polish.isStationary, follows: follows)
    }
  }

  /// The end point of a diverged run.
  public init(diverged theta: [Double]) {
    self.init(
      kind: .diverged, start: theta, theta: theta, loss: .nan, gradientNorm: .nan, limit: .nan, moved: 0, iterations: 0,
      mayHaveLeftBasin: false, eigenvalues: [], flat: FlatDirections(), escape: nil, growing: [], negative: 0,
      uncertainty: .unknown)
  }

  /// The saddle at which a run stopped: within a twentieth of its parameters' length, and not above it.
  private static func saddle(_ function: some LossFunction, near theta: [Double]) -> [Double]? {
    let now = function.derivatives(theta)
    let radius = now.hessian.radius
    // Positive definite with hardly a shift: no saddle here. Cheaper than eigenvalues, and the usual case.
    if radius == 0 || now.hessian.solve(now.gradient, shiftedBy: 1e-9 * radius) != nil { return nil }
    let reach = 0.05 * (function.unit + Linear.norm(theta))
    guard let near = Polish.nearest(function, to: theta, within: reach),
      function(near) <= now.loss + 1e-12 * abs(now.loss)
    else { return nil }
    return near
  }

  /// The class of a polished point, with what it follows from.
  private struct Verdict {
    var kind = Kind.stillMoving
    var flat = FlatDirections()
    /// The direction of descent from a saddle.
    var descent: (direction: [Double], curvature: Double)?
    /// The curved directions with their eigenvalues.
    var curved: [(Double, [Double])] = []
    var basis: [[Double]] = []
    var eigenvalues: [Double] = []
    var negative: Int { curved.count { $0.0 < 0 } }

    init(_ function: some LossFunction, _ polish: Polish, isStationary: Bool) {
      let theta = polish.theta
      let eigen = SymmetricEigen(polish.hessian, vectors: true)
      let space = eigen.map { FlatSpace(function, theta, polish.gradient, $0, uncertainty: polish.uncertainty) }
      eigenvalues = eigen?.values ?? []
      basis = space?.basis ?? []
      curved = zip(eigenvalues, eigen?.vectors ?? []).filter { !basis.contains($0.1) }
      let drift = space?.part(of: polish.gradient) ?? []
      let tail = Tail(function, polish)
      let isSettled = polish.hasConverged || isStationary && !tail.isMoving(along: drift)
      if polish.limit != nil || !isSettled && tail.isEndless(along: drift) {
        kind = .atInfinity
      } else if isSettled || isStationary && tail.isBelowRounding(along: drift), let space {
        flat = space.explained(function, theta)
        if let steepest = curved.first, steepest.0 < 0 {
          descent = (steepest.1, steepest.0)
          kind = negative == theta.count ? .maximum : .saddle
        } else if let direction = FlatDirectionSearch(function, theta, polish.loss, certain: curved).descent(in: basis)
        {
          descent = (direction, 0)
          kind = .saddle
        } else {
          kind = basis.isEmpty ? .strictMinimum : .degenerateMinimum
        }
      } else if let network = function as? NetworkLoss, UnitActivity(network, theta).isOnKink(network.loss) {
        kind = .kink
      }
    }
  }

  private init(
    _ function: some LossFunction, _ polish: Polish, start: [Double], isStationary: Bool, follows: Int
  ) {
    let verdict = Verdict(function, polish, isStationary: isStationary)
    let (theta, kind, limit) = (polish.theta, verdict.kind, polish.limit ?? polish.loss)
    let network = function as? NetworkLoss
    if kind == .stillMoving, network == nil, let kink = KinkSearch(function, from: theta) {
      self.init(kink, polish, start: start)
      return
    }
    self.init(
      kind: kind, start: start, theta: theta, loss: polish.loss, gradientNorm: polish.gradientNorm, limit: limit,
      moved: Linear.distance(start, theta), iterations: polish.iterations,
      mayHaveLeftBasin: polish.crossedNegativeCurvature, eigenvalues: verdict.eigenvalues, flat: verdict.flat,
      escape: verdict.descent.map {
        Escape(function, from: theta, start: start, along: $0.direction, $0.curvature, follows: follows)
      },
      growing: kind == .atInfinity ? network.map { Self.growing($0.architecture, polish.direction) } ?? [] : [],
      negative: verdict.negative,
      uncertainty: EndPointUncertainty(
        function, polish, kind: kind, limit: limit, curved: verdict.curved, flat: verdict.basis))
  }

  /// A minimum on a kink of an objective.
  private init(_ kink: KinkSearch<some LossFunction>, _ polish: Polish, start: [Double]) {
    self.init(
      kind: .kink, start: start, theta: kink.theta, loss: kink.loss, gradientNorm: kink.gradientNorm, limit: kink.loss,
      moved: Linear.distance(start, kink.theta), iterations: polish.iterations,
      mayHaveLeftBasin: polish.crossedNegativeCurvature, eigenvalues: [], flat: FlatDirections(), escape: nil,
      growing: [], negative: 0, uncertainty: EndPointUncertainty(kinkWithin: kink.radius, slope: kink.slope))
  }

  /// The units that take at least a third of a direction's length on their incoming weights.
  private static func growing(_ architecture: Architecture, _ direction: [Double]) -> [UnitName] {
    guard !direction.isEmpty else { return [] }
    let whole = Linear.dot(direction, direction)
    return architecture.layers.enumerated().flatMap { l, layer in
      (0..<layer.units).compactMap { unit in
        let places = (0..<layer.inputs).map { layer.weight(unit, $0) } + (layer.hasBias ? [layer.bias(unit)] : [])
        let own = places.reduce(0) { $0 + direction[$1] * direction[$1] }
        guard own >= whole / 9 else { return nil }
        return UnitName(layer: l + 1, unit: unit + 1, isOutput: l == architecture.layers.count - 1)
      }
    }
  }
}

extension EndPoint.Escape {
  /// Leaves a saddle on the side on which the run stopped, and classifies the point reached from there.
  fileprivate init(
    _ function: some LossFunction, from theta: [Double], start: [Double], along direction: [Double],
    _ curvature: Double, follows: Int
  ) {
    let side = Linear.dot(Linear.add(start, -1, theta), direction)
    // Along a direction of descent of higher order E falls on one side only.
    let down = curvature < 0 && side < 0 ? Linear.scale(-1, direction) : direction
    self.direction = down
    self.curvature = curvature
    guard follows > 0 else {
      destination = []
      return
    }
    let scale = max(function.unit, Linear.norm(theta) / Double(max(1, theta.count)).squareRoot())
    let polish = Polish(function, from: Linear.add(theta, 0.01 * scale, down))
    destination = [EndPoint(function, at: polish.theta, follows: follows - 1)]
  }
}
