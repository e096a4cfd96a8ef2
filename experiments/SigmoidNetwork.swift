import Descent
import Textbook

/// A sigmoid network that predicts classes: its derivatives by hand, and batch, mini-batch and stochastic gradient descent.
struct SigmoidNetwork: Experiment {
  let title = "How does a network of sigmoid units learn to predict classes?"

  var setup: Setup {
    Setup(
      data: .blobs(classes: 3, samples: Self.samples, noise: 0.5),
      network: .mlp(hidden: [4, 3], activation: .sigmoid, output: .sigmoid),
      loss: .halfSumOfSquares,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .normal(scale: 1, biases: true),
      batch: .full,
      stop: .after(steps: Self.epochs),
      record: .also(.trainingLoss, .absoluteError, .accuracy, every: 1))
  }

  var sweep: [Axis] {
    Vary(Self.batchSize, over: Self.sizes)
    Vary(.learningRate, over: Self.rates)
    Seeds(0..<16)
  }

  private static let samples = 96
  private static let epochs = 300
  private static let sizes = [1, 8, samples]
  private static let rates = [0.03, 0.1, 0.3, 1, 3, 10]
  /// The samples that a run uses are counted until E on all samples is below this. Chosen after looking at the runs of seeds 0 to 15.
  private static let bound = 10.0

  /// The batch size. It also sets the number of steps, so that every run uses the same number of samples.
  private static let batchSize = Parameter<Int>(
    "samples-per-step", symbol: "B", get: { $0.batch?.size(samples: samples) },
    set: { setup, size in
      let size = max(1, size)
      setup.batch = size >= samples ? .full : .mini(size: size)
      setup.stop = .after(steps: max(1, epochs * samples / size))
      setup.record.every = max(1, samples / size)
    })

  var report: [Cell] {
    Note(
      """
      A network learns to predict the class of a point from its two features. It has \(Self.samples) training samples of \
      three classes, two hidden layers of 4 and 3 sigmoid units, and one sigmoid output for each class. The target t_k is 1 \
      for the class of the sample and 0 for the others. The network predicts the class whose output is largest. The error \
      of a sample is E^i = ½ Σ_k (t_k − y_k)², and E = Σ_i E^i is the sum over all samples. E depends on the samples and on the \
      weights; the samples are constants, so training treats E as a function of the weights W. A step is plain gradient descent,

      - W ← W − α∇E,

      where ∇E is the gradient of the sum over all samples (batch), over B samples (mini-batch) or of one sample \
      (stochastic). The samples are shuffled anew in every epoch. The weights start as random numbers N(0, 1). The rate α of \
      the lecture is called η on axes.
      """)
    derived
    descents
    errors
    answer
    claims
  }

  // MARK: The derivation

  @ReportBuilder private var derived: [Cell] {
    Note { try Self.derivationSentences($0) }
    ReportTable.derivation(
      "All quantities of the derivation for one sample (I, J: first and second hidden layer, K: output layer)"
    ) { try Self.derivation($0) }
    Note { try Self.whySentences($0) }
  }

  private static func derivationSentences(_ results: Results) throws -> String {
    """
    ## The derivatives of one sample

    Unit k of layer l has the weights w_{jk}^l from the units j of the layer below, and the bias θ_k^l. The notes define θ but \
    leave it out of the sum; here it is included:

    - z_k^l = Σ_j w_{jk}^l y_j^{l−1} + θ_k^l,  y_k^l = σ(z_k^l),  σ(z) = 1/(1 + e^{−z}),  σ′ = e^{−z}/(1 + e^{−z})² = σ(1 − σ)

    **An output unit k.** Of all terms of E only the one with y_k depends on w_{jk}, so the sum over the outputs disappears:

    - (5)  ∂E/∂w_{jk}^K = (y_k − t_k) y_k (1 − y_k) y_j^J = y_j^J δ_k,  δ_k = (y_k − t_k) y_k (1 − y_k)

    **A hidden unit j.** Only z_j depends on the weight w_{ij}, and y_i affects the inputs of all units of layer J, so a sum is needed:

    - (6)  ∂E/∂w_{ij}^J = y_i^I y_j (1 − y_j) ∂E/∂y_j^J
    - (7)  ∂E/∂y_i^I = Σ_j w_{ij}^J y_j (1 − y_j) ∂E/∂y_j^J

    The table uses the first sample and the initial weights of the first seed. The textbook column comes from these formulas as \
    plain loops, the engine column from the program that trains the runs.
    """
  }

  private static func whySentences(_ results: Results) throws -> String {
    guard let row = try results.run(.firstSeed), let shape = try results.network(of: row)?.architecture else {
      return ""
    }
    let widths = shape.layers.map(\.units)
    let paths = widths.dropFirst().reduce(1, *)
    return """
      **Why is ∂E/∂y of a hidden unit harder than ∂E/∂y of an output?** E contains the outputs explicitly: ∂E/∂y_k^K = y_k − t_k is \
      one difference. E contains the output y_i^I of a hidden unit only implicitly, through every unit above it: here there \
      are \(widths.dropFirst().map(String.init).joined(separator: " · ")) = \(paths) paths from y_1^I to the outputs. \
      ∂E/∂z_i adds the factor y_i (1 − y_i). Each line (7) reuses the ∂E/∂y of the layer above, so no path is computed twice. \
      This is dynamic programming from the output layer inwards; `backpropagation` counts the work that it saves.
      """
  }

  private static func derivation(_ results: Results) throws -> [DerivationLine] {
    let runs = results.where(batchSize, is: samples)
    guard let row = try runs.run(.firstSeed), let data = try runs.dataset(of: row)?.training,
      let shape = try runs.network(of: row)?.architecture,
      let alpha = runs.groups(by: .learningRate).first?.value.number
    else { return [] }
    let steps = try runs.trajectory(of: row, at: [0, 1])
    let start = steps[0]
    let network = textbook(shape, start)
    let all = pairs(data)
    let (x, t) = all[0]
    let (y, own) = (network.forward(x), network.gradient(x, t))
    let engine = try runs.backwardPass(of: row, at: start, sample: 0)
    let (first, second, last) = (shape.layers[0], shape.layers[1], shape.layers[2])
    func line(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) -> DerivationLine {
      DerivationLine(quantity, formula, textbook: textbook, engine: engine)
    }
    func z(_ l: Int, _ k: Int) -> Double {
      y[l].indices.reduce(network.theta[l][k]) { $0 + network.w[l][$1][k] * y[l][$1] }
    }
    /// Σ over the units of the layer above.
    func byOutput(_ l: Int, _ i: Int) -> Double {
      own.delta[l + 1].indices.reduce(0) { $0 + network.w[l + 1][i][$1] * own.delta[l + 1][$1] }
    }
    let e = Exact.exp(-z(1, 0))
    var next = network
    next.step(all, alpha: alpha)
    var lines = [
      line("z_1^J", "Σ_i w_{i1}^J y_i^I + θ_1^J", z(1, 0), engine.inputs[1][0]),
      line("y_1^J", "σ(z_1^J)", y[2][0], engine.outputs[1][0]),
      line(
        "σ′(z_1^J)", "e^{−z}/(1 + e^{−z})²", e / ((1 + e) * (1 + e)), engine.outputs[1][0] * (1 - engine.outputs[1][0])),
    ]
    lines += [0, 1, 2].map { k in line("y_\(k + 1)^K", "σ(z_\(k + 1)^K)", y[3][k], engine.outputs[2][k]) }
    lines.append(line("E", "½ Σ_k (y_k − t_k)²", network.loss(x, t), engine.loss))
    lines += [0, 1, 2].map { k in
      line("δ_\(k + 1)", "(y_\(k + 1) − t_\(k + 1)) y_\(k + 1) (1 − y_\(k + 1))", own.delta[2][k], engine.delta[2][k])
    }
    lines += [
      line("∂E/∂w_{11}^K", "y_1^J δ_1, (5)", own.w[2][0][0], engine.gradient[last.weight(0, 0)]),
      line("∂E/∂w_{23}^K", "y_2^J δ_3, (5)", own.w[2][1][2], engine.gradient[last.weight(2, 1)]),
      line("∂E/∂θ_1^K", "δ_1", own.theta[2][0], engine.gradient[last.bias(0)]),
      line("∂E/∂y_1^J", "Σ_k w_{1k}^K δ_k, (7)", byOutput(1, 0), engine.byOutput[1][0]),
      line("∂E/∂z_1^J", "y_1^J (1 − y_1^J) ∂E/∂y_1^J", own.delta[1][0], engine.delta[1][0]),
      line("∂E/∂w_{11}^J", "y_1^I ∂E/∂z_1^J, (6)", own.w[1][0][0], engine.gradient[second.weight(0, 0)]),
      line("∂E/∂w_{32}^J", "y_3^I ∂E/∂z_2^J, (6)", own.w[1][2][1], engine.gradient[second.weight(1, 2)]),
      line("∂E/∂y_1^I", "Σ_j w_{1j}^J y_j^J (1 − y_j^J) ∂E/∂y_j^J, (7)", byOutput(0, 0), engine.byOutput[0][0]),
      line("∂E/∂z_1^I", "y_1^I (1 − y_1^I) ∂E/∂y_1^I", own.delta[0][0], engine.delta[0][0]),
      line("∂E/∂w_{11}^I", "x_1 ∂E/∂z_1^I", own.w[0][0][0], engine.gradient[first.weight(0, 0)]),
      line("∂E/∂θ_1^I", "∂E/∂z_1^I", own.theta[0][0], engine.gradient[first.bias(0)]),
      line(
        "w_{11}^I after a batch step", "w_{11}^I − α Σ_i ∂E^i/∂w_{11}^I, α = \(NumberText.short(alpha))",
        next.w[0][0][0],
        steps[1][first.weight(0, 0)]),
      line(
        "w_{11}^K after a batch step", "w_{11}^K − α Σ_i ∂E^i/∂w_{11}^K", next.w[2][0][0], steps[1][last.weight(0, 0)]),
    ]
    return lines
  }

  private static func pairs(_ data: Dataset.Samples) -> [(x: [Double], t: [Double])] {
    let (inputs, outputs) = (data.inputs.count / data.count, data.targets.count / data.count)
    return (0..<data.count).map { i in
      (Array(data.inputs[i * inputs..<(i + 1) * inputs]), Array(data.targets[i * outputs..<(i + 1) * outputs]))
    }
  }

  /// The textbook's network with parameters of the engine.
  private static func textbook(_ shape: Architecture, _ theta: [Double]) -> SigmoidMLP {
    SigmoidMLP(
      w: shape.layers.map { layer in
        (0..<layer.inputs).map { input in (0..<layer.units).map { theta[layer.weight($0, input)] } }
      },
      theta: shape.layers.map { layer in (0..<layer.units).map { theta[layer.bias($0)] } })
  }

  // MARK: Three kinds of descent

  @ReportBuilder private var descents: [Cell] {
    Note(
      """
      ## Batch, mini-batch and stochastic gradient descent

      For each seed all runs start from the same weights and learn the same samples for \(Self.epochs) epochs. The rate that \
      suits them differs, because the gradient of a batch is a sum over its samples.
      """)
    Figure("E after \(Self.epochs) epochs against the rate") {
      Sensitivity(.final(.trainingLoss), to: .learningRate).color(by: Self.batchSize)
    }
    .xScale(.log).yScale(.log)
    Figure("E against steps and against samples used, each batch size at its best rate") { try Self.curves($0) }
      .caption(
        """
        Medians over the seeds and quartiles, at the rate with the smallest final median of E. E is that of all samples, \
        recorded once per epoch. Dashed: E = \(NumberText.short(Self.bound)). Values before the first step are left out.
        """)
    ReportTable(
      "Each batch size at its best rate: medians over the seeds",
      columns: [
        .number("B"), .number("best α"), .number("final E"), .number("mean |t − y|"), .number("class error"),
        .number("steps until E < \(NumberText.short(Self.bound))"), .number("samples until then"),
      ]
    ) { results in
      try Self.variants(results).map { variant in
        let samples = Statistics.median(variant.arrivals)
        func text(_ value: Double) -> String { value.isFinite ? NumberText.short(value) : "never" }
        return [
          "\(variant.size)", NumberText.short(variant.rate),
          NumberText.short(try variant.runs.median(.final(.trainingLoss))),
          NumberText.short(try variant.runs.median(.final(.absoluteError))),
          NumberText.percent(1 - (try variant.runs.median(.final(.accuracy)))), text(samples / Double(variant.size)),
          text(samples),
        ]
      }
    }
  }

  @ReportBuilder private var errors: [Cell] {
    Note(
      """
      ## The error of a prediction

      The lecture calls the absolute difference |t − y| the error of an output; training minimizes half the squared \
      difference, whose derivative is simple. The report shows both, and the share of samples whose predicted class is wrong.
      """)
    Figure("Loss, absolute error and class error against samples used") { try Self.errorCurves($0) }
      .caption(
        """
        Medians over the seeds, each batch size at its best rate. The loss is E divided by the number of samples; |t − y| is \
        the mean over samples and outputs. Values before the first step are left out.
        """)
    Figure("Predicted classes") { try Self.classes($0) }
      .caption(
        """
        The class whose output is largest, before and after stochastic gradient descent at its best rate: the run with the \
        median final loss. Points: the training samples.
        """)
  }

  private var answer: Note {
    Note { results in
      let variants = try Self.variants(results)
      guard let single = variants.first, let full = variants.last, variants.count > 1 else { return "" }
      let samples = [single, full].map { Statistics.median($0.arrivals) }
      let steps = [samples[0] / Double(single.size), samples[1] / Double(full.size)]
      func text(_ value: Double) -> String { value.isFinite ? NumberText.short(value) : "more than it was given" }
      let errors = try variants.map { 1 - (try $0.runs.median(.final(.accuracy))) }
      let fewer = samples[0] < samples[1]
      return """
        ## Answer

        At its best rate, α = \(NumberText.short(single.rate)), training with B = \(single.size) reaches E < \
        \(NumberText.short(Self.bound)) after \(text(samples[0])) samples in the median. Training with B = \(full.size), at \
        α = \(NumberText.short(full.rate)), needs \(text(samples[1])). In steps these are \(text(steps[0])) and \(text(steps[1])). \
        \(fewer ? "Single samples give more steps for the same work" : "Here single samples do not need less work")\
        \(steps[0] > steps[1] ? "; steps on all samples are fewer, and each evaluates \(full.size) gradients" : ""). The median \
        class error after \(Self.epochs) epochs is between \(NumberText.percent(errors.min() ?? .nan)) and \
        \(NumberText.percent(errors.max() ?? .nan)).
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect.derivation("Verifies the derivation: textbook and engine agree in every line, to 10⁻¹¹", within: 1e-11) {
      try Self.derivation($0)
    }
    Expect(
      "Verifies the absolute error: the engine's mean |t − y| at the end of a run is that of the textbook, to 10⁻¹⁰"
    ) {
      results in
      let runs = results.groups(by: .learningRate).first?.results ?? results
      let worst = try runs.rows.map { row -> Double in
        guard let data = try runs.dataset(of: row)?.training, let network = try runs.network(of: row) else {
          return .nan
        }
        let textbook = Self.textbook(network.architecture, network.parameters)
        let samples = Self.pairs(data)
        let sum = samples.reduce(0) { $0 + textbook.absoluteError($1.x, $1.t) }
        let own = sum / Double(samples.count * (samples.first?.t.count ?? 1))
        return abs(own / (row.summary.finals[.absoluteError] ?? .nan) - 1)
      }.max()
      return (
        (worst ?? .nan) < 1e-10, "largest relative difference \(NumberText.short(worst ?? .nan)), \(runs.count) runs"
      )
    }
    Expect(
      "At their best rates, stochastic descent reaches E < \(NumberText.short(Self.bound)) with fewer samples than batch "
        + "descent, for most seeds"
    ) { results in
      let pair = try [1, Self.samples].map { size in
        try Self.variants(results.where(Self.batchSize, is: size)).first?.arrivals ?? []
      }
      let share = Share(zip(pair[0], pair[1]).count { $0 < $1 }, of: pair[0].count)
      return (share.interval.lowerBound > 0.5, share.description)
    }
    Expect(
      "The best rate of stochastic descent is larger than that of batch descent, whose gradient is a sum over more samples"
    ) { results in
      let rates = try [1, Self.samples].map { size in
        try Self.variants(results.where(Self.batchSize, is: size)).first?.rate ?? .nan
      }
      return (
        rates[0] > rates[1],
        "α = \(NumberText.short(rates[0])) for B = 1, \(NumberText.short(rates[1])) for all samples"
      )
    }
    Expect(
      "At its best rate every run of every batch size predicts at least 90 % of the classes right (a constant prediction: one "
        + "third; the limit was chosen after looking at seeds 0 to 15)"
    ) { results in
      let variants = try Self.variants(results)
      let worst = try variants.flatMap { try $0.runs.values(.final(.accuracy)) }.min() ?? .nan
      return (worst >= 0.9, "smallest share \(NumberText.percent(worst))")
    }
  }

  // MARK: Measurements

  private struct Variant {
    let size: Int
    let rate: Double
    let runs: Results
    /// The samples that each run used until E on all samples was below the bound, in the order of the seeds.
    let arrivals: [Double]
  }

  private static func variants(_ results: Results) throws -> [Variant] {
    try results.groups(by: batchSize).compactMap { size, group in
      guard let best = try group.best(.learningRate, by: .final(.trainingLoss)) else { return nil }
      let size = Int(size.number ?? 1)
      let arrivals = try best.results.series(.trainingLoss).map { series in
        series.flatMap { series in
          series.values.firstIndex { $0 < bound }.map { Double(series.step($0) * size) }
        } ?? .infinity
      }
      return Variant(size: size, rate: best.value.number ?? .nan, runs: best.results, arrivals: arrivals)
    }
  }

  /// A quantile of a quantity over the seeds, against samples used.
  private static func curve(_ quantity: Quantity, _ variant: Variant, _ p: Double) throws -> [Point] {
    let series = try variant.runs.series(quantity).compactMap(\.self)
    guard let first = series.first else { return [] }
    return first.values.indices.dropFirst().map { i in
      let values = series.compactMap { i < $0.values.count ? $0.values[i] : nil }
      return Point(Double(first.step(i) * variant.size), Statistics.quantile(values, p))
    }
  }

  private static func name(_ variant: Variant) -> String {
    let kind = variant.size == 1 ? "stochastic" : variant.size == samples ? "batch" : "mini-batch of \(variant.size)"
    return "\(kind), α = \(NumberText.short(variant.rate))"
  }

  // MARK: Figures

  private static func curves(_ results: Results) throws -> ChartGrid {
    let variants = try variants(results)
    let charts = try [true, false].map { isSteps -> Chart in
      var (bands, lines): ([Mark], [Mark]) = ([], [])
      for (index, variant) in variants.enumerated() {
        let color = Palette.categories[index]
        func points(_ p: Double) throws -> [Point] {
          try curve(.trainingLoss, variant, p).map { Point(isSteps ? $0.x / Double(variant.size) : $0.x, $0.y) }
        }
        let (low, middle, high) = (try points(0.25), try points(0.5), try points(0.75))
        bands.append(.band(x: low.map(\.x), low: low.map(\.y), high: high.map(\.y), color.opacity(0.18)))
        lines.append(.line(middle, Stroke(color, width: 1.5, dash: Dash.category(index))))
      }
      return Chart(
        x: AxisStyle(isSteps ? "steps" : "samples used", .log), y: AxisStyle("E on all samples", .log),
        marks: bands + lines + [.horizontalRule(bound, label: "", Stroke(.gray, width: 0.7, dash: [3, 2]))])
    }
    return ChartGrid([charts], legend: legend(variants), sharesAxes: false, aspect: 1.3)
  }

  private static func errorCurves(_ results: Results) throws -> ChartGrid {
    let variants = try variants(results)
    let quantities: [(title: String, quantity: Quantity, value: (Double) -> Double)] = [
      ("loss E/n", .trainingLoss, { $0 / Double(samples) }), ("mean |t − y|", .absoluteError, { $0 }),
      ("class error in %", .accuracy, { 100 * (1 - $0) }),
    ]
    let charts = try quantities.map { entry in
      let lines = try variants.enumerated().map { index, variant in
        let points = try curve(entry.quantity, variant, 0.5).map { Point($0.x, entry.value($0.y)) }
        return Mark.line(points, Stroke(Palette.categories[index], width: 1.5, dash: Dash.category(index)))
      }
      return Chart(
        title: entry.title, x: AxisStyle("samples used", .log), y: AxisStyle("", including: [0]), marks: lines)
    }
    return ChartGrid([charts], legend: legend(variants), sharesAxes: false, aspect: 1)
  }

  private static func legend(_ variants: [Variant]) -> [LegendEntry] {
    variants.enumerated().map { LegendEntry(name($1), Palette.categories[$0], dash: Dash.category($0)) }
  }

  private static func classes(_ results: Results) throws -> ChartGrid {
    guard let single = try variants(results).first, let row = try single.runs.run(.middle(.final(.trainingLoss))),
      let data = try single.runs.dataset(of: row), let shape = try single.runs.network(of: row)?.architecture
    else { return ChartGrid([]) }
    let path = try single.runs.trajectory(of: row, at: [0, row.summary.steps])
    let samples = pairs(data.training)
    let reach = 2.2
    let edges = (0...88).map { -reach + 2 * reach * Double($0) / 88 }
    let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
    let charts = zip(["initial weights", "after \(epochs) epochs"], path).map { title, theta -> Chart in
      let network = TrainedNetwork(architecture: shape, parameters: theta)
      var marks: [Mark] = []
      for (row, y) in middles.enumerated() {
        let labels = middles.map { label(network([$0, y])) }
        var first = 0
        for column in 1...labels.count where column == labels.count || labels[column] != labels[first] {
          // Neighbouring rows overlap a little, so that no gap is visible.
          let (bottom, top) = (edges[row], min(reach, edges[row + 1] + 0.01))
          marks.append(
            .area(
              [
                Point(edges[first], bottom), Point(edges[column], bottom), Point(edges[column], top),
                Point(edges[first], top),
              ], shades[labels[first]]))
          first = column
        }
      }
      for k in 0..<3 {
        let points = samples.filter { label($0.t) == k }.map { Point($0.x[0], $0.x[1]) }
        marks += [
          .points(points, .category(k), .white, radius: 2.9),
          .points(points, .category(k), Palette.categories[k], radius: 2.2),
        ]
      }
      let wrong = samples.count { label(network($0.x)) != label($0.t) }
      return Chart(
        title: "\(title): \(wrong) of \(samples.count) wrong", x: AxisStyle("x₁", domain: -reach...reach),
        y: AxisStyle("x₂", domain: -reach...reach), marks: marks)
    }
    return ChartGrid(
      [charts],
      legend: (0..<3).map { LegendEntry("class \($0 + 1)", Palette.categories[$0], marker: .category($0)) }, aspect: 1.1
    )
  }

  private static let shades = [Color(0xC3DCEE), Color(0xF5D3BC), Color(0xBFE3D4)]

  /// The position of the largest output.
  private static func label(_ outputs: [Double]) -> Int { outputs.indices.max { outputs[$0] < outputs[$1] } ?? 0 }
}
