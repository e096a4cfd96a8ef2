import Foundation
import Testing

/// Penalties, clipping, warm-up, prepared class targets, own activations and own rules in scripts, as the real program trains them.
@Suite struct UpdateOptionTests {
  /// A script with one experiment, and its runs as the program writes them, by column.
  private static func table(_ p: Program, _ name: String) throws -> [[String: String]] {
    let lines = try String(contentsOf: p.file("\(name)/runs.csv"), encoding: .utf8).split(separator: "\n")
    let header = lines[0].split(separator: ",").map(String.init)
    return lines.dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(header, fields))
    }
  }

  private static func number(_ row: [String: String], _ column: String) -> Double { Double(row[column] ?? "") ?? .nan }

  private static let penalties = """
    import Descent

    struct Penalties: Experiment {
      let title = "Where do penalties end?"
      var setup: Setup {
        Setup(
          objective: .function("bowl") { x, y in
            0.5 * ((x - 1) * (x - 1) + 10 * (y + 2) * (y + 2))
          } gradient: { x, y in
            (x - 1, 10 * (y + 2))
          },
          start: .at([3, 3]),
          optimizer: .gradientDescent(learningRate: 0.05, schedule: .warmUp(steps: 10)), stop: .after(steps: 3000),
          record: .also(.updateNorm, every: 1))
      }
      var sweep: [Axis] {
        Vary(.l1Penalty, over: [0, 0.3, 0.9])
        Vary(.clipNorm, over: [2, .infinity])
        Vary(.warmUp, over: [0, 10])
      }
      var report: [Cell] {
        Figure("Loss") { Sensitivity(.finalLoss, to: .clipNorm).color(by: .l1Penalty) }.facets(columns: .warmUp)
      }
    }
    """

  /// The minimum of ½a(x − b)² + λ₁|x| is b moved by λ₁/a: the loss without the penalty is ½λ₁²(1 + 1/10) there.
  @Test func penaltiesClippingAndWarmUp() throws {
    try CommandTests.with { p in
      let file = try ScriptTests.write(p, "lab/Penalties.swift", Self.penalties)
      let outcome = try p.run("run", file, "--output", p.output)
      #expect(outcome.status == 0, "\(outcome)")
      let rows = try Self.table(p, "penalties")
      #expect(rows.count == 12 && rows.count { $0["clip-norm"] == "inf" } == 6)
      for row in rows {
        let lambda = Self.number(row, "l1-penalty")
        #expect(abs(Self.number(row, "final_loss") - 0.55 * lambda * lambda) < 1e-12, "\(row)")
      }
      let series = try p.run("export", file, "--to", "csv", "--output", p.output)
      #expect(series.status == 0, "\(series)")
      let lines = try String(contentsOf: p.file("export/penalties/series.csv"), encoding: .utf8).split(separator: "\n")
      #expect(lines[0].contains("clip-norm") && lines[0].contains("warm-up"), "\(lines[0])")
      // Step 0: the whole gradient is (2, 50). It is recorded unclipped; the update is clipped, and a tenth in a warm-up.
      let updates = lines.filter { $0.contains(",update-norm,0,") }.compactMap {
        Double($0.split(separator: ",").last ?? "")
      }
      let norms = lines.filter { $0.contains(",gradient-norm,0,") }.compactMap {
        Double($0.split(separator: ",").last ?? "")
      }
      let whole = 2504.0.squareRoot()
      #expect(norms.count == 12 && norms.allSatisfy { abs($0 - whole) < 1e-12 })
      let expected = [0.05 * 2, 0.005 * 2, 0.05 * whole, 0.005 * whole]
      #expect(updates.count == 12)
      for (found, wanted) in zip(updates.prefix(4), expected) { #expect(abs(found - wanted) < 1e-12) }
      let wrong = try p.run("run", file, "--set", "clip-norm=0", "--set", "l1-penalty=-1", "--output", p.output)
      #expect(wrong.status == 64, "\(wrong)")
      #expect(wrong.errors.contains("clip-norm: 0.0: the norm that gradients are clipped to is positive"), "\(wrong)")
      #expect(wrong.errors.contains("l1-penalty: -1.0: an L1 penalty is finite and not negative"), "\(wrong)")
    }
  }

  private static let classes = """
    import Descent

    struct RareClass: Experiment {
      let title = "What do weights do for a rare class?"
      var setup: Setup {
        Setup(
          data: .custom("two and twenty") { _ in
            let labels = (0..<22).map { $0 < 2 ? 1 : 0 }
            return Dataset(
              name: "two and twenty", inputNames: ["x"], outputNames: ["often", "rare"],
              training: Dataset.Samples(
                count: 22, inputs: Array(repeating: 1, count: 22), targets: labels.flatMap { $0 == 1 ? [0, 1] : [1, 0] }),
              classes: .oneHot(names: ["often", "rare"]))
          },
          network: .linear(output: .softmax), loss: .crossEntropy, optimizer: .gradientDescent(learningRate: 0.2),
          initialization: .zero, stop: .after(steps: 2000))
      }
      var sweep: [Axis] {
        Variants(
          "targets",
          [
            Variant("plain") { _ in },
            Variant("balanced") { $0.data = $0.data?.classWeights(.balanced) },
            Variant("weighted") { $0.data = $0.data?.classWeights(["rare": 30]) },
            Variant("smoothed") { $0.data = $0.data?.smoothedLabels(0.5) },
          ])
      }
      var report: [Cell] { Note("nothing") }
    }
    """

  /// All inputs are equal, so that the outputs become the shares of the targets: the loss is their entropy times the mean weight.
  @Test func preparedTargetsOfClasses() throws {
    try CommandTests.with { p in
      let file = try ScriptTests.write(p, "lab/RareClass.swift", Self.classes)
      let outcome = try p.run("run", file, "--format", "png", "--output", p.output)
      #expect(outcome.status == 0, "\(outcome)")
      let rows = try Self.table(p, "rare-class")
      #expect(rows.map { $0["targets"] } == ["plain", "balanced", "weighted", "smoothed"])
      func entropy(_ q: Double) -> Double { -q * log(q) - (1 - q) * log(1 - q) }
      let losses = [entropy(2.0 / 22), entropy(0.5), 80.0 / 22 * entropy(60.0 / 80), entropy(6.5 / 22)]
      for (row, loss) in zip(rows, losses) { #expect(abs(Self.number(row, "final_loss") - loss) < 1e-9, "\(row)") }
      // The rare class is predicted only where it weighs more than the other.
      #expect(abs(Self.number(rows[0], "final_accuracy") - 20.0 / 22) < 1e-12)
      #expect(abs(Self.number(rows[2], "final_accuracy") - 2.0 / 22) < 1e-12)
      #expect(abs(Self.number(rows[3], "final_accuracy") - 20.0 / 22) < 1e-12)
      for (change, message) in [
        ("[\"rare\": 30]", "[\"rear\": 30]") as (String, String), ("loss: .crossEntropy", "loss: .meanSquaredError"),
      ].map({
        (
          Self.classes.replacing($0.0, with: $0.1),
          $0.1.hasPrefix("[") ? "Did you mean rare?" : "only the cross-entropy takes"
        )
      }) {
        let wrong = try p.run("plan", try ScriptTests.write(p, "lab/RareClass.swift", change), "--output", p.output)
        #expect(wrong.status != 0 && wrong.errors.contains(message), "\(wrong)")
      }
    }
  }

  private static let own = """
    import Descent
    import Foundation

    struct HalvedMomentum: UpdateRuleDefinition {
      let stateCount = 1

      func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
        state[0] = 0.9 * state[0] + gradient
        return parameter - rate * state[0]
      }
    }

    struct OwnWords: Experiment {
      let title = "Are own functions trained like built-in ones?"
      var setup: Setup {
        Setup(
          data: .noisySine(samples: 20), network: .mlp(hidden: 4), loss: .halfMeanSquaredError,
          optimizer: .momentum(0.9, learningRate: 0.02), initialization: .fanIn(), stop: .after(steps: 100))
      }
      var sweep: [Axis] {
        Vary(.activation, over: [.tanh, .custom("own tanh") { tanh($0) } slope: { 1 - tanh($0) * tanh($0) }])
        Vary(.optimizer, over: [.momentum(0.9), Optimizer.custom("own momentum", HalvedMomentum(), learningRate: 1).rule])
        Seeds(0..<3)
      }
      var report: [Cell] {
        Figure("Loss") { Curve(.loss).color(by: .optimizer) }.facets(columns: .activation)
      }
    }
    """

  /// Own copies of built-in functions end where these end; an edited function trains new runs; a wrong slope is named.
  @Test func ownActivationsAndRules() throws {
    try CommandTests.with { p in
      let file = try ScriptTests.write(p, "lab/OwnWords.swift", Self.own)
      let outcome = try p.run("run", file, "--output", p.output)
      #expect(outcome.status == 0 && outcome.output.contains("12 of 12 runs to train"), "\(outcome)")
      let rows = try Self.table(p, "own-words")
      #expect(Set(rows.compactMap { $0["activation"] }) == ["tanh", "own tanh"])
      for seed in ["0", "1", "2"] {
        let losses = rows.filter { $0["seed"] == seed }.map { Self.number($0, "final_loss") }
        #expect(losses.count == 4 && losses.allSatisfy { abs($0 - losses[0]) < 1e-11 }, "\(losses)")
      }
      #expect(try p.run("plan", file, "--output", p.output).output.contains("12 in the archive, 0 to train"))
      _ = try ScriptTests.write(p, "lab/OwnWords.swift", Self.own.replacing("0.9 * state[0]", with: "0.8 * state[0]"))
      #expect(try p.run("plan", file, "--output", p.output).output.contains("6 in the archive, 6 to train"))
      let wrong = Self.own.replacing("{ 1 - tanh($0) * tanh($0) }", with: "{ 1 - tanh($0) }")
      let named = try p.run("plan", try ScriptTests.write(p, "lab/OwnWords.swift", wrong), "--output", p.output)
      #expect(named.status != 0 && named.errors.contains("activation own tanh: slope"), "\(named)")
      let outside = Self.own.replacing("state[0] = 0.9 * state[0]", with: "state[1] = 0.9 * state[1]")
      let missing = try p.run("plan", try ScriptTests.write(p, "lab/OwnWords.swift", outside), "--output", p.output)
      #expect(missing.errors.contains("optimizer own momentum: state[1]: the rule keeps 1 number"), "\(missing)")
    }
  }
}
