import Lanes

/// Trains runs of one form side by side until their source has no more; a lane whose run ends takes the next one.
///
/// Work goes in chunks of steps between events (a recording, a window's end, the last step), so that a step itself is
/// only: gather, gradient, norm, rules, update. Nothing is allocated in it.
struct LaneTrainer<Model: LaneModel> {
  typealias Axis = Model.Axis
  typealias V = Model.V

  private let model: Model
  private let form: TrainingRun.Form
  private let source: RunCalls
  private let workspace = Workspace<V>()
  private let chunkLimit: Int
  private var isScheduled = false
  private var update: UpdateRule<Axis>
  private var recorder: Recorder<Model>
  private var slots: [RunSlot?]
  /// Per lane: η, and the bounds that the rules compare with.
  private var rate = V.zero
  private var lossFloor = V.constant(-.infinity)
  private var normFloor = V.constant(-.infinity)
  private var ceiling = V.constant(.infinity)
  private var watchesDivergence = false
  private let lossHistory: History<Axis>
  private let normHistory: History<Axis>
  /// The step that each lane's run has reached.
  private var positions: [Int]
  /// A chunk's history transposed, a row of steps for each lane.
  private let turned: Rows<V>
  /// A chunk's values of one run, converted from float32 for its series.
  private let column: UnsafeMutableBufferPointer<Double>

  init(model: Model, form: TrainingRun.Form, source: RunCalls) {
    self.model = model
    self.form = form
    self.source = source
    // Some ten million multiply-adds between two readings of the clock and the cancel flag.
    chunkLimit = Swift.max(1, Swift.min(512, 40_000_000 / (form.workPerStep * Axis.runs)))
    update = UpdateRule(form.rule, parameterCount: model.parameterCount, workspace: workspace)
    recorder = Recorder(model: model, recording: form.recording, workspace: workspace)
    slots = Array(repeating: nil, count: Axis.runs)
    lossHistory = History(steps: chunkLimit, workspace: workspace)
    normHistory = History(steps: chunkLimit, workspace: workspace)
    turned = workspace.rows(Axis.runs, columns: History<Axis>.squares(chunkLimit))
    positions = Array(repeating: 0, count: Axis.runs)
    column = .allocate(capacity: chunkLimit)
  }

  /// Trains until the source is empty or cancelled.
  mutating func train() {
    defer { column.deallocate() }
    refill(Array(slots.indices))
    while slots.contains(where: { $0 != nil }), !source.isCancelled() { runChunk() }
  }

  // MARK: Lanes and their runs

  private mutating func refill(_ free: [Int]) {
    if free.isEmpty { return }
    for slot in free { refill(slot) }
    isScheduled = slots.contains { ($0?.run.optimizer.schedule ?? .constant) != .constant }
    watchesDivergence = slots.contains { $0?.run.stop.divergence != nil }
    measureValidation(free)
  }

  private mutating func refill(_ slot: Int) {
    guard let (index, run) = source.next(of: form) else {
      slots[slot] = nil
      empty(slot)
      return
    }
    slots[slot] = RunSlot(index: index, run: run)
    model.load(run, slot: slot)
    for (i, value) in run.initialParameters.enumerated() {
      Axis.write(V.Scalar(value), model.parameters, i, slot: slot)
    }
    setRules(slot, run.optimizer, lossBelow: run.stop.lossBelow, normBelow: run.stop.gradientNormBelow)
    recorder.reset(slot: slot)
  }

  /// An idle lane has zero parameters and rate: it stays finite and does not affect the other lanes.
  private mutating func empty(_ slot: Int) {
    for i in 0..<model.parameterCount { Axis.write(0, model.parameters, i, slot: slot) }
    setRules(slot, nil, lossBelow: nil, normBelow: nil)
  }

  private mutating func setRules(_ slot: Int, _ optimizer: Optimizer?, lossBelow: Double?, normBelow: Double?) {
    update.reset(slot: slot, optimizer: optimizer)
    Axis.set(&rate, slot: slot, to: V.Scalar(optimizer?.learningRate ?? 0))
    Axis.set(&lossFloor, slot: slot, to: V.Scalar(lossBelow ?? -.infinity))
    Axis.set(&normFloor, slot: slot, to: V.Scalar(normBelow ?? -.infinity))
    Axis.set(&ceiling, slot: slot, to: .infinity)
  }

  // MARK: Steps

  private mutating func runChunk() {
    var length = chunkLimit
    for slot in slots { if let slot { length = Swift.min(length, slot.stepsToNextEvent) } }
    let recording = slots.map { $0?.isRecording ?? false }
    let isDue = recording.contains(true)
    let descends = model.descends && update.isPlainDescent && !recorder.looksAtGradient
    if isDue { record(recorder.beforeStep(), recording) }
    for slot in slots.indices { positions[slot] = slots[slot]?.step ?? 0 }
    model.prepare(steps: length, from: positions)
    var made = 0
    var stopped = false
    while made < length, !stopped {
      let (loss, squares) = model.lossAndNorm(step: made)
      let norm = Axis.root(squares)
      lossHistory.keep(loss, at: made)
      normHistory.keep(norm, at: made)
      if made == 0 { setCeilings(loss) }
      stopped = breaksRule(loss: loss, norm: norm)
      let descends = descends && !stopped
      if !descends { model.keepGradient() }
      // The runs that end are evaluated, which overwrites the step's activations.
      if stopped { end(afterSteps: made) }
      if descends {
        model.descend(rate: rate(atStep: made))
      } else {
        if made == 0, isDue { record(recorder.atGradient(), recording) }
        recorder.keepGradient()
        update.apply(model.parameters, model.gradient, norm: norm, rate: rate(atStep: made))
        if made == 0, isDue { record(recorder.afterUpdate(), recording) }
      }
      made += 1
    }
    advance(by: made)
  }

  private func breaksRule(loss: V, norm: V) -> Bool {
    if Axis.anyLess(loss, lossFloor) || Axis.anyLess(norm, normFloor) { return true }
    return watchesDivergence && (Axis.anyLess(ceiling, loss) || !Axis.allFinite(loss) || !Axis.allFinite(norm))
  }

  /// A run's first loss sets the bound beyond which it has diverged.
  private mutating func setCeilings(_ loss: V) {
    for slot in slots.indices where slots[slot]?.step == 0 {
      guard let factor = slots[slot]?.run.stop.divergence else { continue }
      let first = Double(loss[slot])
      let bound = factor * Swift.max(1, first.isFinite ? first : 1)
      slots[slot]?.ceiling = bound
      Axis.set(&ceiling, slot: slot, to: V.Scalar(bound))
    }
  }

  /// η of each lane at a step of the chunk.
  private func rate(atStep made: Int) -> V {
    if !isScheduled { return rate }
    var scheduled = V.zero
    for slot in slots.indices {
      guard let run = slots[slot] else { continue }
      let factor = run.run.optimizer.schedule.factor(run.step + made)
      Axis.set(&scheduled, slot: slot, to: V.Scalar(run.run.optimizer.learningRate * factor))
    }
    return scheduled
  }

  // MARK: Ends

  /// Moves the chunk's recorded values to their runs and ends those that have reached their last step.
  private mutating func advance(by made: Int) {
    var steps = 0
    var ended: [(slot: Int, status: RunStatus)] = []
    let busy = slots.indices.filter { slots[$0] != nil }
    collect(busy, count: made)
    for slot in busy { slots[slot]?.step += made }
    measureValidation(busy)
    for slot in busy {
      steps += made
      guard let run = slots[slot] else { continue }
      let isOver = run.step >= run.run.stop.steps || run.best?.isExhausted ?? false
      if run.lacksProgress() || isOver { ended.append((slot, .finished)) }
    }
    if let slot = busy.first, let run = slots[slot] {
      source.observed(run.index, run.step - 1, lossHistory.value(at: made - 1, slot: slot))
    }
    finish(ended)
    source.progressed(steps)
    refill(ended.map { $0.slot } + vacated)
    vacated = []
  }

  /// Lanes whose runs a rule ended within the current chunk; they are refilled when the chunk is over.
  private var vacated: [Int] = []

  /// Ends, before their update, the runs that break a rule at the step just computed.
  private mutating func end(afterSteps made: Int) {
    var ended: [(slot: Int, status: RunStatus)] = []
    for slot in slots.indices {
      guard let run = slots[slot] else { continue }
      let loss = lossHistory.value(at: made, slot: slot)
      let norm = normHistory.value(at: made, slot: slot)
      guard let status = run.verdict(atStep: run.step + made, loss: loss, norm: norm) else { continue }
      ended.append((slot, status))
    }
    collect(ended.map { $0.slot }, count: made + 1)
    for (slot, _) in ended { slots[slot]?.step += made }
    finish(ended)
    source.progressed(ended.count * made)
    for (slot, _) in ended {
      slots[slot] = nil
      vacated.append(slot)
    }
  }

  /// Gives the chunk's first `count` values of these lanes to their runs.
  private func collect(_ lanes: [Int], count: Int) {
    let losses = lossHistory.rows(count, room: turned)
    for lane in lanes { slots[lane]?.take(losses: doubles(losses.row(lane), count)) }
    let norms = normHistory.rows(count, room: turned)
    for lane in lanes { slots[lane]?.take(norms: doubles(norms.row(lane), count)) }
  }

  /// Numbers of a row in float64, converted into `column` where they are not.
  private func doubles(_ row: UnsafePointer<V>, _ count: Int) -> UnsafeBufferPointer<Double> {
    let row = UnsafeRawPointer(row)
    if V.Scalar.self == Double.self {
      return UnsafeBufferPointer(start: row.assumingMemoryBound(to: Double.self), count: count)
    }
    let numbers = row.assumingMemoryBound(to: V.Scalar.self)
    for i in 0..<count { column[i] = Double(numbers[i]) }
    return UnsafeBufferPointer(rebasing: column[..<count])
  }

  private mutating func record(_ values: [(Quantity, V)], _ recording: [Bool]) {
    for (quantity, value) in values {
      for slot in slots.indices where recording[slot] && slots[slot] != nil {
        slots[slot]?.recorded[quantity, default: []].append(Double(value[slot]))
      }
    }
  }

  // MARK: Early stopping

  /// Measures the validation loss of those of the runs whose early stopping asks for it at their step.
  private func measureValidation(_ candidates: [Int]) {
    let due = candidates.filter { slot in slots[slot].map { $0.best?.isDue(atStep: $0.step) ?? false } ?? false }
    guard !due.isEmpty, let loss = model.evaluateValidation()?.loss else { return }
    for slot in due { note(validationLoss: Double(loss[slot]), slot: slot) }
  }

  private func note(validationLoss loss: Double, slot: Int) {
    guard let run = slots[slot] else { return }
    run.best?.note(step: run.step, loss: loss) { parameters(of: slot) }
  }

  /// Puts the best parameters of ended runs back into their lanes. Diverged runs keep their last ones.
  /// - Returns: whether any have changed.
  private func restoreBest(_ ended: [(slot: Int, status: RunStatus)], _ validation: Evaluation<V>?) -> Bool {
    guard let validation else { return false }
    var isChanged = false
    for (slot, status) in ended where status == .finished && slots[slot]?.best != nil {
      note(validationLoss: Double(validation.loss[slot]), slot: slot)
      guard let run = slots[slot], let best = run.best, best.step < run.step else { continue }
      for (i, value) in best.parameters.enumerated() { Axis.write(V.Scalar(value), model.parameters, i, slot: slot) }
      isChanged = true
    }
    return isChanged
  }

  private func parameters(of slot: Int) -> [Double] {
    (0..<model.parameterCount).map { Double(Axis.read(model.parameters, $0, slot: slot)) }
  }

  // MARK: Results

  /// Evaluates the ended runs at their final parameters and passes their results to the source.
  private func finish(_ ended: [(slot: Int, status: RunStatus)]) {
    if ended.isEmpty { return }
    var training = model.evaluateTraining()
    var validation = model.evaluateValidation()
    let ended = ended.map { slot, status in
      // The last update may be the one after which the loss overflows or exceeds the bound.
      guard let run = slots[slot], run.run.stop.divergence != nil, status == .finished,
        !(Double(training.loss[slot]) <= run.ceiling)
      else { return (slot: slot, status: status) }
      return (slot: slot, status: .diverged(atStep: run.step))
    }
    if restoreBest(ended, validation) {
      training = model.evaluateTraining()
      validation = model.evaluateValidation()
    }
    let test = model.evaluateTest()
    for (slot, status) in ended {
      guard let run = slots[slot] else { continue }
      var finals: [Quantity: Double] = [:]
      finals[.trainingLoss] = Double(training.loss[slot])
      finals[.accuracy] = training.accuracy.map { Double($0[slot]) }
      finals[.absoluteError] = training.absoluteError.map { Double($0[slot]) }
      finals[.validationLoss] = validation.map { Double($0.loss[slot]) }
      finals[.validationAccuracy] = validation?.accuracy.map { Double($0[slot]) }
      finals[.testLoss] = test.map { Double($0.loss[slot]) }
      finals[.testAccuracy] = test?.accuracy.map { Double($0[slot]) }
      var series = run.recorded.mapValues { Series(every: run.run.recording.every, values: $0) }
      series[.loss] = Series(every: run.run.recording.lossEvery, values: run.losses)
      series[.gradientNorm] = Series(every: run.run.recording.lossEvery, values: run.norms)
      let best = status == .finished ? run.best : nil
      let finalLoss = Double(training.loss[slot])
      let result = TrainedRun(
        status: status, steps: run.step, series: series, finalParameters: parameters(of: slot), finalLoss: finalLoss,
        bestLoss: form.bestLoss(series, finalLoss), finals: finals,
        finalGradientNorm: best?.gradientNorm ?? run.lastNorm, bestStep: best?.step)
      source.finished(run.index, result)
    }
  }
}
