import Descent
import Textbook

/// The α/β network by full-batch gradient descent: one activation per output, a loss that is a sum, schedules, initial weights.
struct AlphaBeta: Experiment {
  let title = "Which learning rate suits a loss that is a sum over the samples?"

  var setup: Setup {
    Setup(
      data: Self.curves(16),
      network: Network(hidden: [6], activation: .sigmoid, output: Self.outputs),
      loss: .sumOfSquares,
      optimizer: .gradientDescent(learningRate: 0.01),
      initialization: .normal(scale: 0.1, biases: true),
      batch: .full,
      stop: .after(steps: Self.steps))
  }

  var sweep: [Axis] {
    Vary(Self.count, over: Self.sizes)
    Vary(.learningRate, over: Self.rates)
    Variants(
      "case",
      Self.schedules.map { entry in Variant(entry.name) { $0.optimizer.schedule = entry.schedule } } + [
        Variant(Self.zero) { $0.initialization = .zero },
        Variant(Self.large) { $0.initialization = .normal(scale: 10, biases: true) },
      ])
    Seeds(0..<16)
  }

  var report: [Cell] {
    Note(
      """
      A network has one input x, six hidden units z_m = σ(⟨α_m, x⟩) and three outputs ŷ_k = g_k(⟨β_k, z⟩). Here x = [1, x] \
      and z = [1, z_1 … z_6] begin with a 1, so that component 0 of α_m and of β_k is the bias. Each output has its own \
      activation g_k, which suits its target. The loss is R(θ) = Σ_i R^i(θ) with R^i = Σ_k (y_k − ŷ_k)². It is the sum over \
      all n samples; it is not divided by n. All runs use full-batch gradient descent: step r computes

      - (2)  θ^{(r)} = θ^{(r−1)} − η^{(r)} ∇R(θ^{(r−1)})

      with the gradient of the whole sum. The report asks five questions: How are the derivatives computed? What does g_k do? \
      How does the usable rate η depend on n? What does a schedule η^{(r)} change? Why are the initial parameters small \
      random numbers?
      """)
    derived
    activations
    usableRates
    schedules
    initializations
    saddle
    answer
    claims
  }

  @ReportBuilder private var derived: [Cell] {
    Note(
      """
      ## The derivatives of one sample

      The notes allow any distance d(y, ŷ): R^i = Σ_k d(y_k, ŷ_k). Then the "error" at output k is \
      δ_k = ∂d/∂ŷ_k · g_k′(⟨β_k, z⟩), and for the squared distance it is

      - (1)  δ_k = −2(y_k − ŷ_k) g_k′(⟨β_k, z⟩),  ∂R^i/∂β_{km} = δ_k z_m.

      Every hidden unit affects all outputs, so the errors of all outputs are propagated back to it:

      - s_m = σ′(⟨α_m, x⟩) Σ_k δ_k β_{km},  ∂R^i/∂α_{mℓ} = s_m x_ℓ.

      The table computes them for the first sample of the run with the first seed (n = 16, small initialization) at its initial \
      parameters, in two ways: by the formulas as plain loops, and by the engine that trains the runs. The last lines sum over \
      all samples and make the first step (2).
      """)
    ReportTable.derivation("The derivatives of one sample, and one step on all samples") { try Self.derivation($0) }
  }

  private static func derivation(_ results: Results) throws -> [DerivationLine] {
    let eta = middleRate
    let runs = smallRuns(results).where(count, is: 16).where(.learningRate, is: eta)
    guard let row = try runs.run(.firstSeed), let data = try runs.dataset(of: row)?.training,
      let shape = try runs.network(of: row)?.architecture
    else { return [] }
    let steps = try runs.trajectory(of: row, at: [0, 1])
    let (start, network) = (steps[0], textbook(shape, steps[0]))
    let samples = (0..<data.count).map { i in (x: [data.inputs[i]], y: Array(data.targets[3 * i..<3 * i + 3])) }
    let (x, y) = samples[0]
    let (z, yHat, own) = (network.hidden(x), network.output(x), network.gradient(x, y))
    let engine = try runs.backwardPass(of: row, at: start, sample: 0)
    let all = try runs.gradients(at: [start], like: row)[0].gradient
    let gradients = samples.map { network.gradient($0.x, $0.y) }
    var next = network
    next.step(samples, eta: eta)
    let (alpha, beta) = (shape.layers[0], shape.layers[1])
    func line(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) -> DerivationLine {
      DerivationLine(quantity, formula, textbook: textbook, engine: engine)
    }
    var lines = [0, 1].map { m in line("z_\(m + 1)", "σ(⟨α_\(m + 1), x⟩)", z[m + 1], engine.outputs[0][m]) }
    lines += yHat.indices.map { k in
      line("ŷ_\(k + 1)", "g_\(k + 1)(⟨β_\(k + 1), z⟩), g_\(k + 1): \(outputs[k].name)", yHat[k], engine.outputs[1][k])
    }
    lines.append(line("R¹", "Σ_k (y_k − ŷ_k)²", network.risk(x, y), engine.loss))
    lines += own.delta.indices.map { k in
      line("δ_\(k + 1)", "−2(y_\(k + 1) − ŷ_\(k + 1)) g_\(k + 1)′(⟨β_\(k + 1), z⟩)", own.delta[k], engine.delta[1][k])
    }
    lines += [
      line("∂R¹/∂β_{10}", "δ_1 z_0 = δ_1 (bias)", own.beta[0][0], engine.gradient[beta.bias(0)]),
      line("∂R¹/∂β_{11}", "δ_1 z_1", own.beta[0][1], engine.gradient[beta.weight(0, 0)]),
      line("∂R¹/∂β_{32}", "δ_3 z_2", own.beta[2][2], engine.gradient[beta.weight(2, 1)]),
      line(
        "∂R¹/∂z_1", "Σ_k δ_k β_{k1}", own.delta.indices.reduce(0) { $0 + own.delta[$1] * network.beta[$1][1] },
        engine.byOutput[0][0]),
    ]
    lines += [0, 1].map { m in
      line("s_\(m + 1)", "σ′(⟨α_\(m + 1), x⟩) Σ_k δ_k β_{k\(m + 1)}", own.s[m], engine.delta[0][m])
    }
    lines += [
      line("∂R¹/∂α_{10}", "s_1 x_0 = s_1 (bias)", own.alpha[0][0], engine.gradient[alpha.bias(0)]),
      line("∂R¹/∂α_{11}", "s_1 x_1", own.alpha[0][1], engine.gradient[alpha.weight(0, 0)]),
      line("∂R/∂β_{11}", "Σ_i δ_1^i z_1^i", gradients.reduce(0) { $0 + $1.beta[0][1] }, all[beta.weight(0, 0)]),
      line("∂R/∂α_{11}", "Σ_i s_1^i x_1^i", gradients.reduce(0) { $0 + $1.alpha[0][1] }, all[alpha.weight(0, 0)]),
      line("β_{11}^{(1)}", "β_{11} − η ∂R/∂β_{11}", next.beta[0][1], steps[1][beta.weight(0, 0)]),
      line("α_{11}^{(1)}", "α_{11} − η ∂R/∂α_{11}", next.alpha[0][1], steps[1][alpha.weight(0, 0)]),
    ]
    return lines
  }

  /// The textbook's network with parameters of the engine.
  private static func textbook(_ shape: Architecture, _ theta: [Double]) -> AlphaBetaNetwork {
    // Component 0 of each row is the bias.
    func rows(_ layer: Architecture.Layer) -> [[Double]] {
      (0..<layer.units).map { unit in
        [theta[layer.bias(unit)]] + (0..<layer.inputs).map { theta[layer.weight(unit, $0)] }
      }
    }
    return AlphaBetaNetwork(
      alpha: rows(shape.layers[0]), beta: rows(shape.layers[1]), g: [.identity, .sigmoid, .softplus])
  }

  @ReportBuilder private var activations: [Cell] {
    Note("## What the output activation g_k does")
    Figure("Three outputs of one network, each with its own activation") { try Self.outputPanels($0) }
      .caption(
        """
        Points: the 16 samples. Line: the output ŷ_k of the run with the smallest final loss among all runs with n = 16, small \
        initialization and a constant rate. Dashed: ⟨β_k, z⟩, the input of g_k. It can leave the range of the target; \
        ŷ_k cannot.
        """)
  }

  @ReportBuilder private var usableRates: [Cell] {
    Note(
      """
      ## How the usable rate depends on n

      A run *succeeds* if it ends with a loss per sample R/n below \(NumberText.short(Self.bound)) after \
      \(Self.steps) steps. A rate is *usable* if the share of runs that succeed is above one half, with 95 % confidence: \
      Wilson's interval of the share lies above 50 %. A rate is *too large* if it is above the largest usable rate and the \
      interval lies below 50 %. The edge of usable rates is between the two.
      """)
    Figure("Final loss per sample against η and against ηn") { try Self.collapse($0) }
      .caption(
        """
        Medians over the seeds of runs with small initialization after \(Self.steps) steps at a constant rate, for each n and \
        η. A curve ends where the median run diverges. Right: the same medians against ηn. Dashed: R/n = \
        \(NumberText.short(Self.bound)).
        """)
    Figure("Share of runs that succeed against ηn") { try Self.successes($0) }
      .caption(
        """
        Runs with small initialization and a constant rate that end with R/n below \(NumberText.short(Self.bound)), for \
        each n. Bars: 95 % intervals (Wilson). The points of the five n are shifted a little so that they do not cover each \
        other. Small rates are too slow for \(Self.steps) steps; large rates do not converge.
        """)
    ReportTable(
      "Edge of usable rates for each number of samples (small initialization, constant rate)",
      columns: [
        .number("n"), .number("largest usable η"), "runs that succeed, 95 % interval",
        .number("next η that is too large"),
        "runs that succeed there", .number("ηn from"), .number("ηn to"),
      ]
    ) { results in
      try Self.edges(results).map { edge in
        [
          "\(edge.n)", NumberText.short(edge.low), Self.short(edge.lowShare), NumberText.short(edge.high),
          Self.short(edge.highShare), NumberText.short(edge.low * Double(edge.n)),
          NumberText.short(edge.high * Double(edge.n)),
        ]
      }
    }
    Note { try Self.edgeSentences($0) }
  }

  private static func edgeSentences(_ results: Results) throws -> String {
    let edges = try edges(results)
    guard edges.count > 1, let slope = slope(edges), let common = common(edges) else {
      return "These runs do not determine the edge for two or more values of n."
    }
    let dips = try dips(results)
    let dip = dips.min { $0.share.value < $1.share.value }
    let dipWords =
      dip.map {
        """
         Below the edge the share of success need not increase with η: for n = \($0.n) it is \($0.share) at \
        ηn = \(NumberText.short($0.rate * Double($0.n))), below its value at a smaller and at a larger rate.
        """
      } ?? ""
    return """
      The gradient of a sum over n samples grows in proportion to n, so with four times as many samples the same η gives a \
      step about four times as long. \
      \(common.low < common.high
        ? "One value of ηn between \(NumberText.short(common.low)) and \(NumberText.short(common.high)) lies in the bracket of every n: the edge is proportional to 1/n within the resolution of the sweep."
        : "No value of ηn lies in the brackets of all n: the edge is not exactly proportional to 1/n.") \
      The slope of ln(edge) against ln n is between \(NumberText.short(slope.low)) and \(NumberText.short(slope.high)), for \
      all edges inside their brackets; −1 means proportional to 1/n, and 0, which a mean over the samples would have, is \
      \(slope.low <= 0 && slope.high >= 0 ? "inside" : "outside"). Neighbouring rates of the sweep differ by a factor of √2, \
      which limits the precision.\(dipWords)
      """
  }

  @ReportBuilder private var schedules: [Cell] {
    Note("## What a schedule changes")
    Figure("Loss for four schedules at three base rates") { try Self.scheduleCurves($0) }
      .caption(
        """
        n = 16, small initialization: median over the seeds at each step. All four schedules begin at the base rate η of \
        the panel. The y axis shows 0.1 to 10⁴; a run that diverged counts as infinite after its last step.
        """)
    ReportTable(
      "Each schedule at n = 16 with small initialization: medians over the seeds",
      columns: [
        "schedule", .number("best base η"), .number("its median loss R"),
        .number("largest base η with median R/n below the bound"),
        .number("largest base η without a diverged run"), .number("Σ_r η^{(r)}/η"),
      ]
    ) { results in
      try Self.groupsBySchedule(results).map { schedule, runs in
        let best = try runs.best(.learningRate, by: .finalLoss)
        let rates = runs.groups(by: .learningRate)
        let low = try rates.last { try $0.results.median(.finalLoss) < 16 * Self.bound }
        let finite = rates.last { $0.results.divergedCount == 0 }
        return [
          schedule, best?.value.description ?? "–", NumberText.short(try best?.results.median(.finalLoss) ?? .nan),
          low?.value.description ?? "none", finite?.value.description ?? "none",
          NumberText.short(Self.sum(of: schedule)),
        ]
      }
    }
    Note { results in
      let table = try Self.groupsBySchedule(results).compactMap { schedule, runs in
        try runs.best(.learningRate, by: .finalLoss).map { (schedule, loss: try $0.results.median(.finalLoss)) }
      }
      let best = table.min { $0.loss < $1.loss }?.0 ?? "none"
      let largest = Self.groupsBySchedule(results).map { schedule, runs in
        (schedule, rate: runs.groups(by: .learningRate).last { $0.results.divergedCount == 0 }?.value.number ?? 0)
      }
      let constant = largest.first { $0.0 == Self.schedules[0].words }?.rate ?? .infinity
      let safer = largest.filter { $0.rate > constant }.map(\.0)
      return """
        The bound is R/n = \(NumberText.short(Self.bound)). The last column is the sum of all \(Self.steps) rates in units of \
        the base rate: with the schedule η/r they add up to \
        \(NumberText.short(Self.sum(of: Self.schedules[1].words))) base rates, and the later steps are very short. A decreasing rate averages out \
        sampling noise, and the gradient of all samples has none. \
        \(best == Self.schedules[0].words ? "Here a constant rate gives the smallest median loss of the table" : "The smallest median loss of the table belongs to “\(best)”"). \
        \(safer.isEmpty ? "No schedule allows a larger base rate without a diverged run than the constant rate." : "A larger base rate without a diverged run than the constant rate is possible with: \(safer.joined(separator: "; ")). A schedule can begin at a rate at which a constant rate does not converge, and decrease it later.")
        """
    }
  }

  @ReportBuilder private var initializations: [Cell] {
    Note("## Why the initial parameters are small random numbers")
    Figure("Loss for small, zero and large initialization") { try Self.initialCurves($0) }
      .caption(
        """
        n = 16 and the constant rate η = \(NumberText.short(Self.middleRate)). Lines: median over the seeds; faint lines: \
        single runs.
        """)
    ReportTable(
      "After training at n = 16 with the constant rate η = \(NumberText.short(Self.middleRate)): medians over the seeds",
      columns: [
        "initialization", .number("final loss R"), .number("spread of the hidden units"), .number("mean σ′"),
        "class of the end points",
      ]
    ) { results in
      try zip(Self.initialCases, Self.initialTitles).map { name, title in
        let runs = Self.middleRuns(results).where(.variant("case"), is: name)
        let ends = try Self.classified(runs)
        let kinds = EndPoint.Kind.all.compactMap { kind -> String? in
          let number = ends.count { $0.kind == kind }
          return number == 0 ? nil : "\(number) \(kind)"
        }
        let numbers = [
          try runs.median(.finalLoss), try Self.median(of: runs) { Self.unitSpread($0) },
          try Self.median(of: runs) { Self.meanSlope($0) },
        ]
        return [title] + numbers.map { NumberText.short($0) } + [kinds.joined(separator: ", ")]
      }
    }
  }

  @ReportBuilder private var saddle: [Cell] {
    Note { try Self.initialSentences($0) }
    Figure("Gradient descent from the saddle of zero initialization, with and without a nudge") {
      try Self.escapes($0)
    }
    .caption(
      """
      n = 16, η = \(NumberText.short(Self.escapeRate)). \(Self.nudges) runs start at the saddle plus a nudge \
      10⁻⁶·N(0, 1) of every parameter; one run starts at the saddle itself. Left: loss. Right: distance from the saddle; \
      dotted: the factor 1 − η·λ_min per step, through the median at step 200. A distance of 0 is not drawn.
      """)
    Note { try Self.escapeSentences($0) }
  }

  private static func initialSentences(_ results: Results) throws -> String {
    let runs = initialCases.map { middleRuns(results).where(.variant("case"), is: $0) }
    guard runs.allSatisfy({ !$0.isEmpty }) else { return "The sweep does not contain all three initializations." }
    let spreads = try runs.map { try median(of: $0) { unitSpread($0) } }
    let slopes = try runs.map { try median(of: $0) { meanSlope($0) } }
    let ends = try runs.map { try classified($0) }
    let minima = ends[0].count(where: \.isMinimum)
    let growing = ends[0].count { $0.kind == .atInfinity }
    let saddle = ends[1][0]
    return """
      The spread is the largest difference between the outputs of two hidden units for the same sample. With zero \
      initialization it is \(NumberText.short(spreads[1])): units with equal parameters have equal gradients, so all six units \
      compute the same function. With large initialization most inputs of σ are far from 0, where σ′ (at most ¼) is \
      small: its mean is \(NumberText.short(slopes[2])), against \(NumberText.short(slopes[0])) with small initialization. \
      The gradient of α contains the factor σ′.

      The classes come from the Hessian, after Newton steps have led each end point to a stationary point. For zero \
      initialization the Newton steps keep all units equal, as gradient descent does. The aim of the lecture is a *local* \
      optimum. \
      \(minima == ends[0].count ? "All" : minima == 0 ? "None" : "\(minima)") of the \(ends[0].count) runs with small \
      initialization \(minima == 1 ? "leads" : "lead") to a minimum; for \(growing) the loss decreases along a path on which \
      the parameters grow without bound, and those that are still moving need more steps. \
      \(saddle.kind == .saddle ? "Zero initialization leads to a saddle with R = \(NumberText.short(saddle.loss)): \(saddle.index) eigenvalues of the Hessian are negative there, the smallest is λ_min = \(NumberText.short(saddle.eigenvalues.first ?? .nan)). Gradient descent cannot leave it, because its steps keep the units equal." : "Zero initialization does not lead to a saddle.")
      """
  }

  private static func escapeSentences(_ results: Results) throws -> String {
    guard let escape = try escape(results) else { return "These runs have no zero initialization at n = 16." }
    let last = escape.curves.map { $0.losses.last ?? .nan }
    let isSmall = (last.dropFirst().max() ?? .nan) < 0.1 * last[0]
    return """
      Without a nudge the loss stays at \(NumberText.short(last[0])). After \(Self.escapeSteps) steps with a nudge it is \
      \(NumberText.interval((last.dropFirst().min() ?? 0)...(last.dropFirst().max() ?? 0))). The component of the nudge along the \
      eigenvector of λ_min = \(NumberText.short(escape.curvature)) grows by the factor 1 − η·λ_min = \
      \(NumberText.short(escape.predicted, digits: 5)) per step; the measured factor is \
      \(NumberText.short(Statistics.median(escape.factors), digits: 5)). \
      \(isSmall ? "So zero is a bad initialization only because it is exactly symmetric: random numbers of any size break the symmetry, and small ones keep σ′ large. This is why the lecture asks for random *and* small initial parameters." : "")
      """
  }

  private var answer: Note {
    Note { results in
      let edges = try Self.edges(results)
      let rate = Self.common(edges).map {
        "The largest usable rate lies between \(NumberText.short($0.low))/n and \(NumberText.short($0.high))/n here"
      }
      let losses = try Self.initialCases.map {
        try Self.middleRuns(results).where(.variant("case"), is: $0).median(.finalLoss)
      }
      return """
        ## Answer

        - **Rate.** \(rate ?? "These runs do not determine the edge"). The derivative of a sum grows with n, so the rate must \
        decrease with n.
        - **Initial parameters.** Median losses at η = \(NumberText.short(Self.middleRate)) and n = 16: \
        \(NumberText.short(losses[0])) with small random numbers, \(NumberText.short(losses[1])) with zeros, \
        \(NumberText.short(losses[2])) with large random numbers.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect.derivation("Verifies the derivation: textbook and engine agree in every line, to 10⁻¹¹", within: 1e-11) {
      try Self.derivation($0)
    }
    Expect("The largest usable rate is proportional to 1/n: one value of ηn lies in the bracket of the edge of every n")
    {
      results in
      try Self.requireAllRates(results)
      let edges = try Self.edges(results)
      guard edges.count == Self.sizes.count, let common = Self.common(edges), let slope = Self.slope(edges) else {
        return (false, "brackets of \(edges.count) of \(Self.sizes.count) values of n")
      }
      return (
        common.low < common.high,
        "largest lower bound of ηn \(NumberText.short(common.low)), smallest upper bound \(NumberText.short(common.high)); "
          + "slope of ln(edge) against ln n from \(NumberText.short(slope.low)) to \(NumberText.short(slope.high))"
      )
    }
    Expect(
      "At the next rate above the largest usable constant rate, the schedules η/(1 + r/200) and “η halved every 500” end "
        + "with a smaller loss than the constant rate for most seeds (n = 16)"
    ) { results in
      let part = results.where(Self.count, is: 16)
      let cases = [0, 2, 3].map { part.where(.variant("case"), is: Self.schedules[$0].name) }
      try Self.requireAllRates(results)
      guard let next = try Self.edge(results, 16)?.high else {
        return (false, "no edge at n = 16")
      }
      let loss = try cases.map { try $0.where(.learningRate, is: next).values(.finalLoss) }
      let better = [1, 2].map { k in Share(zip(loss[0], loss[k]).count { $0 > $1 }, of: loss[0].count) }
      return (
        better.allSatisfy { $0.interval.lowerBound > 0.5 },
        "at η = \(NumberText.short(next)): \(better[0]) and \(better[1])"
      )
    }
    Expect("Verifies the engine: with zero initialization the outputs of the hidden units stay equal in every bit") {
      results in
      let runs = results.where(.variant("case"), is: Self.zero)
      let spreads = try runs.rows.filter { !$0.summary.hasDiverged }.map { Self.unitSpread(try Self.hidden(runs, $0)) }
      let unequal = spreads.count { $0 != 0 }
      return (
        unequal == 0 && !spreads.isEmpty, "\(unequal) of \(spreads.count) runs that did not diverge have unequal units"
      )
    }
    Expect(
      "Zero initialization leads to a saddle, and after a nudge of 10⁻⁶ gradient descent reaches less than a tenth "
        + "of its loss, for every one of \(Self.nudges) nudges; without a nudge the loss stays"
    ) { results in
      let zero = Self.middleRuns(results).where(.variant("case"), is: Self.zero)
      guard let end = try Self.classified(zero).first, let escape = try Self.escape(results) else {
        return (false, "no such run")
      }
      let last = escape.curves.map { $0.losses.last ?? .nan }
      let nudged = last.dropFirst().max() ?? .nan
      return (
        end.kind == .saddle && nudged < 0.1 * last[0] && last[0] > 0.99 * end.loss,
        "\(end.kind), λ_min = \(NumberText.short(escape.curvature)); R = \(NumberText.short(last[0])) without, at most "
          + "\(NumberText.short(nudged)) with a nudge"
      )
    }
    Expect("The distance from the saddle grows by the factor 1 − η·λ_min per step, to 1 % of its excess over 1") {
      results in
      guard let escape = try Self.escape(results) else { return (false, "no such run") }
      let worst = escape.factors.map { abs(($0 - 1) / (escape.predicted - 1) - 1) }.max() ?? .nan
      return (
        worst < 0.01,
        "predicted \(NumberText.short(escape.predicted, digits: 6)), largest relative difference of the excess "
          + "\(NumberText.short(worst, digits: 2)) over \(escape.factors.count) nudges"
      )
    }
    Expect(
      "Small initialization ends with a tenth of the loss of zero initialization or less, and below the loss of large "
        + "initialization, for most seeds"
    ) { results in
      let loss = try Self.initialCases.map {
        try Self.middleRuns(results).where(.variant("case"), is: $0).values(.finalLoss)
      }
      let shares = [
        Share(zip(loss[0], loss[1]).count { 10 * $0 <= $1 }, of: loss[0].count),
        Share(zip(loss[0], loss[2]).count { $0 < $1 }, of: loss[0].count),
      ]
      return (shares.allSatisfy { $0.interval.lowerBound > 0.5 }, "\(shares[0]) and \(shares[1])")
    }
  }

  // MARK: What is swept

  private static let steps = 3_000
  private static let sizes = [4, 8, 16, 32, 64]
  private static let rates = [Double].logarithmic(0.002...0.512, count: 17)
  private static let middleRate = rates[8]
  private static let outputs: [Activation] = [.identity, .sigmoid, .softplus]
  /// Four schedules with small initialization 0.1·N(0, 1); the first is the constant rate.
  private static let schedules: [(name: String, words: String, schedule: Schedule)] = [
    ("small", "constant", .constant), ("small with η/r", "η/r", .inverse()),
    ("small with η/(1 + r/200)", "η/(1 + r/200)", .inverse(halving: 200)),
    ("small with η halved every 500", "η halved every 500", .step(factor: 0.5, every: 500)),
  ]
  private static let small = schedules[0].name
  private static let zero = "zero"
  private static let large = "large"
  private static let initialCases = [small, zero, large]
  private static let initialTitles = ["small: 0.1·N(0, 1)", "zero", "large: 10·N(0, 1)"]
  /// A run succeeds if it ends with a smaller loss per sample.
  private static let bound = 0.05
  private static let nudges = 7
  private static let escapeSteps = 10_000
  /// Half the middle rate: gradient descent converges at it after it has left the saddle.
  private static let escapeRate = rates[6]

  private static let count = Parameter<Int>(
    "sample-count", title: "samples", symbol: "n",
    get: { setup in setup.data?.title.split(separator: " ").last.flatMap { Int($0) } },
    set: { setup, n in setup.data = curves(n) })

  /// n samples of three curves over [−2, 2]: any real number, a number from 0 to 1, a number that is not negative.
  private static func curves(_ n: Int) -> DataSource {
    .custom("three curves, n = \(n)") { _ in
      guard (1...10_000).contains(n) else {
        throw Mistake(
          at: "sample-count", value: "\(n)", rule: "must be from 1 to 10,000",
          remedy: "Choose a number in this range")
      }
      let xs = (0..<n).map { n == 1 ? 0 : -2 + 4 * Double($0) / Double(n - 1) }
      return Dataset(name: "three curves", inputs: xs.map { [$0] }, targets: xs.map(truth))
    }
  }

  private static func truth(_ x: Double) -> [Double] {
    [x - x * x * x / 4, 1 / (1 + x * x * x * x), x * x / 2]
  }

  private static func smallRuns(_ results: Results) -> Results { results.where(.variant("case"), is: small) }

  /// The runs that compare the initializations.
  private static func middleRuns(_ results: Results) -> Results {
    results.where(count, is: 16).where(.learningRate, is: middleRate)
  }

  /// The runs that compare the schedules, by the words for each.
  private static func groupsBySchedule(_ results: Results) -> [(value: String, results: Results)] {
    let part = results.where(count, is: 16)
    return schedules.map { ($0.words, part.where(.variant("case"), is: $0.name)) }.filter { !$0.1.isEmpty }
  }

  /// The sum of a schedule's factors over all steps.
  private static func sum(of words: String) -> Double {
    guard let schedule = schedules.first(where: { $0.words == words })?.schedule else { return .nan }
    return (0..<steps).reduce(0) { $0 + schedule.factor($1) }
  }

  // MARK: Pictures

  private static func outputPanels(_ results: Results) throws -> ChartGrid {
    let runs = smallRuns(results).where(count, is: 16)
    guard let row = try runs.run(.best(.finalLoss)), let network = try runs.network(of: row),
      let data = try runs.dataset(of: row), let last = network.architecture.layers.last
    else { return ChartGrid([]) }
    let names = ["y₁, any real number", "y₂, from 0 to 1", "y₃, not negative"]
    let xs = (0...120).map { -2.4 + 4.8 * Double($0) / 120 }
    let charts = (0..<3).map { k in
      let color = Palette.categories[k]
      let values = xs.map { Point($0, network([$0])[k]) }
      let sums = xs.map { x in
        let z = network.layers(at: [x])[0]
        let start = last.hasBias ? network.parameters[last.bias(k)] : 0
        return Point(x, z.indices.reduce(start) { $0 + network.parameters[last.weight(k, $1)] * z[$1] })
      }
      let samples = (0..<data.training.count).map {
        Point(data.training.inputs[$0], data.training.targets[3 * $0 + k])
      }
      var marks: [Mark] = [.horizontalRule(0, label: "", Stroke(.lightGray, width: 0.6))]
      if k > 0 { marks.append(.line(sums, Stroke(.gray, width: 1, dash: [4, 2]))) }
      marks += [.line(values, Stroke(color, width: 1.8)), .points(samples, .circle, .black, radius: 1.8)]
      return Chart(
        title: "\(outputs[k].name)", x: AxisStyle("x"), y: AxisStyle(names[k]),
        marks: marks)
    }
    var grid = ChartGrid([charts], aspect: 1.1)
    grid.sharesAxes = false
    return grid
  }

  private static func collapse(_ results: Results) throws -> ChartGrid {
    let groups = smallRuns(results).groups(by: count)
    let colors = Palette.colors(groups.count, ordered: true)
    var (raw, scaled): ([Mark], [Mark]) = ([], [])
    for (index, group) in groups.enumerated() {
      let n = group.value.number ?? 1
      let points = try group.results.groups(by: .learningRate).compactMap { rate, runs -> Point? in
        let loss = try runs.median(.finalLoss) / n
        guard let eta = rate.number, loss.isFinite else { return nil }
        return Point(eta, loss)
      }
      let marker = Marker.category(index)
      let moved = points.map { Point($0.x * n, $0.y) }
      raw += [.line(points, Stroke(colors[index], width: 1.3)), .points(points, marker, colors[index], radius: 2.2)]
      scaled += [.line(moved, Stroke(colors[index], width: 1.3)), .points(moved, marker, colors[index], radius: 2.2)]
    }
    let rule = Mark.horizontalRule(bound, label: "", Stroke(.gray, width: 0.7, dash: [3, 2]))
    let y = AxisStyle("median R/n", .log)
    var grid = ChartGrid(
      [
        [
          Chart(title: "against η", x: AxisStyle("learning rate η", .log), y: y, marks: raw + [rule]),
          Chart(title: "against ηn", x: AxisStyle("η times n", .log), y: y, marks: scaled + [rule]),
        ]
      ],
      legendTitle: "samples n",
      legend: groups.enumerated().map {
        LegendEntry("\($0.element.value)", colors[$0.offset], marker: .category($0.offset))
      }, aspect: 1.35)
    grid.sharesAxes = false
    return grid
  }

  /// The bracket of the edge of usable rates for one n.
  private struct Edge {
    let n: Int
    /// The largest usable rate, and the next rate of the sweep that is too large.
    let low, high: Double
    let lowShare, highShare: Share
  }

  /// "15 of 16, 71.7–98.9 %"
  private static func short(_ share: Share) -> String {
    "\(share.successes) of \(share.count), \(NumberText.percent(share.interval))"
  }

  /// The share of runs that succeed for each rate.
  private static func shares(_ results: Results, _ n: Int) throws -> [(rate: Double, share: Share)] {
    try smallRuns(results).where(count, is: n).groups(by: .learningRate).compactMap { rate, runs in
      try rate.number.map { ($0, try runs.share(of: .finalLoss, below: bound * Double(n))) }
    }
  }

  /// Without all rates of the sweep there may be no bracket.
  private static func requireAllRates(_ results: Results) throws {
    let present = results.groups(by: .learningRate).compactMap(\.value.number)
    guard rates.allSatisfy(present.contains) else {
      throw Untested("the sweep does not contain all rates of the experiment")
    }
  }

  private static func edges(_ results: Results) throws -> [Edge] { try sizes.compactMap { try edge(results, $0) } }

  private static func edge(_ results: Results, _ n: Int) throws -> Edge? {
    let shares = try shares(results, n)
    guard let low = shares.last(where: { $0.share.interval.lowerBound > 0.5 }),
      let high = shares.first(where: { $0.rate > low.rate && $0.share.interval.upperBound < 0.5 })
    else { return nil }
    return Edge(n: n, low: low.rate, high: high.rate, lowShare: low.share, highShare: high.share)
  }

  /// Rates between two rates with larger shares of success.
  private static func dips(_ results: Results) throws -> [(n: Int, rate: Double, share: Share)] {
    try sizes.flatMap { n in
      let all = try shares(results, n)
      return all.indices.dropFirst().dropLast().filter { i in
        all[..<i].contains { $0.share.value > all[i].share.value }
          && all[(i + 1)...].contains { $0.share.value > all[i].share.value }
      }.map { (n, all[$0].rate, all[$0].share) }
    }
  }

  /// The values of ηn that all brackets contain; none if `low` is not below `high`.
  private static func common(_ edges: [Edge]) -> (low: Double, high: Double)? {
    guard let low = edges.map({ $0.low * Double($0.n) }).max(), let high = edges.map({ $0.high * Double($0.n) }).min()
    else { return nil }
    return (low, high)
  }

  /// The smallest and the largest slope of least squares of ln(edge) against ln n, for all edges inside their brackets.
  private static func slope(_ edges: [Edge]) -> (low: Double, high: Double)? {
    guard edges.count > 1 else { return nil }
    let x = edges.map { Exact.log(Double($0.n)) }
    let mean = x.reduce(0, +) / Double(x.count)
    let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // The slope is a sum of the logarithms with these weights.
    let weights = x.map { ($0 - mean) / square }
    func extreme(_ takesHigh: (Double) -> Bool) -> Double {
      zip(weights, edges).reduce(0) { $0 + $1.0 * Exact.log(takesHigh($1.0) ? $1.1.high : $1.1.low) }
    }
    return (extreme { $0 < 0 }, extreme { $0 > 0 })
  }

  private static func successes(_ results: Results) throws -> ChartGrid {
    let colors = Palette.colors(sizes.count, ordered: true)
    var marks: [Mark] = [.horizontalRule(50, label: "", Stroke(.gray, width: 0.7, dash: [3, 2]))]
    for (index, n) in sizes.enumerated() {
      let shift = Exact.exp(0.03 * (Double(index) - 2))
      let shares = try shares(results, n)
      let points = shares.map { Point($0.rate * Double(n) * shift, 100 * $0.share.value) }
      marks += shares.map {
        .interval(
          x: $0.rate * Double(n) * shift, low: 100 * $0.share.interval.lowerBound,
          high: 100 * $0.share.interval.upperBound, Stroke(colors[index].opacity(0.6), width: 0.7))
      }
      marks.append(.points(points, .category(index), colors[index], radius: 2.4))
    }
    return ChartGrid(
      Chart(
        x: AxisStyle("η times n", .log, domain: 0.03...1.6), y: AxisStyle("runs that succeed, %", domain: -4...104),
        marks: marks),
      legendTitle: "samples n",
      legend: sizes.enumerated().map { LegendEntry("\($1)", colors[$0], marker: .category($0)) }, aspect: 2.4)
  }

  /// The median loss against the step, at steps that are dense at first.
  private static func medianCurve(_ runs: Results) throws -> [Point] {
    let series = try runs.series(.loss).map { $0?.values ?? [] }
    let length = runs.rows.map(\.summary.steps).max() ?? 0
    let picked = (0..<160).map { Int((Exact.exp(Exact.log(Double(max(length, 2))) * Double($0) / 159)).rounded()) - 1 }
    return Set(picked).sorted().map { step in
      Point(Double(step + 1), Statistics.median(series.map { step < $0.count ? $0[step] : .infinity }))
    }
  }

  private static func scheduleCurves(_ results: Results) throws -> ChartGrid {
    let groups = groupsBySchedule(results)
    let colors = Palette.colors(groups.count, ordered: false)
    let charts = try [rates[6], rates[9], rates[12]].map { eta in
      let marks = try groups.enumerated().map { index, group -> Mark in
        .line(
          try medianCurve(group.results.where(.learningRate, is: eta)),
          Stroke(colors[index], width: 1.4, dash: Dash.category(index)))
      }
      return Chart(
        title: "η = \(NumberText.short(eta))", x: AxisStyle("step r", .log),
        y: AxisStyle("loss R", .log, domain: 0.1...1e4),
        marks: marks)
    }
    return ChartGrid(
      [charts], legendTitle: "schedule",
      legend: groups.enumerated().map {
        LegendEntry("\($0.element.value)", colors[$0.offset], dash: Dash.category($0.offset))
      }, aspect: 1.25)
  }

  private static func initialCurves(_ results: Results) throws -> ChartGrid {
    var (faint, marks): ([Mark], [Mark]) = ([], [])
    for (index, name) in initialCases.enumerated() {
      let runs = middleRuns(results).where(.variant("case"), is: name)
      let color = Palette.categories[index]
      let lines = try runs.series(.loss).compactMap { $0?.values }.map { values in
        values.enumerated().map { Point(Double($0 + 1), $1) }
      }
      faint.append(.bundle(lines, Stroke(color.opacity(0.2), width: 0.5)))
      marks.append(.line(try medianCurve(runs), Stroke(color, width: 1.6, dash: Dash.category(index))))
    }
    return ChartGrid(
      Chart(x: AxisStyle("step r", .log), y: AxisStyle("loss R", .log), marks: faint + marks),
      legend: zip(initialTitles, initialCases.indices).map {
        LegendEntry($0, Palette.categories[$1], dash: Dash.category($1))
      }, aspect: 2.2)
  }

  // MARK: The saddle

  /// Gradient descent from the end point of zero initialization: first without a nudge, then with several.
  private struct Escape {
    let curves: [(losses: [Double], distances: [Double])]
    /// λ_min of the Hessian at the end point.
    let curvature: Double
    /// 1 − η·λ_min
    let predicted: Double
    /// The measured factor per step of the distance, while the motion is nearly linear; without the run without a nudge.
    let factors: [Double]
  }

  private static func escape(_ results: Results) throws -> Escape? {
    let runs = middleRuns(results).where(.variant("case"), is: zero)
    guard let row = runs.rows.first, let end = try classified(runs).first,
      let network = try runs.network(of: row)?.architecture
    else { return nil }
    let curvature = SymmetricEigen(try runs.hessian(at: end.theta, like: row))?.values.first ?? .nan
    // Lane 0 starts at the saddle, the others near it.
    var points = end.theta.map { SIMD8(repeating: $0) }
    for nudge in 1...nudges {
      let small = Initialization.normal(scale: 1e-6, biases: true).parameters(of: network, seed: UInt64(nudge))
      for i in points.indices { points[i][nudge] += small[i] }
    }
    let curves = descent(try runs.landscape(of: row), from: points)
    let factors = curves.dropFirst().map { curve -> Double in
      // From the distance 10⁻⁴ on, the fastest direction dominates; up to 10⁻³ the motion is nearly linear.
      guard let first = curve.distances.firstIndex(where: { $0 > 1e-4 }),
        let last = curve.distances.firstIndex(where: { $0 > 1e-3 }), last > first
      else { return .nan }
      return Exact.exp(Exact.log(curve.distances[last] / curve.distances[first]) / Double(last - first))
    }
    return Escape(curves: curves, curvature: curvature, predicted: 1 - escapeRate * curvature, factors: factors)
  }

  /// The end points of the runs. Runs with zero initialization are polished among the points with equal units: other Newton
  /// steps would make the units different, which gradient descent never does.
  private static func classified(_ runs: Results) throws -> [EndPoint] {
    guard let row = runs.rows.first, !row.summary.hasDiverged, let network = try runs.network(of: row)?.architecture,
      unitSpread(try hidden(runs, row)) == 0
    else { return try runs.ends() }
    var theta = try runs.parameters(of: row)
    let groups = equalParameters(network)
    for _ in 0..<20 {
      guard let gradient = try runs.gradients(at: [theta], like: row).first?.gradient else { break }
      let hessian = try runs.hessian(at: theta, like: row)
      let g = groups.map { group in group.reduce(0) { $0 + gradient[$1] } }
      let h = groups.map { a in
        groups.map { b in a.reduce(0.0) { sum, i in b.reduce(sum) { $0 + hessian[i][$1] } } }
      }
      guard let eigen = SymmetricEigen(h, vectors: true) else { break }
      for (value, vector) in zip(eigen.values, eigen.vectors) {
        let step = zip(vector, g).reduce(0) { $0 + $1.0 * $1.1 } / abs(value)
        for (k, group) in groups.enumerated() {
          for i in group { theta[i] -= step * vector[k] }
        }
      }
    }
    // All runs from zero initial parameters on the same data are the same run.
    let end = EndPoint(try runs.landscape(of: row), at: theta, follows: 0)
    return runs.rows.map { _ in end }
  }

  /// The parameters that are equal while all hidden units are.
  private static func equalParameters(_ network: Architecture) -> [[Int]] {
    let (first, last) = (network.layers[0], network.layers[1])
    let units = Array(0..<first.units)
    return [units.map { first.weight($0, 0) }, units.map { first.bias($0) }]
      + (0..<last.units).flatMap { k in [units.map { last.weight(k, $0) }, [last.bias(k)]] }
  }

  /// Gradient descent from eight points at once: the loss and the distance from the first point before every step.
  private static func descent(
    _ function: some LossFunction, from start: [SIMD8<Double>]
  ) -> [(losses: [Double], distances: [Double])] {
    var (points, gradient) = (start, start)
    var curves = (0...nudges).map { _ in (losses: [Double](), distances: [Double]()) }
    for _ in 0..<escapeSteps {
      let losses = function.evaluate(points, gradient: &gradient)
      var squares = SIMD8<Double>.zero
      for i in points.indices {
        let change = points[i] - start[i][0]
        squares += change * change
        points[i] -= escapeRate * gradient[i]
      }
      for lane in curves.indices {
        curves[lane].losses.append(losses[lane])
        curves[lane].distances.append(squares[lane].squareRoot())
      }
    }
    return curves
  }

  private static func escapes(_ results: Results) throws -> ChartGrid {
    guard let escape = try escape(results) else { return ChartGrid([]) }
    let steps = Array(stride(from: 0, to: escapeSteps, by: 10))
    func lines(_ values: (Int) -> [Double]) -> [Mark] {
      escape.curves.indices.map { i in
        let all = values(i)
        let color = Palette.categories[i == 0 ? 1 : 0]
        return .line(
          steps.map { Point(Double($0), all[$0]) },
          Stroke(i == 0 ? color : color.opacity(0.6), width: i == 0 ? 1.6 : 0.8, dash: i == 0 ? [5, 2] : []))
      }
    }
    let anchor = Statistics.median(escape.curves.dropFirst().map { $0.distances[200] })
    let line = stride(from: 0.0, through: 900, by: 10).map {
      Point($0, anchor * Exact.exp(($0 - 200) * Exact.log(escape.predicted)))
    }
    return ChartGrid(
      [
        [
          Chart(
            title: "loss", x: AxisStyle("step after the nudge"), y: AxisStyle("loss R", .log),
            marks: lines { escape.curves[$0].losses }),
          Chart(
            title: "distance, first 1,200 steps", x: AxisStyle("step after the nudge", domain: 0...1200),
            y: AxisStyle("distance from the saddle", .log, domain: 1e-7...10),
            marks: lines { escape.curves[$0].distances } + [.line(line, Stroke(.black, width: 1, dash: [1.5, 1.5]))]),
        ]
      ],
      legend: [
        LegendEntry("with a nudge", Palette.categories[0]),
        LegendEntry("without", Palette.categories[1], dash: [5, 2]),
        LegendEntry("factor 1 − η·λ_min", .black, dash: [1.5, 1.5]),
      ], sharesAxes: false, aspect: 1.35)
  }

  // MARK: Numbers

  /// The outputs of the hidden units for each sample.
  private static func hidden(_ runs: Results, _ row: Results.Row) throws -> [[Double]] {
    guard let network = try runs.network(of: row), let data = try runs.dataset(of: row) else { return [] }
    return data.training.inputs.map { network.layers(at: [$0])[0] }
  }

  /// The largest difference between two hidden units for the same sample.
  private static func unitSpread(_ z: [[Double]]) -> Double {
    z.map { ($0.max() ?? .nan) - ($0.min() ?? .nan) }.max() ?? .nan
  }

  /// The mean of σ′ = σ(1 − σ) over units and samples.
  private static func meanSlope(_ z: [[Double]]) -> Double {
    let slopes = z.flatMap { $0.map { $0 * (1 - $0) } }
    return slopes.reduce(0, +) / Double(max(1, slopes.count))
  }

  private static func median(of runs: Results, _ number: ([[Double]]) -> Double) throws -> Double {
    Statistics.median(try runs.rows.map { number(try hidden(runs, $0)) })
  }
}
