import Foundation
import Learning
import Testing
import Textbook

/// The engine's gradient, read off one step of descent at rate 1, against central differences of its own loss and
/// against the lecture's equations.
@Suite struct GradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let activation: Activation
    let output: [Activation]
    let loss: Loss
    let depth: Int
    let samples: Int
    var testDescription: String {
      "\(activation.name) \(output.map(\.name)) \(loss.name) depth \(depth) n \(samples)"
    }
  }

  static let distance = Distance(
    name: "huber", value: { y, t in abs(y - t) < 1 ? 0.5 * (y - t) * (y - t) : abs(y - t) - 0.5 },
    derivative: { y, t in max(-1, min(1, y - t)) })

  static let cases: [Case] = {
    var all: [Case] = []
    let squared: [Loss] = SquaredErrorConvention.allCases.map { .squaredError($0) }
    for activation in Activation.hidden + [OwnFunctionTests.swish] {
      for depth in 1...4 {
        for loss in squared + [.absoluteError, .custom(distance)] {
          // 5 samples put runs into the lanes, 37 put samples there, the last column padded.
          for samples in [5, 37] {
            all.append(Case(activation: activation, output: [.identity], loss: loss, depth: depth, samples: samples))
          }
        }
        all.append(
          Case(activation: activation, output: [.sigmoid], loss: .binaryCrossEntropy, depth: depth, samples: 37))
        all.append(Case(activation: activation, output: [.softmax], loss: .crossEntropy, depth: depth, samples: 37))
        all.append(Case(activation: activation, output: [.softmax], loss: .crossEntropy, depth: depth, samples: 5))
        all.append(Case(activation: activation, output: [.softmax], loss: .meanSquaredError, depth: depth, samples: 37))
        all.append(
          Case(
            activation: activation, output: [.tanh, .sine, .softplus], loss: .meanSquaredError, depth: depth,
            samples: 37))
      }
    }
    return all
  }()

  /// Three outputs; targets that every loss can take: class memberships.
  static func data(_ samples: Int) -> Dataset { made(.blobs(classes: 3, samples: samples, noise: 0.4)) }

  @Test(arguments: cases) func agreesWithCentralDifferences(_ test: Case) {
    let data = Self.data(test.samples)
    let network = Network(
      hidden: [4, 3, 5, 2].prefix(test.depth).map(\.self), activation: test.activation, output: test.output)
    func run(_ parameters: [Double]) -> TrainingRun {
      var run = TrainingRun.on(
        data, network, loss: test.loss, optimizer: .gradientDescent(learningRate: 1), stop: .after(steps: 1))
      run.initialParameters = parameters
      return run
    }
    let shape = network.architecture(inputs: data.inputCount, outputs: data.outputCount)
    let theta = Self.awayFromKinks(shape, data)
    let h = 1e-5
    #expect(theta.count == shape.parameterCount)
    var runs = [run(theta)]
    for i in theta.indices {
      for sign in [1.0, -1] {
        var moved = theta
        moved[i] += sign * h
        runs.append(run(moved))
      }
    }
    let results = Bench.train(runs)
    let gradient = zip(theta, results[0].finalParameters).map { $0 - $1 }
    let scale = max(1, gradient.map { abs($0) }.max() ?? 1)
    for i in theta.indices {
      let up = results[1 + 2 * i].series[.loss]?.values[0] ?? .nan
      let down = results[2 + 2 * i].series[.loss]?.values[0] ?? .nan
      let difference = (up - down) / (2 * h)
      #expect(abs(gradient[i] - difference) < 2e-8 * scale, "parameter \(i): \(gradient[i]) against \(difference)")
    }
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs((results[0].series[.gradientNorm]?.values[0] ?? .nan) - norm) < 1e-12 * max(1, norm))
  }

  /// Random parameters at which no output is nearly equal to its target: |y − t| has no derivative there.
  static func awayFromKinks(_ shape: Architecture, _ data: Dataset) -> [Double] {
    for seed in 4..<100 as Range<UInt64> {
      let theta = Initialization.normal(scale: 0.7, biases: true).parameters(of: shape, seed: seed)
      let isSmooth = (0..<data.training.count).allSatisfy { i in
        let y = Exact.output(of: shape, theta, at: Array(data.training.inputs[2 * i..<2 * i + 2]))
        return zip(y, data.training.targets[3 * i..<3 * i + 3]).allSatisfy { abs($0 - $1) > 3e-4 }
      }
      if isSmooth { return theta }
    }
    return []
  }

  /// Layers that fit into a tile and layers that fill several and leave a rest, in rows, in columns and in lanes.
  @Test(arguments: [(3, Precision.float64), (3, .float32), (45, .float64), (45, .float32)], 1...5)
  func agreesWithTheLecture(layers: (width: Int, precision: Precision), depth: Int) {
    let data = made(.teacher(inputs: 2, hidden: 3, outputs: 2, samples: 43))
    let hidden = Array(repeating: layers.width, count: depth - 1)
    let network = Network(hidden: hidden, activation: .sigmoid, output: [.sigmoid])
    let shape = network.architecture(inputs: 2, outputs: 2)
    let scale = 1.7 / Double(layers.width).squareRoot()
    // Numbers that float32 holds as they are.
    let theta = Initialization.normal(scale: scale, biases: true).parameters(of: shape, seed: 1).map {
      Double(Float($0))
    }
    var run = TrainingRun.on(
      data, network, loss: .sumOfSquares, optimizer: .gradientDescent(learningRate: 1), stop: .after(steps: 1),
      precision: layers.precision)
    run.initialParameters = theta
    let engine = zip(theta, Bench.train([run])[0].finalParameters).map { $0 - $1 }

    let textbook = LayeredNetwork(
      w: shape.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { theta[l.weight(j, $0)] } } },
      b: shape.layers.map { l in (0..<l.units).map { theta[l.bias($0)] } })
    var expected = [Double](repeating: 0, count: theta.count)
    for i in 0..<data.training.count {
      let x = Array(data.training.inputs[2 * i..<2 * i + 2])
      let y = Array(data.training.targets[2 * i..<2 * i + 2])
      let gradient = textbook.gradient(x, y)
      for (l, layer) in shape.layers.enumerated() {
        for j in 0..<layer.units {
          for k in 0..<layer.inputs { expected[layer.weight(j, k)] += gradient.w[l][j][k] }
          expected[layer.bias(j)] += gradient.b[l][j]
        }
      }
    }
    let largest = expected.map { abs($0) }.max() ?? 1
    let rounding = layers.precision == .float64 ? 1e-13 : 2e-6
    for i in theta.indices {
      let ulp = layers.precision == .float64 ? theta[i].ulp : Double(Float(theta[i]).ulp)
      #expect(abs(engine[i] - expected[i]) < rounding * largest + 4 * ulp, "parameter \(i)")
    }
  }
}
