import Descent
import Foundation

/// The gradient of a function of two variables: its magnitude, its direction, and the error of the linear prediction.
struct GradientCompass: Experiment {
  let title = "How well does the gradient predict the change of a function?"

  var setup: Setup {
    Setup(
      objective: Self.surface, start: .uniform(-4.5...4.5), optimizer: .gradientDescent(learningRate: 0.002),
      stop: .after(steps: 400))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: [0.0005, 0.001, 0.002, 0.004])
    Seeds(0..<24)
  }

  private static let surface = Objective.himmelblau

  var report: [Cell] {
    Note(
      """
      At a point of a surface f(x, y), the gradient ∇f = (f_x, f_y) gives the steepness, ‖∇f‖ = √(f_x² + f_y²), and the \
      direction in which f increases fastest, the angle atan2(f_y, f_x). Gradient descent moves in the opposite \
      direction. But the gradient belongs to one point, and every step leads to another point. How well does the \
      gradient predict the change of f? The surface is Himmelblau's function, (x² + y − 11)² + (x + y² − 7)², with \
      four minima of value 0. Its exact gradient and a constant rate η are used at every step. The points examined are the \
      starting points of 24 runs.
      """)
    Figure("Trajectories on the surface") { VectorField(x: -5...5, y: -5...5, paths: 24) }
      .explore(.learningRate).printed(.learningRate, at: 0.002)
    Figure("Drop a ball anywhere") { VectorField(x: -5...5, y: -5...5, paths: 0) }
      .where(.learningRate, is: 0.002)
      .live(.learningRate, .optimizer, .start)
      .caption(
        "In report.html a click or a touch on the figure is the start of a run that the page trains; the sliders take any η."
      )
    Figure("Direction and magnitude of the gradient") { _ in Self.maps() }
      .caption(
        """
        Left: the direction of steepest ascent in eight sectors; angles are counted from the x axis towards the y \
        axis. The eight colours meet where the gradient is zero: at minima, saddles and the maximum. Right: the \
        magnitude, with dark spots at the same points.
        """)
    Note(
      """
      ## The angle of the gradient

      The notes write the direction as tan⁻¹(f_y/f_x). The quotient does not change if both derivatives change their signs, so \
      this formula gives the same angle for a gradient and for its opposite, always between −90° and 90°. atan2(f_y, f_x) \
      uses both signs. The table compares the two with a measured direction: the one of 3600 directions, 0.1° apart, along which \
      a displacement of 10⁻⁴ increases f most.
      """)
    ReportTable(
      "Angles at the starting points of the first eight seeds, in degrees",
      columns: [
        .number("seed"), .number("f_x"), .number("f_y"), .number("tan⁻¹(f_y/f_x)"), .number("atan2(f_y, f_x)"),
        .number("fastest increase"), .number("error of tan⁻¹"),
      ]
    ) { results in
      let runs = results.groups(by: .learningRate).first?.results ?? results
      return zip(runs.rows, try Self.directions(results)).prefix(8).map { row, d in
        ["\(row.seed)", NumberText.short(d.place.slope.x), NumberText.short(d.place.slope.y)]
          + [d.quotient, d.place.direction * 180 / Double.pi, d.measured].map { String(format: "%.1f", $0) }
          .map { $0.replacing("-", with: "−") } + [String(format: "%.0f", abs(d.quotientError))]
      }
    }
    linearPrediction
    otherDirections
    predictedDecrease
    Note { try Self.answer($0) }
    claims
  }

  @ReportBuilder private var linearPrediction: [Cell] {
    Note("## Near a point the surface is close to a plane")
    Figure("The surface within three distances of one point") { results in try Self.zoom(results) }
      .caption(
        """
        The starting point of the first seed. Top: level lines of f and the direction of the gradient. Bottom: f along this \
        direction (h > 0) and against it (h < 0), and the plane f + h‖∇f‖. Within a small distance the level lines are \
        nearly straight and evenly spaced, and f is nearly a straight line.
        """)
    Figure("Error of the plane") { results in try Self.planeErrors(results) }
      .caption(
        """
        |f(p ± hu) − f(p) ∓ h‖∇f‖| with u = ∇f/‖∇f‖. Faint: each of the 24 starting points, in both directions. Line: \
        median. Dashed: proportional to h², a hundredth for a displacement ten times shorter. At the smallest \
        displacements the rounding of f dominates.
        """)
  }

  @ReportBuilder private var otherDirections: [Cell] {
    Note("## Displacements in other directions")
    Figure("Change of f against the angle to the gradient") { results in try Self.compass(results) }
      .caption(
        """
        Left: the change of f divided by h‖∇f‖ at the starting point of the first seed, for a displacement h at an angle to \
        the gradient. Right: the largest distance from the cosine over all angles. Faint: each of the 24 starting \
        points. Line: median.
        """)
  }

  @ReportBuilder private var predictedDecrease: [Cell] {
    Note(
      """
      ## Predicted and actual decrease in training

      Each step of gradient descent is such a displacement: its length is η‖∇E‖, against the gradient. The plane \
      predicts that E decreases by η‖∇E‖². If the surface curves upwards along the step, the actual decrease is \
      smaller. Shorter steps are closer to the prediction.
      """)
    Figure("Actual decrease of E per step, as a share of the predicted decrease") { try Self.decreases($0) }
      .caption(
        """
        (Eᵣ − Eᵣ₊₁) / η‖∇Eᵣ‖²: medians and quartiles over the runs whose gradient norm is above 0.01. Steps with fewer \
        than twelve such runs are left out.
        """)
  }

  private static func answer(_ results: Results) throws -> String {
    let slopes = try slopes(results)
    let extremes = try extremes(results)
    let shares = try results.groups(by: .learningRate).map { rate, runs in
      "\(NumberText.percent(Statistics.median(try achieved(runs, step: 20)))) at η = \(rate)"
    }
    return """
      ## Answer

      The error of the plane is proportional to the displacement to the power \
      \(String(format: "%.4f", Statistics.median(slopes))) (median of \(slopes.count) fits; 2 in theory, because the \
      first term that the plane leaves out is ½h² uᵀHu). Among 3600 directions, 0.1° apart, that of the largest \
      increase differs from atan2(f_y, f_x) by at most \(NumberText.short(extremes.map(\.ascent).max() ?? .nan))°, and \
      that of the largest decrease differs from the opposite by at most \
      \(NumberText.short(extremes.map(\.descent).max() ?? .nan))°. After twenty steps the median decrease is \
      \(shares.joined(separator: ", ")) of the predicted decrease.
      """
  }

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "Verifies Taylor's theorem: the error of the plane is proportional to the square of the displacement; at least 90 % of "
        + "the fitted powers are from 1.9 to 2.1"
    ) { results in
      let slopes = try Self.slopes(results)
      let share = Share(slopes.count { abs($0 - 2) <= 0.1 }, of: slopes.count)
      return (share.value >= 0.9, "median power \(String(format: "%.4f", Statistics.median(slopes))); \(share)")
    }
    Expect(
      "Verifies the gradient: at every starting point, a displacement of 10⁻³ along the gradient increases f, and one against it decreases f"
    ) {
      results in
      let points = try Self.points(results)
      let count = points.count { point in
        point.value(along: 1e-3) > point.value && point.value(along: -1e-3) < point.value
      }
      return (count == points.count && count > 0, "\(count) of \(points.count)")
    }
    Expect(
      "Verifies the direction: that of fastest increase is atan2(f_y, f_x) within 0.2°, and that of fastest decrease is its opposite"
    ) {
      results in
      let extremes = try Self.extremes(results)
      let worst = extremes.map { max($0.ascent, $0.descent) }.max() ?? .nan
      return (worst <= 0.2, "largest difference \(NumberText.short(worst))° at \(extremes.count) points")
    }
    Expect(
      "tan⁻¹(f_y/f_x) of the notes is the direction of fastest increase where f_x > 0, and wrong by 180° where f_x < 0: a "
        + "displacement of 10⁻³ along it decreases f there"
    ) { results in
      let directions = try Self.directions(results)
      let (right, left) = (directions.filter { $0.place.slope.x > 0 }, directions.filter { $0.place.slope.x < 0 })
      let good = right.count { abs($0.quotientError) <= 0.2 }
      let wrong = left.count { abs(abs($0.quotientError) - 180) <= 0.2 && $0.place.change(1e-3, turned: $0.turn) < 0 }
      return (
        good == right.count && wrong == left.count && !right.isEmpty && !left.isEmpty,
        "f_x > 0: right at \(good) of \(right.count) points; f_x < 0: wrong by 180° at \(wrong) of \(left.count)"
      )
    }
    Expect(
      "At step 20 the smallest learning rate achieves a larger share of the predicted decrease than the largest, for most "
        + "starting points"
    ) { results in
      let groups = results.groups(by: .learningRate)
      guard groups.count > 1, let first = groups.first?.results, let last = groups.last?.results else {
        throw Untested("the sweep has one learning rate only")
      }
      let pairs = zip(try Self.achievedByRun(first, step: 20), try Self.achievedByRun(last, step: 20)).compactMap {
        a, b in
        a.flatMap { a in b.map { (a, $0) } }
      }
      let share = Share(pairs.count { $0.0 > $0.1 }, of: pairs.count)
      return (
        share.interval.lowerBound > 0.5,
        "\(share); medians \(NumberText.percent(Statistics.median(pairs.map(\.0)))) (smallest), "
          + "\(NumberText.percent(Statistics.median(pairs.map(\.1)))) (largest)"
      )
    }
  }

  // MARK: Numbers

  /// A point of the surface with its gradient as length and unit vector.
  private struct Place {
    let x: Double
    let y: Double
    let value: Double
    let norm: Double
    /// (f_x, f_y)
    let slope: (x: Double, y: Double)
    let unit: (x: Double, y: Double)

    init(_ point: [Double]) {
      let (value, gradient) = GradientCompass.surface(point)
      (x, y, self.value) = (point[0], point[1], value)
      norm = (gradient[0] * gradient[0] + gradient[1] * gradient[1]).squareRoot()
      slope = (gradient[0], gradient[1])
      unit = (gradient[0] / norm, gradient[1] / norm)
    }

    /// In radians, −π…π.
    var direction: Double { atan2(unit.y, unit.x) }

    func value(along h: Double) -> Double { GradientCompass.surface([x + h * unit.x, y + h * unit.y]).value }

    func planeError(_ h: Double) -> Double { abs(value(along: h) - (value + h * norm)) }

    /// The change of f divided by h‖∇f‖ for a displacement at an angle to the gradient.
    func change(_ h: Double, turned angle: Double) -> Double {
      let (sin, cos) = Exact.sincos(angle)
      let (dx, dy) = (h * (cos * unit.x - sin * unit.y), h * (sin * unit.x + cos * unit.y))
      return (GradientCompass.surface([x + dx, y + dy]).value - value) / (h * norm)
    }
  }

  /// The starting points of the runs, each seed once.
  private static func points(_ results: Results) throws -> [Place] {
    let runs = results.groups(by: .learningRate).first?.results ?? results
    return try runs.rows.compactMap { try runs.trajectory(of: $0, at: [0]).first }.filter { $0.count == 2 }
      .map(Place.init).filter { $0.norm > 0 }
  }

  private static let displacements = (0...32).map { Exact.exp(-Double($0) / 4 * Exact.log(10)) }

  /// The slope of the logarithm of the error against that of the displacement, from 0.0001 to 0.1.
  private static func slopes(_ results: Results) throws -> [Double] {
    let fitted = displacements.filter { $0 <= 0.11 && $0 >= 0.9e-4 }
    return try points(results).flatMap { place in
      [1.0, -1].map { sign in slope(fitted.map { Point(Exact.log($0), Exact.log(place.planeError(sign * $0))) }) }
    }
  }

  /// The slope of the line of least squares.
  private static func slope(_ points: [Point]) -> Double {
    let n = Double(points.count)
    let mean = Point(points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let above = points.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) }
    return above / points.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
  }

  /// The best of 3600 directions for an increase and for a decrease of f: the angles, in degrees, between them and the
  /// gradient or its opposite.
  private static func extremes(_ results: Results) throws -> [(ascent: Double, descent: Double)] {
    try points(results).map { place in
      let changes = (0..<3600).map { i -> (offset: Double, value: Double) in
        let angle = Double(i) * Double.pi / 1800
        let offset = remainder(angle - place.direction, 2 * Double.pi)
        return (offset, place.change(1e-4, turned: offset))
      }
      let best = changes.max { $0.value < $1.value }?.offset ?? .nan
      let worst = changes.min { $0.value < $1.value }?.offset ?? .nan
      return (abs(best) * 180 / Double.pi, abs(remainder(worst - Double.pi, 2 * Double.pi)) * 180 / Double.pi)
    }
  }

  /// The angle of the notes at a point, tan⁻¹(f_y/f_x), and the measured direction of fastest increase; in degrees.
  private struct Direction {
    let place: Place
    let quotient, measured: Double
    /// The angle from the measured direction to that of the notes, −180 … 180.
    var quotientError: Double { remainder(quotient - measured, 360) }
    /// The angle from the gradient to the direction of the notes, in radians.
    var turn: Double { quotient * Double.pi / 180 - place.direction }
  }

  private static func directions(_ results: Results) throws -> [Direction] {
    try points(results).map { place in
      let angles = (0..<3600).map { Double($0) * Double.pi / 1800 }
      let best = angles.max {
        place.change(1e-4, turned: $0 - place.direction) < place.change(1e-4, turned: $1 - place.direction)
      }
      return Direction(
        place: place, quotient: atan(place.slope.y / place.slope.x) * 180 / Double.pi,
        measured: remainder((best ?? .nan) * 180 / Double.pi, 360))
    }
  }

  /// The actual decrease of E at a step, divided by the predicted decrease, for the runs with a gradient norm above 0.01.
  private static func achieved(_ runs: Results, step: Int) throws -> [Double] {
    try achievedByRun(runs, step: step).compactMap(\.self)
  }

  /// The same in the order of the runs; `nil` for the others.
  private static func achievedByRun(_ runs: Results, step: Int) throws -> [Double?] {
    let rate = runs.groups(by: .learningRate).first?.value.number ?? .nan
    return zip(try runs.series(.loss), try runs.series(.gradientNorm)).map { losses, norms in
      guard let losses = losses?.values, let norms = norms?.values, step + 1 < losses.count, norms[step] > 0.01 else {
        return nil
      }
      return (losses[step] - losses[step + 1]) / (rate * norms[step] * norms[step])
    }
  }

  // MARK: Pictures

  /// A hue for each eighth of the circle; neighbours have similar hues.
  private static let sectors: [Color] = [
    Color(0xE6554D), Color(0xF2A541), Color(0xE8D84A), Color(0x6FBF57), Color(0x45B5B0), Color(0x4A7FD0),
    Color(0x8A5BC7), Color(0xD159A6),
  ]

  /// The eighth of the circle that contains an angle; 0 if there is no direction.
  private static func sector(_ angle: Double) -> Int {
    angle.isFinite ? (Int((angle / (Double.pi / 4)).rounded()) + 8) % 8 : 0
  }

  private static func maps() -> ChartGrid {
    let edges = (0...100).map { -5 + 0.1 * Double($0) }
    let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
    let places = middles.map { y in middles.map { Place([$0, y]) } }
    var patches: [Mark] = []
    for (row, line) in places.enumerated() {
      var first = 0
      for column in 1...line.count {
        let color = sector(line[first].direction)
        if column < line.count, sector(line[column].direction) == color { continue }
        // Neighbouring rows overlap a little, so that no gap is visible.
        let (low, high) = (edges[row], min(5, edges[row + 1] + 0.03))
        let (left, right) = (edges[first], min(5, edges[column] + 0.03))
        patches.append(
          .area([Point(left, low), Point(right, low), Point(right, high), Point(left, high)], sectors[color]))
        first = column
      }
    }
    let arrows = stride(from: -4.5, through: 4.5, by: 1).flatMap { y in
      stride(from: -4.5, through: 4.5, by: 1).map { x in
        let place = Place([x, y])
        return Arrow(at: Point(x, y), direction: Point(place.unit.x, place.unit.y), .black)
      }
    }
    let norms = places.map { $0.map(\.norm) }
    let colors = ColorScale.fitting("‖∇f‖", norms.flatMap(\.self), kind: .log)
    let (x, y) = (AxisStyle("x", domain: -5...5), AxisStyle("y", domain: -5...5))
    return ChartGrid(
      [
        [
          Chart(title: "Direction atan2(f_y, f_x)", x: x, y: y, marks: patches + [.arrows(arrows, length: 11)]),
          Chart(
            title: "Magnitude √(f_x² + f_y²)", x: x, y: y,
            marks: [.cells(CellGrid(xEdges: edges, yEdges: edges, values: norms), colors)]),
        ]
      ],
      legend: sectors.enumerated().map {
        LegendEntry("\(NumberText.short(Double($0 > 4 ? $0 * 45 - 360 : $0 * 45)))°", $1, marker: .square)
      },
      colorScale: colors, aspect: 1)
  }

  private static func zoom(_ results: Results) throws -> ChartGrid {
    guard let place = try points(results).first else { return ChartGrid([]) }
    let reaches = [2, 0.2, 0.02]
    let levels = reaches.map { reach -> Chart in
      let xs = (0...60).map { place.x - reach + reach * Double($0) / 30 }
      let ys = (0...60).map { place.y - reach + reach * Double($0) / 30 }
      let field = Field(x: xs, y: ys, values: ys.map { y in xs.map { surface([$0, y]).value } })
      let values = field.values.flatMap(\.self)
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let steps = (1...14).map { low + (high - low) * Double($0) / 15 }
      let arrow = Arrow(
        at: Point(place.x, place.y), direction: Point(place.unit.x, place.unit.y), Palette.categories[1])
      return Chart(
        title: "within \(NumberText.short(reach))", x: AxisStyle("x", domain: place.x - reach...place.x + reach),
        y: AxisStyle("y", domain: place.y - reach...place.y + reach),
        marks: [.contours(field, levels: steps, Stroke(.gray, width: 0.7)), .arrows([arrow], length: 34)])
    }
    let cuts = reaches.map { reach -> Chart in
      let hs = (-40...40).map { reach * Double($0) / 40 }
      return Chart(
        x: AxisStyle("displacement h"), y: AxisStyle("f"),
        marks: [
          .line(
            hs.map { Point($0, place.value + $0 * place.norm) },
            Stroke(Palette.categories[1], width: 1.2, dash: [4, 2])),
          .line(hs.map { Point($0, place.value(along: $0)) }, Stroke(Palette.categories[0], width: 1.4)),
          .points([Point(0, place.value)], .circle, .black, radius: 2),
        ])
    }
    return ChartGrid(
      [levels, cuts],
      legend: [
        LegendEntry("surface", Palette.categories[0]), LegendEntry("plane", Palette.categories[1], dash: [4, 2]),
      ], sharesAxes: false, aspect: 1.15)
  }

  private static func planeErrors(_ results: Results) throws -> ChartGrid {
    let curves = try points(results).flatMap { place in
      [1.0, -1].map { sign in displacements.reversed().map { Point($0, place.planeError(sign * $0)) } }
    }
    let median = displacements.indices.reversed().map { i in
      Point(displacements[i], Statistics.median(curves.map { $0[displacements.count - 1 - i].y }))
    }
    let anchor = median[median.count - 1]
    let square = median.map { Point($0.x, anchor.y * ($0.x / anchor.x) * ($0.x / anchor.x)) }
    let lines = curves.map { Mark.line($0.filter { $0.y > 0 }, Stroke(Palette.categories[0].opacity(0.2), width: 0.5)) }
    return ChartGrid(
      Chart(
        x: AxisStyle("displacement h", .log), y: AxisStyle("error of the plane", .log, domain: 1e-16...1e3),
        marks: lines + [
          .line(square, Stroke(Palette.categories[1], width: 1.3, dash: [4, 2])),
          .line(median, Stroke(Palette.categories[0], width: 1.8)),
        ]),
      legend: [
        LegendEntry("median error", Palette.categories[0]),
        LegendEntry("proportional to h²", Palette.categories[1], dash: [4, 2]),
      ], aspect: 2.2)
  }

  private static func compass(_ results: Results) throws -> ChartGrid {
    let all = try points(results)
    guard let place = all.first else { return ChartGrid([]) }
    let angles = (-90...90).map { Double($0) * 2 }
    let lengths = [1, 0.3, 0.01]
    let colors = Palette.colors(lengths.count, ordered: true)
    var marks = lengths.enumerated().map { index, h in
      Mark.line(
        angles.map { Point($0, place.change(h, turned: $0 * Double.pi / 180)) }, Stroke(colors[index], width: 1.5))
    }
    let cosine = angles.map { Point($0, Exact.sincos($0 * Double.pi / 180).cos) }
    marks.append(.line(cosine, Stroke(.black, width: 1, dash: [4, 2])))
    let distances = all.map { place in
      displacements.prefix(25).map { h in
        Point(h, zip(angles, cosine).map { abs(place.change(h, turned: $0 * Double.pi / 180) - $1.y) }.max() ?? .nan)
      }
    }
    let median = (0..<25).map { i in Point(displacements[i], Statistics.median(distances.map { $0[i].y })) }
    var turns = AxisStyle("angle to the gradient in degrees", domain: -180...180)
    turns.ticks = [-180, -90, 0, 90, 180].map { Tick($0, NumberText.short($0)) }
    return ChartGrid(
      [
        [
          Chart(title: "At one point", x: turns, y: AxisStyle("change of f / h‖∇f‖"), marks: marks),
          Chart(
            title: "At all points", x: AxisStyle("displacement h", .log),
            y: AxisStyle("largest distance from the cosine", .log),
            marks: distances.map { .line($0, Stroke(Palette.categories[0].opacity(0.25), width: 0.5)) } + [
              .line(median, Stroke(Palette.categories[0], width: 1.8))
            ]),
        ]
      ],
      legend: lengths.enumerated().map { LegendEntry("h = \(NumberText.short($1))", colors[$0]) } + [
        LegendEntry("cosine", .black, dash: [4, 2])
      ], sharesAxes: false, aspect: 1.35)
  }

  private static func decreases(_ results: Results) throws -> ChartGrid {
    let groups = results.groups(by: .learningRate)
    let colors = Palette.colors(groups.count, ordered: true)
    var (bands, lines): ([Mark], [Mark]) = ([], [])
    for (index, (_, runs)) in groups.enumerated() {
      let shares = try (0..<120).map { (x: Double($0), values: try achieved(runs, step: $0)) }.filter {
        $0.values.count >= 12
      }
      func quantile(_ p: Double) -> [Double] { shares.map { 100 * Statistics.quantile($0.values, p) } }
      bands.append(.band(x: shares.map(\.x), low: quantile(0.25), high: quantile(0.75), colors[index].opacity(0.15)))
      lines.append(
        .line(
          zip(shares, quantile(0.5)).map { Point($0.x, $1) },
          Stroke(colors[index], width: 1.5)))
    }
    return ChartGrid(
      Chart(
        x: AxisStyle("step"), y: AxisStyle("actual / predicted in %", including: [100]),
        marks: bands + [.horizontalRule(100, label: "", Stroke(.gray, width: 0.8))] + lines),
      legend: groups.enumerated().map { LegendEntry("η = \($1.value)", colors[$0]) },
      aspect: 2.2)
  }
}
