import Descent

/// The tasks, widths and kinds of training that `larger-is-easier` and `width-rates` have in common.
enum ParityTraining {
  static let widths = [2, 3, 4, 6, 8, 16]
  /// A run has solved its task when the loss on all patterns falls below this.
  static let bound = 0.01

  static let task = Parameter<String>.variant("task")
  static let training = Parameter<String>.variant("training")
  static let tasks = ["XOR", "parity of 3", "parity of 4"]
  static let (main, binary, full) = ("one sample ±1", "one sample 0 and 1", "full batch ±1")

  static let setup = Setup(
    data: patterns(2, low: -1),
    network: .mlp(hidden: 4, activation: .tanh, output: .identity),
    loss: .halfMeanSquaredError,
    optimizer: .gradientDescent(learningRate: 0.1),
    initialization: Initialization(.fanIn, scale: 1, drawsBiases: true),
    batch: .singleWithReplacement,
    stop: .after(steps: 10_000),
    record: .every(10, also: .trainingLoss))

  /// The tasks with their numbers of steps. With few patterns the gradient of a sample can vanish by chance, when it is drawn
  /// many times in a row. Only parity of 4, whose runs are long, has a stop rule on the gradient.
  static func taskAxis(steps: [Int]) -> Variants {
    Variants(
      "task",
      tasks.indices.map { index in
        Variant(tasks[index]) { setup in
          setup.data = patterns(index + 2, low: -1)
          setup.stop = .after(steps: steps[index])
          setup.record = .every([10, 20, 100][index], also: .trainingLoss)
          if index == 2 { setup.stop.gradientNormBelow = 1e-13 }
        }
      })
  }

  static var trainingAxis: Variants {
    Variants(
      "training",
      [
        Variant(main) { _ in },
        Variant(binary) { setup in
          let bits = (2...4).first { setup.data == patterns($0, low: -1) } ?? 2
          setup.data = patterns(bits, low: 0)
        },
        Variant(full) { setup in
          setup.batch = .full
          setup.stop.lossBelow = bound / 2
          setup.stop.gradientNormBelow = 1e-11
        },
      ])
  }

  /// All patterns of some bits; the target is 1 for an odd number of ones, else −1.
  static func patterns(_ bits: Int, low: Double) -> DataSource {
    let name = "\(tasks[bits - 2]), inputs \(low < 0 ? "±1" : "0 and 1")"
    return .custom(name) { _ in
      let ones = (0..<(1 << bits)).map { number in (0..<bits).map { (number >> (bits - 1 - $0)) & 1 } }
      return Dataset(
        name: name, inputs: ones.map { $0.map { $0 == 1 ? 1 : low } },
        targets: ones.map { [$0.reduce(0, +) % 2 == 1 ? 1 : -1] })
    }
  }

  // MARK: Learning rates

  /// The learning rates of `widths`, found by `width-rates` on seeds of its own.
  private static let rates: [String: [String: [Double]]] = [
    "XOR": [
      main: [0.1, 0.3, 0.3, 0.3, 0.1, 0.1], binary: [0.3, 0.3, 0.1, 0.3, 0.1, 0.1],
      full: [0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
    ],
    "parity of 3": [
      main: [0.03, 0.3, 0.3, 0.3, 0.1, 0.1], binary: [0.03, 0.3, 0.3, 0.1, 0.1, 0.1],
      full: [0.1, 0.1, 0.3, 0.3, 0.3, 0.3],
    ],
    "parity of 4": [
      main: [0.03, 0.03, 0.1, 0.1, 0.1, 0.1], binary: [0.03, 0.03, 0.03, 0.03, 0.03, 0.03],
      full: [0.03, 0.03, 0.1, 0.3, 0.3, 0.3],
    ],
  ]

  /// The tuned learning rate of a width; `nil` for a width that was not tuned.
  static func rate(_ task: String, _ training: String, _ width: Int) -> Double? {
    guard let list = rates[task]?[training], let index = widths.firstIndex(of: width) else { return nil }
    return list[index]
  }

  /// The number of hidden units, with the learning rate that was tuned for it; its axis comes after task and training.
  static let width = Parameter<Int>(
    "units", title: "hidden units", symbol: "H",
    get: { $0.network?.hidden.first },
    set: { setup, units in
      setup.network?.hidden = [units]
      for (index, task) in tasks.enumerated() {
        let isSigned = setup.data == patterns(index + 2, low: -1)
        guard isSigned || setup.data == patterns(index + 2, low: 0) else { continue }
        let training = setup.batch == .full ? full : isSigned ? main : binary
        setup.optimizer.learningRate = rate(task, training, units) ?? 0.03
      }
    })
}
