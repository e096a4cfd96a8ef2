import Descent

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
      record: .also(.validationAccuracy, every: 2_000))
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
    Seeds(0..<8)
  }

  var fixed: [Fixed] {
    [
      Fixed(.hidden, "the two hidden units are the axes of the figures"),
      Fixed(.depth, "the hidden features are those of one layer"),
      Fixed(.data, "the report is about iris and the digits"),
    ]
  }

  var report: [Cell] {
    Note(
      """
      A network ŷ = σ(V σ(W x)) with two hidden units reduces its input x to two numbers h = σ(W x), the latent features. \
      Training chooses them with knowledge of the classes. The first two principal components are also two numbers: the \
      projection on the two directions of largest variance, chosen without the classes. Which pair separates the classes \
      better? Iris has 4 measurements (standardized) and 3 classes; the digits have 64 pixels (scaled to 0 to 1) and 10 \
      classes. 30 % of the samples are held out. Two outputs are compared: σ with the sum of squares, and softmax with \
      cross-entropy.
      """)
    pictures
    comparison
    answer
    claims
  }

  @ReportBuilder private var pictures: [Cell] {
    Note("## Iris")
    Figure("The hidden features of iris during training") { try Self.development($0, Self.iris) }
      .caption(
        "Training samples at (h₁, h₂), coloured by species. Output σ with squares; the run with the median final loss.")
    Figure("Iris: principal components and trained features") { try Self.sideBySide($0, Self.iris) }
      .caption(
        """
        Training samples; h from the run with the median final loss of each output. Crosses: class means of the training \
        samples. Percentages: share of held-out samples whose nearest class mean is that of another class.
        """)
    Note("## Digits")
    Figure("The hidden features of the digits during training") { try Self.development($0, Self.digits) }
      .caption(
        """
        Every second training sample at (h₁, h₂), coloured by digit. Output σ with squares; the run with the median final loss.
        """)
    Figure("Digits: principal components and trained features") { try Self.sideBySide($0, Self.digits) }
      .caption(
        """
        Every second training sample; h from the run with the median final loss of each output. Numbers: class means of the \
        training samples. Percentages: share of held-out samples whose nearest class mean is that of another class.
        """)
  }

  @ReportBuilder private var comparison: [Cell] {
    Note("## How well are the classes separated?")
    Figure("Class error on held-out samples during training") { try Self.errors($0) }
      .caption(
        """
        Marks: nearest class mean among the hidden features, median over seeds; bars: range over seeds. Dotted: the network's \
        own classification, median. Dashed: nearest class mean among the two principal components.
        """)
    ReportTable(
      "Class error on held-out samples, medians over seeds",
      columns: [
        "data", "output", .number("nearest mean, components"), .number("nearest mean, h"), .number("network itself"),
        .number("h near 0 or 1"),
      ]
    ) { results in
      try [Self.iris, Self.digits].flatMap { source in
        try Self.outputs.map { output in
          let numbers = try Self.numbers(results, source, output)
          return [source.title, output]
            + [numbers.components, numbers.features, numbers.network, numbers.flat].map { NumberText.percent($0) }
        }
      }
    }
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let iris = try Self.numbers(results, Self.iris, Self.squares)
      let digits = try Self.numbers(results, Self.digits, Self.squares)
      let entropy = try Self.numbers(results, Self.digits, Self.entropy)
      func saved(_ numbers: Numbers) -> String { NumberText.percent(1 - numbers.features / numbers.components) }
      return """
        ## Answer

        The same rule, the nearest class mean, is applied to every pair of numbers. On iris two components contain \
        \(NumberText.percent(iris.held)) of the variance. The rule errs on \(NumberText.percent(iris.components)) of the \
        held-out flowers with the components and on \(NumberText.percent(iris.features)) with the hidden features, a reduction \
        by \(saved(iris)). One of the \(iris.heldOut) held-out flowers is \(NumberText.percent(1 / Double(iris.heldOut))).

        On the digits two components contain \(NumberText.percent(digits.held)) of the variance, and the rule errs on \
        \(NumberText.percent(digits.components)) with them. With hidden features trained by squares it errs on \
        \(NumberText.percent(digits.features)), with those trained by cross-entropy on \
        \(NumberText.percent(entropy.features)): reductions by \(saved(digits)) and \(saved(entropy)). The unit square of h has \
        four corners for ten classes, and \(NumberText.percent(digits.flat)) of the values of h (squares) are within 0.05 of 0 \
        or 1. The network's own output errs on \(NumberText.percent(digits.network)) with squares and on \
        \(NumberText.percent(entropy.network)) with cross-entropy, whose gradient does not vanish at a saturated output of the \
        wrong class.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("On iris the hidden features have at most half the error of two components, in the median") { results in
      let numbers = try Self.numbers(results, Self.iris, Self.squares)
      return (
        2 * numbers.features <= numbers.components,
        "\(NumberText.percent(numbers.features)) against \(NumberText.percent(numbers.components)), n = \(numbers.seeds)"
      )
    }
    Expect("On the digits a network trained with cross-entropy errs less than the components, in the median") {
      results in
      let numbers = try Self.numbers(results, Self.digits, Self.entropy)
      return (
        numbers.network < numbers.components,
        "\(NumberText.percent(numbers.network)) against \(NumberText.percent(numbers.components)), n = \(numbers.seeds)"
      )
    }
    Expect(
      "Two units are too few for ten digits: with both outputs the median network errs on at least a tenth of them"
    ) {
      results in
      let errors = try Self.outputs.map { try Self.numbers(results, Self.digits, $0).network }
      return (errors.allSatisfy { $0 >= 0.1 }, errors.map { NumberText.percent($0) }.joined(separator: ", "))
    }
  }
  // MARK: Settings
  private static let steps = 300_000
  private static let squares = "σ, squares"
  private static let entropy = "softmax, cross-entropy"
  private static let outputs = [squares, entropy]
  private static let shown = [0, 1_000, 3_000, 10_000, 30_000, 300_000]
  private static let iris = DataSource.csv("iris.csv", targets: ["species"]).standardized().validation(share: 0.3)
  private static let digits = DataSource.csv(
    "digits.csv", targets: ["digit"], targetIsClass: true, inputScale: 1.0 / 16
  )
  .validation(share: 0.3)

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

    init?(_ inputs: [[Double]]) {
      guard let width = inputs.first?.count, width >= 2 else { return nil }
      let mean = (0..<width).map { j in inputs.reduce(0) { $0 + $1[j] } / Double(inputs.count) }
      var covariance = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
      for input in inputs {
        let x = zip(input, mean).map { $0 - $1 }
        for i in 0..<width { for j in 0..<width { covariance[i][j] += x[i] * x[j] / Double(inputs.count) } }
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

  private static func error(_ data: Dataset, _ feature: ([Double]) -> [Double]) -> Double {
    let means = Labelled(data.training, data).mapped(feature).means(classes: data.outputCount)
    return Labelled(data.validation ?? data.training, data).mapped(feature).error(means: means)
  }

  private static func componentError(_ runs: Results, _ row: Results.Row) throws -> Double? {
    guard let data = try runs.dataset(of: row), let project = Components(Labelled(data.training, data).inputs) else {
      return nil
    }
    return error(data) { project($0) }
  }

  /// The error of the nearest mean among the hidden features, after each of some numbers of steps.
  private static func featureError(_ runs: Results, _ row: Results.Row, at steps: [Int]) throws -> [Double] {
    guard let data = try runs.dataset(of: row), let network = try runs.network(of: row) else { return [] }
    return try runs.trajectory(of: row, at: steps).map { parameters in
      let then = TrainedNetwork(architecture: network.architecture, parameters: parameters)
      return error(data) { then.layers(at: $0)[0] }
    }
  }

  private static func featureError(_ runs: Results, _ row: Results.Row) throws -> Double {
    guard let data = try runs.dataset(of: row), let network = try runs.network(of: row) else { return .nan }
    return error(data) { network.layers(at: $0)[0] }
  }

  private struct Numbers {
    var (seeds, heldOut) = (0, 0)
    var components = Double.nan
    var features = Double.nan
    var network = Double.nan
    /// The share of the variance that two components contain.
    var held = Double.nan
    /// The share of the values of h within 0.05 of 0 or 1.
    var flat = Double.nan
  }

  private static func numbers(_ results: Results, _ source: DataSource, _ output: String) throws -> Numbers {
    let runs = part(results, source, output)
    guard let row = runs.rows.first, let data = try runs.dataset(of: row) else { return Numbers() }
    let training = Labelled(data.training, data)
    let flat = try runs.rows.map { row -> Double in
      guard let network = try runs.network(of: row) else { return .nan }
      let h = training.inputs.flatMap { network.layers(at: $0)[0] }
      return Double(h.count { $0 < 0.05 || $0 > 0.95 }) / Double(max(1, h.count))
    }
    return Numbers(
      seeds: runs.count, heldOut: data.validation?.count ?? 0,
      components: try componentError(runs, row) ?? .nan,
      features: Statistics.median(try runs.rows.map { try featureError(runs, $0) }),
      network: try 1 - runs.median(.final(.validationAccuracy)), held: Components(training.inputs)?.held ?? .nan,
      flat: Statistics.median(flat))
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

  /// On which side of its mean the number of each class is: at the mean where there is room, else beside, above or below it.
  private static func anchors(of means: [[Double]]) -> [Anchor] {
    let known = means.filter { !$0.isEmpty }
    let extents = (0...1).map { axis in
      let values = known.map { $0[axis] }
      return max((values.max() ?? 0) - (values.min() ?? 0), 1e-9)
    }
    // The size of a number as a share of the extent of all means, and where its centre is for each anchor.
    let (width, height) = (0.09, 0.11)
    let sides: [(anchor: Anchor, x: Double, y: Double)] = [
      (.center, 0, 0), (.right, -0.6, 0), (.left, 0.6, 0), (.bottom, 0, 0.6), (.top, 0, -0.6),
    ]
    var taken: [(x: Double, y: Double)] = []
    return means.map { mean in
      guard !mean.isEmpty else { return .center }
      let centres = sides.map { side in
        (x: mean[0] / extents[0] + side.x * width, y: mean[1] / extents[1] + side.y * height)
      }
      // The distance to the nearest number in sizes of a number; from 1 on they do not touch.
      let room = centres.map { centre in
        taken.map { max(abs($0.x - centre.x) / width, abs($0.y - centre.y) / height) }.min() ?? 1
      }
      let best = room.firstIndex { $0 >= 1 } ?? room.indices.max { room[$0] < room[$1] } ?? 0
      taken.append(centres[best])
      return sides[best].anchor
    }
  }

  private static func sideBySide(_ results: Results, _ source: DataSource) throws -> ChartGrid {
    let runs = results.where(.data, is: source)
    guard let row = runs.rows.first, let data = try runs.dataset(of: row),
      let project = Components(Labelled(data.training, data).inputs)
    else { return ChartGrid([]) }
    let samples = Labelled(data.training, data)
    func chart(_ title: String, _ x: AxisStyle, _ y: AxisStyle, _ feature: ([Double]) -> [Double]) -> Chart {
      let part = samples.mapped(feature)
      let means = part.means(classes: data.outputCount)
      let places = means.filter { !$0.isEmpty }.map { Point($0[0], $0[1]) }
      let anchors = Self.anchors(of: means)
      let marks: [Mark] =
        data.outputCount <= 4
        ? [.points(places, .cross, .black, radius: 4.5)]
        : means.enumerated().filter { !$0.element.isEmpty }.map { label, mean in
          .tag(
            Text("\(label)", size: 8, style: .bold), at: Point(mean[0], mean[1]), anchors[label])
        }
      return Chart(
        title: "\(title): \(NumberText.percent(Self.error(data, feature)))", x: x, y: y,
        marks: scatter(part, data.outputCount) + marks)
    }
    var charts = [chart("components", AxisStyle("first component"), AxisStyle("second component")) { project($0) }]
    for (output, title) in zip(outputs, ["h, squares", "h, entropy"]) {
      let runs = part(results, source, output)
      guard let row = try runs.run(.middle(.finalLoss)), let network = try runs.network(of: row) else { continue }
      let unit = -0.04...1.04
      charts.append(
        chart(title, AxisStyle("h₁", domain: unit), AxisStyle("h₂", domain: unit)) { network.layers(at: $0)[0] })
    }
    var grid = ChartGrid([charts], legend: legend(data), aspect: 1)
    grid.sharesAxes = false
    return grid
  }

  /// The errors of one output on one data set: of the nearest mean with its range, and of the network.
  private static func errorMarks(_ runs: Results, _ index: Int) throws -> [Mark] {
    let steps = [300, 1_000, 3_000, 10_000, 30_000, 100_000, Self.steps]
    let color = Palette.categories[index]
    let all = try runs.rows.map { try featureError(runs, $0, at: steps) }
    let columns = steps.indices.map { step in all.compactMap { step < $0.count ? $0[step] : nil } }
    // A small shift keeps the ranges of the two outputs apart.
    let places = steps.map { Double($0) * (index == 0 ? 0.96 : 1.04) }
    let points = zip(places, columns).map { Point($0, Statistics.median($1)) }
    let own = try runs.series(.validationAccuracy).compactMap(\.self)
    let length = own.map(\.values.count).min() ?? 0
    let network = (0..<length).compactMap { step -> Point? in
      guard step > 0, let first = own.first else { return nil }
      return Point(Double(first.step(step)), 1 - Statistics.median(own.map { $0.values[step] }))
    }
    return zip(places, columns).map {
      .interval(x: $0, low: $1.min() ?? 0, high: $1.max() ?? 0, Stroke(color.opacity(0.6), width: 0.8))
    } + [
      .line(network, Stroke(color, width: 1, dash: [1.5, 1.5])), .line(points, Stroke(color, width: 1.4)),
      .points(points, .category(index), color, radius: 2.4),
    ]
  }

  private static func errors(_ results: Results) throws -> ChartGrid {
    let charts = try [iris, digits].map { source in
      var marks = try outputs.enumerated().flatMap { index, output in
        try errorMarks(part(results, source, output), index)
      }
      let runs = results.where(.data, is: source)
      if let row = runs.rows.first, let components = try componentError(runs, row) {
        marks.append(.horizontalRule(components, label: "", Stroke(.black, width: 1, dash: [5, 2])))
      }
      return Chart(
        title: source == iris ? "iris" : "digits", x: AxisStyle("step", .log),
        y: AxisStyle("class error, held out", including: [0]), marks: marks)
    }
    let lines = outputs.enumerated().flatMap { index, output in
      [
        LegendEntry("h, \(output)", Palette.categories[index], marker: .category(index)),
        LegendEntry("network, \(output)", Palette.categories[index], dash: [1.5, 1.5]),
      ]
    }
    var grid = ChartGrid(
      [charts], legend: lines + [LegendEntry("components", .black, dash: [5, 2])], aspect: 1.35)
    grid.sharesAxes = false
    return grid
  }
}
