import Descent

/// Tests of convexity by chords and curvature, and a hundred runs of full-gradient descent on each of fifteen functions.
struct Convexity: Experiment {
  let title = "Does the result of gradient descent depend on its starting point?"

  var setup: Setup {
    Setup(
      objective: Self.gallery[0].objective, start: .uniform(Self.gallery[0].range),
      optimizer: .gradientDescent(learningRate: Self.gallery[0].rate),
      stop: .after(steps: Self.gallery[0].steps).orGradientNormBelow(Self.tolerance))
  }

  var sweep: [Axis] {
    Variants(
      "function",
      Self.all.map { function in
        Variant(function.name) {
          $0.objective = function.objective
          $0.start = .uniform(function.range)
          $0.optimizer.learningRate = function.rate
          $0.stop = .after(steps: function.steps).orGradientNormBelow(Self.tolerance)
        }
      })
    Seeds(0..<100)
  }

  private static let function = Parameter<String>.variant("function")
  private static let tolerance = 1e-9

  var report: [Cell] {
    Note(
      """
      A function f is convex on an interval [a, b] if no chord runs below its graph: for any two points x_1 and x_2 and any λ \
      with 0 < λ < 1,

      - f(λ·x_1 + (1 − λ)x_2) ≤ λ f(x_1) + (1 − λ) f(x_2).

      The lecture gives a second definition, with the midpoint of every interval. This is the special case λ = ½; for a \
      continuous function it is sufficient. For a smooth function both mean that the second derivative, or the smallest \
      eigenvalue of the Hessian, is nowhere negative. What does gradient descent gain from convexity? Each function gets three \
      tests: the chord inequality for many pairs of points and values of λ, the second derivatives, and a hundred \
      runs of gradient descent from random starting points. A run uses the exact gradient of f and a constant rate η, and \
      stops when ‖∇f‖ < 10⁻⁹, or after \(NumberText.grouped(Self.lines[0].steps)) steps (two variables: \
      \(NumberText.grouped(Self.gallery[0].steps))).
      """)
    oneVariable
    twoVariables
    conditions
    answer
    claims
  }

  @ReportBuilder private var oneVariable: [Cell] {
    Note("## Identify the convex functions: one variable")
    Figure("Chords, second derivatives and end points in one variable") { try Self.curves($0) }
      .caption(
        """
        Blue: f. Orange, where f is not convex: the chord that f exceeds most, of all pairs of 161 points and \
        \(Self.parts - 1) values of λ. Shaded: the second difference is negative. Diamonds: end points of the 100 runs; those \
        outside the panel are left out.
        """)
    Note { try Self.lineSentences($0) }
  }

  private static func lineSentences(_ results: Results) throws -> String {
    let verdicts = try verdicts(results).filter { $0.function.objective.parameterCount == 1 }
    func names(_ isConvex: Bool) -> String {
      let list = verdicts.filter { $0.isConvex == isConvex }.map(\.function.name)
      return list.isEmpty ? "none" : list.joined(separator: ", ")
    }
    let kinks = verdicts.filter { $0.function.hasKink && $0.isConvex }.map(\.function.name)
    return """
      Convex: \(names(true)). Not convex: \(names(false)). \
      \(kinks.isEmpty ? "" : "A convex function need not be smooth: \(kinks.joined(separator: " and ")) have a kink.") The \
      last two functions are losses of a single sigmoid unit y = σ(w) with target 1: half the squared error ½(1 − y)² and the \
      cross-entropy −ln y. Both decrease towards 0 as w grows, and neither has a minimum.
      """
  }

  @ReportBuilder private var twoVariables: [Cell] {
    Note("## Identify the convex functions: two variables")
    Figure("Curvature, worst chords and trajectories") { results in try Self.maps(results) }
      .caption(
        """
        Background: the sign of the smaller eigenvalue of the Hessian. Grey: level lines of f. Orange: the chord that \
        f exceeds most, of all pairs of \(Self.lattice) × \(Self.lattice) points and \(Self.parts - 1) values of λ. Black: trajectories of the first 12 \
        of 100 runs, from ring to diamond.
        """)
    Figure("The function along its worst chord, or along a diagonal") { _ in Self.cuts() }
      .caption(
        "Blue: f along the segment. Orange: the chord. If no chord fails, the segment is the diagonal of the square.")
    Figure("Values of f at the start and at the end of each run") { results in try Self.ends(results) }
      .caption(
        "100 runs per function, ordered by f at the start. Both values are minus the smallest end value of the function."
      )
    ReportTable(
      "Results of the three tests: 100 runs per function",
      columns: [
        "function", .number("largest excess over a chord"), .number("smallest curvature"), "minimum",
        .number("η"), .number("runs with ‖∇f‖ < 10⁻⁹"), .number("diverged"), .number("distinct end values"),
        .number("distinct end points"),
      ]
    ) { results in
      try Self.verdicts(results).map { verdict in
        [
          verdict.function.name, NumberText.short(max(0, verdict.excess)),
          NumberText.short(abs(verdict.curvature) < 1e-8 ? 0 : verdict.curvature),
          verdict.function.hasMinimum ? "yes" : "no", NumberText.short(verdict.function.rate),
          "\(verdict.arrived.successes)", "\(verdict.diverged)",
          verdict.diverged > 0 ? "–" : "\(verdict.values)", verdict.diverged > 0 ? "–" : "\(verdict.places)",
        ]
      }
    }
    Note(
      """
      The smallest curvature is the smallest second difference of f, or the smallest eigenvalue of the Hessian, on a lattice. \
      Whether f has a minimum is not measured: it follows from the formula. End values that differ by less than 10⁻³ count as \
      one, and so do end points less than 0.05 apart.
      """)
  }

  @ReportBuilder private var conditions: [Cell] {
    Note(
      """
      ## Convexity alone is not sufficient

      The lecture says that gradient descent converges to a global minimum of a convex function. This is guaranteed under three \
      more conditions: f has a minimum, its derivative is continuous, and the rate is below 2/λ_max, where λ_max is the largest \
      curvature. Three panels violate one condition each.
      """)
    Figure("f against the step where a condition is missing") { try Self.failures($0) }
      .caption(
        """
        The first 12 runs of each function; the axes are logarithmic. A run that diverged ends where its value leaves the \
        axis.
        """)
    Note { try Self.conditionSentences($0) }
  }

  private static func conditionSentences(_ results: Results) throws -> String {
    let verdicts = try verdicts(results)
    func verdict(_ name: String) -> Verdict? { verdicts.first { $0.function.name == name } }
    guard let exponential = verdict("eˣ"), let kink = verdict("|x|"), let long = verdict(longStep.name),
      let bowl = verdict(gallery[0].name)
    else { return "The sweep does not contain the functions that this section compares." }
    func arrived(_ v: Verdict) -> String { "\(v.arrived.successes) of \(v.arrived.count) runs" }
    return """
      - **No minimum**: eˣ decreases towards 0, but it is 0 nowhere. \(arrived(exponential)) reach ‖∇f‖ < 10⁻⁹. After \
      \(NumberText.grouped(exponential.function.steps)) steps f is still \(NumberText.short(exponential.median)) in the median, and x is \
      \(NumberText.short(exponential.medianPoint)): it decreases without bound.
      - **A kink**: the derivative of |x| is 1 or −1 however near x is to 0, so the steps do not become shorter. \(arrived(kink)) \
      reach ‖∇f‖ < 10⁻⁹; the end values lie between \(NumberText.short(kink.low)) and \(NumberText.short(kink.high)), up to \
      the step length η = \(NumberText.short(kink.function.rate)).
      - **Too long a step**: the bowl has λ_max = \(NumberText.short(bowl.largest, digits: 4)), so the rate must be below \
      \(NumberText.short(2 / bowl.largest, digits: 4)). With η = \(NumberText.short(long.function.rate)), \
      \(long.diverged) of \(long.arrived.count) runs diverge; with η = \(NumberText.short(bowl.function.rate)), \
      \(bowl.diverged) of \(bowl.arrived.count).
      """
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let verdicts = try Self.verdicts(results).filter { $0.diverged == 0 }
      func names(_ keeps: (Verdict) -> Bool) -> String {
        let list = verdicts.filter(keeps).map(\.function.name)
        return list.isEmpty ? "none" : list.joined(separator: ", ")
      }
      let sound = verdicts.filter(\.meetsConditions)
      return """
        ## Answer

        - **Convex, and all conditions hold**: \(names(\.meetsConditions)). The end values of each function differ by at most \
        \(NumberText.short(sound.map(\.spread).max() ?? .nan)).
        - **Convex, a condition is violated, one end value**: \
        \(names { $0.isConvex && !$0.meetsConditions && $0.values == 1 }). Where there is no minimum, this value depends on the \
        number of steps.
        - **Convex, with several end values**: \(names { $0.isConvex && $0.values > 1 }).
        - **Not convex, with several end values**: \(names { !$0.isConvex && $0.values > 1 }).
        - **Not convex, with one end value**: \(names { !$0.isConvex && $0.values == 1 }).

        If a convex function meets the conditions, gradient descent reaches the same end value from every starting point: the \
        global minimum. Convexity is not necessary for this: a function that is not convex can have a single \
        minimum, or several minima of equal value. The end points can differ even where the end values do not: a convex \
        function can have many minimum points.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "On every function that is convex and smooth, has a minimum and has a rate below 2/λ_max, all runs reach ‖∇f‖ < 10⁻⁹ and "
        + "their end values differ by less than 10⁻⁹"
    ) { results in
      let sound = try Self.verdicts(results).filter(\.meetsConditions)
      let evidence = sound.map {
        "\($0.function.name): \($0.arrived.successes) of \($0.arrived.count), spread \(NumberText.short($0.spread))"
      }
      return (
        !sound.isEmpty && sound.allSatisfy { $0.spread < 1e-9 && $0.arrived.successes == $0.arrived.count },
        evidence.joined(separator: "; ")
      )
    }
    Expect(
      "Without one of the conditions the guarantee fails: no run on eˣ, −ln σ(w) or |x| reaches ‖∇f‖ < 10⁻⁹, and every run on the bowl with a rate "
        + "above 2/λ_max diverges"
    ) { results in
      let verdicts = try ["eˣ", "−ln σ(w)", "|x|", Self.longStep.name].map { name in
        try Self.verdict(of: results.where(Self.function, is: name), Self.all.first { $0.name == name })
      }
      let arrived = verdicts.map { $0?.arrived.successes ?? -1 }
      let long = verdicts[3]
      return (
        arrived.allSatisfy { $0 == 0 } && long.map { $0.diverged == $0.arrived.count } == true
          && verdicts.prefix(3).allSatisfy { $0?.isConvex == true },
        "reached: \(arrived.prefix(3).map(String.init).joined(separator: ", ")); diverged: \(long?.diverged ?? 0) of "
          + "\(long?.arrived.count ?? 0) at η = \(NumberText.short(Self.longStep.rate))"
      )
    }
    Expect("Verifies the tests: a chord of a function fails exactly if some second derivative is negative") { results in
      let verdicts = try Self.verdicts(results)
      let agreeing = verdicts.count { $0.isConvex == ($0.curvature >= -1e-6) }
      return (agreeing == verdicts.count && agreeing > 0, "\(agreeing) of \(verdicts.count) functions")
    }
    Expect(
      "Verifies the lecture's two definitions: the test with λ = ½ alone gives the same verdict for every function"
    ) {
      results in
      let verdicts = try Self.verdicts(results)
      let agreeing = verdicts.count { $0.isConvex == ($0.midpointExcess <= Self.rounding) }
      return (agreeing == verdicts.count && agreeing > 0, "\(agreeing) of \(verdicts.count) functions")
    }
    Expect(
      "Runs end at several values of x⁴ − 2x² + x/3 and of the six-hump camel, at several points of equal value of "
        + "Himmelblau's function, and at one point of the well and of Rosenbrock's function"
    ) { results in
      let names = ["x⁴ − 2x² + x/3", "six-hump camel", "Himmelblau", "well", "Rosenbrock"]
      let found = try names.map { name in
        try Self.verdict(of: results.where(Self.function, is: name), Self.all.first { $0.name == name })
      }
      let counts = found.map { (values: $0?.values ?? 0, places: $0?.places ?? 0) }
      return (
        counts[0].values > 1 && counts[1].values > 1 && counts[2].values == 1 && counts[2].places > 1
          && counts[3] == (1, 1) && counts[4] == (1, 1),
        zip(names, counts).map { "\($0): \($1.values) at \($1.places)" }.joined(separator: "; ") + " (values at points)"
      )
    }
  }

  // MARK: Functions

  private struct Function: Sendable {
    let name: String
    let objective: Objective
    let range: ClosedRange<Double>
    let rate: Double
    var hasMinimum = true
    var hasKink = false
    var steps: Int { objective.parameterCount == 1 ? 5_000 : 40_000 }

    func f(_ point: [Double]) -> Double { objective(point).value }

    /// The second derivatives at a point: the eigenvalues of the Hessian, by central differences of the gradient; for a
    /// function with a kink, and for one variable, the second difference of f.
    func curvatures(_ point: [Double]) -> [Double] {
      if point.count == 1 {
        let h = 1e-3
        return [(f([point[0] + h]) - 2 * f(point) + f([point[0] - h])) / (h * h)]
      }
      let h = 1e-4
      let (x, y) = (point[0], point[1])
      let (right, left) = (objective([x + h, y]).gradient, objective([x - h, y]).gradient)
      let (up, down) = (objective([x, y + h]).gradient, objective([x, y - h]).gradient)
      let xx = (right[0] - left[0]) / (2 * h)
      let yy = (up[1] - down[1]) / (2 * h)
      let xy = (right[1] - left[1] + up[0] - down[0]) / (4 * h)
      return SymmetricEigen([[xx, xy], [xy, yy]])?.values ?? []
    }

    /// The coordinates of a lattice over the range.
    func places(_ count: Int) -> [Double] {
      (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1) }
    }

    /// The points of a lattice.
    func points(_ count: Int) -> [[Double]] {
      let lattice = places(count)
      return objective.parameterCount == 1 ? lattice.map { [$0] } : lattice.flatMap { y in lattice.map { [$0, y] } }
    }
  }

  private static let lines: [Function] = [
    line("x²", -2...2, 0.1) { ($0 * $0, 2 * $0) },
    line("|x|", -2...2, 0.1, hasKink: true) { (abs($0), $0 > 0 ? 1 : $0 < 0 ? -1 : 0) },
    line("max(0, x)", -2...2, 0.1, hasKink: true) { (max(0, $0), $0 > 0 ? 1 : 0) },
    line("eˣ", -2...2, 0.1, hasMinimum: false) { (Exact.exp($0), Exact.exp($0)) },
    line("x⁴ − 2x² + x/3", -1.7...1.7, 0.02) { ($0 * $0 * ($0 * $0 - 2) + $0 / 3, 4 * $0 * ($0 * $0 - 1) + 1 / 3) },
    line("sin x", -5...5, 0.1) { (Exact.sin($0), Exact.sincos($0).cos) },
    line("1 − e^{−x²}", -3...3, 0.1) { (1 - Exact.exp(-$0 * $0), 2 * $0 * Exact.exp(-$0 * $0)) },
    line("½(1 − σ(w))²", -6...6, 1, hasMinimum: false) { w in
      let rest = 1 / (1 + Exact.exp(w))
      return (0.5 * rest * rest, -rest * rest * (1 - rest))
    },
    line("−ln σ(w)", -6...6, 1, hasMinimum: false) { w in
      (Exact.log(1 + Exact.exp(-w)), -1 / (1 + Exact.exp(w)))
    },
  ]

  private static func line(
    _ name: String, _ range: ClosedRange<Double>, _ rate: Double, hasMinimum: Bool = true, hasKink: Bool = false,
    _ f: @escaping @Sendable (Double) -> (Double, Double)
  ) -> Function {
    let objective = Objective(name, parameterCount: 1) { point in
      let (value, slope) = f(point[0])
      return (value, [slope])
    }
    return Function(
      name: name, objective: objective, range: range, rate: rate, hasMinimum: hasMinimum, hasKink: hasKink)
  }

  private static let gallery = [
    Function(
      name: "bowl",
      objective: .function("bowl x² + xy + 2y²") { x, y in
        x * x + x * y + 2 * y * y
      } gradient: { x, y in
        (2 * x + y, x + 4 * y)
      }, range: -3...3, rate: 0.1),
    Function(
      name: "log-sum-exp",
      objective: .function("ln(e^(x+y) + e^(x-2y) + e^(-2x))") { x, y in
        Exact.log(Exact.exp(x + y) + Exact.exp(x - 2 * y) + Exact.exp(-2 * x))
      } gradient: { x, y in
        let (a, b, c) = (Exact.exp(x + y), Exact.exp(x - 2 * y), Exact.exp(-2 * x))
        return ((a + b - 2 * c) / (a + b + c), (a - 2 * b) / (a + b + c))
      }, range: -3...3, rate: 0.2),
    Function(
      name: "well",
      objective: .function("well 1 - e^(-(x²+y²)/4)") { x, y in
        1 - Exact.exp(-(x * x + y * y) / 4)
      } gradient: { x, y in
        let e = Exact.exp(-(x * x + y * y) / 4) / 2
        return (x * e, y * e)
      }, range: -3...3, rate: 0.5),
    Function(name: "Rosenbrock", objective: .rosenbrock, range: -1.5...1.5, rate: 0.001),
    Function(name: "Himmelblau", objective: .himmelblau, range: -4.5...4.5, rate: 0.003),
    Function(name: "six-hump camel", objective: .sixHumpCamel, range: -1.9...1.9, rate: 0.01),
  ]

  /// The bowl with a rate above 2/λ_max.
  private static let longStep = Function(
    name: "bowl, long step", objective: gallery[0].objective, range: gallery[0].range, rate: 0.5)

  private static let all = lines + gallery + [longStep]

  // MARK: Chords

  /// The chord that a function exceeds most, of those examined.
  private struct Chord {
    var a: [Double]
    var b: [Double]
    var excess = -Double.infinity
    /// The largest excess at a midpoint, of all chords.
    var midpointExcess = -Double.infinity

    mutating func examine(_ a: [Double], _ fa: Double, _ b: [Double], _ fb: Double, _ f: ([Double]) -> Double) {
      for part in 1..<parts {
        let share = Double(part) / Double(parts)
        let between = a.indices.map { share * a[$0] + (1 - share) * b[$0] }
        let found = f(between) - (share * fa + (1 - share) * fb)
        if found > excess { (self.a, self.b, excess) = (a, b, found) }
        if 2 * part == parts { midpointExcess = max(midpointExcess, found) }
      }
    }
  }

  /// λ is 1/8, 2/8 … 7/8.
  private static let parts = 8
  private static let lattice = 13

  /// The worst chord of each function, of all pairs of points of a lattice.
  private static let chords: [String: Chord] = Dictionary(
    uniqueKeysWithValues: (lines + gallery).map { function in
      let points = function.points(function.objective.parameterCount == 1 ? 161 : lattice)
      let fs = points.map(function.f)
      var worst = Chord(a: points[0], b: points[1])
      for i in points.indices {
        for j in i + 1..<points.count { worst.examine(points[i], fs[i], points[j], fs[j], function.f) }
      }
      return (function.name, worst)
    })

  private static func chord(_ function: Function) -> Chord {
    chords[function.name == longStep.name ? gallery[0].name : function.name] ?? Chord(a: [0, 0], b: [0, 0])
  }

  /// The smallest and the largest second derivative of each function on a lattice.
  private static let curvatures: [String: (least: Double, greatest: Double)] = Dictionary(
    uniqueKeysWithValues: all.map { function in
      let found = function.points(61).flatMap(function.curvatures)
      return (function.name, (found.min() ?? .nan, found.max() ?? .nan))
    })

  /// Rounding errors may exceed a chord by this.
  private static let rounding = 1e-9

  // MARK: Verdicts

  private struct Verdict {
    let function: Function
    let excess: Double
    let midpointExcess: Double
    /// The smallest and the largest second derivative on a lattice.
    let curvature, largest: Double
    /// The runs that stopped because of their small gradient.
    let arrived: Share
    let diverged: Int
    let low, high, median: Double
    /// The median of x at the end.
    let medianPoint: Double
    /// Numbers of distinct end values and end points.
    let values: Int
    let places: Int
    var spread: Double { high - low }
    var isConvex: Bool { excess <= Convexity.rounding }
    var meetsConditions: Bool {
      isConvex && function.hasMinimum && !function.hasKink && function.rate * largest < 2
    }
  }

  private static func verdicts(_ results: Results) throws -> [Verdict] {
    let present = results.groups(by: function)
    return try present.compactMap { value, runs in
      try verdict(of: runs, all.first { $0.name == value.description })
    }
  }

  private static func verdict(of runs: Results, _ function: Function?) throws -> Verdict? {
    guard let function, !runs.isEmpty else { return nil }
    let chord = chord(function)
    let ends = try runs.values(.finalLoss).sorted()
    var values = 0
    for (i, end) in ends.enumerated() where i == 0 || end - ends[i - 1] >= 1e-3 { values += 1 }
    var places: [[Double]] = []
    for row in runs.rows {
      let end = try runs.parameters(of: row)
      if places.allSatisfy({ distance($0, end) >= 0.05 }) { places.append(end) }
    }
    let curvatures = curvatures[function.name] ?? (.nan, .nan)
    let arrived = try runs.values(.steps).count { $0 < Double(function.steps) } - runs.divergedCount
    return Verdict(
      function: function, excess: chord.excess, midpointExcess: chord.midpointExcess,
      curvature: curvatures.least, largest: curvatures.greatest,
      arrived: Share(arrived, of: runs.count), diverged: runs.divergedCount, low: ends.first ?? .nan,
      high: ends.last ?? .nan, median: Statistics.median(ends),
      medianPoint: Statistics.median(try runs.rows.map { try runs.parameters(of: $0)[0] }), values: values,
      places: places.count)
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  // MARK: Figures

  private static func curves(_ results: Results) throws -> ChartGrid {
    let charts = try lines.map { line -> Chart in
      let width = line.range.upperBound - line.range.lowerBound
      let xs = (0...240).map { line.range.lowerBound + width * Double($0) / 240 }
      let fs = xs.map { line.f([$0]) }
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
        let ends = [worst.a[0], worst.b[0]].map { Point($0, line.f([$0])) }
        marks += [
          .line(ends, Stroke(Palette.categories[1], width: 1.4)),
          .points(ends, .circle, Palette.categories[1], radius: 2.2),
        ]
      }
      let runs = results.where(function, is: line.name)
      let stops = try runs.rows.map { try runs.parameters(of: $0)[0] }.filter { line.range.contains($0) }
      marks.append(.points(stops.map { Point($0, line.f([$0])) }, .diamond, .black, radius: 2.4))
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
        LegendEntry("end points of runs", .black, marker: .diamond),
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

  private static func maps(_ results: Results) throws -> ChartGrid {
    let ground = ColorScale("", map: .classes, scale: Scale(.linear, domain: 0...1), paleness: 0.72)
    let charts = try gallery.map { surface in
      let chord = chord(surface)
      let edges = surface.places(61)
      let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
      let signs = middles.map { y in middles.map { (surface.curvatures([$0, y]).first ?? 0) < -1e-6 ? 1.0 : 0 } }
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
    let charts = gallery.map { surface in
      var chord = chord(surface)
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

  private static func failures(_ results: Results) throws -> ChartGrid {
    let shown = [
      ("eˣ", "no minimum"), ("|x|", "a kink"), (longStep.name, "η above 2/λ_max"), ("bowl", "all conditions hold"),
    ]
    let charts = try shown.enumerated().map { index, entry in
      let runs = results.where(function, is: entry.0)
      let lines = try runs.series(.loss).prefix(12).compactMap { $0?.values }.map { values in
        picked(values.count).map { Point(Double($0 + 1), values[$0]) }.filter { $0.y > 1e-16 && $0.y < 1e16 }
      }
      let color = index == 3 ? Palette.categories[0] : .fail
      return Chart(
        title: "\(entry.0): \(entry.1)", x: AxisStyle("step + 1", .log), y: AxisStyle("f", .log),
        marks: lines.map { .line($0, Stroke(color.opacity(0.6), width: 0.8)) })
    }
    return ChartGrid([Array(charts.prefix(2)), Array(charts.suffix(2))], sharesAxes: false, aspect: 1.9)
  }

  /// Every step at first, then fewer and fewer.
  private static func picked(_ count: Int) -> [Int] {
    var (steps, step): ([Int], Int) = ([], 0)
    while step < count {
      steps.append(step)
      step += step < 60 ? 1 : max(1, step / 40)
    }
    return steps
  }
}
