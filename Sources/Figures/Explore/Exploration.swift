import Analysis
public import Studies

/// What a reader can change in a figure, and what printed pages show of it.
struct Exploration: Sendable {
  /// The names of swept parameters with a slider each.
  var parameters: [String] = []
  var hasSeeds = false
  var play: Play?
  /// The values on printed pages; the middle one of a parameter that has none.
  var printed: [Selection] = []
  var printedSeed: UInt64?
  var printedStep: Int?
  var printsPanels = false

  struct Play: Sendable {
    let frames: Int
    let spread: Figure.FrameSpread
  }

  /// The largest number of frames of a figure.
  static let mostFrames = 1000
  /// The largest number of panels that a printed page shows of the frames.
  static let mostPanels = 9
}

extension Figure {
  /// What a figure is played over.
  public enum PlayedAxis: Sendable {
    /// The steps of training.
    case step
  }

  /// How the frames of a played figure are spread over the steps.
  public enum FrameSpread: Sendable {
    /// At equal distances.
    case even
    /// Dense at first, as powers of one number.
    case powers
  }

  /// A slider for a swept parameter in `report.html`. Each of its positions is the figure of the runs with one value.
  public func explore<Value>(_ parameter: Parameter<Value>) -> Figure {
    exploring { $0.parameters.append(parameter.name) }
  }

  /// Sliders for two swept parameters in `report.html`.
  public func explore<First, Second>(_ first: Parameter<First>, _ second: Parameter<Second>) -> Figure {
    explore(first).explore(second)
  }

  /// Sliders for three swept parameters in `report.html`.
  public func explore<First, Second, Third>(
    _ first: Parameter<First>, _ second: Parameter<Second>, _ third: Parameter<Third>
  ) -> Figure {
    explore(first).explore(second).explore(third)
  }

  /// A slider for the seed in `report.html`. Each of its positions is the figure of the runs with one seed.
  public func explore(seed: Bool) -> Figure { exploring { $0.hasSeeds = seed } }

  /// A slider with a button to play in `report.html`: the state of the runs after steps of their training, by exact replay.
  ///
  /// - Parameters:
  ///   - axis: what the figure is played over.
  ///   - frames: the number of steps, the first and the last of training among them.
  ///   - spread: the distances of the steps.
  public func play(over axis: PlayedAxis, frames: Int = 60, spread: FrameSpread = .powers) -> Figure {
    exploring { $0.play = Exploration.Play(frames: frames, spread: spread) }
  }

  /// The value of an explored parameter on printed pages, and of the slider at first. Without this, it is the middle value.
  public func printed<Value>(_ parameter: Parameter<Value>, at value: Value) -> Figure {
    exploring { $0.printed.append(Selection(parameter, value)) }
  }

  /// The seed on printed pages, and of the slider at first. Without this, it is the middle one.
  public func printed(seed: UInt64) -> Figure { exploring { $0.printedSeed = seed } }

  /// The step on printed pages, and of the slider of `play(over:)` at first. Without this, it is the last one. A run that has fewer steps is
  /// shown after its last.
  public func printed(step: Int) -> Figure { exploring { $0.printedStep = step } }

  /// Prints some of the frames as panels side by side, in place of a single one.
  public func printedAsPanels() -> Figure { exploring { $0.printsPanels = true } }
}
