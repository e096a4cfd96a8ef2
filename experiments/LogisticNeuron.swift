import Descent
import Foundation
import Textbook

/// One logistic neuron: its decision line, the noise of single samples, and the local minima of its square loss.
struct LogisticNeuron: Experiment {
  let title = "One logistic neuron: decision line, gradient noise and local minima"

  var setup: Setup {
    Setup(
      data: Self.clouds,
      network: .linear(output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .normal(scale: 1, biases: true),
      batch: .singleWithReplacement,
      stop: .after(steps: 4_000),
      record: .also(.trainingLoss, .accuracy, every: 10))
  }

  var sweep: [Axis] {
    Vary(.batch, over: [.singleWithReplacement, .full])
    Vary(.learningRate, over: Self.rates)
    Seeds(0..<32)
  }

  var report: [Cell] {
    Note(
      """
      The output of a neuron is ŷ = σ(w·x + b), and its loss is E = (1/n) Σᵢ (yᵢ − ŷᵢ)². Stochastic gradient descent draws \
      one of the n samples at every step, each with probability 1/n, and uses the gradient of that sample alone: with \
      δ = 2(ŷ−y)ŷ(1−ŷ), w ← w − ηδx and b ← b − ηδ. The data are \(Self.sampleCount) points of two clouds that overlap a \
      little. The neuron predicts class 1 on one side of the line w·x + b = 0, and class 0 on the other.
      """)
    training
    minima
    minimumCounts
    claims
  }

  @ReportBuilder private var training: [Cell] {
    Note("## The decision line")
    Figure("The decision line during training") { try Self.lines($0) }
      .caption(
        """
        Two runs with the same initial weights (seed 3) at η = \(NumberText.short(Self.middle)). Dark lines are early, light \
        green ones late; the last one is thicker.
        """)
    Note("## The noise of single samples")
    Figure("Loss on all data, trained on one sample per step or on all") {
      Curve(.trainingLoss).color(by: .batch).band(.deciles)
    }
    .facets(columns: .learningRate).xScale(.log).yScale(.log)
    Figure("Angle between w and the final w of full batches") { try Self.angles($0) }
      .caption(
        """
        Ten runs of each batch at η = \(NumberText.short(Self.middle)). The reference direction is the end point of the best \
        full-batch run at the largest η.
        """)
    ReportTable(
      "Fluctuation of E on all data over the last tenth of training, and final E: medians over seeds",
      columns: [
        .number("η"), .number("fluctuation, one sample"), .number("fluctuation, all samples"),
        .number("final E, one sample"), .number("final E, all samples"),
      ]
    ) { results in
      try Self.rates.map { rate in
        let part = results.where(.learningRate, is: rate)
        let batches = [Batching.singleWithReplacement, .full].map { part.where(.batch, is: $0) }
        return [NumberText.short(rate)]
          + (try batches.map { NumberText.short(try Self.spread($0)) })
          + (try batches.map { NumberText.short(try $0.median(.final(.trainingLoss))) })
      }
    }
    Note(
      """
      The fluctuation of a run is the standard deviation of E over the last tenth of training. It includes a remaining \
      decrease of E. Training on all samples has no noise, so its value is this decrease alone. One step on all samples \
      evaluates as many gradients as \(Self.sampleCount) steps on one sample.
      """)
  }

  @ReportBuilder private var minima: [Cell] {
    Note(
      """
      ## The local minima of one neuron

      The square loss of one neuron is not convex in w. An example has a neuron without bias and ten points, (10⁻ⁱ, 0) and \
      (0, 10⁻ⁱ) for i = 0…4, all with target 0.7. A point of size 10⁻ⁱ is fitted by the weight σ⁻¹(0.7)·10ⁱ. For much larger \
      weights σ is flat at this point, and the point contributes almost nothing to the gradient. So each of the five sizes \
      can have its own minimum in either weight, 5 × 5 in the plane. The construction is that of Auer, Herbster & Warmuth \
      (1996). `auer-minima` runs gradient descent on it.
      """)
    Figure("Square loss of one neuron over the logarithms of its weights") { _ in Self.surfaces() }
      .caption(
        """
        Sum of squares over the ten points, on a grid of \(Self.lattice) × \(Self.lattice) weights. Dots: grid points below all \
        eight neighbours, refined until a step of 10⁻⁸ in log₁₀ w does not decrease the loss.
        """)
    Figure("Loss along w₁ through the best minimum") { _ in Self.cuts() }
      .caption("w₂ has its value at the best minimum. Rings: the local minima along w₁.")
  }

  @ReportBuilder private var minimumCounts: [Cell] {
    ReportTable(
      "Local minima found with w > 0",
      columns: [
        "loss", .number("targets"), .number("minima"), .number("least value"), .number("greatest value"),
        .number("largest ‖∂E/∂ln w‖"),
      ]
    ) { _ in
      Bowl.all.map { bowl in
        let minima = bowl.minima()
        let losses = minima.map { bowl.loss($0.x, $0.y) }
        let norm = minima.map { bowl.gradientNorm($0) }.max() ?? .nan
        return [
          bowl.isEntropy ? "cross-entropy" : "square", NumberText.short(bowl.target), "\(minima.count)",
          NumberText.short(losses.min() ?? .nan, digits: 4), NumberText.short(losses.max() ?? .nan, digits: 4),
          NumberText.short(norm, digits: 2),
        ]
      }
    }
    Note { _ in
      let counts = Bowl.all.map { $0.minima().count }
      return """
        ## Result

        The search finds \(counts[0]) minima with targets 0.7 and \(counts[1]) with targets 0.6. An explanation is the error of \
        a point far from the weight that fits it: (½ − t)² for much smaller weights and (1 − t)² for much larger ones. These \
        are 0.04 and 0.09 for t = 0.7, but 0.01 and 0.16 for t = 0.6, where a larger weight gains too little. \
        Cross-entropy with targets 0.7 has \(counts[2]). Its derivative ŷ − y has no factor ŷ(1 − ŷ), so a point keeps its \
        influence at large weights, and the loss is convex in w.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("The square loss has 25 minima with targets 0.7 and one with 0.6; cross-entropy has one") { _ in
      let counts = Bowl.all.map { $0.minima().count }
      return (counts == [25, 1, 1], counts.map(String.init).joined(separator: ", "))
    }
    Expect("For η of at least 0.3 the fluctuation of single samples is at least ten times that of full batches") {
      results in
      let ratios = try Self.rates.filter { $0 >= Self.middle }.map { rate in
        let part = results.where(.learningRate, is: rate)
        return try Self.spread(part.where(.batch, is: .singleWithReplacement))
          / Self.spread(part.where(.batch, is: .full))
      }
      let words = ratios.map { NumberText.short($0, digits: 2) }.joined(separator: ", ")
      return (!ratios.isEmpty && ratios.allSatisfy { $0 >= 10 }, "ratios \(words)")
    }
    Expect(.median(of: .final(.accuracy)), atLeast: 0.9)
  }
  // MARK: Settings
  private static let rates = [0.03, 0.3, 1]
  private static let middle = 0.3
  private static let sampleCount = 80

  /// Two clouds around (−0.4, −0.9) and (1, 0.7), not aligned with the axes.
  private static let clouds = DataSource.custom("two clouds") { seed in
    let blobs = try DataSource.blobs(classes: 2, samples: sampleCount, noise: 0.55)
      .make(runSeed: seed, files: DataFiles(folders: []))
    let part = blobs.training
    let inputs = (0..<part.count).map { i in
      let (x, y) = (part.inputs[2 * i], part.inputs[2 * i + 1])
      return [0.3 + 0.7 * x - 0.7 * y, -0.1 + 0.8 * x + 0.6 * y]
    }
    return Dataset(
      name: "two clouds", inputs: inputs, targets: (0..<part.count).map { [part.targets[2 * $0]] },
      classes: .threshold(0.5))
  }

  // MARK: The decision line
  private static func lines(_ results: Results) throws -> ChartGrid {
    let steps = [0, 10, 30, 100, 300, 1_000, 2_000, 4_000]
    let colors = Palette.colors(steps.count, ordered: true)
    let charts = try [Batching.singleWithReplacement, .full].map { batch in
      let runs = results.where(.batch, is: batch).where(.learningRate, is: middle)
      guard let row = try runs.run(.seed(3)), let data = try runs.dataset(of: row) else {
        return Chart(x: AxisStyle("x₁"), y: AxisStyle("x₂"), marks: [])
      }
      var marks: [Mark] = []
      for label in [0, 1] {
        let points = (0..<data.training.count).filter { data.training.targets[$0] == Double(label) }
          .map { Point(data.training.inputs[2 * $0], data.training.inputs[2 * $0 + 1]) }
        marks.append(.points(points, .category(label), Palette.diverging(label == 0 ? 0.1 : 0.9), radius: 2))
      }
      for (index, theta) in try runs.trajectory(of: row, at: steps).enumerated() {
        marks.append(.line(line(theta), Stroke(colors[index], width: index + 1 == steps.count ? 2.2 : 1.3)))
      }
      return Chart(
        title: title(batch), x: AxisStyle("x₁", domain: -2.6...2.8),
        y: AxisStyle("x₂", domain: -2.6...2.6), marks: marks)
    }
    let classes = [0, 1].map {
      LegendEntry("class \($0)", Palette.diverging($0 == 0 ? 0.1 : 0.9), marker: .category($0))
    }
    return ChartGrid(
      [charts], legendTitle: "line after step",
      legend: zip(steps, colors).map { LegendEntry("\($0)", $1) } + classes, aspect: 1.15)
  }

  private static func title(_ batch: Batching) -> String {
    batch == .full ? "all samples per step" : "one sample per step"
  }

  /// Two points of the line w·x + b = 0 outside the drawn part.
  private static func line(_ theta: [Double]) -> [Point] {
    let (a, b, c) = (theta[0], theta[1], theta[2])
    guard abs(a) + abs(b) > 0 else { return [] }
    return abs(b) > abs(a)
      ? [-4.0, 4].map { Point($0, -(a * $0 + c) / b) } : [-4.0, 4].map { Point(-(b * $0 + c) / a, $0) }
  }

  private static func angles(_ results: Results) throws -> ChartGrid {
    let steps = [0, 1, 2, 4, 7, 12, 20, 33, 50, 75] + stride(from: 100, through: 4_000, by: 100)
    let settled = results.where(.batch, is: .full).groups(by: .learningRate).last?.results
    guard let settled, let row = try settled.run(.best(.finalLoss)) else { return ChartGrid([]) }
    let end = try settled.parameters(of: row)
    let part = results.where(.learningRate, is: middle)
    let charts = try [Batching.singleWithReplacement, .full].enumerated().map { index, batch in
      let runs = part.where(.batch, is: batch)
      let marks = try runs.rows.prefix(10).map { row -> Mark in
        let points = zip(steps, try runs.trajectory(of: row, at: steps)).map { step, w in
          let turn = atan2(w[0] * end[1] - w[1] * end[0], w[0] * end[0] + w[1] * end[1])
          return Point(Double(step + 1), abs(turn) * 180 / Double.pi)
        }
        return .line(points, Stroke(Palette.categories[index].opacity(0.75), width: 0.9))
      }
      return Chart(
        title: title(batch), x: AxisStyle("step t + 1", .log),
        y: AxisStyle("angle in degrees", .log, domain: 0.01...200), marks: marks)
    }
    return ChartGrid([charts], aspect: 1.35)
  }

  /// Median over runs of the standard deviation of E over the last tenth of training.
  private static func spread(_ runs: Results) throws -> Double {
    Statistics.median(
      try runs.series(.trainingLoss).map { series in
        let all = series?.values ?? []
        let last = all.suffix(max(2, all.count / 10))
        let mean = last.reduce(0, +) / Double(max(1, last.count))
        return (last.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, last.count))).squareRoot()
      })
  }

  // MARK: Local minima
  private static let lattice = 161

  /// The loss of a neuron without bias on (10⁻ⁱ, 0) and (0, 10⁻ⁱ), i = 0…4, over u = log₁₀ w₁ and v = log₁₀ w₂.
  ///
  /// Each point lies on an axis, so its loss depends on one weight only and E is a sum of one function of each weight.
  private struct Bowl {
    let target: Double
    let isEntropy: Bool

    static let all = [
      Bowl(target: 0.7, isEntropy: false), Bowl(target: 0.6, isEntropy: false), Bowl(target: 0.7, isEntropy: true),
    ]
    static let us = (0..<lattice).map { -2 + 8 * Double($0) / Double(lattice - 1) }

    /// The loss of the five points of one axis at the weight 10ᵘ.
    func axis(_ u: Double) -> Double {
      let w = pow(10, u)
      let neuron = Textbook.LogisticNeuron(w: [w], b: 0)
      return (0...4).reduce(0) { sum, i in
        let x = pow(10, -Double(i))
        let z = w * x
        // −t ln σ(z) − (1−t) ln(1−σ(z)) = ln(1 + e⁻ᶻ) + (1−t)z, which does not overflow for z > 0.
        return isEntropy ? sum + log1p(exp(-z)) + (1 - target) * z : sum + neuron.loss([x], target)
      }
    }

    func loss(_ u: Double, _ v: Double) -> Double { axis(u) + axis(v) }

    /// ‖∂E/∂(ln w₁, ln w₂)‖, by the chain rule.
    func gradientNorm(_ p: Point) -> Double {
      let parts = [p.x, p.y].map { u in
        let w = pow(10, u)
        let neuron = Textbook.LogisticNeuron(w: [w], b: 0)
        return (0...4).reduce(0.0) { sum, i in
          let x = pow(10, -Double(i))
          return sum + w * (isEntropy ? (neuron.output([x]) - target) * x : neuron.gradient([x], target).w[0])
        }
      }
      return (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot()
    }

    var field: Field {
      let values = Self.us.map(axis)
      return Field(x: Self.us, y: Self.us, values: values.map { v in values.map { $0 + v } })
    }

    /// Grid points below all eight neighbours, refined by a search with decreasing steps.
    func minima() -> [Point] {
      let field = field
      var found: [Point] = []
      for row in 1..<lattice - 1 {
        for column in 1..<lattice - 1 {
          let here = field.values[row][column]
          let isLeast = (-1...1).allSatisfy { dy in
            (-1...1).allSatisfy { dx in
              (dx == 0 && dy == 0) || field.values[row + dy][column + dx] > here
            }
          }
          if isLeast { found.append(refined(Point(Self.us[column], Self.us[row]))) }
        }
      }
      return found
    }

    private func refined(_ start: Point) -> Point {
      var (place, least, step) = (start, loss(start.x, start.y), 0.025)
      while step > 1e-8 {
        let around = [(step, 0), (-step, 0), (0, step), (0, -step)].map { Point(place.x + $0.0, place.y + $0.1) }
        if let better = around.first(where: { loss($0.x, $0.y) < least }) {
          (place, least) = (better, loss(better.x, better.y))
        } else {
          step /= 2
        }
      }
      return place
    }

    /// Local minima of the loss over w₁ alone.
    func cutMinima() -> [Double] {
      let values = Self.us.map(axis)
      return (1..<lattice - 1).filter { values[$0] < values[$0 - 1] && values[$0] < values[$0 + 1] }.map { Self.us[$0] }
    }
  }

  private static func logWeight(_ index: String) -> AxisStyle {
    AxisStyle("log₁₀ w\(index)", domain: -2...6)
  }

  private static func surfaces() -> ChartGrid {
    let bowls = Bowl.all.filter { !$0.isEntropy }
    let fields = bowls.map(\.field)
    let colors = ColorScale.fitting("square loss E", fields.flatMap { $0.values.flatMap(\.self) })
    let charts = zip(bowls, fields).map { bowl, field in
      let half = 4 / Double(lattice - 1)
      let edges = (0...lattice).map { min(6, max(-2, -2 - half + 2 * half * Double($0))) }
      let cells = CellGrid(xEdges: edges, yEdges: edges, values: field.values)
      let all = field.values.flatMap(\.self)
      let (low, high) = (all.min() ?? 0, all.max() ?? 1)
      let levels = (1...24).map { low + (high - low) * Double($0) / 25 }
      let minima = bowl.minima()
      return Chart(
        title: "targets \(NumberText.short(bowl.target)): \(minima.count) \(minima.count == 1 ? "minimum" : "minima")",
        x: logWeight("₁"), y: logWeight("₂"),
        marks: [
          .cells(cells, colors), .contours(field, levels: levels, Stroke(.white.opacity(0.5), width: 0.5)),
          .points(minima, .circle, .white, radius: 3.2), .points(minima, .circle, Palette.categories[1], radius: 2.4),
        ])
    }
    return ChartGrid([charts], colorScale: colors, aspect: 1.1)
  }

  private static func cuts() -> ChartGrid {
    let charts = Bowl.all.enumerated().map { index, bowl in
      let minima = bowl.minima()
      let best = minima.min { bowl.loss($0.x, $0.y) < bowl.loss($1.x, $1.y) } ?? Point(0, 0)
      let curve = Bowl.us.map { Point($0, bowl.loss($0, best.y)) }
      let rings = bowl.cutMinima().map { Point($0, bowl.loss($0, best.y)) }
      let color = Palette.categories[index]
      return Chart(
        title: "\(bowl.isEntropy ? "cross-entropy" : "square"), \(NumberText.short(bowl.target))", x: logWeight("₁"),
        y: AxisStyle(index == 0 ? "loss E" : "", bowl.isEntropy ? .log : .linear),
        marks: [
          .line(curve, Stroke(color, width: 1.5)), .points(rings, .ring, .black, radius: 3),
        ])
    }
    var grid = ChartGrid([charts], aspect: 1.1)
    grid.sharesAxes = false
    return grid
  }
}
