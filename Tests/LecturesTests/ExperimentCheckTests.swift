import Learning
import Lectures
import Studies
import Testing

/// `descent check NAME`: the experiment's own networks, losses and descent.
@Suite struct ExperimentCheckTests {
  @SweepBuilder private static func oneSeed() -> [Axis] { Seeds(4..<5) }

  private static func check(
    _ setup: Setup, name: String = "planted", @SweepBuilder sweep: () -> [Axis] = Self.oneSeed
  ) throws -> ExperimentCheck {
    let study = Study(name: name, title: "Planted", setup: setup, sweep: sweep())
    return try ExperimentCheck(try Plan(study, files: DataFiles(folders: [])))
  }

  private static func setup(_ network: Network, _ loss: Loss, _ optimizer: Optimizer) -> Setup {
    Setup(
      data: .moons(samples: 40), network: network, loss: loss, optimizer: optimizer, initialization: .fanIn(scale: 2),
      batch: .singleWithReplacement, stop: .after(steps: 50))
  }

  @Test func everyNetworkOfTheSweepIsCheckedOnce() throws {
    let setup = Self.setup(
      .mlp(hidden: 3, activation: .sine), .halfMeanSquaredError, .gradientDescent(learningRate: 0.1))
    let check = try Self.check(setup) {
      Vary(.learningRate, over: [0.1, 0.2])
      Vary(.hidden, over: [2, 5])
      Seeds(4..<6)
    }
    #expect(
      check.parts.map(\.title)
        == [2, 5].map { hidden in
          "2-\(hidden)-1 sine;identity, squared-error(half-mean), two moons: equations of C2"
        })
    for line in check.parts.flatMap(\.lines) { #expect(line.passed, "\(line)") }
    #expect(
      check.parts[0].lines.map { "\($0.quantity), \($0.comparison)" } == [
        "∂E/∂θ, textbook – engine", "δ, textbook – engine", "∂E/∂θ, textbook – differences",
        "θ after 1 step, textbook – engine", "θ after 10 steps, textbook – engine",
      ])
    #expect(check.parts.allSatisfy { $0.notes.isEmpty })
  }

  /// An experiment about a lecture is checked with the lecture's equations where they describe its network, else with those of
  /// any number of layers.
  @Test func theLecturesOwnEquationsComeFirst() throws {
    let sigmoid = Self.setup(
      .mlp(hidden: 3, activation: .sigmoid, output: .sigmoid), .meanSquaredError, .gradientDescent(learningRate: 0.5))
    #expect(try Self.check(sigmoid, name: "combining-lines").parts[0].title.hasSuffix("equations of B3"))
    #expect(try Self.check(sigmoid, name: "backpropagation").parts[0].title.hasSuffix("equations of B2"))
    var tanh = sigmoid
    tanh.network = .mlp(hidden: 3, activation: .tanh, output: .sigmoid)
    #expect(try Self.check(tanh, name: "backpropagation").parts[0].title.hasSuffix("equations of C2"))
  }

  @Test func whatTheLecturesDoNotDescribeIsSaid() throws {
    let momentum = Self.setup(.mlp(hidden: 3), .sumOfSquares, .momentum(0.9, learningRate: 0.1))
    let known = try Self.check(momentum).parts[0]
    #expect(known.notes == ["θ after steps: not compared, since the lectures have gradient descent only"])
    #expect(known.lines.count == 3 && known.lines.allSatisfy { $0.passed })
    let entropy = Self.setup(
      .mlp(hidden: 3, output: .sigmoid), .binaryCrossEntropy, .gradientDescent(learningRate: 0.1))
    let unknown = try Self.check(entropy).parts[0]
    #expect(unknown.lines.map(\.comparison) == ["engine – differences"])
    #expect(unknown.lines.allSatisfy { $0.passed })
    #expect(unknown.notes.first?.contains("no equations for binary-cross-entropy") == true)
  }

  @Test func anObjectiveIsComparedWithItsDifferences() throws {
    let bowl = Objective.function("bowl") { x, y in
      x * x + 3 * y * y
    } gradient: { x, y in
      (2 * x, 6 * y)
    }
    let setup = Setup(
      objective: bowl, start: .uniform(-2...2), optimizer: .gradientDescent(learningRate: 0.1), stop: .after(steps: 5))
    let part = try Self.check(setup).parts[0]
    #expect(part.title == "bowl")
    #expect(part.lines.map { "\($0.quantity), \($0.comparison)" } == ["∇E, engine – differences"])
    #expect(part.lines.allSatisfy { $0.passed })
  }

  /// What would make a line fail: another sign, another length, not a number, nothing but zeros.
  @Test func aLineFailsForWhatIsWrong() {
    func passes(_ a: [Double], _ b: [Double]) -> Bool {
      CheckLine("δ", "textbook – engine", a[...], b[...], bound: 1e-12).passed
    }
    #expect(passes([3, -4e-3], [3, -4e-3 + 1e-12]))
    #expect(!passes([3, -4e-3], [3, 4e-3]))
    #expect(!passes([3, 1], [3]))
    #expect(!passes([3, .nan], [3, .nan]))
    #expect(!passes([0, 0], [0, 0]))
    #expect(!passes([], []))
  }
}
