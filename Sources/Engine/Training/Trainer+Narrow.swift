import Lanes

extension Trainer {
  /// Whether `trainNarrow(like:from:)` trains runs of this form: objectives, and networks in float64 with runs in the lanes.
  package static func trainsNarrow(_ form: TrainingRun.Form) -> Bool {
    if case .objective = form.problem { return true }
    return form.precision == .float64 && !form.putsSamplesInLanes
  }

  /// Trains as `train(like:from:)` does, with the same bits, in little code for a processor with vectors of two numbers.
  ///
  /// The lanes of a run's neighbours change nothing; batches are cut into the tiles of the wider vectors, which decide the order of
  /// sums. Samples in lanes would need the wide vectors themselves. Runs of other forms are not taken from the source.
  /// - Throws: `Mistake` where the run is not consistent in itself.
  package static func trainNarrow(like run: TrainingRun, from source: some RunSource) throws(Mistake) {
    try run.check()
    let form = run.form
    guard trainsNarrow(form) else { return }
    if case .objective(let objective) = run.problem {
      return drive(ObjectiveModel(narrow: objective), run, RunCalls(source))
    }
    let stride = form.isTiny ? MemoryLayout<SIMD32<Double>>.stride : MemoryLayout<SIMD8<Double>>.stride
    let tile = TileVectors(stride: stride, areWide: form.isTiny)
    trainNetwork(RunsInLanes<SIMD2<Double>>.self, run, RunCalls(source), tile: tile)
  }
}
