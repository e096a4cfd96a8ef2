import Descent
import Foundation

/// The minima of a single neuron's loss: the example of Auer, Herbster & Warmuth 1996.
///
/// One logistic neuron without bias learns ten points on the two axes, with scales from 1 to 10⁻⁴. The square loss has 25
/// minima if every target is 0.7 and one if every target is 0.6. Cross-entropy is convex in w and has one minimum for both.
struct AuerMinima: Experiment {
  let title = "How many minima can the loss of one neuron have?"

  /// One loss on one set of targets.
  private struct Case: Sendable {
    var name: String
    var target: Double
    var isSquare: Bool
    var reference: Int
    /// The range of the starting points, in ln w.
    var start: ClosedRange<Double>
    var learningRate: Double
  }

  private static let cases = [
    Case(name: "square 0.7", target: 0.7, isSquare: true, reference: 25, start: -3...11, learningRate: 4),
    Case(name: "square 0.6", target: 0.6, isSquare: true, reference: 1, start: -3...11, learningRate: 4),
    // In ln w the slope of cross-entropy grows in proportion to w: from ln w = 11 a rate that suits the minimum overshoots.
    Case(name: "cross-entropy 0.7", target: 0.7, isSquare: false, reference: 1, start: -3...5, learningRate: 0.03),
    Case(name: "cross-entropy 0.6", target: 0.6, isSquare: false, reference: 1, start: -3...5, learningRate: 0.03),
  ]

  private static let axis = Parameter<String>.variant("loss and target")

  var setup: Setup {
    Setup(
      objective: Self.objective(Self.cases[0]), start: .uniform(Self.cases[0].start),
      optimizer: .gradientDescent(learningRate: Self.cases[0].learningRate),
      stop: .after(steps: 40_000).orGradientNormBelow(1e-10))
  }

  var sweep: [Axis] {
    Variants(
      "loss and target",
      Self.cases.map { entry in
        Variant(entry.name) { setup in
          setup.objective = Self.objective(entry)
          setup.start = .uniform(entry.start)
          setup.optimizer.learningRate = entry.learningRate
        }
      })
    Seeds(0..<320)
  }

  var report: [Cell] {
    construction
    descent
    Note { try Self.answer($0) }
    claims
  }

  @ReportBuilder private var construction: [Cell] {
    Note { results in
      let seeds = Set(results.rows.map(\.seed)).count
      return """
        A neuron computes σ(w₁x₁ + w₂x₂) with σ(z) = 1/(1 + e⁻ᶻ). It has two weights and no bias. It learns ten points: \
        (10⁻ⁱ, 0) and (0, 10⁻ⁱ), i = 0 … 4, all with the same target t. The square loss is E = Σ (σ − t)², cross-entropy \
        is E = −Σ [t ln σ + (1 − t) ln(1 − σ)]. Auer, Herbster & Warmuth 1996 (*Exponentially many local minima for single \
        neurons*) show that n points in d dimensions can give the \
        square loss ⌊n/d⌋ᵈ minima: here 5² = 25. For w ≤ 0 every output is at most ½ and below its target, so E \
        decreases as w grows: all minima have w > 0. Their weights differ by powers of ten. Gradient descent therefore \
        runs on ln w. It is plain gradient descent with the full batch, all ten points, and a constant η: the minima of E are \
        counted here, and single samples would only add noise to the end points.

        Each case (loss and target) is trained from \(seeds) random starting points. End points that differ by less than 0.01 \
        in both ln w count as one minimum. A second count does not use gradient descent: it counts the points of a grid \
        over ln w (from −4 to 11.5, spacing 0.025) with a smaller loss than all eight neighbours.
        """
    }
    ReportTable(
      "Distinct minima with w > 0",
      columns: [
        "loss", .number("target t"), .number("runs"), .number("minima by descent"), .number("minima on the grid"),
        .number("reference"), .number("difference"),
        .number("fewest runs at one minimum"), "verdict",
      ]
    ) { results in try Self.countRows(results) }
    Figure("Square loss for t = 0.7 and the minima that gradient descent found") { try Self.surface($0) }
      .caption(
        "Colour: the loss E. White lines: 15 equally spaced values of E. Points: one end point for each minimum.")
    Figure("Part of the loss that depends on one weight") { _ in Self.slices() }
      .caption(
        """
        The points on one axis depend on one weight only, so E is the sum of such a curve in w₁ and the same curve in \
        w₂. For the square loss with t = 0.7, five valleys in each weight give 25 minima. The curve of cross-entropy \
        is divided by 4. Cross-entropy with t = 0.6 is not drawn.
        """)
  }

  @ReportBuilder private var descent: [Cell] {
    ReportTable(
      "The five values of a weight at the minima of the square loss for t = 0.7",
      columns: [
        "valley i", .number("w by descent"), .number("w·10⁻ⁱ"), .number("ln w"), "runs with w₁, with w₂ in the valley",
      ]
    ) { results in try Self.valleyRows(results) }
    Note { _ in
      let targets: [Double] = [0.7, 0.6]
      let large = targets.map { (t: Double) -> String in NumberText.short((1 - t) * (1 - t)) }
      let small = targets.map { (t: Double) -> String in NumberText.short((t - 0.5) * (t - 0.5)) }
      let weight = NumberText.short(log(0.7 / 0.3))
      return """
        In valley i the output for the point at 10⁻ⁱ is close to its target: w·10⁻ⁱ is near ln(0.7/0.3) = \
        \(weight). For points of larger scale the output is close to 1, which costs (1 − 0.7)² = \
        \(large[0]) each. For points of smaller scale it is close to ½, which costs (0.7 − 0.5)² = \(small[0]) each. In \
        valley 0 no point has a larger scale, so this valley is the deepest. With targets of 0.6 the two costs are \
        \(large[1]) and \(small[1]).
        """
    }
    Figure("Loss of every run") { Curve(.loss).runs() }
      .facets(columns: Self.axis).xScale(.log).ownAxes()
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("Gradient descent finds 25 distinct minima of the square loss for t = 0.7") { results in
      try Self.verdict(results, Self.cases[0])
    }
    Expect("Gradient descent finds one minimum of the square loss for t = 0.6") { results in
      try Self.verdict(results, Self.cases[1])
    }
    Expect("Gradient descent finds one minimum of cross-entropy, for t = 0.7 and for t = 0.6") { results in
      let (first, second) = (try Self.verdict(results, Self.cases[2]), try Self.verdict(results, Self.cases[3]))
      return (first.passed && second.passed, "0.7: \(first.evidence); 0.6: \(second.evidence)")
    }
    Expect(
      "Gradient descent and the grid give the same number of minima, at points that differ by at most one grid step in each "
        + "coordinate"
    ) { results in
      let compared = try Self.cases.compactMap { entry -> (agrees: Bool, text: String)? in
        let found = try Self.minima(results, entry)
        guard !found.isEmpty else { return nil }
        let grid = Self.gridMinima(entry)
        let off = found.map { minimum in
          grid.map { max(abs($0.x - minimum.at.x), abs($0.y - minimum.at.y)) }.min() ?? .infinity
        }
        let worst = off.max() ?? .infinity
        return (
          found.count == grid.count && worst <= Self.gridStep,
          "\(entry.name): \(found.count) and \(grid.count), largest distance \(NumberText.short(worst, digits: 2))"
        )
      }
      return (
        !compared.isEmpty && compared.allSatisfy(\.agrees), compared.map(\.text).joined(separator: "; ")
      )
    }
    Expect("Every run ends with a gradient norm below 10⁻¹⁰") { results in
      let worst = try results.values(.finalGradientNorm).max() ?? .infinity
      return (worst < 1e-10, "largest \(NumberText.short(worst, digits: 6)), n = \(results.count)")
    }
  }

  private static func answer(_ results: Results) throws -> String {
    let lines = try cases.compactMap { entry -> String? in
      let count = try minima(results, entry).count
      return count == 0
        ? nil : "- \(entry.name): \(count) found, \(gridMinima(entry).count) on the grid, \(entry.reference) known"
    }
    return "## Answer\n\nMinima of each case (loss and target):\n\n\(lines.joined(separator: "\n"))"
  }

  // MARK: The loss

  /// The loss of the points (10⁻ⁱ, 0) at w = eᵘ, and its derivative with respect to u.
  private static func share(_ entry: Case, _ u: Double) -> (value: Double, slope: Double) {
    let (t, w) = (entry.target, exp(u))
    var (value, slope) = (0.0, 0.0)
    for x in scales {
      let z = w * x
      let output = 1 / (1 + exp(-z))
      if entry.isSquare {
        value += (output - t) * (output - t)
        slope += 2 * (output - t) * output * (1 - output) * z
      } else {
        value += log1p(exp(-abs(z))) + max(z, 0) - t * z
        slope += (output - t) * z
      }
    }
    return (value, slope)
  }

  private static let scales = (0...4).map { pow(10, -Double($0)) }

  /// E and its gradient over u = ln w₁ and v = ln w₂: the points on one axis depend on one weight only.
  private static func objective(_ entry: Case) -> Objective {
    .function("auer-herbster-warmuth(\(entry.name))") { u, v in
      share(entry, u).value + share(entry, v).value
    } gradient: { u, v in
      (share(entry, u).slope, share(entry, v).slope)
    }
  }

  // MARK: Counting

  /// An end point in ln w, and the number of runs that end there.
  private struct Minimum {
    var at: Point
    var count: Int
  }

  private static func minima(_ results: Results, _ entry: Case) throws -> [Minimum] {
    var found: [Minimum] = []
    let runs = results.where(axis, is: entry.name)
    for row in runs.rows where !row.summary.hasDiverged {
      let end = try runs.parameters(of: row)
      guard end.count == 2 else { continue }
      let known = found.firstIndex { abs($0.at.x - end[0]) < 0.01 && abs($0.at.y - end[1]) < 0.01 }
      if let known { found[known].count += 1 } else { found.append(Minimum(at: Point(end[0], end[1]), count: 1)) }
    }
    return found
  }

  private static let gridStep = 0.025

  /// Points of the grid with a smaller loss than all eight neighbours.
  private static func gridMinima(_ entry: Case) -> [Point] {
    let places = (0...620).map { -4 + gridStep * Double($0) }
    let shares = places.map { share(entry, $0).value }
    func value(_ i: Int, _ j: Int) -> Double { shares[i] + shares[j] }
    var found: [Point] = []
    for i in 1..<places.count - 1 {
      for j in 1..<places.count - 1 {
        let own = value(i, j)
        let isLeast = [-1, 0, 1].allSatisfy { a in
          [-1, 0, 1].allSatisfy { b in (a, b) == (0, 0) || own < value(i + a, j + b) }
        }
        if isLeast { found.append(Point(places[i], places[j])) }
      }
    }
    return found
  }

  private static func verdict(_ results: Results, _ entry: Case) throws -> (passed: Bool, evidence: String) {
    let found = try minima(results, entry)
    let runs = found.reduce(0) { $0 + $1.count }
    return (found.count == entry.reference, "\(found.count) of \(runs) end points are distinct")
  }

  private static func countRows(_ results: Results) throws -> [[String]] {
    try cases.compactMap { entry in
      let found = try minima(results, entry)
      guard !found.isEmpty else { return nil }
      let grid = gridMinima(entry).count
      let agrees = found.count == entry.reference && grid == entry.reference
      return [
        entry.isSquare ? "square" : "cross-entropy", NumberText.short(entry.target),
        "\(found.reduce(0) { $0 + $1.count })", "\(found.count)", "\(grid)", "\(entry.reference)",
        "\(found.count - entry.reference)", "\(found.map(\.count).min() ?? 0)", agrees ? "agrees" : "differs",
      ]
    }
  }

  private static func valleyRows(_ results: Results) throws -> [[String]] {
    let found = try minima(results, cases[0])
    return scales.indices.compactMap { i in
      func isHere(_ u: Double) -> Bool { abs(u - (log(0.85) + Double(i) * log(10))) < 0.5 * log(10) }
      let (first, second) = (found.filter { isHere($0.at.x) }, found.filter { isHere($0.at.y) })
      guard let u = first.first?.at.x else { return nil }
      let counts = [first, second].map { "\($0.reduce(0) { $0 + $1.count })" }
      return [
        "\(i)", NumberText.short(exp(u), digits: 6), NumberText.short(exp(u) * scales[i], digits: 4),
        NumberText.short(u, digits: 5), counts.joined(separator: ", "),
      ]
    }
  }

  // MARK: Figures

  private static func surface(_ results: Results) throws -> ChartGrid {
    func places(_ count: Int) -> [Double] { (0...count).map { -2.5 + 13.5 * Double($0) / Double(count) } }
    func values(_ u: [Double]) -> [[Double]] {
      let shares = u.map { share(cases[0], $0).value }
      return shares.map { row in shares.map { row + $0 } }
    }
    let (edges, lattice) = (places(180), places(240))
    let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
    let heights = values(middles)
    let colors = ColorScale.fitting("loss E", heights.flatMap(\.self))
    let weights = edges.map { exp($0) }
    let cells = CellGrid(xEdges: weights, yEdges: weights, values: heights)
    let field = Field(x: lattice.map { exp($0) }, y: lattice.map { exp($0) }, values: values(lattice))
    let levels = colors.scale.domain
    let lines = (1...15).map { levels.lowerBound + (levels.upperBound - levels.lowerBound) * Double($0) / 16 }
    let ends = try minima(results, cases[0]).map { Point(exp($0.at.x), exp($0.at.y)) }
    let range = exp(-2.5)...exp(11)
    let chart = Chart(
      x: AxisStyle("weight w₁", .log, domain: range), y: AxisStyle("weight w₂", .log, domain: range),
      marks: [
        .cells(cells, colors), .contours(field, levels: lines, Stroke(Color.white.opacity(0.7), width: 0.7)),
        .points(ends, .circle, .white, radius: 3.4), .points(ends, .circle, Color(0xD55E00), radius: 2.5),
      ])
    return ChartGrid(chart, colorScale: colors, aspect: 1.25)
  }

  private static func slices() -> ChartGrid {
    let places = (0...540).map { -2.5 + 13.5 * Double($0) / 540 }
    let marks = cases.prefix(3).enumerated().map { index, entry -> Mark in
      let height = entry.isSquare ? 1 : 0.25
      return .line(
        places.map { Point(exp($0), height * share(entry, $0).value) },
        Stroke(Palette.categories[index], width: 1.4, dash: Dash.category(index)))
    }
    let legend = cases.prefix(3).enumerated().map { index, entry in
      LegendEntry(entry.name, Palette.categories[index], dash: Dash.category(index))
    }
    let chart = Chart(
      x: AxisStyle("weight w₁", .log, domain: exp(-2.5)...exp(11)), y: AxisStyle("part of the loss", domain: 0...1.2),
      marks: Array(marks))
    return ChartGrid(chart, legendTitle: "loss, target", legend: Array(legend), aspect: 2.2)
  }
}
