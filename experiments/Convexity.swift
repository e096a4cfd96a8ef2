import Descent

/// Tests of convexity by chords and curvature, and a hundred runs of gradient descent on each of six functions.
struct Convexity: Experiment {
  let title = "Does the result of gradient descent depend on its starting point?"

  var setup: Setup {
    Setup(
      objective: Self.gallery[0].objective, start: .uniform(Self.gallery[0].range),
      optimizer: .gradientDescent(learningRate: Self.gallery[0].rate),
      stop: .after(steps: 40_000).orGradientNormBelow(1e-9))
  }

  var sweep: [Axis] {
    Variants(
      "function",
      Self.gallery.map { surface in
        Variant(surface.name) {
          $0.objective = surface.objective
          $0.start = .uniform(surface.range)
          $0.optimizer.learningRate = surface.rate
        }
      })
    Seeds(0..<100)
  }

  private static let function = Parameter<String>.variant("function")

  var report: [Cell] {
    oneVariable
    twoVariables
    answer
    claims
  }

  @ReportBuilder private var oneVariable: [Cell] {
    Note(
      """
      A function is convex if no chord runs below its graph: f(λa + (1 − λ)b) ≤ λf(a) + (1 − λ)f(b) for all a, b and 0 \
      ≤ λ ≤ 1. For a smooth function this means that the second derivative, or the smallest eigenvalue of the Hessian, \
      is nowhere negative. What does gradient descent gain from convexity? Each function of two variables gets three \
      tests: the chord inequality for many a and b, the smaller eigenvalue of the Hessian, and a hundred runs from \
      random starting points.

      ## One variable
      """)
    Figure("Chords and second derivatives in one variable") { _ in Self.curves() }
      .caption(
        """
        Blue: f. Orange, where f is not convex: the chord that f exceeds most, of all pairs of 161 points and 15 \
        values of λ. Shaded: the second difference is negative. |x| and max(0, x) are convex without being smooth; the \
        well 1 − e^(−x²) has a single minimum and is not convex.
        """)
    Note(
      """
      The last two functions are losses of a single sigmoid unit y = σ(w) with target 1. Half the squared error ½(1 − \
      y)² is not convex in w; the cross-entropy −ln y is convex. Both decrease towards 0 as w grows.

      ## Two variables
      """)
  }

  @ReportBuilder private var twoVariables: [Cell] {
    Figure("Curvature, worst chords and trajectories") { results in try Self.maps(results) }
      .caption(
        """
        Background: the sign of the smaller eigenvalue of the Hessian. Grey: level lines of f. Orange: the chord that \
        f exceeds most at its midpoint (λ = ½), of all pairs of 17 × 17 points. Black: trajectories of the first 12 of \
        100 runs, from ring to diamond.
        """)
    Figure("The function along its worst chord, or along a diagonal") { _ in Self.cuts() }
      .caption(
        "Blue: f along the segment. Orange: the chord. If no chord fails, the segment is the diagonal of the square.")
    Figure("Values of f at the start and at the end of each run") { results in try Self.ends(results) }
      .caption(
        "100 runs per function, ordered by f at the start. Both values are minus the smallest end value of the function."
      )
    ReportTable(
      "Results of the three tests",
      columns: [
        "function", .number("largest excess over a chord"), .number("smallest eigenvalue"),
        .number("distinct end values"), .number("distinct end points"),
      ]
    ) { results in
      try Self.verdicts(results).map { verdict in
        [
          verdict.surface.name, NumberText.short(max(0, verdict.excess)), NumberText.short(verdict.curvature),
          "\(verdict.values)", "\(verdict.places)",
        ]
      }
    }
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let verdicts = try Self.verdicts(results)
      func names(_ keeps: (Verdict) -> Bool) -> String {
        let list = verdicts.filter(keeps).map(\.surface.name)
        return list.isEmpty ? "none" : list.joined(separator: ", ")
      }
      return """
        End values that differ by less than 10⁻³ count as one, and so do end points less than 0.05 apart.

        ## Answer

        - **Convex** (no chord fails): \(names(\.isConvex)). The end values of each function differ by at most \
        \(NumberText.short(verdicts.filter(\.isConvex).map(\.spread).max() ?? .nan)).
        - **Not convex, with several end values**: \(names { !$0.isConvex && $0.values > 1 }).
        - **Not convex, with one end value**: \(names { !$0.isConvex && $0.values == 1 }).

        If a convex function has a minimum, gradient descent with a suitable rate reaches the same end value from \
        every starting point. Convexity is not necessary for this: a function that is not convex can have a single \
        minimum, or several minima of equal value. The end points can differ: a convex function can have many minimum \
        points.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("On every function that passes the chord test, the end values of all runs differ by less than 10⁻³") {
      results in
      let convex = try Self.verdicts(results).filter(\.isConvex)
      let evidence = convex.map { "\($0.surface.name): spread \(NumberText.short($0.spread))" }
      return (!convex.isEmpty && convex.allSatisfy { $0.spread < 1e-3 }, evidence.joined(separator: "; "))
    }
    Expect("Chord test and Hessian agree: a chord of a function fails exactly if some eigenvalue is negative") {
      results in
      let verdicts = try Self.verdicts(results)
      let agreeing = verdicts.count { $0.isConvex == ($0.curvature >= -1e-6) }
      return (agreeing == verdicts.count && agreeing > 0, "\(agreeing) of \(verdicts.count) functions")
    }
    Expect(
      "Runs end at several values of the six-hump camel, and at several points of equal value of Himmelblau's function"
    ) {
      results in
      let verdicts = try Self.verdicts(results)
      let camel = verdicts.first { $0.surface.objective == .sixHumpCamel }?.values ?? 0
      let himmelblau = verdicts.first { $0.surface.objective == .himmelblau }
      return (
        camel > 1 && himmelblau?.values == 1 && (himmelblau?.places ?? 0) > 1,
        "\(camel) values; \(himmelblau?.values ?? 0) value at \(himmelblau?.places ?? 0) points"
      )
    }
    Expect(.divergedShare, atMost: 0)
  }

  // MARK: Functions of one variable

  private struct Line: Sendable {
    let name: String
    let range: ClosedRange<Double>
    let f: @Sendable (Double) -> Double
  }

  private static let lines: [Line] = [
    Line(name: "x²", range: -2...2) { $0 * $0 },
    Line(name: "|x|", range: -2...2) { abs($0) },
    Line(name: "max(0, x)", range: -2...2) { max(0, $0) },
    Line(name: "eˣ", range: -2...2) { Exact.exp($0) },
    Line(name: "x⁴ − 2x² + x/3", range: -1.7...1.7) { $0 * $0 * ($0 * $0 - 2) + $0 / 3 },
    Line(name: "sin x", range: -5...5) { Exact.sin($0) },
    Line(name: "1 − e^(−x²)", range: -3...3) { 1 - Exact.exp(-$0 * $0) },
    Line(name: "½(1 − σ(w))²", range: -6...6) { w in
      let rest = 1 / (1 + Exact.exp(w))
      return 0.5 * rest * rest
    },
    Line(name: "−ln σ(w)", range: -6...6) { Exact.log(1 + Exact.exp(-$0)) },
  ]

  /// The chord that a function exceeds most, of those examined.
  private struct Chord {
    var a: [Double]
    var b: [Double]
    var excess = -Double.infinity

    mutating func examine(
      _ a: [Double], _ fa: Double, _ b: [Double], _ fb: Double, _ f: ([Double]) -> Double, parts: Int
    ) {
      for part in 1..<parts {
        let share = Double(part) / Double(parts)
        let between = zip(a, b).map { share * $0 + (1 - share) * $1 }
        let found = f(between) - (share * fa + (1 - share) * fb)
        if found > excess { (self.a, self.b, excess) = (a, b, found) }
      }
    }
  }

  private static func chord(_ line: Line) -> Chord {
    let width = line.range.upperBound - line.range.lowerBound
    let xs = (0...160).map { line.range.lowerBound + width * Double($0) / 160 }
    let fs = xs.map(line.f)
    var worst = Chord(a: [xs[0]], b: [xs[160]])
    for i in xs.indices {
      for j in i + 1..<xs.count { worst.examine([xs[i]], fs[i], [xs[j]], fs[j], { line.f($0[0]) }, parts: 16) }
    }
    return worst
  }

  private static func curves() -> ChartGrid {
    let charts = lines.map { line -> Chart in
      let width = line.range.upperBound - line.range.lowerBound
      let xs = (0...240).map { line.range.lowerBound + width * Double($0) / 240 }
      let fs = xs.map(line.f)
      let (low, high) = (fs.min() ?? 0, fs.max() ?? 1)
      let domain = low - 0.06 * (high - low)...high + 0.24 * (high - low)
      let tiny = 1e-9 * (high - low)
      var marks = bends(xs, fs, tiny).map { ends in
        Mark.band(
          x: ends, low: [domain.lowerBound, domain.lowerBound], high: [domain.upperBound, domain.upperBound], shade)
      }
      marks.append(.line(zip(xs, fs).map { Point($0, $1) }, Stroke(Palette.categories[0], width: 1.5)))
      let worst = chord(line)
      let isConvex = worst.excess <= tiny
      if !isConvex {
        let ends = [worst.a[0], worst.b[0]].map { Point($0, line.f($0)) }
        marks += [
          .line(ends, Stroke(Palette.categories[1], width: 1.4)),
          .points(ends, .circle, Palette.categories[1], radius: 2.2),
        ]
      }
      let middle = (line.range.lowerBound + line.range.upperBound) / 2
      let verdict = Text(isConvex ? "convex" : "not convex", size: 7, color: isConvex ? .pass : .fail)
      marks.append(.tag(verdict, at: Point(middle, high + 0.22 * (high - low)), .top))
      return Chart(
        title: line.name, x: AxisStyle("", domain: line.range), y: AxisStyle("", domain: domain), marks: marks)
    }
    return ChartGrid(
      threePerRow(charts),
      legend: [
        LegendEntry("f", Palette.categories[0]), LegendEntry("worst chord", Palette.categories[1]),
        LegendEntry("second derivative below 0", shade, marker: .square),
      ], sharesAxes: false, aspect: 1.35)
  }

  /// The intervals in which the second difference is negative: whole intervals, because patches side by side show seams.
  private static func bends(_ xs: [Double], _ fs: [Double], _ tiny: Double) -> [[Double]] {
    let half = (xs[1] - xs[0]) / 2
    var (found, start): ([[Double]], Double?) = ([], nil)
    for i in 1..<xs.count {
      let isBent = i + 1 < xs.count && fs[i - 1] + fs[i + 1] - 2 * fs[i] < -tiny
      if isBent, start == nil { start = xs[i] - half }
      if !isBent, let first = start {
        found.append([first, xs[i] - half])
        start = nil
      }
    }
    return found
  }

  private static func threePerRow(_ charts: [Chart]) -> [[Chart]] {
    stride(from: 0, to: charts.count, by: 3).map { Array(charts[$0..<min($0 + 3, charts.count)]) }
  }

  private static let shade = Color(0xF3D2B8)
  private static let fair = Color(0xB8D8E9)

  // MARK: Functions of two variables

  private struct Surface: Sendable {
    let name: String
    let objective: Objective
    let range: ClosedRange<Double>
    let rate: Double

    func f(_ point: [Double]) -> Double { objective(point).value }

    /// The smaller eigenvalue of the Hessian, by central differences of the gradient.
    func curvature(_ x: Double, _ y: Double) -> Double {
      let h = 1e-4
      let (right, left) = (objective([x + h, y]).gradient, objective([x - h, y]).gradient)
      let (up, down) = (objective([x, y + h]).gradient, objective([x, y - h]).gradient)
      let xx = (right[0] - left[0]) / (2 * h)
      let yy = (up[1] - down[1]) / (2 * h)
      let xy = (right[1] - left[1] + up[0] - down[0]) / (4 * h)
      return SymmetricEigen([[xx, xy], [xy, yy]])?.values.first ?? .nan
    }

    /// The coordinates of a lattice over the square.
    func places(_ count: Int) -> [Double] {
      (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1) }
    }
  }

  private static let gallery = [
    Surface(
      name: "bowl",
      objective: .function("bowl x² + xy + 2y²") { x, y in
        x * x + x * y + 2 * y * y
      } gradient: { x, y in
        (2 * x + y, x + 4 * y)
      }, range: -3...3, rate: 0.1),
    Surface(
      name: "log-sum-exp",
      objective: .function("ln(e^(x+y) + e^(x-2y) + e^(-2x))") { x, y in
        Exact.log(Exact.exp(x + y) + Exact.exp(x - 2 * y) + Exact.exp(-2 * x))
      } gradient: { x, y in
        let (a, b, c) = (Exact.exp(x + y), Exact.exp(x - 2 * y), Exact.exp(-2 * x))
        return ((a + b - 2 * c) / (a + b + c), (a - 2 * b) / (a + b + c))
      }, range: -3...3, rate: 0.2),
    Surface(
      name: "well",
      objective: .function("well 1 - e^(-(x²+y²)/4)") { x, y in
        1 - Exact.exp(-(x * x + y * y) / 4)
      } gradient: { x, y in
        let e = Exact.exp(-(x * x + y * y) / 4) / 2
        return (x * e, y * e)
      }, range: -3...3, rate: 0.5),
    Surface(name: "Rosenbrock", objective: .rosenbrock, range: -1.5...1.5, rate: 0.001),
    Surface(name: "Himmelblau", objective: .himmelblau, range: -4.5...4.5, rate: 0.003),
    Surface(name: "six-hump camel", objective: .sixHumpCamel, range: -1.9...1.9, rate: 0.01),
  ]

  /// The worst chord of each surface, of all pairs of points of a lattice.
  private static let chords: [Chord] = gallery.map { surface in
    let lattice = surface.places(17)
    let points = lattice.flatMap { y in lattice.map { [$0, y] } }
    let fs = points.map(surface.f)
    var worst = Chord(a: points[0], b: points[1])
    for i in points.indices {
      for j in i + 1..<points.count {
        // Midpoints suffice: a continuous function that exceeds no chord at its midpoint is convex.
        worst.examine(points[i], fs[i], points[j], fs[j], surface.f, parts: 2)
      }
    }
    return worst
  }

  private struct Verdict {
    let surface: Surface
    let excess: Double
    /// The smallest eigenvalue of the Hessian over the square.
    let curvature: Double
    let spread: Double
    /// Numbers of distinct end values and end points.
    let values: Int
    let places: Int
    var isConvex: Bool { excess <= 1e-9 }
  }

  private static func verdicts(_ results: Results) throws -> [Verdict] {
    try zip(gallery, chords).map { surface, chord in
      let runs = results.where(function, is: surface.name)
      let ends = try runs.values(.finalLoss).sorted()
      var values = 0
      for (i, end) in ends.enumerated() where i == 0 || end - ends[i - 1] >= 1e-3 { values += 1 }
      var places: [[Double]] = []
      for row in runs.rows {
        let end = try runs.parameters(of: row)
        if places.allSatisfy({ distance($0, end) >= 0.05 }) { places.append(end) }
      }
      let lattice = surface.places(61)
      let curvature = lattice.flatMap { y in lattice.map { surface.curvature($0, y) } }.min() ?? .nan
      return Verdict(
        surface: surface, excess: chord.excess, curvature: curvature,
        spread: (ends.last ?? .nan) - (ends.first ?? .nan),
        values: values, places: places.count)
    }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private static func maps(_ results: Results) throws -> ChartGrid {
    let ground = ColorScale("", map: .classes, scale: Scale(.linear, domain: 0...1), paleness: 0.72)
    let charts = try zip(gallery, chords).map { surface, chord in
      let edges = surface.places(61)
      let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
      let signs = middles.map { y in middles.map { surface.curvature($0, y) < -1e-6 ? 1.0 : 0 } }
      let field = Field(x: edges, y: edges, values: edges.map { y in edges.map { surface.f([$0, y]) } })
      let sorted = field.values.flatMap(\.self).sorted()
      let levels = (1...10).map { sorted[sorted.count * $0 / 11] }
      var marks: [Mark] = [
        .cells(CellGrid(xEdges: edges, yEdges: edges, values: signs), ground),
        .contours(field, levels: levels, Stroke(.gray.opacity(0.55), width: 0.6)),
      ]
      let runs = results.where(function, is: surface.name)
      let steps = [0] + (0...26).map { Int(Exact.exp(0.4 * Double($0))) }
      for row in runs.rows.prefix(12) {
        let path = try runs.trajectory(of: row, at: steps).map { Point($0[0], $0[1]) }
        marks.append(.line(path, Stroke(.black, width: 0.8)))
        if let start = path.first, let end = path.last {
          marks += [.points([start], .ring, .black, radius: 2), .points([end], .diamond, .black, radius: 2.6)]
        }
      }
      if chord.excess > 1e-9 {
        let ends = [Point(chord.a[0], chord.a[1]), Point(chord.b[0], chord.b[1])]
        marks += [
          .line(ends, Stroke(Palette.categories[1], width: 1.8)),
          .points(ends, .circle, Palette.categories[1], radius: 2.6),
        ]
      }
      return Chart(
        title: "\(surface.name): \(chord.excess > 1e-9 ? "not convex" : "convex")",
        x: AxisStyle("x", domain: surface.range), y: AxisStyle("y", domain: surface.range), marks: marks)
    }
    return ChartGrid(
      threePerRow(charts),
      legend: [
        LegendEntry("worst chord", Palette.categories[1]),
        LegendEntry("smaller eigenvalue below 0", shade, marker: .square),
        LegendEntry("0 or above", fair, marker: .square),
        LegendEntry("trajectories", .black, marker: .diamond),
      ], sharesAxes: false, aspect: 1)
  }

  private static func cuts() -> ChartGrid {
    let charts = zip(gallery, chords).map { surface, worst in
      var chord = worst
      if chord.excess <= 1e-9 {
        let (low, high) = (surface.range.lowerBound, surface.range.upperBound)
        (chord.a, chord.b) = ([low, low], [high, high])
      }
      let curve = (0...80).map { i -> Point in
        let share = Double(i) / 80
        return Point(share, surface.f(zip(chord.a, chord.b).map { (1 - share) * $0 + share * $1 }))
      }
      return Chart(
        title: surface.name, x: AxisStyle("position on the segment"), y: AxisStyle("f"),
        marks: [
          .line(curve, Stroke(Palette.categories[0], width: 1.5)),
          .line([curve[0], curve[80]], Stroke(Palette.categories[1], width: 1.5)),
          .points([curve[0], curve[80]], .circle, Palette.categories[1], radius: 2.2),
        ])
    }
    return ChartGrid(threePerRow(charts), sharesAxes: false, aspect: 1.5)
  }

  private static func ends(_ results: Results) throws -> ChartGrid {
    let charts = try gallery.map { surface -> Chart in
      let runs = results.where(function, is: surface.name)
      let least = try runs.values(.finalLoss).min() ?? 0
      let starts = try runs.series(.loss).map { ($0?.values.first ?? .nan) - least }
      let pairs = zip(starts, try runs.values(.finalLoss)).map { (start: $0, end: $1 - least) }.sorted {
        $0.start < $1.start
      }
      let threshold = 1e-3
      return Chart(
        title: surface.name, x: AxisStyle("run, ordered by f at the start"),
        y: AxisStyle("f − smallest end value", .symlog(threshold: threshold), including: [0]),
        marks: [
          .points(pairs.enumerated().map { Point(Double($0), $1.start) }, .ring, .gray, radius: 1.2),
          .points(pairs.enumerated().map { Point(Double($0), $1.end) }, .circle, Palette.categories[0], radius: 1.6),
        ])
    }
    return ChartGrid(
      threePerRow(charts),
      legend: [
        LegendEntry("at the start", .gray, marker: .ring),
        LegendEntry("at the end", Palette.categories[0], marker: .circle),
      ],
      sharesAxes: false, aspect: 1.5)
  }
}
