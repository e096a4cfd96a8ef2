package import Engine

/// Runs that a page trains: one setting with several seeds. `PageRuns+Numbers` writes and reads it as a list of numbers.
///
/// What a page cannot train is not in it: functions of an author's own, early stopping, float32.
package struct PageRuns: Sendable {
  /// Batches of so many samples have samples in the lanes, for which a page has no code.
  package static let mostSamples = 32

  /// Places of samples and draws have 32 bits in a page: so many steps, and with dropout so many hidden units, stay below.
  package static let mostSteps = 100_000
  static let mostDroppedUnits = 600

  /// The numbers of a description are whole up to here.
  package static let mostSeed: UInt64 = 1 << 53 - 1

  /// Seeds that follow each other.
  package var seeds: Range<UInt64>
  /// The hidden layers; output and biases.
  package var network: Network
  package var loss: Loss
  package var optimizer: Optimizer
  package var initialization: Initialization
  package var batching: Batching
  package var stop: StopRule
  package var dropout: Double
  /// Training data, one set for all seeds or one for each in their order.
  package var data: [Dataset]

  /// Runs of one setting.
  package init(
    seeds: Range<UInt64>, network: Network, loss: Loss, optimizer: Optimizer, initialization: Initialization,
    batching: Batching, stop: StopRule, data: [Dataset]
  ) {
    (self.seeds, self.network, self.loss, self.optimizer) = (seeds, network, loss, optimizer)
    (self.initialization, self.batching, self.stop, self.data) = (initialization, batching, stop, data)
    dropout = network.dropoutRate
  }

  /// The run of every seed, as a sweep trains it.
  package var runs: [TrainingRun] {
    seeds.map { seed in
      let data = data[data.count == 1 ? 0 : Int(seed - seeds.lowerBound)]
      let shape = network.architecture(inputs: data.inputCount, outputs: data.outputCount)
      return TrainingRun(
        problem: .network(shape, loss, data, batching),
        initialParameters: initialization.parameters(of: shape, seed: seed), optimizer: optimizer, stop: stop,
        seed: seed, dropout: dropout)
    }
  }
}
