import Foundation
import Learning
import Synchronization
import Testing

/// Runs from an array, results into an array.
final class Bench: RunSource {
  private let runs: [TrainingRun]
  private let position = Mutex(0)
  private let results = Mutex<[Int: TrainedRun]>([:])
  let refusals = Mutex<[Int: Mistake]>([:])

  init(_ runs: [TrainingRun]) { self.runs = runs }

  func next() -> (index: Int, run: TrainingRun)? {
    position.withLock { at in
      guard at < runs.count else { return nil }
      defer { at += 1 }
      return (at, runs[at])
    }
  }
  func finished(_ index: Int, _ result: TrainedRun) { results.withLock { $0[index] = result } }
  func refused(_ index: Int, _ mistake: Mistake) { refusals.withLock { $0[index] = mistake } }
  func progressed(steps: Int) {}
  var isCancelled: Bool { false }

  /// The results of some of the runs.
  func trained(_ indices: [Int]) -> [TrainedRun] { results.withLock { all in indices.compactMap { all[$0] } } }

  /// Trains runs of one form and gives their results in order.
  static func train(_ runs: [TrainingRun], threads: Int = 1) -> [TrainedRun] {
    guard let first = runs.first else { return [] }
    let bench = Bench(runs)
    let group = DispatchGroup()
    for _ in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        do { try Trainer.train(like: first, from: bench) } catch { Issue.record(error) }
        group.leave()
      }
    }
    group.wait()
    return bench.results.withLock { results in runs.indices.compactMap { results[$0] } }
  }
}

extension TrainingRun {
  /// A run on a data set with most things at their defaults.
  static func on(
    _ data: Dataset, _ network: Network, loss: Loss = .halfMeanSquaredError,
    optimizer: Optimizer = .gradientDescent(learningRate: 0.1), initialization: Initialization = .fanIn(),
    batch: Batching = .full, stop: StopRule = .after(steps: 50), recording: Recording = .standard,
    precision: Precision = .float64, seed: UInt64 = 0,
    dropout: Double = 0
  ) -> TrainingRun {
    let shape = network.architecture(inputs: data.inputCount, outputs: data.outputCount)
    return TrainingRun(
      problem: .network(shape, loss, data, batch), initialParameters: initialization.parameters(of: shape, seed: seed),
      optimizer: optimizer, stop: stop, recording: recording, precision: precision, seed: seed, dropout: dropout)
  }
}

let noFiles = DataFiles(folders: [])

func made(_ source: DataSource, seed: UInt64 = 0) -> Dataset {
  do { return try source.make(runSeed: seed, files: noFiles) } catch { fatalError("\(error)") }
}
