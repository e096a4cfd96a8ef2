import Descent

/// XOR with two and three sigmoid units, 500 starts each: the solved shares against a reference, and the exact levels on
/// which the other runs end.
struct XorLevels: Experiment {
  let title = "Where does a network stuck on XOR stand?"

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
  private static let looks = [500, 1_000, 2_000, 5_000, 10_000, 20_000]
  private static let solvedBelow = 0.01
  private static let tolerance = 2e-3
  private static let levels = [(1.0 / 8, "1/8"), (1.0 / 6, "1/6"), (1.0 / 4, "1/4")]
  /// Shares of 500 runs that an independent program solved.
  private static let references = [(hidden: 2, share: 0.83), (hidden: 3, share: 0.988)]
  private static let referenceCount = 500

  var sweep: [Axis] {
    Vary(.hidden, over: [2, 3])
    Seeds(0..<500)
  }

  var report: [Cell] {
    Note(
      """
      XOR has four patterns. A network that answers two of them right and the other two with ½ has a mean squared error of \
      2 · ¼ / 4 = 1/8. Three patterns that share one answer have targets of which one differs: the best common answer is ⅓ or \
      ⅔, and the error (2 · 1/9 + 4/9) / 4 = 1/6. All four at ½ give 1/4. A descent that does not solve XOR should stand on one \
      of these three numbers.

      One hidden layer of sigmoid units, a sigmoid output, all weights and biases uniform in [−1, 1], full-batch gradient \
      descent with η = 2 on the mean squared error. Solved means E < 0.01 after 20 000 steps. The reference is an independent \
      NumPy program with 500 starts of its own: 83 % solved with two hidden units, 98.8 % with three.
      """)
    Figure("Every run") { Curve(.loss).runs().band(.quartiles) }
      .facets(columns: .hidden).xScale(.log).yScale(.log)
    Figure("Solved within 20 000 steps: Descent and the reference") { results in try Self.shares(results) }
      .caption("500 runs each. Bars: Wilson 95 % intervals of both shares.")
    ReportTable(
      "Solved share against the reference",
      columns: ["hidden", "Descent", "reference", "difference", "standard error", "difference / error", "verdict"]
    ) { results in
      try Self.comparisons(results).map { c in
        [
          "\(c.hidden)", "\(c.share)", NumberText.percent(c.reference), NumberText.percent(c.difference),
          NumberText.percent(c.error), NumberText.short(c.difference / c.error, digits: 2),
          c.agrees ? "agrees" : "differs",
        ]
      }
    }
    Figure("Where the runs end") {
      Distribution(.finalLoss).color(by: .hidden).level(1.0 / 8, "1/8").level(1.0 / 6, "1/6").level(1.0 / 4, "1/4")
    }
    .yScale(.log)
    Figure("What stuck networks answer at the end") { results in try Self.answers(results) }
      .caption(
        "Each faint line is one run, its answers in rising order; dashed: the answers that give the level exactly.")
    Figure("Share of runs in each place, in the course of training") { results in try Self.shareCurves(results) }
      .caption("Both widths together. Elsewhere: not solved, and farther than 0.002 from every level.")
    ReportTable(
      "Both widths together: runs in each place, and the gradient norms of those that are elsewhere",
      columns: ["step", "solved", "1/8", "1/6", "1/4", "elsewhere", "their least ‖∇E‖₂", "median", "greatest"]
    ) { results in
      try Self.looks.map { step in
        let found = try Self.count(results, at: step)
        let norms = found.norms.map { NumberText.short($0, digits: 2) }
        return [NumberText.grouped(step)] + found.counts.map { "\($0)" } + (norms.isEmpty ? ["–", "–", "–"] : norms)
      }
    }
    Figure("Unsolved runs at the end: what is left of the gradient") { results in
      Self.distances(results)
    }
    Note(
      """
      ## Where do they go?

      Newton steps that only go downhill, eight looks at the loss on the way of each, carry every run on from where its steps were \
      used up. Near a minimum such steps shrink; here they do not, for a sigmoid comes to 0 or 1 only in the limit. The loss given \
      is that limit.
      """)
    ReportTable.census("Two hidden units: the ends of 500 runs", where: .hidden, is: 2)
    ReportTable.census("Three hidden units: the ends of 500 runs", where: .hidden, is: 3)
    Note { results in
      let end = try Self.count(results, at: Self.horizon)
      let early = try Self.count(results, at: 1_000)
      let later = try Self.count(results, at: 10_000)
      let onLevels = try Self.stuck(results)
      return """
        ## Answer

        \(try Self.comparisons(results).map { "With \($0.hidden) hidden units Descent solves \($0.share); the reference, \(NumberText.percent($0.reference))." }.joined(separator: " ")) \
        After 1000 steps \(early.counts[4]) of \(results.count) runs are neither solved nor on a level. They do not stand there: \
        they are moving, with gradient norms of \(early.norms.first.map { NumberText.short($0, digits: 2) } ?? "–") to \
        \(early.norms.last.map { NumberText.short($0, digits: 2) } ?? "–"). After 20 000 steps \(end.counts[4]) are left between. \
        The \(onLevels.count) stuck runs are within \(NumberText.short(onLevels.map(\.distance).max() ?? .nan)) of their level and \
        still come closer: no finite weights stand on it. Nor is a level always the end: of \(later.counts[1] + later.counts[2]) runs \
        on 1/8 or 1/6 after 10 000 steps, \(end.counts[1] + end.counts[2]) are there after 20 000.
        """
    }
    Expect("The solved share with 2 hidden units is within three standard errors of the reference's 83 %") { results in
      try Self.verdict(results, hidden: 2)
    }
    Expect("The solved share with 3 hidden units is within three standard errors of the reference's 98.8 %") {
      results in
      try Self.verdict(results, hidden: 3)
    }
    Expect("After 20 000 steps every run is solved or within 0.002 of a level; none is in between") { results in
      let end = try Self.count(results, at: Self.horizon)
      let words = zip(["solved", "on 1/8", "on 1/6", "on 1/4", "elsewhere"], end.counts).map { "\($1) \($0)" }
      let norms = end.norms.first.map { "; least gradient norm elsewhere \(NumberText.short($0))" } ?? ""
      return (end.counts[4] == 0, words.joined(separator: ", ") + norms)
    }
    // Limits are read 32 Newton steps ahead, where a tail e⁻ᵗ is below 10⁻¹³; at a plateau's edge E is still a little off.
    Expect("Polished, every end lies on 0, 1/8, 1/6 or 1/4 to 10⁻⁶") { results in
      let off = try results.ends().map { end in
        ([(0, "0")] + Self.levels).map { abs(end.limit - $0.0) }.min() ?? .nan
      }
      let far = off.count { !($0 < 1e-6) }
      return (
        far == 0, "\(far) of \(off.count) do not; greatest distance \(NumberText.short(off.max() ?? .nan, digits: 2))"
      )
    }
    Expect("No end is a finite strict minimum: solutions and stuck places lie at infinity") { results in
      let ends = try results.ends()
      let words = EndPoint.Kind.all.map { kind in (kind, ends.count { $0.kind == kind }) }.filter { $0.1 > 0 }
      return (
        !ends.contains { $0.kind == .strictMinimum },
        words.map { "\($0.0.description) \($0.1)" }.joined(separator: ", ")
      )
    }
    Expect("Stuck runs come closer to their level: the median distance at least halves from step 10 000 to 20 000") {
      results in
      let stuck = try Self.stuck(results)
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

  private static func distance(_ loss: Double) -> Double { levels.map { abs(loss - $0.0) }.min() ?? .nan }

  private static func place(_ loss: Double) -> String {
    if loss < solvedBelow { return "solved" }
    return levels.first { abs(loss - $0.0) < tolerance }?.1 ?? "elsewhere"
  }

  private static func places(_ results: Results) -> [String: [Results.Row]] {
    Dictionary(grouping: results.rows) { place($0.summary.finalLoss) }
  }

  /// Runs on a level at the end, with their distance there and after 10 000 steps.
  private static func stuck(_ results: Results) throws -> [(before: Double, distance: Double)] {
    zip(try results.values(.finalLoss), try results.series(.loss)).compactMap { loss, series in
      guard !["solved", "elsewhere"].contains(place(loss)), let values = series?.values, values.count > 10_000 else {
        return nil
      }
      return (distance(values[10_000]), distance(loss))
    }
  }

  /// How many runs are solved, on 1/8, 1/6, 1/4 and elsewhere at a step; least, median and greatest gradient norm of the last.
  private static func count(_ results: Results, at step: Int) throws -> (counts: [Int], norms: [Double]) {
    let finals = try results.values(.finalLoss)
    let names = ["solved"] + levels.map(\.1) + ["elsewhere"]
    var counts = Array(repeating: 0, count: names.count)
    var norms: [Double] = []
    for (i, pair) in zip(try results.series(.loss), try results.series(.gradientNorm)).enumerated() {
      guard let losses = pair.0?.values, let gradients = pair.1?.values else { continue }
      let name = place(losses.indices.contains(step) ? losses[step] : finals[i])
      counts[names.firstIndex(of: name) ?? 4] += 1
      if name == "elsewhere" {
        norms.append(gradients.indices.contains(step) ? gradients[step] : gradients.last ?? .nan)
      }
    }
    let summary = norms.isEmpty ? [] : [0, 0.5, 1].map { Statistics.quantile(norms, $0) }
    return (counts, summary)
  }

  private static func shareCurves(_ results: Results) throws -> ChartGrid {
    let names = ["solved", "on 1/8", "on 1/6", "on 1/4", "elsewhere"]
    let steps = (0...60).map { i in Int((100 * Exact.exp(Exact.log(200) * Double(i) / 60)).rounded()) }
    let all = try results.series(.loss).compactMap(\.self).map(\.values)
    let finals = try results.values(.finalLoss)
    let keys = ["solved"] + levels.map(\.1) + ["elsewhere"]
    var curves = Array(repeating: [Point](), count: names.count)
    for step in steps {
      var counts = Array(repeating: 0, count: names.count)
      for (i, values) in all.enumerated() {
        let loss = values.indices.contains(step) ? values[step] : finals[i]
        counts[keys.firstIndex(of: place(loss)) ?? 4] += 1
      }
      for i in names.indices { curves[i].append(Point(Double(step), 100 * Double(counts[i]) / Double(all.count))) }
    }
    let marks = curves.enumerated().map { i, points in
      Mark.line(points, Stroke(Palette.categories[i], width: 1.5, dash: Dash.category(i)))
    }
    let legend = names.enumerated().map { LegendEntry($1, Palette.categories[$0], dash: Dash.category($0)) }
    return ChartGrid(
      Chart(x: AxisStyle("step", .log), y: AxisStyle("runs, %"), marks: marks), legend: legend, aspect: 2)
  }

  // MARK: Pictures

  /// The four answers of stuck networks, one panel a level.
  private static func answers(_ results: Results) throws -> ChartGrid {
    // In rising order. One of three alike is answered ⅓ with the fourth at 1, or ⅔ with the fourth at 0.
    let exact: [[[Double]]] = [
      [[0, 0.5, 0.5, 1]], [[1.0 / 3, 1.0 / 3, 1.0 / 3, 1], [0, 2.0 / 3, 2.0 / 3, 2.0 / 3]], [[0.5, 0.5, 0.5, 0.5]],
    ]
    let patterns: [[Double]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    let found = places(results)
    let present = levels.indices.filter { !(found[levels[$0].1] ?? []).isEmpty }
    let charts = try present.map { index -> Chart in
      let rows = found[levels[index].1] ?? []
      let color = Palette.categories[index]
      var marks: [Mark] = try rows.compactMap { row in
        guard let network = try results.network(of: row) else { return nil }
        let outputs = patterns.map { network($0)[0] }.sorted()
        return .line(outputs.enumerated().map { Point(Double($0), $1) }, Stroke(color.opacity(0.35), width: 0.9))
      }
      marks += exact[index].map { answer in
        .line(answer.enumerated().map { Point(Double($0), $1) }, Stroke(.black, width: 0.9, dash: [3, 2]))
      }
      return Chart(
        title: "E = \(levels[index].1), \(rows.count) \(rows.count == 1 ? "run" : "runs")",
        x: AxisStyle("pattern, by answer", .ordinal(["1st", "2nd", "3rd", "4th"])),
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
