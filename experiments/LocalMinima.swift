import Descent

/// One sine unit, many starts: the levels on which descents end, beside the minima that a closed form foretells.
struct LocalMinima: Experiment {
  let title = "Which minimum does a descent find, and what does its loss prove?"

  var setup: Setup {
    Setup(
      data: Self.data,
      network: .mlp(hidden: 1, activation: .sine),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.02),
      initialization: .normal(scale: 2, biases: true),
      batch: .full,
      stop: .after(steps: 20_000).orGradientNormBelow(1e-10))
  }

  var sweep: [Axis] { Seeds(0..<400) }

  var report: [Cell] {
    Note {
      _ in
      """
      A network with a single hidden unit, y = v sin(wx + b) + c, is fitted \(400) times to \(Self.xs.count) points of \
      sin 0.5x + 0.7 cos 1.2x + 0.5 sin 1.9x. It can follow one of the three waves, not all. Only the seed of the start \
      differs. Each run goes on until ‖∇E‖ < 10⁻¹⁰.

      The task is small enough for an independent answer. For a fixed w the best v, b and c are a linear least-squares \
      problem, so that E(w) = min over v, b, c is a curve. Its valleys are the minima of the network, all of them; at the sampling \
      limit |w| = π/d alone, where cos wx or sin wx is a mere alternation of signs, v may grow without end.
      """
    }
    Figure("The curve of the best loss for each w, and where the runs ended") { results in Self.profileFigure(results) }
      .caption(
        "Line: E(w) from the linear equations, without descent. Marks: ends of runs at |w|. Dashed: half the sampling "
          + "frequency, π/d for points a distance d apart; the curve is its own mirror image there.")
    Figure("Final loss of every run") { Self.withLevels(Distribution(.finalLoss)) }
      .caption("Ruled: the valleys of E(w) below the sampling limit.")
    Figure("The minima compared") { results in try Self.comparison(results).grid() }
      .caption(
        "Functions that at least 1 % of the runs ended with, lowest loss first; intervals: Wilson 95 %. Equal losses with "
          + "different names are different functions.")
    Figure("Two functions of one loss: the lowest level") { results in try Self.twins(results) }
      .caption("The same values at all training inputs, hence the same loss, and nowhere else.")
    ReportTable(
      "Census of levels: what runs of equal loss share",
      columns: [
        "loss E", "valley of E(w)", "runs", "95 % interval", "points θ", "functions", "apart on the data",
        "apart between", "λₘᵢₙ",
      ]
    ) { results in
      try Self.levels(results).filter { $0.runs >= 4 }.map { level in
        let share = Share(level.runs, of: results.count)
        let eigenvalues = try results.hessianEigenvalues(at: level.places[0].rows[0])
        return [
          NumberText.short(level.loss, digits: 6), NumberText.short(Self.nearestValley(level.loss), digits: 6),
          "\(level.runs)",
          "\(NumberText.short(100 * share.interval.lowerBound))–\(NumberText.short(100 * share.interval.upperBound)) %",
          "\(Self.distinctPoints(results, level))", "\(level.places.count)",
          Self.plain(try Self.apart(results, level, at: Self.xs)),
          Self.plain(try Self.apart(results, level, at: Self.between)),
          NumberText.short(eigenvalues.first ?? .nan),
        ]
      }
    }
    Note { results in
      let levels = try Self.levels(results)
      let lowest = levels.first
      let best = lowest?.places.first.map { Share($0.rows.count, of: results.count) }
      let twins = levels.filter { $0.places.count > 1 && $0.runs >= 4 }
      let widest = try twins.map { try Self.apart(results, $0, at: Self.between) }.max() ?? 0
      let most = twins.map { Self.distinctPoints(results, $0) }.max() ?? 0
      return """
        ## What equal loss proves

        - **Not the same weights.** (w, b, v), (−w, −b, −v) and (w, b + π, −v) are one function. On one level the runs \
        ended at up to \(most) different points of parameter space.
        - **Not the same function.** \(twins.count) of the levels hold several functions. They agree at every training \
        point and differ by up to \(NumberText.short(widest)) between them: on points a distance d apart sin wx and \
        sin (2π/d − w)x cannot be told apart. The loss sees the training points only.
        - **Not the best.** Every end in the table is a strict minimum in w, b, v and c, λₘᵢₙ > 0, and descent cannot \
        leave it. The lowest level, \(NumberText.short(lowest?.loss ?? .nan, digits: 5)), with its lowest frequency was \
        found by \(best?.description ?? "no run").
        - **Not that there is a minimum at all.** \(results.count - Self.converged(results).count) of \(results.count) runs \
        had not reached ‖∇E‖ < 10⁻⁹ when their steps were used up. They share a loss near \
        \(NumberText.short(Self.best(Self.limit))), close to the sampling limit, and are left out of the census.
        - **Different loss does prove something:** the functions differ at a training point.
        """
    }
    Figure("Where a start leads") { results in try Self.basins(results) }
      .caption(
        "Starting and final |w| of every run. On the diagonal a run keeps its frequency; flat steps are the valleys. v and b "
          + "decide too: the same starting |w| leads to several ends.")
    Figure("Two of the four dimensions: w and b, with ways of runs") {
      LossSurface(.parameters(0, 1), through: .seed(6), paths: 4, x: -4...4, y: -5...5)
    }
    .caption(
      "θ₁ is w, θ₂ is b; v and c are those of the orange run, so that a way of another v may end beside a valley.")
    Expect(.share(of: .finalGradientNorm, below: 1e-7), atLeast: 0.93)
    Expect("Every converged run ends on a stationary level of E(w), to 10⁻⁹") { results in
      let losses = Self.converged(results).map(\.summary.finalLoss)
      let worst = losses.map { abs($0 - Self.nearestLevel($0)) }.max() ?? .nan
      return (worst < 1e-9, "greatest difference of \(losses.count) runs: \(NumberText.short(worst))")
    }
    Expect("Equal loss is not equal function: one level holds functions that differ by more than 0.5") { results in
      let levels = try Self.levels(results).filter { $0.places.count > 1 }
      let apart = try levels.map {
        (on: try Self.apart(results, $0, at: Self.xs), off: try Self.apart(results, $0, at: Self.between))
      }
      let found = apart.filter { $0.on < 1e-6 }.max { $0.off < $1.off }
      return (
        (found?.off ?? 0) > 0.5,
        "apart by \(NumberText.short(found?.off ?? .nan)) between the points, \(NumberText.short(found?.on ?? .nan)) on them"
      )
    }
    Expect("At each function of the comparison the Hessian is positive definite: strict minima") { results in
      let least = try Self.shared(results).map { try results.hessianEigenvalues(at: $0.place.rows[0]).first ?? .nan }
      return (
        !least.isEmpty && least.allSatisfy { $0 > 1e-4 },
        "least eigenvalues \(least.map { NumberText.short($0) }.joined(separator: ", "))"
      )
    }
  }

  // MARK: The task and its closed form

  private static let count = 12
  private static let xs = (0..<count).map { -6 + 12 * Double($0) / Double(count - 1) }
  /// Points between the training points.
  private static let between = (0...240).map { -6 + 12 * Double($0) / 240 }
  /// Half the sampling frequency: π/d.
  private static let limit = Double.pi * Double(count - 1) / 12
  private static let ts = xs.map {
    Exact.sin(0.5 * $0) + 0.7 * Exact.sin(1.2 * $0 + Double.pi / 2) + 0.5 * Exact.sin(1.9 * $0)
  }
  private static let data = DataSource.custom("three waves") { _ in
    Dataset(name: "three waves", inputs: xs.map { [$0] }, targets: ts.map { [$0] })
  }

  /// E(w): the least loss over v, b and c, by the normal equations of sin wx, cos wx and 1.
  private static func best(_ w: Double) -> Double {
    let rows = xs.map { x in
      let (sin, cos) = Exact.sincos(w * x)
      return [sin, cos, 1]
    }
    var a = (0..<3).map { i in
      (0..<3).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } } + [zip(rows, ts).reduce(0) { $0 + $1.0[i] * $1.1 }]
    }
    var kept: [Int] = []
    // Elimination with pivots on the diagonal; a column that adds nothing is left out.
    for i in 0..<3 where a[i][i] > 1e-10 {
      kept.append(i)
      for j in 0..<3 where j != i {
        let factor = a[j][i] / a[i][i]
        for k in 0..<4 { a[j][k] -= factor * a[i][k] }
      }
    }
    let solution = (0..<3).map { kept.contains($0) ? a[$0][3] / a[$0][$0] : 0 }
    return zip(rows, ts).reduce(0) { sum, point in
      let y = zip(point.0, solution).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + (y - point.1) * (y - point.1) / 2
    } / Double(count)
  }

  /// Stationary points of E(w) below the sampling limit: bracketed on a fine lattice, then narrowed by golden section.
  private static func stationary(_ sign: Double) -> [Point] {
    let lattice = (1...1200).map { limit * Double($0) / 1200 }
    let values = lattice.map { sign * best($0) }
    return (1..<lattice.count - 1).filter { values[$0] < values[$0 - 1] && values[$0] <= values[$0 + 1] }.map { i in
      var (low, high) = (lattice[i - 1], lattice[i + 1])
      for _ in 0..<60 {
        let width = 0.381966011250105 * (high - low)
        if sign * best(low + width) < sign * best(high - width) { high -= width } else { low += width }
      }
      return Point((low + high) / 2, best((low + high) / 2))
    }
  }
  private static let valleys = stationary(1)
  private static let stationaryLevels =
    (valleys + stationary(-1)).map(\.y) + [best(1e-7), best(limit), Self.constant]
  /// The loss of the best constant, where v sin(wx + b) is flat on all points.
  private static let constant: Double = {
    let mean = ts.reduce(0, +) / Double(count)
    return ts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2 / Double(count)
  }()

  private static func nearest(_ values: [Double], _ loss: Double) -> Double {
    values.min { abs($0 - loss) < abs($1 - loss) } ?? .nan
  }
  private static func nearestValley(_ loss: Double) -> Double { nearest(valleys.map(\.y), loss) }
  private static func nearestLevel(_ loss: Double) -> Double { nearest(stationaryLevels, loss) }

  // MARK: The census

  /// Runs of one function.
  private struct Place {
    var frequency: Double
    var rows: [Results.Row]
  }

  /// Runs of one loss.
  private struct Level {
    var loss: Double
    var places: [Place]
    var runs: Int { places.reduce(0) { $0 + $1.rows.count } }
  }

  private static func converged(_ results: Results) -> [Results.Row] {
    results.rows.filter { !$0.summary.hasDiverged && $0.summary.finalGradientNorm < 1e-9 }
  }

  private static func frequency(_ results: Results, _ row: Results.Row) -> Double {
    abs(results.parameters(of: row)?.first ?? .nan)
  }

  /// Converged runs by their loss, to nine digits after the point, and by |w| within it.
  private static func levels(_ results: Results) throws -> [Level] {
    var groups: [[Results.Row]] = []
    for row in converged(results).sorted(by: { $0.summary.finalLoss < $1.summary.finalLoss }) {
      if let last = groups.last?.last, row.summary.finalLoss - last.summary.finalLoss < 1e-9 {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    return groups.map { rows in
      var places: [Place] = []
      for row in rows.sorted(by: { frequency(results, $0) < frequency(results, $1) }) {
        let w = frequency(results, row)
        if let last = places.last, w - last.frequency < 1e-3 {
          places[places.count - 1].rows.append(row)
        } else {
          places.append(Place(frequency: w, rows: [row]))
        }
      }
      return Level(loss: rows[0].summary.finalLoss, places: places)
    }
  }

  /// The functions found by at least one run in a hundred, six at most.
  private static func shared(_ results: Results) throws -> [(name: String, loss: Double, place: Place)] {
    let places = try levels(results).flatMap { level in level.places.map { (level.loss, $0) } }
    let common = places.filter { 100 * $0.1.rows.count >= results.count }.prefix(6)
    return common.enumerated().map { (String(UnicodeScalar(UInt8(65 + $0))), $1.0, $1.1) }
  }

  /// How many points of parameter space a level's runs ended at, to six digits.
  private static func distinctPoints(_ results: Results, _ level: Level) -> Int {
    let points = level.places.flatMap(\.rows).compactMap { results.parameters(of: $0) }
    return Set(points.map { $0.map { (1e5 * $0).rounded() } }).count
  }

  /// The greatest difference of the functions of a level at some inputs.
  private static func apart(_ results: Results, _ level: Level, at inputs: [Double]) throws -> Double {
    let functions = try level.places.compactMap { place in
      try results.network(of: place.rows[0]).map { network in inputs.map { network([$0])[0] } }
    }
    guard let first = functions.first else { return .nan }
    return functions.dropFirst().map { other in zip(first, other).map { abs($0 - $1) }.max() ?? 0 }.max() ?? 0
  }

  private static func plain(_ value: Double) -> String { value < 1e-6 ? "< 10⁻⁶" : NumberText.short(value) }

  // MARK: Pictures

  private static func withLevels(_ plot: Distribution) -> Distribution {
    valleys.filter { $0.y < 0.95 * best(limit) }.reduce(plot) { $0.level($1.y, NumberText.short($1.y)) }
  }

  private static func profileFigure(_ results: Results) -> ChartGrid {
    let end = 2 * limit
    let curve = (1..<1200).map { Point(end * Double($0) / 1200, best(end * Double($0) / 1200)) }
    let ends = converged(results).map { Point(frequency(results, $0), $0.summary.finalLoss) }
    let marks: [Mark] = [
      .verticalRule(limit, label: "π/d", Stroke(.gray, width: 0.8, dash: [3, 2])),
      .line(curve, Stroke(.black, width: 1.2)),
      .points(ends.filter { $0.x < end }, .ring, Palette.categories[1], radius: 2.6),
    ]
    return ChartGrid(
      Chart(x: AxisStyle("frequency |w|", domain: 0...end), y: AxisStyle("loss E", domain: 0...0.5), marks: marks),
      legend: [
        LegendEntry("E(w), linear equations", .black),
        LegendEntry("ends of runs", Palette.categories[1], marker: .ring),
      ], aspect: 2)
  }

  private static func comparison(_ results: Results) throws -> MinimumComparison {
    let shared = try shared(results)
    let entries = try shared.map { entry in
      MinimumComparison.Entry(
        name: entry.name, loss: entry.loss, count: entry.place.rows.count,
        kind: "|w| = \(NumberText.short(entry.place.frequency))",
        eigenvalues: try results.hessianEigenvalues(at: entry.place.rows[0]),
        // One function a level; its twins have a figure of their own.
        function: entry.place.frequency < limit ? try function(results, entry.place) : [])
    }
    let passages = try zip(shared, shared.dropFirst()).map { a, b in
      MinimumComparison.Passage(
        name: "\(a.name) to \(b.name)", points: try results.passage(from: a.place.rows[0], to: b.place.rows[0]))
    }
    return MinimumComparison(entries: entries, passages: passages, runs: results.count)
  }

  private static func function(_ results: Results, _ place: Place) throws -> [Point] {
    try results.network(of: place.rows[0]).map { network in between.map { Point($0, network([$0])[0]) } } ?? []
  }

  private static func twins(_ results: Results) throws -> ChartGrid {
    let places = try levels(results).first?.places.prefix(2) ?? []
    let names = try shared(results)
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    for (index, place) in places.enumerated() {
      let stroke = Stroke(Palette.categories[index], width: 1.3, dash: Dash.category(index))
      marks.append(.line(try function(results, place), stroke))
      let name = names.first { $0.place.frequency == place.frequency }?.name ?? "rare"
      legend.append(
        LegendEntry("\(name): |w| = \(NumberText.short(place.frequency))", stroke.color, dash: stroke.dash))
    }
    marks.append(.points(zip(xs, ts).map { Point($0, $1) }, .circle, .black, radius: 2.6))
    legend.append(LegendEntry("training data", .black, marker: .circle))
    return ChartGrid(Chart(x: AxisStyle("x"), y: AxisStyle("y"), marks: marks), legend: legend, aspect: 2.4)
  }

  private static func basins(_ results: Results) throws -> ChartGrid {
    let top = 2 * limit
    let points = try converged(results).map { row in
      Point(abs(try results.trajectory(of: row, at: [0]).first?.first ?? .nan), frequency(results, row))
    }
    let marks: [Mark] =
      (valleys.map(\.x) + valleys.map { 2 * limit - $0.x }).map {
        .horizontalRule($0, label: "", Stroke(.lightGray, width: 0.9))
      } + [
        .line([Point(0, 0), Point(top, top)], Stroke(.gray, width: 0.8, dash: [3, 2])),
        .points(points.filter { $0.x < top && $0.y < top }, .ring, Palette.categories[0], radius: 2),
      ]
    return ChartGrid(
      Chart(
        x: AxisStyle("|w| at the start", domain: 0...top), y: AxisStyle("|w| at the end", domain: 0...top), marks: marks
      ),
      legend: [
        LegendEntry("a run", Palette.categories[0], marker: .ring), LegendEntry("valleys of E(w)", .lightGray),
        LegendEntry("unchanged", .gray, dash: [3, 2]),
      ], aspect: 1.9)
  }
}
