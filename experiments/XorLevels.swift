import Descent

/// XOR with two and three sigmoid units: compares the solved shares with a reference, and the losses of the other runs
/// with the exact levels.
struct XorLevels: Experiment {
  let title = "At which losses do runs end that do not solve XOR?"

  var setup: Setup {
    Setup(
      data: .xor,
      network: .mlp(hidden: 2, activation: .sigmoid, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 2),
      initialization: .uniform(scale: 1, biases: true),
      batch: .full,
      stop: .after(steps: Self.horizon))
  }

  private static let horizon = 20_000
  private static let checkpoints = [500, 1_000, 2_000, 5_000, 10_000, 20_000]
  private static let solvedBelow = 0.01
  private static let tolerance = 2e-3
  private static let levels = [(1.0 / 8, "1/8"), (1.0 / 6, "1/6"), (1.0 / 4, "1/4")]
  /// The shares of 500 runs that solve XOR in an independent program.
  private static let references = [(hidden: 2, share: 0.83), (hidden: 3, share: 0.988)]
  private static let referenceCount = 500

  var sweep: [Axis] {
    Vary(.hidden, over: [2, 3])
    Seeds(0..<500)
  }

  var report: [Cell] {
    Note(
      """
      Networks with one hidden layer of two or three sigmoid units and a sigmoid output learn XOR by plain gradient descent with \
      the full batch (η = 2, constant). XOR has four patterns. A network that is right on two of them and has the output ½ for the other two has a mean squared \
      error of 2 · ¼ / 4 = 1/8. If three patterns share one output, one of their targets differs from the other two. The best \
      common output is ⅓ or ⅔, and the error is (2 · 1/9 + 4/9) / 4 = 1/6. The output ½ for all four gives 1/4. These three \
      losses are called levels. Do all runs that do not solve XOR end on one of them?

      Initial weights and biases are uniform in [−1, 1]. Every step uses all four patterns, so that a run can come to rest on a \
      level; with one random sample it would fluctuate around it. E is the mean squared error. Solved means E < 0.01 after \
      20 000 steps. The reference is an independent NumPy program with 500 seeds of its own: 83 % solved with two hidden units, \
      98.8 % with three.
      """)
    comparison
    levelCells
    census
    answer
    referenceClaims
    endPointClaims
  }

  @ReportBuilder private var comparison: [Cell] {
    Figure("Loss of every run") { Curve(.loss).runs().band(.quartiles) }
      .facets(columns: .hidden).xScale(.log).yScale(.log)
    Figure("Share of runs that solve XOR: Descent and the reference") { results in try Self.shares(results) }
      .caption("Bars: Wilson 95 % intervals of both shares; the reference has 500 runs of each width.")
    ReportTable(
      "Solved share against the reference",
      columns: [
        .number("hidden"), .number("Descent"), .number("reference"), .number("difference"), .number("standard error"),
        .number("difference / error"), "verdict",
      ]
    ) { results in
      try Self.comparisons(results).map { c in
        [
          "\(c.hidden)", "\(c.share)", NumberText.percent(c.reference), NumberText.percent(c.difference),
          NumberText.percent(c.error), NumberText.short(c.difference / c.error, digits: 2),
          c.agrees ? "agrees" : "differs",
        ]
      }
    }
  }

  @ReportBuilder private var levelCells: [Cell] {
    Figure("Final loss of every run") {
      Distribution(.finalLoss).color(by: .hidden).level(1.0 / 8, "1/8").level(1.0 / 6, "1/6").level(1.0 / 4, "1/4")
    }
    .yScale(.log).yRange(1e-4...0.4)
    Figure("Outputs of the networks that end on a level") { results in try Self.outputs(results) }
      .caption(
        """
        Each faint line is one run: its outputs for the four patterns in increasing order. Dashed: outputs that give the level \
        exactly. Both widths together.
        """)
    Figure("Share of runs by class, during training") { results in try Self.shareCurves(results) }
      .caption("Both widths together. Elsewhere: not solved, and farther than 0.002 from every level.")
    ReportTable(
      "Runs by class, both widths together, and the gradient norms of those elsewhere",
      columns: [
        .number("step"), .number("solved"), .number("1/8"), .number("1/6"), .number("1/4"), .number("elsewhere"),
        .number("their least ‖∇E‖₂"), .number("median"), .number("greatest"),
      ]
    ) { results in
      try Self.checkpoints.map { step in
        let found = try Self.count(results, at: step)
        let norms = found.norms.map { NumberText.short($0, digits: 2) }
        return [NumberText.grouped(step)] + found.counts.map { "\($0)" } + (norms.isEmpty ? ["–", "–", "–"] : norms)
      }
    }
    Figure("Unsolved runs at the end: gradient norm against distance to the nearest level") { results in
      Self.distances(results)
    }
    .caption("One mark per run. Dashed: the distance 0.002 within which a run counts as on a level.")
  }

  @ReportBuilder private var census: [Cell] {
    Note(
      """
      ## Classifying the end points

      Newton steps continue every run from its final weights. Each step goes only as far as the loss decreases. Near a finite \
      minimum such steps become small. Here they do not, because a sigmoid reaches 0 or 1 only in the limit. The loss in the \
      tables is that limit.
      """)
    ReportTable.census("Two hidden units: end points of all runs", where: .hidden, is: 2)
    ReportTable.census("Three hidden units: end points of all runs", where: .hidden, is: 3)
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let end = try Self.count(results, at: Self.horizon)
      let early = try Self.count(results, at: 1_000)
      let later = try Self.count(results, at: 10_000)
      let onLevels = try Self.stuck(results)
      let solved = try Self.comparisons(results).map {
        "With \($0.hidden) hidden units Descent solves \($0.share), and the reference \(NumberText.percent($0.reference))."
      }
      return """
        ## Answer

        \(solved.joined(separator: " ")) After 1000 steps \(early.counts[4]) of \(results.count) runs are neither solved nor on \
        a level. They are not stationary: their gradient norms are \
        \(early.norms.first.map { NumberText.short($0, digits: 2) } ?? "–") to \
        \(early.norms.last.map { NumberText.short($0, digits: 2) } ?? "–"). After 20 000 steps \(end.counts[4]) runs are neither. \
        The \(onLevels.count) unsolved runs on a level are within \(NumberText.short(onLevels.map(\.distance).max() ?? .nan)) of \
        it. A level need not be final: of \(later.counts[1] + later.counts[2]) runs on 1/8 or 1/6 after 10 000 steps, \
        \(end.counts[1] + end.counts[2]) runs are there after 20 000.
        """
    }
  }

  // MARK: Claims

  @ReportBuilder private var referenceClaims: [Cell] {
    Expect("The solved share with 2 hidden units is within three standard errors of the reference's 83 %") { results in
      try Self.verdict(results, hidden: 2)
    }
    Expect("The solved share with 3 hidden units is within three standard errors of the reference's 98.8 %") {
      results in
      try Self.verdict(results, hidden: 3)
    }
    Expect("After 20 000 steps every run is solved or within 0.002 of a level") { results in
      let end = try Self.count(results, at: Self.horizon)
      let words = zip(Self.classTitles, end.counts).map { "\($1) \($0)" }
      let norms = end.norms.first.map { "; least gradient norm elsewhere \(NumberText.short($0))" } ?? ""
      return (end.counts[4] == 0, words.joined(separator: ", ") + norms)
    }
  }

  @ReportBuilder private var endPointClaims: [Cell] {
    // Limits are computed 32 Newton steps ahead, where a tail e⁻ᵗ is below 10⁻¹³; at the edge of a plateau E is still a
    // little off.
    Expect("After the Newton steps every run has a limit of 0, 1/8, 1/6 or 1/4, to 10⁻⁶") { results in
      let off = try results.ends().map { end in
        ([(0, "0")] + Self.levels).map { abs(end.limit - $0.0) }.min() ?? .nan
      }
      let far = off.count { !($0 < 1e-6) }
      return (
        far == 0, "\(far) of \(off.count) do not; greatest distance \(NumberText.short(off.max() ?? .nan, digits: 2))"
      )
    }
    Expect("No end point is a finite strict minimum") { results in
      let ends = try results.ends()
      let words = EndPoint.Kind.all.map { kind in (kind, ends.count { $0.kind == kind }) }.filter { $0.1 > 0 }
      return (
        !ends.contains { $0.kind == .strictMinimum },
        words.map { "\($0.0.description) \($0.1)" }.joined(separator: ", ")
      )
    }
    Expect("Runs on a level approach it: their median distance at least halves from step 10 000 to 20 000") { results in
      let stuck = try Self.stuck(results)
      if stuck.isEmpty { throw Untested("no run ends on a level") }
      let (a, b) = (Statistics.median(stuck.map(\.before)), Statistics.median(stuck.map(\.distance)))
      return (b <= a / 2, "median distance \(NumberText.short(a)), later \(NumberText.short(b)), n = \(stuck.count)")
    }
  }
  // MARK: Shares

  private struct Compared {
    var hidden: Int
    var share: Share
    var reference: Double
    var difference: Double { share.value - reference }
    /// Of the difference of two independent shares.
    var error: Double {
      let (p, q) = (share.value, reference)
      return (p * (1 - p) / Double(share.count) + q * (1 - q) / Double(XorLevels.referenceCount)).squareRoot()
    }
    var agrees: Bool { abs(difference) <= 3 * error }
  }

  private static func comparisons(_ results: Results) throws -> [Compared] {
    try references.map { hidden, share in
      Compared(
        hidden: hidden, share: try results.where(.hidden, is: hidden).share(of: .finalLoss, below: solvedBelow),
        reference: share
      )
    }
  }

  private static func verdict(_ results: Results, hidden: Int) throws -> (Bool, String) {
    guard let c = try comparisons(results).first(where: { $0.hidden == hidden }) else { return (false, "no runs") }
    let evidence =
      "\(c.share) against \(NumberText.percent(c.reference)); difference \(NumberText.percent(c.difference)), "
      + "standard error \(NumberText.percent(c.error))"
    return (c.agrees, evidence)
  }

  private static func shares(_ results: Results) throws -> ChartGrid {
    var marks: [Mark] = []
    for (index, c) in try comparisons(results).enumerated() {
      let reference = Share(Int((c.reference * Double(referenceCount)).rounded()), of: referenceCount)
      for (shift, share, color, marker) in [
        (-0.12, c.share, Palette.categories[0], Marker.circle), (0.12, reference, Palette.categories[1], .square),
      ] {
        let x = Double(index) + shift
        let interval = share.interval
        marks.append(
          .interval(x: x, low: 100 * interval.lowerBound, high: 100 * interval.upperBound, Stroke(color, width: 1.2)))
        marks.append(.points([Point(x, 100 * share.value)], marker, color, radius: 3))
      }
    }
    let x = AxisStyle("hidden units", .ordinal(references.map { "\($0.hidden)" }))
    let legend = [
      LegendEntry("Descent", Palette.categories[0], marker: .circle),
      LegendEntry("reference", Palette.categories[1], marker: .square),
    ]
    return ChartGrid(
      Chart(x: x, y: AxisStyle("solved, %", domain: 75...100.5), marks: marks), legend: legend, aspect: 2)
  }

  // MARK: Levels

  /// The distance of a loss to the nearest level.
  private static func distance(_ loss: Double) -> Double { levels.map { abs(loss - $0.0) }.min() ?? .nan }

  private static let classTitles = ["solved"] + levels.map { "on \($0.1)" } + ["elsewhere"]

  /// The class of a loss, by its place in `classTitles`.
  private static func classOf(_ loss: Double) -> Int {
    if loss < solvedBelow { return 0 }
    return levels.firstIndex { abs(loss - $0.0) < tolerance }.map { $0 + 1 } ?? levels.count + 1
  }

  private static func isOnLevel(_ loss: Double) -> Bool { (1...levels.count).contains(classOf(loss)) }

  /// Runs on a level at the end, with their distance there and after 10 000 steps.
  private static func stuck(_ results: Results) throws -> [(before: Double, distance: Double)] {
    zip(try results.values(.finalLoss), try results.series(.loss)).compactMap { loss, series in
      guard isOnLevel(loss), let values = series?.values, values.count > 10_000 else { return nil }
      return (distance(values[10_000]), distance(loss))
    }
  }

  /// The class of every run at a step; a run that has ended by then counts with its final loss.
  private static func classes(_ results: Results, at steps: [Int]) throws -> [[Int]] {
    let runs = zip(try results.series(.loss), try results.values(.finalLoss)).compactMap { series, final in
      series.map { (losses: $0.values, final: final) }
    }
    return steps.map { step in runs.map { classOf($0.losses.indices.contains(step) ? $0.losses[step] : $0.final) } }
  }

  private static func counts(_ classes: [Int]) -> [Int] {
    classTitles.indices.map { index in classes.count { $0 == index } }
  }

  /// Numbers of runs by class at a step; least, median and greatest gradient norm of those elsewhere.
  private static func count(_ results: Results, at step: Int) throws -> (counts: [Int], norms: [Double]) {
    let classes = try classes(results, at: [step])[0]
    let gradients = try results.series(.gradientNorm).compactMap { $0?.values }
    let norms = zip(classes, gradients).filter { $0.0 == levels.count + 1 }.map { _, norms in
      norms.indices.contains(step) ? norms[step] : norms.last ?? .nan
    }
    return (counts(classes), norms.isEmpty ? [] : [0, 0.5, 1].map { Statistics.quantile(norms, $0) })
  }

  private static func shareCurves(_ results: Results) throws -> ChartGrid {
    let steps = (0...60).map { i in Int((100 * Exact.exp(Exact.log(200) * Double(i) / 60)).rounded()) }
    let found = try classes(results, at: steps)
    let shares = found.map { classes in counts(classes).map { 100 * Double($0) / Double(classes.count) } }
    let marks = classTitles.indices.map { i in
      Mark.line(
        zip(steps, shares).map { Point(Double($0), $1[i]) },
        Stroke(Palette.categories[i], width: 1.5, dash: Dash.category(i)))
    }
    let legend = classTitles.enumerated().map { LegendEntry($1, Palette.categories[$0], dash: Dash.category($0)) }
    return ChartGrid(
      Chart(x: AxisStyle("step", .log), y: AxisStyle("runs, %"), marks: marks), legend: legend, aspect: 2)
  }
  // MARK: Figures

  /// The four outputs of networks that end on a level, one panel for each level.
  private static func outputs(_ results: Results) throws -> ChartGrid {
    // In increasing order. Three patterns with a common output have ⅓ and the fourth has 1, or they have ⅔ and the
    // fourth has 0.
    let exact: [[[Double]]] = [
      [[0, 0.5, 0.5, 1]], [[1.0 / 3, 1.0 / 3, 1.0 / 3, 1], [0, 2.0 / 3, 2.0 / 3, 2.0 / 3]], [[0.5, 0.5, 0.5, 0.5]],
    ]
    let patterns: [[Double]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    let found = levels.indices.map { level in results.rows.filter { classOf($0.summary.finalLoss) == level + 1 } }
    let charts = try levels.indices.filter { !found[$0].isEmpty }.map { index -> Chart in
      let rows = found[index]
      let color = Palette.categories[index]
      var marks: [Mark] = try rows.compactMap { row in
        guard let network = try results.network(of: row) else { return nil }
        let outputs = patterns.map { network($0)[0] }.sorted()
        return .line(outputs.enumerated().map { Point(Double($0), $1) }, Stroke(color.opacity(0.35), width: 0.9))
      }
      marks += exact[index].map { outputs in
        .line(outputs.enumerated().map { Point(Double($0), $1) }, Stroke(.black, width: 0.9, dash: [3, 2]))
      }
      return Chart(
        title: "E = \(levels[index].1), \(rows.count) \(rows.count == 1 ? "run" : "runs")",
        x: AxisStyle("pattern, by output", .ordinal(["1st", "2nd", "3rd", "4th"])),
        y: AxisStyle("network output y", domain: -0.05...1.05), marks: marks)
    }
    return ChartGrid([charts], aspect: 1.2)
  }
  private static func distances(_ results: Results) -> ChartGrid {
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    for (index, hidden) in [2, 3].enumerated() {
      let color = Palette.categories[index]
      let points = results.where(.hidden, is: hidden).rows.filter { $0.summary.finalLoss >= solvedBelow }
        .map { Point(distance($0.summary.finalLoss), $0.summary.finalGradientNorm) }
      marks.append(.points(points, .category(index), color.opacity(0.6), radius: 2.4))
      legend.append(LegendEntry("\(hidden) hidden units", color, marker: .category(index)))
    }
    let rule = Stroke(.gray, width: 0.8, dash: [4, 2])
    marks.append(.verticalRule(tolerance, label: "0.002", rule))
    return ChartGrid(
      Chart(
        x: AxisStyle("distance of E to the nearest level", .log),
        y: AxisStyle("gradient norm ‖∇E‖₂", .log, domain: 1e-5...1e-3),
        marks: marks),
      legend: legend, aspect: 2)
  }
}
