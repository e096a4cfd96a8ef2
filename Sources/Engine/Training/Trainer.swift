import Lanes

/// Trains runs: chooses the engine's variant for their form; the engine takes the runs from a source.
package enum Trainer {
  /// Trains runs of one form from `source` on the calling thread until there are no more or it is cancelled.
  /// - Parameter run: a run of the form; it is not trained unless the source has it too.
  /// - Throws: `Mistake` where that run is not consistent in itself.
  package static func train(like run: TrainingRun, from source: some RunSource) throws(Mistake) {
    try run.check()
    let source = RunCalls(source)
    switch run.problem {
    case .objective(let objective):
      drive(ObjectiveModel(objective), run, source)
    case .network:
      switch (run.precision, run.form.putsSamplesInLanes) {
      case (.float64, false) where run.form.isTiny: trainNetwork(RunsInLanes<SIMD32<Double>>.self, run, source)
      case (.float32, false) where run.form.isTiny: trainNetwork(RunsInLanes<SIMD64<Float>>.self, run, source)
      case (.float64, false): trainNetwork(RunsInLanes<SIMD8<Double>>.self, run, source)
      case (.float64, true) where run.form.fillsWideColumns(of: 32):
        trainNetwork(SamplesInLanes<SIMD32<Double>>.self, run, source)
      case (.float32, true) where run.form.fillsWideColumns(of: 64):
        trainNetwork(SamplesInLanes<SIMD64<Float>>.self, run, source)
      case (.float64, true): trainNetwork(SamplesInLanes<SIMD8<Double>>.self, run, source)
      case (.float32, false): trainNetwork(RunsInLanes<SIMD16<Float>>.self, run, source)
      case (.float32, true): trainNetwork(SamplesInLanes<SIMD16<Float>>.self, run, source)
      }
    }
  }

  static func trainNetwork<Axis: LaneAxis>(
    _ axis: Axis.Type, _ run: TrainingRun, _ source: RunCalls, tile: TileVectors? = nil
  ) {
    guard case .network(let network, let loss, let data, let batching) = run.problem else { return }
    let model = NetworkModel<Axis>(
      network: network, loss: loss, data: data, batching: batching, dropout: run.dropout, tile: tile)
    drive(model, run, source)
  }

  static func drive<Model: LaneModel>(_ model: Model, _ run: TrainingRun, _ source: RunCalls) {
    var trainer = LaneTrainer(model: model, form: run.form, source: source)
    trainer.train()
  }
}
