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
    /// The noise σ of generated data.
    case noise
    /// The number of seeds of a curve; the seed where one run is drawn.
    case seeds
    /// The point of the plane at which a path starts.
    case start
  }

  /// Sliders and menus whose runs `report.html` trains itself, at any value, and draws over the figure.
  ///
  ///     Figure("Drag η") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
  ///       .where(.data, is: .xor).live(.learningRate, .hiddenUnits)
  ///
  /// For one plot in one panel: a `Curve` of loss or gradient norm, a `DecisionBoundary`, `FittedCurves`, a `VectorField`, or a `LossSurface`
  /// over two parameters; and networks and objectives that a page can train: <doc:ReportsThatTrain>. Printed pages, and readers without scripts,
  /// have the figure without sliders.
  public func live(_ controls: LiveControl...) -> Figure { withLive(controls) }
}
