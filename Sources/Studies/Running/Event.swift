/// An event while a study runs, for listeners: progress bar, log, other programs.
package enum Event: Sendable {
  /// The plan is ready: so many runs, so many of them archived, so many steps at most.
  case planned(experiment: String, runs: Int, cached: Int, steps: Int)
  /// So many runs in the archive are damaged and will be trained again.
  case damaged(experiment: String, runs: Int)
  /// Progress of the training, about ten times per second.
  case progressed(Progress)
  /// Losses of some of the runs in training, since the last report.
  case observed(experiment: String, samples: [Sample])
  /// A run diverged at a step.
  case diverged(experiment: String, run: Int, step: Int)
  /// All runs are trained; times in seconds.
  case trained(Progress, seconds: Double, archiveSeconds: Double)
  /// A claim was evaluated.
  case judged(experiment: String, expectation: String, verdict: String, outcome: Outcome, mark: Mark = Mark())
  /// The composition of a report begins; so many cells will follow, with head and foot.
  case composing(experiment: String, title: String, cells: Int)
  /// A cell of a report is drawn.
  case composed(experiment: String, cell: Int, html: String)
  /// A file was written.
  case wrote(experiment: String, path: String)
  /// Something that a report does not contain, or that a reader should know.
  case noted(experiment: String, message: String)
  /// The command ended early.
  case failed(message: String)

  /// The result of a claim.
  package enum Outcome: String, Sendable, Encodable {
    /// The claim holds.
    case passed = "pass"
    /// The claim does not hold.
    case failed = "fail"
    /// The runs are not those that the claim is about.
    case untested

    /// The same word on pages, in HTML, in Markdown and in a terminal; what needs attention is in capitals.
    package var word: String {
      switch self {
      case .passed: "pass"
      case .failed: "FAIL"
      case .untested: "UNTESTED"
      }
    }
  }

  /// The loss of a run at a step.
  package struct Sample: Hashable, Sendable {
    /// Index of the run in its plan.
    package var run: Int
    /// The step, from 0.
    package var step: Int
    /// The loss on the batch of the step.
    package var loss: Double

    /// The loss of a run at a step.
    package init(run: Int, step: Int, loss: Double) {
      self.run = run
      self.step = step
      self.loss = loss
    }
  }

  /// How much of a training is done.
  package struct Progress: Sendable {
    /// Name of the experiment.
    package var experiment: String
    /// Number of runs to train.
    package var runs: Int
    /// Number of finished runs.
    package var runsDone: Int
    /// Number of steps at most.
    package var steps: Int
    /// Steps that are made, or saved because a run ended early.
    package var stepsDone: Int
    /// Number of steps made.
    package var stepsMade: Int
    /// Number of diverged runs.
    package var diverged: Int
    /// Seconds since the training began.
    package var seconds: Double

    package init(
      experiment: String, runs: Int, runsDone: Int, steps: Int, stepsDone: Int, stepsMade: Int, diverged: Int,
      seconds: Double
    ) {
      self.experiment = experiment
      self.runs = runs
      self.runsDone = runsDone
      self.steps = steps
      self.stepsDone = stepsDone
      self.stepsMade = stepsMade
      self.diverged = diverged
      self.seconds = seconds
    }

    /// Steps made per second.
    package var stepsPerSecond: Double { seconds > 0 ? Double(stepsMade) / seconds : 0 }
    /// Estimated seconds to the end, from the steps so far; `nil` before the first.
    package var secondsLeft: Double? {
      stepsDone > 0 && seconds > 0 ? Double(max(0, steps - stepsDone)) * seconds / Double(stepsDone) : nil
    }
  }
}

/// Listens to events. Calls come from several threads.
package protocol EventListener: Sendable {
  /// Takes an event.
  func hear(_ event: Event)
}
