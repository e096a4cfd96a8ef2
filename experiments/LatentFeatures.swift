import Descent
import Synchronization
import Textbook

/// Compares two hidden units with two principal components: how well do they separate the classes of iris and digits?
struct LatentFeatures: Experiment {
  let title = "Do two hidden units separate classes better than two principal components?"

  var setup: Setup {
    Setup(
      data: Self.iris,
      network: .mlp(hidden: 2, activation: .sigmoid, output: .sigmoid),
      loss: .sumOfSquares,
      optimizer: .gradientDescent(learningRate: 0.03),
      initialization: .fanIn(),
      batch: .singleWithReplacement,
      stop: .after(steps: Self.steps),
      record: .also(.validationAccuracy, every: Self.steps))
  }

  var sweep: [Axis] {
    Vary(.data, over: [Self.iris, Self.digits])
    Variants(
      "output",
      [
        Variant(Self.squares) { _ in },
        Variant(Self.entropy) {
          $0.network?.output = [.softmax]
          $0.loss = .crossEntropy
        },
      ])
    Seeds(0..<32)
  }

  var fixed: [Fixed] {
    [
      Fixed(.hidden, "the two hidden units are the axes of the figures"),
      Fixed(.depth, "the hidden features are those of one layer"),
      Fixed(.data, "the report is about iris and the digits"),
    ]
  }

  var report: [Cell] {
    Note { results in
      """
      A network ŷ = σ(Vh), h = σ(Wx), with two hidden units reduces its input x to two numbers, the latent features h_1 and \
      h_2. Training chooses them with knowledge of the classes. The first two principal components are also two numbers: the \
      projection on the two directions of largest variance, chosen without the classes. Which pair separates the classes \
      better? Iris has 4 measurements (standardized) and 3 classes; the digits have 64 pixels (scaled to 0 to 1) and 10 \
      classes.

      Training is plain stochastic gradient descent, as in the lecture: each of the \(NumberText.grouped(Self.steps)) steps \
      uses one sample, drawn with replacement, with τ = \
      \(NumberText.short(results.groups(by: .learningRate).first?.value.number ?? .nan)). Two outputs are compared: that of the \
      lecture, σ with f = Σ_k (ŷ_k − y_k)², and softmax with cross-entropy, which the lecture does not have. Each of the \
      \(try Self.splitCount(results)) seeds draws its own split, with 30 % of the samples held out, and its own initial weights.
      """
    }
    derivation
    pictures
    comparison
    answer
    claims
  }

  @ReportBuilder private var derivation: [Cell] {
    Note(
      """
      ## How the classes reach the features

      The features depend on W only. A sample changes W through the outputs: by the chain rule over all K outputs,

      - ∂f/∂W_{mj} = Σ_k ∂f/∂ŷ_k · ∂ŷ_k/∂h_m · ∂h_m/∂W_{mj}
      - = Σ_k 2(ŷ_k − y_k) · ŷ_k(1 − ŷ_k)V_{km} · h_m(1 − h_m)x_j
      - = Σ_k δ_k V_{km} · h_m(1 − h_m)x_j = γ_m x_j.

      The sum Σ_k δ_k V_{km} = ∂f/∂h_m says in which direction the sample pushes its own feature h_m. It is the place where the \
      classes enter: the principal components have no such term. The numbers are those of one flower, the first training \
      sample of the first seed, at the initial weights. Components 0 of x and h are 1. `combining-lines` shows the update that \
      follows.
      """)
    ReportTable.derivation("One flower: forward pass, errors and derivatives (V: first row only)") { results in
      try Self.lines(of: results)
    }
    Expect.derivation("Textbook and engine agree within 10⁻¹¹ (relative) on every quantity of the table", within: 1e-11)
    {
      results in try Self.lines(of: results)
    }
    Expect.derivation("They agree within 10⁻¹¹ (relative) on every one of the derivatives by V and W", within: 1e-11) {
      results in try Self.derivativeLines(of: results)
    }
  }

  @ReportBuilder private var pictures: [Cell] {
    Note("## Iris")
    Figure("The hidden features of iris during training") { try Self.development($0, Self.iris) }
      .caption(
        """
        Training samples at (h_1, h_2), coloured by species. Output σ with squares; of all splits, the run with the median \
        final loss.
        """)
    Figure("Iris: principal components and trained features, one split") { try Self.sideBySide($0, Self.iris) }
      .caption(
        """
        Training samples of the split with the median final loss (σ with squares); all three panels have this split. Crosses: \
        class means of the training samples. Percentages: share of held-out samples whose nearest class mean is that of \
        another class.
        """)
    Note("## Digits")
    Figure("The hidden features of the digits during training") { try Self.development($0, Self.digits) }
      .caption(
        """
        Every second training sample at (h_1, h_2), coloured by digit. Output σ with squares; of all splits, the run with the \
        median final loss.
        """)
    Figure("Digits: principal components and trained features, one split") { try Self.sideBySide($0, Self.digits) }
      .caption(
        """
        Every second training sample of the split with the median final loss (σ with squares); all three panels have this \
        split. Numbers: class means of the training samples, moved a little where they would touch. Percentages: share of held-out samples whose nearest class mean \
        is that of another class.
        """)
  }

  @ReportBuilder private var comparison: [Cell] {
    Note(
      """
      ## How well are the classes separated?

      The same rule, the nearest class mean, is applied to the components and to the features; the means are those of the \
      training samples. The network itself predicts the class of its largest output. Both numbers of a pair come from the \
      same split.
      """)
    Figure("Class error on held-out samples, minus that of the components") { try Self.differences($0) }
      .caption(
        """
        Each marker: one split. Below 0 the network separates the classes better than two components with the nearest mean. \
        Black: mean with the corrected 95 % interval (see the text below). h: nearest mean among the hidden features; net: the \
        network itself; sq: σ with squares; ce: softmax with cross-entropy.
        """)
    ReportTable(
      "Class error on held-out samples, means over the splits; difference: that of h minus that of the components",
      columns: [
        "data", "output", .number("components"), .number("h"), .number("difference"), .number("95 % interval"),
        .number("network itself"), .number("h near 0 or 1"),
      ]
    ) { results in
      try [Self.iris, Self.digits].flatMap { source in
        try Self.outputs.compactMap { output in
          guard let numbers = try Self.numbers(results, source, output) else { return nil }
          let difference = numbers.features - numbers.components
          return [
            source.title, output, NumberText.percent(Self.mean(numbers.components)),
            NumberText.percent(Self.mean(numbers.features)), NumberText.percent(Self.mean(difference)),
            numbers.interval(difference).map { Self.span($0) } ?? "–",
            NumberText.percent(Self.mean(numbers.network)), NumberText.percent(Self.mean(numbers.flat)),
          ]
        }
      }
    }
    Note { results in
      guard let iris = try Self.numbers(results, Self.iris, Self.squares) else { return "" }
      return """
        The \(iris.seeds.count) splits are drawn independently, but from the same flowers or digits: two training parts share \
        most of their samples. The splits are therefore not independent evidence about new data, and an interval that treated \
        them so would be too short. The intervals use the correction of Nadeau & Bengio (2003, doi:10.1023/A:1024068626366): \
        mean ± t·s·√(1/J + n_h/n_t), with J splits, the standard deviation s of the differences, and n_h held-out and n_t \
        training samples. For iris the root is \(NumberText.short(iris.root)) instead of \
        \(NumberText.short((1 / Double(iris.seeds.count)).squareRoot())). No number of splits makes it smaller than \
        \(NumberText.short((Double(iris.heldOut) / Double(iris.trained)).squareRoot())).
        """
    }
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      guard let iris = try Self.numbers(results, Self.iris, Self.squares),
        let digits = try Self.numbers(results, Self.digits, Self.squares),
        let entropy = try Self.numbers(results, Self.digits, Self.entropy)
      else { return "" }
      return """
        ## Answer

        On **iris** two components contain \(NumberText.percent(Self.mean(iris.held))) of the variance. The nearest mean errs on \
        \(NumberText.percent(Self.mean(iris.components))) of the held-out flowers with the components and on \
        \(NumberText.percent(Self.mean(iris.features))) with the hidden features (σ with squares): \(iris.ofFeatures). Is the \
        error halved? \(Self.halved(iris))

        On the **digits** two components contain \(NumberText.percent(Self.mean(digits.held))) of the variance, and the rule \
        errs on \(NumberText.percent(Self.mean(digits.components))) with them. With features trained by squares it errs on \
        \(NumberText.percent(Self.mean(digits.features))): \(digits.ofFeatures). With features trained by cross-entropy it errs \
        on \(NumberText.percent(Self.mean(entropy.features))): \(entropy.ofFeatures). The unit square of h has four corners for \
        ten classes, and \(NumberText.percent(Self.mean(digits.flat))) of the values of h (squares) are within 0.05 of 0 or 1. \
        The network itself errs on \(NumberText.percent(Self.mean(digits.network))) with squares and on \
        \(NumberText.percent(Self.mean(entropy.network))) with cross-entropy: compared with the components, \
        \(digits.verdict(digits.network - digits.components)) and \
        \(entropy.verdict(entropy.network - entropy.components)).
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "On iris the hidden features (σ with squares) separate the classes better than two components: the corrected interval "
        + "of the paired difference is below 0"
    ) { results in
      guard let numbers = try Self.numbers(results, Self.iris, Self.squares) else { return (false, "no runs") }
      return numbers.isBelowZero(numbers.features - numbers.components)
    }
    Expect(
      "On the digits the features do not halve the error of the components: with both outputs the corrected interval of "
        + "e_h − ½·e_c is above 0"
    ) { results in
      let intervals = try Self.outputs.compactMap { output in
        try Self.numbers(results, Self.digits, output).flatMap { $0.interval(Self.excess($0)) }
      }
      return (
        intervals.count == Self.outputs.count && intervals.allSatisfy { $0.lowerBound > 0 },
        intervals.map { Self.span($0) }.joined(separator: "; ")
      )
    }
    // 0.2 was chosen with the runs of the seeds 0 to 7 in sight.
    Expect(
      "Two units are too few for ten digits: with both outputs the network errs on more than 20 % of the held-out digits in "
        + "every split (bound chosen after the first runs)"
    ) { results in
      let errors = try Self.outputs.map { try Self.numbers(results, Self.digits, $0)?.network ?? [] }
      let least = errors.map { $0.min() ?? .nan }
      return (
        least.allSatisfy { $0 > 0.2 }, "least error " + least.map { NumberText.percent($0) }.joined(separator: ", ")
      )
    }
  }

  // MARK: One flower

  /// W and V of a network with one hidden layer, with the biases as component 0.
  private static func textbook(_ shape: Architecture, _ parameters: [Double]) -> WVNetwork {
    let weights = shape.layers.map { layer in
      (0..<layer.units).map { unit in
        [parameters[layer.bias(unit)]] + (0..<layer.inputs).map { parameters[layer.weight(unit, $0)] }
      }
    }
    return WVNetwork(w: weights[0], v: weights[1])
  }

  /// The first training sample of the first seed of iris, with the initial weights.
  private struct Flower {
    let network: WVNetwork
    let x: [Double]
    let y: [Double]
    let pass: BackwardPass
    /// The engine's derivatives as W and V.
    let engine: WVNetwork
  }

  private static func flower(_ results: Results) throws -> Flower? {
    let runs = part(results, iris, squares)
    guard let row = runs.rows.first, let data = try runs.dataset(of: row),
      let shape = try runs.network(of: row)?.architecture, shape.layers.allSatisfy(\.hasBias),
      let initial = try runs.trajectory(of: row, at: [0]).first
    else { return nil }
    let pass = try results.backwardPass(of: row, at: initial, sample: 0)
    return Flower(
      network: textbook(shape, initial), x: Array(data.training.inputs[..<data.inputCount]),
      y: Array(data.training.targets[..<data.outputCount]), pass: pass, engine: textbook(shape, pass.gradient))
  }

  private static func lines(of results: Results) throws -> [DerivationLine] {
    guard let flower = try flower(results) else { return [] }
    let (network, pass) = (flower.network, flower.pass)
    let (h, output) = (network.hidden(flower.x), network.output(flower.x))
    let (delta, gamma) = network.errors(flower.x, flower.y)
    let outputs = 1...output.count
    var lines = (1...2).map { m in
      DerivationLine("h_\(m)", "σ(Σ_j W_{\(m)j}·x_j)", textbook: h[m], engine: pass.outputs[0][m - 1])
    }
    lines += outputs.map { k in
      DerivationLine(
        "ŷ_\(k)", "σ(Σ_m V_{\(k)m}·σ(Σ_j W_{mj}·x_j))", textbook: output[k - 1], engine: pass.outputs[1][k - 1])
    }
    lines += outputs.map { k in
      DerivationLine(
        "δ_\(k)", "2(ŷ_\(k) − y_\(k))·ŷ_\(k)(1 − ŷ_\(k))", textbook: delta[k - 1], engine: pass.delta[1][k - 1])
    }
    lines += (1...2).map { m in
      let sum = delta.indices.reduce(0) { $0 + delta[$1] * network.v[$1][m] }
      return DerivationLine("∂f/∂h_\(m)", "Σ_k δ_k·V_{k\(m)}", textbook: sum, engine: pass.byOutput[0][m - 1])
    }
    lines += (1...2).map { m in
      DerivationLine(
        "γ_\(m)", "Σ_k δ_k·V_{k\(m)}·h_\(m)(1 − h_\(m))", textbook: gamma[m - 1], engine: pass.delta[0][m - 1])
    }
    let derivatives = try derivativeLines(of: results)
    return lines + derivatives.prefix(3) + derivatives.suffix(2 * (flower.x.count + 1))
  }

  /// ∂f/∂V row by row, then ∂f/∂W.
  private static func derivativeLines(of results: Results) throws -> [DerivationLine] {
    guard let flower = try flower(results) else { return [] }
    let gradient = flower.network.gradient(flower.x, flower.y)
    let byV = gradient.v.indices.flatMap { k in
      gradient.v[k].indices.map { m in
        DerivationLine(
          "∂f/∂V_{\(k + 1)\(m)}", "δ_\(k + 1)·h_\(m)", textbook: gradient.v[k][m], engine: flower.engine.v[k][m])
      }
    }
    let byW = gradient.w.indices.flatMap { m in
      gradient.w[m].indices.map { j in
        DerivationLine(
          "∂f/∂W_{\(m + 1)\(j)}", "γ_\(m + 1)·x_\(j)", textbook: gradient.w[m][j], engine: flower.engine.w[m][j])
      }
    }
    return byV + byW
  }

  // MARK: Settings
  private static let steps = 300_000
  private static let squares = "σ with squares"
  private static let entropy = "softmax with cross-entropy"
  private static let outputs = [squares, entropy]
  private static let shown = [0, 1_000, 3_000, 10_000, 30_000, 300_000]
  private static let iris = DataSource.csv("iris.csv", targets: ["species"]).standardized().validation(share: 0.3)
    .drawnPerSeed()
  private static let digits = DataSource.csv(
    "digits.csv", targets: ["digit"], targetIsClass: true, inputScale: 1.0 / 16
  )
  .validation(share: 0.3).drawnPerSeed()

  // MARK: Samples

  private struct Labelled {
    var inputs: [[Double]]
    var labels: [Int]

    init(_ samples: Dataset.Samples, _ data: Dataset) {
      let (p, k) = (data.inputCount, data.outputCount)
      inputs = (0..<samples.count).map { Array(samples.inputs[$0 * p..<($0 + 1) * p]) }
      labels = (0..<samples.count).map { i in
        (0..<k).max { samples.targets[i * k + $0] < samples.targets[i * k + $1] } ?? 0
      }
    }

    func mapped(_ feature: ([Double]) -> [Double]) -> Labelled {
      var copy = self
      copy.inputs = inputs.map(feature)
      return copy
    }

    /// The mean of each class; empty for a class without samples.
    func means(classes: Int) -> [[Double]] {
      (0..<classes).map { label in
        let own = zip(inputs, labels).filter { $0.1 == label }.map(\.0)
        guard let first = own.first else { return [] }
        return first.indices.map { j in own.reduce(0) { $0 + $1[j] } / Double(own.count) }
      }
    }

    /// The share of samples whose nearest mean is that of another class.
    func error(means: [[Double]]) -> Double {
      let wrong = zip(inputs, labels).count { x, label in
        let distances = means.map { mean in
          mean.isEmpty ? .infinity : zip(x, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        return distances.indices.min { distances[$0] < distances[$1] } != label
      }
      return Double(wrong) / Double(max(1, labels.count))
    }
  }

  /// The two directions of largest variance, and the share of the variance that they contain.
  private struct Components {
    let directions: [[Double]]
    let held: Double

    init?(_ inputs: [Double], width: Int) {
      let count = inputs.count / max(1, width)
      guard width >= 2, count > 1 else { return nil }
      // One column after the other, without its mean.
      let columns = (0..<width).map { j -> [Double] in
        let column = stride(from: j, to: inputs.count, by: width).map { inputs[$0] }
        let mean = column.reduce(0, +) / Double(count)
        return column.map { $0 - mean }
      }
      var covariance = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
      for i in 0..<width {
        for j in 0...i {
          var sum = 0.0
          columns[i].withUnsafeBufferPointer { a in
            columns[j].withUnsafeBufferPointer { b in
              var k = 0
              while k < count {
                sum += a[k] * b[k]
                k += 1
              }
            }
          }
          (covariance[i][j], covariance[j][i]) = (sum / Double(count), sum / Double(count))
        }
      }
      guard let eigen = SymmetricEigen(covariance, vectors: true) else { return nil }
      // The sign of an eigenvector is free: its largest entry is made positive.
      directions = eigen.vectors.suffix(2).reversed().map { vector in
        let largest = vector.max { abs($0) < abs($1) } ?? 1
        return vector.map { largest < 0 ? -$0 : $0 }
      }
      held = eigen.values.suffix(2).reduce(0, +) / eigen.values.reduce(0, +)
    }

    func callAsFunction(_ x: [Double]) -> [Double] {
      directions.map { d in zip(d, x).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }

  // MARK: Numbers

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// An interval of differences, which may be negative, in percentage points.
  private static func span(_ range: ClosedRange<Double>) -> String {
    "\(NumberText.percent(range.lowerBound).dropLast(2)) to \(NumberText.percent(range.upperBound))"
  }

  private static func splitCount(_ results: Results) throws -> Int { Set(results.rows.map(\.seed)).count }

  /// The class errors on the held-out samples of every split, in the order of the seeds.
  private struct Numbers {
    var seeds: [UInt64] = []
    var (trained, heldOut) = (0, 0)
    /// Nearest mean among two components, nearest mean among the hidden features, the network itself.
    var (components, features, network) = (Column(), Column(), Column())
    /// The share of the variance that two components contain, and the share of the values of h within 0.05 of 0 or 1.
    var (held, flat) = (Column(), Column())

    /// √(1/J + n_h/n_t) of the corrected interval.
    var root: Double { (1 / Double(seeds.count) + Double(heldOut) / Double(trained)).squareRoot() }

    /// The interval of a mean over resampled splits by Nadeau & Bengio 2003, 95 %.
    func interval(_ values: Column) -> ClosedRange<Double>? {
      guard values.count > 2 else { return nil }
      let mean = LatentFeatures.mean(values)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let freedom = Double(values.count - 1)
      // The quantile of Student's t by its expansion around that of the normal distribution (Fisher & Cornish 1960).
      let z = 1.959963984540054
      let (z3, z5) = (z * z * z, z * z * z * z * z)
      let t = z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom)
      let half = t * (squares / freedom).squareRoot() * root
      return mean - half...mean + half
    }

    func isBelowZero(_ values: Column) -> (passed: Bool, evidence: String) {
      let interval = interval(values)
      return (
        (interval?.upperBound ?? .infinity) < 0,
        "mean difference \(NumberText.percent(LatentFeatures.mean(values))), "
          + "\(interval.map { "95 % interval \(LatentFeatures.span($0))" } ?? "too few splits for an interval"), "
          + "\(values.count) splits of the same samples"
      )
    }

    /// What the interval of a difference to the components says.
    func verdict(_ difference: Column) -> String {
      guard let interval = interval(difference) else { return "there are too few splits for an interval" }
      let words = "interval of the difference \(LatentFeatures.span(interval))"
      if interval.upperBound < 0 { return "fewer errors (\(words))" }
      if interval.lowerBound > 0 { return "more errors (\(words))" }
      return "no clear difference (\(words))"
    }

    /// The verdict on the nearest mean among the hidden features.
    var ofFeatures: String { verdict(features - components) }
  }

  fileprivate typealias Column = [Double]

  /// The error with the features minus half of that with the components.
  private static func excess(_ numbers: Numbers) -> Column { numbers.features - numbers.components.map { $0 / 2 } }

  /// Whether the error with the features is at most half of that with the components.
  private static func halved(_ numbers: Numbers) -> String {
    let excess = excess(numbers)
    let ratio = mean(numbers.features) / mean(numbers.components)
    let text = "The mean error with h is \(NumberText.short(ratio, digits: 2)) times that with the components"
    guard let interval = numbers.interval(excess) else { return "\(text); there are too few splits for an interval." }
    let words = "interval of e_h − ½·e_c: \(LatentFeatures.span(interval))"
    if interval.upperBound < 0 { return "\(text), less than half in these data (\(words))." }
    if interval.lowerBound > 0 { return "\(text), more than half in these data (\(words))." }
    return "\(text), and these splits do not decide whether it is less than half (\(words))."
  }

  private struct NumbersKey: Hashable {
    let source: String
    let output: String
    let losses: [Double]
  }

  /// Several cells need the same numbers.
  private static let known = Mutex<[NumbersKey: Numbers]>([:])

  private static func numbers(_ results: Results, _ source: DataSource, _ output: String) throws -> Numbers? {
    let runs = part(results, source, output)
    guard !runs.isEmpty else { return nil }
    let key = NumbersKey(source: source.name, output: output, losses: runs.rows.map(\.summary.finalLoss))
    return try known.withLock { known in
      if let numbers = known[key] { return numbers }
      let numbers = try computed(runs)
      known[key] = numbers
      return numbers
    }
  }

  private static func computed(_ runs: Results) throws -> Numbers {
    var numbers = Numbers()
    numbers.network = try runs.values(.final(.validationAccuracy)).map { 1 - $0 }
    for row in runs.rows {
      guard let data = try runs.dataset(of: row), let network = try runs.network(of: row), let held = data.validation,
        let components = Components(data.training.inputs, width: data.inputCount)
      else { continue }
      let (training, test) = (Labelled(data.training, data), Labelled(held, data))
      let classes = data.outputCount
      let (h, testH) = (training.mapped { network.layers(at: $0)[0] }, test.mapped { network.layers(at: $0)[0] })
      let means = training.mapped { components($0) }.means(classes: classes)
      numbers.seeds.append(row.seed)
      (numbers.trained, numbers.heldOut) = (data.training.count, held.count)
      numbers.components.append(test.mapped { components($0) }.error(means: means))
      numbers.features.append(testH.error(means: h.means(classes: classes)))
      numbers.held.append(components.held)
      let values = h.inputs.flatMap(\.self)
      numbers.flat.append(Double(values.count { $0 < 0.05 || $0 > 0.95 }) / Double(values.count))
    }
    return numbers
  }

  private static func error(_ data: Dataset, _ feature: ([Double]) -> [Double]) -> Double {
    let means = Labelled(data.training, data).mapped(feature).means(classes: data.outputCount)
    return Labelled(data.validation ?? data.training, data).mapped(feature).error(means: means)
  }

  private static func part(_ results: Results, _ source: DataSource, _ output: String) -> Results {
    results.where(.data, is: source).where(.variant("output"), is: output)
  }

  // MARK: Figures

  private static func classNames(_ data: Dataset) -> [String] {
    if case .oneHot(let names) = data.classes { return names }
    return data.outputNames
  }

  private static func color(_ label: Int, of count: Int) -> Color {
    count <= 8 ? Palette.categories[label] : ([Color(0x8B5A2B), .gray] + Palette.categories)[label % 10]
  }

  private static func legend(_ data: Dataset) -> [LegendEntry] {
    classNames(data).enumerated().map {
      LegendEntry($0.element, color($0.offset, of: data.outputCount), marker: .category($0.offset))
    }
  }

  private static func scatter(_ samples: Labelled, _ count: Int) -> [Mark] {
    // Of many samples only every second is drawn, so that they do not cover each other.
    let stride = samples.labels.count > 400 ? 2 : 1
    return (0..<count).map { label in
      let points = samples.labels.indices.filter { samples.labels[$0] == label && $0 % stride == 0 }
        .map { Point(samples.inputs[$0][0], samples.inputs[$0][1]) }
      return .points(
        points, .category(label), color(label, of: count).opacity(0.65), radius: stride == 1 ? 1.9 : 1.4)
    }
  }

  private static func development(_ results: Results, _ source: DataSource) throws -> ChartGrid {
    let runs = part(results, source, squares)
    guard let row = try runs.run(.middle(.finalLoss)), let data = try runs.dataset(of: row),
      let network = try runs.network(of: row)
    else { return ChartGrid([]) }
    let samples = Labelled(data.training, data)
    let charts = zip(shown, try runs.trajectory(of: row, at: shown)).map { step, parameters in
      let then = TrainedNetwork(architecture: network.architecture, parameters: parameters)
      return Chart(
        title: "after \(NumberText.grouped(step)) steps", x: AxisStyle("h₁", domain: -0.04...1.04),
        y: AxisStyle("h₂", domain: -0.04...1.04),
        marks: scatter(samples.mapped { then.layers(at: $0)[0] }, data.outputCount))
    }
    return ChartGrid([Array(charts[..<3]), Array(charts[3...])], legend: legend(data), aspect: 1)
  }

  /// Where the number of each class is written: at its mean where there is room, else a little beside it.
  private static func places(of means: [[Double]], in samples: [[Double]]) -> [Point] {
    let bounds = (0...1).map { axis in
      let values = samples.map { $0[axis] }
      return (low: values.min() ?? 0, high: values.max() ?? 0)
    }
    let extents = bounds.map { max($0.high - $0.low, 1e-9) }
    // The size of a number as a share of the extent of the samples.
    let (width, height) = (0.11 * extents[0], 0.14 * extents[1])
    let near: [(x: Double, y: Double)] = [(0, 0), (-0.6, 0), (0.6, 0), (0, 0.6), (0, -0.6)]
    let far = [(-1, 0), (1, 0), (0, 1), (0, -1), (-0.8, 0.8), (0.8, 0.8), (-0.8, -0.8), (0.8, -0.8)].map {
      (x: $0.0, y: $0.1)
    }
    var taken: [Point] = []
    return means.map { mean in
      guard !mean.isEmpty else { return Point(.nan, .nan) }
      // A number stays inside the frame.
      func inside(_ value: Double, _ axis: Int, _ size: Double) -> Double {
        min(max(value, bounds[axis].low + 0.4 * size), bounds[axis].high - 0.4 * size)
      }
      let centres = (near + far).map {
        Point(inside(mean[0] + $0.x * width, 0, width), inside(mean[1] + $0.y * height, 1, height))
      }
      // The distance to the nearest number in sizes of a number; from 1 on they do not touch.
      let room = centres.map { centre in
        taken.map { max(abs($0.x - centre.x) / width, abs($0.y - centre.y) / height) }.min() ?? 1
      }
      let best = room.firstIndex { $0 >= 1 } ?? room.indices.max { room[$0] < room[$1] } ?? 0
      taken.append(centres[best])
      return centres[best]
    }
  }

  private static func sideBySide(_ results: Results, _ source: DataSource) throws -> ChartGrid {
    let runs = part(results, source, squares)
    guard let row = try runs.run(.middle(.finalLoss)), let data = try runs.dataset(of: row),
      let project = Components(data.training.inputs, width: data.inputCount)
    else { return ChartGrid([]) }
    let samples = Labelled(data.training, data)
    func chart(_ title: String, _ x: AxisStyle, _ y: AxisStyle, _ feature: ([Double]) -> [Double]) -> Chart {
      let part = samples.mapped(feature)
      let means = part.means(classes: data.outputCount)
      let places = means.filter { !$0.isEmpty }.map { Point($0[0], $0[1]) }
      let numbers = Self.places(of: means, in: part.inputs)
      let marks: [Mark] =
        data.outputCount <= 4
        ? [.points(places, .cross, .black, radius: 4.5)]
        : means.indices.filter { !means[$0].isEmpty }.map { label in
          .tag(Text("\(label)", size: 8, style: .bold), at: numbers[label], .center)
        }
      return Chart(
        title: "\(title): \(NumberText.percent(Self.error(data, feature)))", x: x, y: y,
        marks: scatter(part, data.outputCount) + marks)
    }
    var charts = [chart("components", AxisStyle("first component"), AxisStyle("second component")) { project($0) }]
    for (output, title) in zip(outputs, ["h, squares", "h, entropy"]) {
      let runs = part(results, source, output)
      guard let same = try runs.run(.seed(row.seed)), let network = try runs.network(of: same) else { continue }
      let unit = -0.04...1.04
      charts.append(
        chart(title, AxisStyle("h₁", domain: unit), AxisStyle("h₂", domain: unit)) { network.layers(at: $0)[0] })
    }
    var grid = ChartGrid([charts], legend: legend(data), aspect: 1)
    grid.sharesAxes = false
    return grid
  }

  /// The difference to the error of the components, for every split.
  private static func differences(_ results: Results) throws -> ChartGrid {
    let charts = try [iris, digits].map { source -> Chart in
      var (points, means): ([Mark], [Mark]) = ([], [])
      var names: [String] = []
      for (index, output) in outputs.enumerated() {
        guard let numbers = try numbers(results, source, output) else { continue }
        let short = index == 0 ? "sq" : "ce"
        for (name, errors) in [("h, \(short)", numbers.features), ("net, \(short)", numbers.network)] {
          let place = Double(names.count)
          let values = (errors - numbers.components).map { 100 * $0 }
          // The splits side by side, in the order of their seeds.
          let width = 0.5 / Double(max(1, values.count - 1))
          points.append(
            .points(
              values.enumerated().map { Point(place - 0.25 + width * Double($0.offset), $0.element) }, .category(index),
              Palette.categories[index].opacity(0.6), radius: 1.7))
          if let interval = numbers.interval(values) {
            means.append(
              .interval(x: place, low: interval.lowerBound, high: interval.upperBound, Stroke(.black, width: 1.2)))
          }
          means.append(.points([Point(place, mean(values))], .diamond, .black, radius: 3.2))
          names.append(name)
        }
      }
      return Chart(
        title: source == iris ? "iris" : "digits", x: AxisStyle("", .ordinal(names)),
        y: AxisStyle("difference in percentage points", including: [0]),
        marks: [.horizontalRule(0, label: "", Stroke(.gray, width: 0.8))] + points + means)
    }
    var grid = ChartGrid([charts], aspect: 1.25)
    grid.sharesAxes = false
    return grid
  }
}

extension [Double] {
  /// The differences of paired values.
  fileprivate static func - (a: [Double], b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }
}
