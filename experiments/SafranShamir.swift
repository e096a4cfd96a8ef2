import Descent
import Foundation

/// Counts spurious minima of two-layer ReLU networks, and compares the counts with a paper's.
///
/// A student of n units learns a teacher of k orthonormal units on the population loss, without data or noise. Some
/// runs still end in minima that are not global.
///
/// Source: Safran & Shamir 2018, arXiv:1712.08968.
struct SafranShamir: Experiment {
  let title = "Do ReLU networks have bad local minima even with unlimited data?"

  /// Runs with a final loss of at least this are stuck.
  private static let bad = 1e-3
  /// ‖∇E‖₂ < 10⁻⁹/2π implies the paper's rule, 2π‖∂E/∂wᵢ‖ < 10⁻⁹ for every unit.
  private static let tolerance = 1e-9 / (2 * Double.pi)

  /// Units of the teacher, and inputs; `--set k=9,10` trains others.
  private static let teachers = Parameter<Int>(
    "k", title: "teacher units", symbol: "k",
    get: { Self.sizes($0)?.k },
    set: { setup, k in Self.build(&setup, k: k, surplus: Self.surplus(of: setup)) })

  /// How many units the student has beyond the teacher's.
  private static let surplus = Parameter<Int>(
    "surplus", title: "surplus units",
    get: { Self.surplus(of: $0) },
    set: { setup, surplus in Self.sizes(setup).map { Self.build(&setup, k: $0.k, surplus: surplus) } })

  var setup: Setup {
    var setup = Setup(
      objective: .twoLayerReLUPopulation(students: 6, teachers: 6), start: .normal(scale: 1),
      optimizer: .gradientDescent(learningRate: 0.1),
      stop: .after(steps: 200_000).orGradientNormBelow(Self.tolerance))
    Self.build(&setup, k: 6, surplus: 0)
    return setup
  }

  var sweep: [Axis] {
    Vary(Self.teachers, over: [6, 7, 8])
    Vary(Self.surplus, over: [0])
    Seeds(0..<1000)
  }

  var report: [Cell] {
    Note(
      """
      A student Σᵢ relu(wᵢᵀx) of n units learns a teacher Σⱼ relu(vⱼᵀx) of k orthonormal units, x ~ N(0, I) in ℝᵏ. The loss \
      is the expectation over all x, known in closed form: E = (1/2π)[½ Σ g(wᵢ, wⱼ) − Σ g(vⱼ, wᵢ) + ½ Σ g(vᵢ, vⱼ)] with \
      g(a, b) = ‖a‖‖b‖(sin φ + (π − φ) cos φ) and φ the angle between a and b (Safran & Shamir 2018, *Spurious local minima are \
      common in two-layer ReLU neural networks*, arXiv:1712.08968). The descent is plain gradient descent with the exact \
      gradient of this expectation: no samples are drawn. Every initial weight is N(0, 1/k), η = 0.1 is constant, and a run stops when 2π‖∇E‖ is below 10⁻⁹. Every 2π‖∂E/∂wᵢ‖ is then below 10⁻⁹, which is the paper's rule. A run is called \
      stuck if its final loss is at least 10⁻³. With n = k a global minimum has E = 0: a student equal to the teacher.

      The result files of the paper's authors contain 3, 55 and 126 stuck runs of 1000 for k = 6, 7 and 8. An independent \
      program in NumPy found 2, 46 and 120.
      """)
    counts
    endPoints
    referenceClaims
    endPointClaims
    formulaClaims
  }

  @ReportBuilder private var counts: [Cell] {
    ReportTable(
      "Stuck runs; differences in standard errors σ",
      columns: [
        .number("k"), .number("n"), .number("runs"), .number("Descent"), .number("paper"), "difference",
        .number("NumPy"), "difference", "verdict",
      ]
    ) { results in try Self.countRows(results) }
    Figure("Share of runs that are stuck") { results in try Self.shares(results) }
      .caption(
        "Bars: Wilson 95 % intervals; paper and NumPy have 1000 runs each. Points of one k are drawn side by side.")
    Figure("Final loss of the runs with the largest final losses") {
      Distribution(.finalLoss).color(by: Self.teachers)
        .level(0.0250806, "").level(0.0232027, "").level(0.0215080, "")
    }
    .pooling(Self.surplus).xRange(80...100).yRange(0...0.035)
    .caption(
      "The fifth of the runs with the largest final losses. Dashed, from above: the known levels 0.0250806, 0.0232027 and "
        + "0.0215080 of k = 6, 7 and 8.")
  }

  @ReportBuilder private var endPoints: [Cell] {
    ReportTable(
      "Losses at which stuck runs end",
      columns: [
        .number("k"), .number("n"), .number("level E"), .number("runs"), .number("reference"), .number("difference"),
      ]
    ) {
      results in try Self.levelRows(results)
    }
    ReportTable(
      "End points of the stuck runs, polished and classified by the eigenvalues of the exact Hessian",
      columns: [
        .number("k"), .number("n"), .number("ends"), .number("strict minima"), .number("others"), .number("distinct"),
        .number("least λ"), .number("greatest λ"), .number("moved"),
      ]
    ) { results in try Self.classRows(results) }
    Figure("Loss of every run") { Curve(.loss).runs() }
      .facets(columns: Self.teachers).pooling(Self.surplus).xScale(.log).yScale(.log).yRange(1e-6...10)
    ReportTable(
      "Steps until the run stops",
      columns: [
        .number("k"), .number("n"), .number("median steps"), .number("most steps"), .number("at the step limit"),
        .number("largest final ‖∇E‖₂"),
      ]
    ) { results in try Self.stepRows(results) }
  }

  // MARK: Claims

  @ReportBuilder private var referenceClaims: [Cell] {
    Expect("The numbers of stuck runs agree with the paper's within three standard errors") { results in
      try Self.agreement(results) { $0.paper }
    }
    Expect("The numbers of stuck runs agree with the independent program's within three standard errors") { results in
      try Self.agreement(results) { $0.numPy }
    }
    Expect("Every stuck run of k = 6, 7, 8 with n = k ends within 10⁻⁷ of the known level") { results in
      let entries = try Self.entries(results).filter { $0.reference != nil }
      let off = entries.map { entry in
        entry.stuck.map { abs($0 - (entry.reference?.level ?? .nan)) }.max() ?? 0
      }
      let evidence = zip(entries, off).map {
        "k = \($0.k): \($0.stuck.count) runs, at most \(NumberText.short($1)) off"
      }
      if entries.isEmpty { throw Self.noReference }
      return (off.allSatisfy { $0 < 1e-7 }, evidence.joined(separator: "; "))
    }
  }

  @ReportBuilder private var endPointClaims: [Cell] {
    Expect("With n = k every stuck run ends at a strict minimum: no eigenvalue is negative or zero") { results in
      let ends = try Self.entries(results).filter { $0.surplus == 0 }.flatMap { try $0.stuckResults().ends() }
      if ends.isEmpty { throw Untested("no run with n = k is stuck") }
      let strict = ends.count { $0.kind == .strictMinimum }
      let least = ends.map(\.leastCurvature).min() ?? .nan
      return (strict == ends.count, "\(strict) of \(ends.count), least eigenvalue \(NumberText.short(least))")
    }
    Expect("Every run stops by the gradient rule, none by the limit of steps") { results in
      let left = try results.values(.finalGradientNorm).count { !($0 < Self.tolerance) }
      return (left == 0, "\(left) of \(results.count) runs stopped by the limit")
    }
  }

  @ReportBuilder private var formulaClaims: [Cell] {
    Expect("Verifies the engine: its arccosine is that of the C library to 10⁻¹⁵") { _ in
      let worst = Self.arccosineError()
      return (worst < 1e-15, "largest difference \(NumberText.short(worst)) at 400 001 points of [−1, 1]")
    }
    Expect("Verifies the engine: E and ∇E are those of the formula written out in scalars, to 10⁻¹³") { _ in
      let worst = Self.formulaError()
      return (worst < 1e-13, "largest difference \(NumberText.short(worst)) at 96 points, k = 6, n = 6 and 7")
    }
    Expect("Verifies the gradient: ∇E agrees with central differences of E to 10⁻⁸") { _ in
      let worst = Self.slopeError()
      return (worst < 1e-8, "largest difference \(NumberText.short(worst))")
    }
  }
  // MARK: The set-up

  /// n and k of a set-up: the scale of its initial weights is 1/√k, and it has nk parameters.
  private static func sizes(_ setup: Setup) -> (n: Int, k: Int)? {
    guard let objective = setup.objective, case .normal(let scale) = setup.start, scale > 0 else { return nil }
    let k = Int((1 / (scale * scale)).rounded())
    return k > 0 ? (objective.parameterCount / k, k) : nil
  }

  private static func surplus(of setup: Setup) -> Int { sizes(setup).map { $0.n - $0.k } ?? 0 }

  /// Sizes outside the bounds give an objective without parameters, which the checks of set-ups reject.
  private static func build(_ setup: inout Setup, k: Int, surplus: Int) {
    let isPossible = (1...512).contains(k) && (-512...512).contains(surplus)
    let (students, teachers) = isPossible ? (k + surplus, k) : (0, 0)
    setup.objective = .twoLayerReLUPopulation(students: students, teachers: teachers)
    setup.start = .normal(scale: isPossible ? 1 / Double(k).squareRoot() : 1)
  }

  // MARK: References

  private struct Reference {
    /// Stuck runs of 1000.
    var paper: Int
    var numPy: Int
    /// The loss at which they end.
    var level: Double
  }

  private static let references = [
    6: Reference(paper: 3, numPy: 2, level: 0.0250806), 7: Reference(paper: 55, numPy: 46, level: 0.0232027),
    8: Reference(paper: 126, numPy: 120, level: 0.0215080),
  ]

  /// The runs of one k and n.
  private struct Entry {
    var k: Int
    var surplus: Int
    var results: Results
    /// Final losses of the stuck runs, in increasing order.
    var stuck: [Double]

    var n: Int { k + surplus }
    func stuckResults() throws -> Results { try results.where(.finalLoss, from: bad) }
    var share: Share { Share(stuck.count, of: results.count) }
    var reference: Reference? { surplus == 0 ? SafranShamir.references[k] : nil }

    /// The difference to a count of 1000, in standard errors of the difference of the two shares.
    func distance(to count: Int) -> Double {
      let (p, q) = (share.value, Double(count) / 1000)
      let variance = p * (1 - p) / Double(share.count) + q * (1 - q) / 1000
      return p == q ? 0 : (p - q) / variance.squareRoot()
    }
  }

  private static func entries(_ results: Results) throws -> [Entry] {
    try results.groups(by: teachers).flatMap { k, group in
      try group.groups(by: surplus).compactMap { surplus, runs in
        guard let k = Int("\(k)"), let surplus = Int("\(surplus)") else { return nil }
        let stuck = try runs.values(.finalLoss).filter { !($0 < bad) }.sorted()
        return Entry(k: k, surplus: surplus, results: runs, stuck: stuck)
      }
    }
  }

  private static let noReference = Untested("no size of the sweep has a reference")

  private static func agreement(_ results: Results, _ count: (Reference) -> Int) throws -> (
    passed: Bool, evidence: String
  ) {
    let compared = try entries(results).compactMap { entry in
      entry.reference.map { (entry, count($0), entry.distance(to: count($0))) }
    }
    if compared.isEmpty { throw noReference }
    let evidence = compared.map { entry, count, distance in
      "k = \(entry.k): \(entry.stuck.count) of \(entry.results.count) against \(count) of 1000, \(errors(distance))"
    }
    return (compared.allSatisfy { abs($0.2) <= 3 }, evidence.joined(separator: "; "))
  }

  private static func errors(_ distance: Double) -> String {
    String(format: "%+.1f σ", distance).replacing("-", with: "−")
  }

  // MARK: Tables

  private static func countRows(_ results: Results) throws -> [[String]] {
    try entries(results).map { entry in
      let head = ["\(entry.k)", "\(entry.n)", "\(entry.results.count)", "\(entry.stuck.count)"]
      guard let reference = entry.reference else { return head + ["–", "–", "–", "–", "no reference"] }
      let (paper, numPy) = (entry.distance(to: reference.paper), entry.distance(to: reference.numPy))
      return head + [
        "\(reference.paper)", errors(paper), "\(reference.numPy)", errors(numPy),
        max(abs(paper), abs(numPy)) <= 3 ? "agrees" : "differs",
      ]
    }
  }

  /// Neighbours closer than 10⁻⁷ share a level.
  private static func levels(_ values: [Double]) -> [[Double]] {
    var levels: [[Double]] = []
    for value in values where value.isFinite {
      if let last = levels.last?.last, value - last < 1e-7 {
        levels[levels.count - 1].append(value)
      } else {
        levels.append([value])
      }
    }
    return levels
  }

  private static func levelRows(_ results: Results) throws -> [[String]] {
    try entries(results).flatMap { entry in
      levels(entry.stuck).map { level in
        let value = Statistics.median(level)
        let known = entry.reference?.level
        return [
          "\(entry.k)", "\(entry.n)", String(format: "%.9f", value), "\(level.count)",
          known.map { String(format: "%.7f", $0) } ?? "–", known.map { NumberText.short(value - $0, digits: 2) } ?? "–",
        ]
      }
    }
  }

  private static func classRows(_ results: Results) throws -> [[String]] {
    try entries(results).filter { !$0.stuck.isEmpty }.map { entry in
      let census = try entry.stuckResults().census()
      let strict = census.share(endingIn: .strictMinima).successes
      return [
        "\(entry.k)", "\(entry.n)", "\(census.ends.count)", "\(strict)", "\(census.ends.count - strict)",
        census.words(for: census.count(of: .minima)), NumberText.short(census.ends.map(\.leastCurvature).min() ?? .nan),
        NumberText.short(census.ends.compactMap(\.eigenvalues.last).max() ?? .nan),
        NumberText.short(census.ends.map(\.moved).max() ?? .nan, digits: 2),
      ]
    }
  }

  private static func stepRows(_ results: Results) throws -> [[String]] {
    try entries(results).map { entry in
      let steps = try entry.results.values(.steps)
      let norms = try entry.results.values(.finalGradientNorm)
      let limited = norms.count { !($0 < tolerance) }
      return [
        "\(entry.k)", "\(entry.n)", NumberText.grouped(Int(Statistics.median(steps))),
        NumberText.grouped(Int(steps.max() ?? 0)), "\(limited)", NumberText.short(norms.max() ?? .nan),
      ]
    }
  }

  // MARK: Figures

  private static func shares(_ results: Results) throws -> ChartGrid {
    let entries = try entries(results)
    var marks: [Mark] = []
    func add(_ share: Share, at x: Double, _ series: Int) {
      let color = Palette.categories[series]
      let interval = share.interval
      marks.append(
        .interval(x: x, low: 100 * interval.lowerBound, high: 100 * interval.upperBound, Stroke(color, width: 1)))
      marks.append(.points([Point(x, 100 * share.value)], .category(series), color, radius: 2.8))
    }
    for (place, entry) in entries.enumerated() {
      add(entry.share, at: Double(place) - 0.12, 0)
      guard let reference = entry.reference else { continue }
      add(Share(reference.paper, of: 1000), at: Double(place), 1)
      add(Share(reference.numPy, of: 1000), at: Double(place) + 0.12, 2)
    }
    let names = entries.map { "k = \($0.k), n = \($0.n)" }
    let legend = ["Descent", "paper", "NumPy"].enumerated().map { index, name in
      LegendEntry(name, Palette.categories[index], marker: .category(index))
    }
    let chart = Chart(
      x: AxisStyle("", .ordinal(names)), y: .percent("stuck runs in %"), marks: marks)
    return ChartGrid(chart, legend: legend, aspect: 2.4)
  }

  // MARK: The formula in scalars

  private static func arccosineError() -> Double {
    var worst = 0.0
    for first in stride(from: -200_000, through: 200_000, by: 8) {
      var cosines = SIMD8<Double>(repeating: 1)
      for lane in 0..<8 { cosines[lane] = min(1, Double(first + lane) / 200_000) }
      let angles = Objective.arccos(cosines)
      for lane in 0..<8 { worst = max(worst, abs(angles[lane] - acos(cosines[lane]))) }
    }
    return worst
  }

  /// Points in the whole space, and points so close to a global minimum that all cosines are nearly 0 or 1.
  private static func points(n: Int, k: Int) -> [[Double]] {
    (0..<48).map { index in
      let isNear = index % 2 == 1
      return (0..<n * k).map { place in
        let wave = sin(Double(index * n * k + place + 1) * 12.9898)
        return isNear ? (place / k == place % k ? 1 : 0) + 1e-4 * wave : wave
      }
    }
  }

  private static func formulaError() -> Double {
    [(6, 6), (7, 6)].flatMap { n, k in
      let objective = Objective.twoLayerReLUPopulation(students: n, teachers: k)
      return points(n: n, k: k).map { point in
        let (value, gradient) = objective(point)
        let (wantedValue, wanted) = scalar(point, n: n, k: k)
        return max(abs(value - wantedValue), zip(gradient, wanted).map { abs($0 - $1) }.max() ?? .infinity)
      }
    }.max() ?? .infinity
  }

  private static func slopeError() -> Double {
    let objective = Objective.twoLayerReLUPopulation(students: 6, teachers: 6)
    let h = 1e-6
    return points(n: 6, k: 6).map { point in
      let gradient = objective(point).gradient
      return point.indices.map { i in
        var (ahead, behind) = (point, point)
        ahead[i] += h
        behind[i] -= h
        return abs((objective(ahead).value - objective(behind).value) / (2 * h) - gradient[i])
      }.max() ?? .infinity
    }.max() ?? .infinity
  }

  /// E and ∇E by the formulas, with the C library's functions and one pair at a time.
  private static func scalar(_ point: [Double], n: Int, k: Int) -> (value: Double, gradient: [Double]) {
    func length(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    func angle(_ a: [Double], _ b: [Double]) -> Double {
      let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      return a == b ? 0 : acos(max(-1, min(1, product / (length(a) * length(b)))))
    }
    func g(_ a: [Double], _ b: [Double]) -> Double {
      let phi = angle(a, b)
      return length(a) * length(b) * (sin(phi) + (Double.pi - phi) * cos(phi))
    }
    let students = (0..<n).map { Array(point[$0 * k..<($0 + 1) * k]) }
    let teachers = (0..<k).map { j in (0..<k).map { $0 == j ? 1.0 : 0 } }
    var (value, gradient) = (0.0, Array(repeating: 0.0, count: n * k))
    func add(_ sign: Double, _ other: [Double], to i: Int) {
      let phi = angle(students[i], other)
      for d in 0..<k {
        let along = length(other) * sin(phi) * students[i][d] / length(students[i])
        gradient[i * k + d] += sign * (along + (Double.pi - phi) * other[d]) / (2 * Double.pi)
      }
    }
    for i in 0..<n {
      for other in students {
        value += g(students[i], other) / 2
        add(1, other, to: i)
      }
      for other in teachers {
        value -= g(students[i], other)
        add(-1, other, to: i)
      }
    }
    for a in teachers { value += teachers.reduce(0) { $0 + g(a, $1) / 2 } }
    return (value / (2 * Double.pi), gradient)
  }
}
