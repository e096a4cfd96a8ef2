import Descent
import Foundation

/// The gradient of a function of two variables: its size, its direction, and how far it can be trusted.
struct GradientCompass: Experiment {
  let title = "What does the gradient promise?"

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
      Of a surface f(x, y) the gradient ∇f = (fₓ, f_y) tells two things at a point: how steep the surface is, ‖∇f‖ = \
      √(fₓ² + f_y²), and in which direction it rises fastest, the angle atan2(f_y, fₓ). Descent walks the other way. \
      But a gradient belongs to a single point, and a jump leaves it. How much of what it promises is kept? The \
      surface is Himmelblau's, (x² + y − 11)² + (x + y² − 7)², with four minima of value 0; the points examined are \
      those where 24 descents begin.
      """)
    Figure("Descents on the surface") { VectorField(x: -5...5, y: -5...5, paths: 24) }
      .where(.learningRate, is: 0.002)
    Figure("Direction and magnitude of the gradient") { _ in Self.maps() }
      .caption(
        """
        Left: the direction of steepest ascent in eight sectors, angles counted from the x axis towards the y axis. \
        All eight meet where the gradient is zero: at minima, saddles and the maximum. Right: the magnitude; dark \
        spots are the same places.
        """)
    Note("## A small piece of the surface is a plane")
    Figure("The same point, looked at ever closer") { results in try Self.zoom(results) }
      .caption(
        """
        The start of seed 0. Top: levels of f and the direction of the gradient. Bottom: f along that direction (h > \
        0) and against it (h < 0), with the plane f + h‖∇f‖. Levels become straight and evenly spaced, and the cut a \
        straight line.
        """)
    Figure("How wrong the plane is") { results in try Self.planeErrors(results) }
      .caption(
        """
        |f(p ± hu) − f(p) ∓ h‖∇f‖| with u = ∇f/‖∇f‖, faint: each starting point, upwards and downwards; line: median. \
        Ten times shorter a jump, a hundred times smaller an error, until the rounding of f itself remains.
        """)
    Note("## Other directions")
    Figure("Turning the compass needle") { results in try Self.compass(results) }
      .caption(
        """
        Left: the change of f over h‖∇f‖ when the jump is turned away from the gradient, at the start of seed 0. \
        Right: the largest distance from the cosine over all angles, faint: each starting point; line: median.
        """)
    Note(
      """
      ## In the course of a descent

      Each step of descent is such a jump, of length η‖∇E‖ against the gradient. The plane promises that E falls by \
      η‖∇E‖². On a surface that curves upwards the fall is smaller, and the shorter the step, the more of the promise \
      is kept.
      """)
    Figure("Share of the promised fall that each step keeps") { results in try Self.promises(results) }
      .caption(
        """
        (Eᵣ − Eᵣ₊₁) / η‖∇Eᵣ‖²: medians and quartiles over the runs whose gradient norm is still above 0.01, while they are \
        at least twelve: the lines end where the descents have.
        """
      )
    Note { results in
      let slopes = try Self.slopes(results)
      let needles = try Self.needles(results)
      let kept = try results.groups(by: .learningRate).map { rate, runs in
        "\(NumberText.percent(Statistics.median(try Self.kept(runs, step: 20)))) at η = \(rate)"
      }
      return """
        ## Answer

        The plane's error falls as the jump to the power \(String(format: "%.4f", Statistics.median(slopes))) (median \
        over \(slopes.count) jumps; 2 in theory, since the first term that a plane leaves out is ½h² uᵀHu). Of 3600 \
        directions, 0.1° apart, the best differs from atan2(f_y, fₓ) by at most \
        \(NumberText.short(needles.map(\.ascent).max() ?? .nan))°, the worst from the opposite by at most \
        \(NumberText.short(needles.map(\.descent).max() ?? .nan))°. After twenty steps of descent the median step \
        keeps \(kept.joined(separator: ", ")) of what the gradient promised.
        """
    }
    Expect(
      "The plane's error falls as the square of the jump: fitted slopes of 1.9 to 2.1 for nine tenths of the points"
    ) {
      results in
      let slopes = try Self.slopes(results)
      let share = Share(slopes.count { abs($0 - 2) <= 0.1 }, of: slopes.count)
      return (share.value >= 0.9, "median slope \(String(format: "%.4f", Statistics.median(slopes))); \(share)")
    }
    Expect("At every starting point a jump of 10⁻³ along the gradient raises f, and against it lowers f") { results in
      let points = try Self.points(results)
      let count = points.count { point in
        point.value(along: 1e-3) > point.value && point.value(along: -1e-3) < point.value
      }
      return (count == points.count && count > 0, "\(count) of \(points.count)")
    }
    Expect("The direction of fastest rise is atan2(f_y, fₓ) to within 0.2°, that of fastest fall its opposite") {
      results in
      let needles = try Self.needles(results)
      let worst = needles.map { max($0.ascent, $0.descent) }.max() ?? .nan
      return (worst <= 0.2, "largest difference \(NumberText.short(worst))° at \(needles.count) points")
    }
    Expect("The smallest learning rate keeps more of the promise at step 20 than the largest, in the median") {
      results in
      let groups = results.groups(by: .learningRate)
      let first = Statistics.median(try groups.first.map { try Self.kept($0.results, step: 20) } ?? [])
      let last = Statistics.median(try groups.last.map { try Self.kept($0.results, step: 20) } ?? [])
      return (first > last, "\(NumberText.percent(first)) against \(NumberText.percent(last))")
    }
  }

  // MARK: Numbers

  /// A point of the surface with its gradient as length and unit vector.
  private struct Place {
    let x: Double
    let y: Double
    let value: Double
    let norm: Double
    let unit: (x: Double, y: Double)

    init(_ point: [Double]) {
      let (value, gradient) = GradientCompass.surface(point)
      (x, y, self.value) = (point[0], point[1], value)
      norm = (gradient[0] * gradient[0] + gradient[1] * gradient[1]).squareRoot()
      unit = (gradient[0] / norm, gradient[1] / norm)
    }

    /// In radians, −π…π.
    var direction: Double { atan2(unit.y, unit.x) }

    func value(along h: Double) -> Double { GradientCompass.surface([x + h * unit.x, y + h * unit.y]).value }

    func planeError(_ h: Double) -> Double { abs(value(along: h) - (value + h * norm)) }

    /// The change of f over h‖∇f‖ for a jump at an angle to the gradient.
    func change(_ h: Double, turned angle: Double) -> Double {
      let (sin, cos) = Exact.sincos(angle)
      let jump = (h * (cos * unit.x - sin * unit.y), h * (sin * unit.x + cos * unit.y))
      return (GradientCompass.surface([x + jump.0, y + jump.1]).value - value) / (h * norm)
    }
  }

  /// Where the runs begin, each seed once.
  private static func points(_ results: Results) throws -> [Place] {
    let runs = results.groups(by: .learningRate).first?.results ?? results
    return try runs.rows.compactMap { try runs.trajectory(of: $0, at: [0]).first }.filter { $0.count == 2 }
      .map(Place.init).filter { $0.norm > 0 }
  }

  private static let jumps = (0...32).map { Exact.exp(-Double($0) / 4 * Exact.log(10)) }

  /// The slope of the logarithm of the error over that of the jump, between jumps of 0.1 and 0.0001.
  private static func slopes(_ results: Results) throws -> [Double] {
    let fitted = jumps.filter { $0 <= 0.11 && $0 >= 0.9e-4 }
    return try points(results).flatMap { place in
      [1.0, -1].map { sign in slope(fitted.map { Point(Exact.log($0), Exact.log(place.planeError(sign * $0))) }) }
    }
  }

  /// Least squares.
  private static func slope(_ points: [Point]) -> Double {
    let n = Double(points.count)
    let mean = Point(points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let above = points.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) }
    return above / points.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
  }

  /// How far, in degrees, the best and the worst of 3600 directions lie from gradient and opposite.
  private static func needles(_ results: Results) throws -> [(ascent: Double, descent: Double)] {
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

  private static func kept(_ runs: Results, step: Int) throws -> [Double] {
    let rate = runs.groups(by: .learningRate).first?.value.number ?? .nan
    return zip(try runs.series(.loss), try runs.series(.gradientNorm)).compactMap { losses, norms in
      guard let losses = losses?.values, let norms = norms?.values, step + 1 < losses.count, norms[step] > 0.01 else {
        return nil
      }
      return (losses[step] - losses[step + 1]) / (rate * norms[step] * norms[step])
    }
  }

  // MARK: Pictures

  /// A hue for each eighth of the circle, neighbours alike.
  private static let sectors: [Color] = [
    Color(0xE6554D), Color(0xF2A541), Color(0xE8D84A), Color(0x6FBF57), Color(0x45B5B0), Color(0x4A7FD0),
    Color(0x8A5BC7), Color(0xD159A6),
  ]

  /// The eighth of the circle that an angle lies in; 0 where there is no direction.
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
        // Neighbouring rows overlap a little, so that no gap shines through.
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
          Chart(title: "Direction atan2(f_y, fₓ)", x: x, y: y, marks: patches + [.arrows(arrows, length: 11)]),
          Chart(
            title: "Magnitude √(fₓ² + f_y²)", x: x, y: y,
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
        x: AxisStyle("jump h"), y: AxisStyle("f"),
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
      [1.0, -1].map { sign in jumps.reversed().map { Point($0, place.planeError(sign * $0)) } }
    }
    let median = jumps.indices.reversed().map { i in
      Point(jumps[i], Statistics.median(curves.map { $0[jumps.count - 1 - i].y }))
    }
    let anchor = median[median.count - 1]
    let square = median.map { Point($0.x, anchor.y * ($0.x / anchor.x) * ($0.x / anchor.x)) }
    let lines = curves.map { Mark.line($0.filter { $0.y > 0 }, Stroke(Palette.categories[0].opacity(0.2), width: 0.5)) }
    return ChartGrid(
      Chart(
        x: AxisStyle("length of the jump h", .log), y: AxisStyle("error of the plane", .log, domain: 1e-16...1e3),
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
      jumps.prefix(25).map { h in
        Point(h, zip(angles, cosine).map { abs(place.change(h, turned: $0 * Double.pi / 180) - $1.y) }.max() ?? .nan)
      }
    }
    let median = (0..<25).map { i in Point(jumps[i], Statistics.median(distances.map { $0[i].y })) }
    var turns = AxisStyle("angle to the gradient in degrees", domain: -180...180)
    turns.ticks = [-180, -90, 0, 90, 180].map { Tick($0, NumberText.short($0)) }
    return ChartGrid(
      [
        [
          Chart(title: "At one point", x: turns, y: AxisStyle("change of f over h‖∇f‖"), marks: marks),
          Chart(
            title: "At all points", x: AxisStyle("length of the jump h", .log),
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

  private static func promises(_ results: Results) throws -> ChartGrid {
    let groups = results.groups(by: .learningRate)
    let colors = Palette.colors(groups.count, ordered: true)
    var (bands, lines): ([Mark], [Mark]) = ([], [])
    for (index, (_, runs)) in groups.enumerated() {
      let kept = try (0..<120).map { (x: Double($0), values: try Self.kept(runs, step: $0)) }.filter {
        $0.values.count >= 12
      }
      func quantile(_ p: Double) -> [Double] { kept.map { 100 * Statistics.quantile($0.values, p) } }
      bands.append(.band(x: kept.map(\.x), low: quantile(0.25), high: quantile(0.75), colors[index].opacity(0.15)))
      lines.append(
        .line(
          zip(kept, quantile(0.5)).map { Point($0.x, $1) },
          Stroke(colors[index], width: 1.5, dash: Dash.category(index))))
    }
    return ChartGrid(
      Chart(
        x: AxisStyle("step"), y: AxisStyle("share kept in %", including: [100]),
        marks: bands + [.horizontalRule(100, label: "", Stroke(.gray, width: 0.8))] + lines),
      legend: groups.enumerated().map { LegendEntry("η = \($1.value)", colors[$0], dash: Dash.category($0)) },
      aspect: 2.2)
  }
}
