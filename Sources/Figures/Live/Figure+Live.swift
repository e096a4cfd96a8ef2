extension Figure {
  /// What a reader of `report.html` can change in a figure whose runs the page trains.
  public enum LiveControl: String, Sendable, CaseIterable {
    /// The learning rate η.
    case learningRate
    /// The units of each hidden layer.
    case hiddenUnits
    /// The factor of the initial weights.
    case initScale
    /// The activation of the hidden layers, one of the built-in ones.
    case activation
    /// The rule of the optimizer, one of the built-in ones with its usual coefficients.
    case optimizer
    /// The number of samples of a step.
    case batchSize
    /// The number of seeds.
    case seeds
  }

  /// Sliders and menus whose runs `report.html` trains itself, at any value, and draws over the figure.
  ///
  ///     Figure("Drag η") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
  ///       .where(.data, is: .xor).live(.learningRate, .hiddenUnits)
  ///
  /// For one `Curve` of loss or gradient norm in one panel, and networks that a page can train: <doc:ReportsThatTrain>. Printed pages, and
  /// readers without scripts, have the figure without sliders.
  public func live(_ controls: LiveControl...) -> Figure { withLive(controls) }
}
