/// An event while a study runs, for listeners: progress bar, log, other programs.
public enum Event: Sendable {
  case planned(experiment: String, runs: Int, cached: Int, steps: Int)
  /// So many runs in the archive are damaged and will be trained again.
  case damaged(experiment: String, runs: Int)
  case progressed(Progress)
  /// Losses of some of the runs in training, since the last report.
  case observed(experiment: String, samples: [Sample])
  case diverged(experiment: String, run: Int, step: Int)
  case trained(Progress, seconds: Double, archiveSeconds: Double)
  case judged(experiment: String, expectation: String, verdict: String, outcome: Outcome)
  case wrote(experiment: String, path: String)
  case failed(message: String)

  /// The result of a claim.
  public enum Outcome: String, Sendable, Encodable {
    case passed = "pass"
    case failed = "fail"
    /// The runs are not those that the claim is about.
    case untested

    /// The same word on pages, in HTML, in Markdown and in a terminal; what needs attention is in capitals.
    public var word: String {
      switch self {
      case .passed: "pass"
      case .failed: "FAIL"
      case .untested: "UNTESTED"
      }
    }
  }

  public struct Sample: Hashable, Sendable {
    public var run: Int
    public var step: Int
    public var loss: Double

    public init(run: Int, step: Int, loss: Double) {
      self.run = run
      self.step = step
      self.loss = loss
    }
  }

  public struct Progress: Sendable {
    public var experiment: String
    public var runs: Int
    public var runsDone: Int
    public var steps: Int
    /// Steps that are made, or saved because a run ended early.
    public var stepsDone: Int
    public var stepsMade: Int
    public var diverged: Int
    public var seconds: Double

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

    public var stepsPerSecond: Double { seconds > 0 ? Double(stepsMade) / seconds : 0 }
    /// Estimated seconds to the end, from the steps so far; `nil` before the first.
    public var secondsLeft: Double? {
      stepsDone > 0 && seconds > 0 ? Double(max(0, steps - stepsDone)) * seconds / Double(stepsDone) : nil
    }
  }
}

/// Listens to events. Calls come from several threads.
public protocol EventListener: Sendable {
  func hear(_ event: Event)
}
