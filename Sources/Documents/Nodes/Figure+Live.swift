extension Document.Figure {
  /// Runs that a page trains while a reader moves sliders, drawn over the figure.
  package struct Live: Hashable, Sendable {
    /// A value of a menu.
    package struct Choice: Hashable, Sendable {
      /// The words in the menu.
      package var label: String
      /// The value on the command line.
      package var setting: String
      /// The numbers that it puts in the description of the runs, from the control's field on; behind the units of each hidden layer for "layers".
      package var numbers: [Double]

      /// A value of a menu.
      package init(_ label: String, setting: String, numbers: [Double]) {
        (self.label, self.setting, self.numbers) = (label, setting, numbers)
      }
    }

    /// A slider for a parameter, or a menu.
    package struct Control: Hashable, Sendable {
      /// The name of the parameter on the command line; "seeds" for the number of seeds.
      package var name: String
      /// The name of its number in the description of the runs; "units" for the units of the hidden layers, "layers" for what follows them.
      package var field: String
      /// The words beside the slider.
      package var label: String
      /// The ends of the slider, above 0 for a logarithmic one.
      package var range: ClosedRange<Double>
      /// The value of the set-up.
      package var start: Double
      /// Whether equal distances are equal ratios.
      package var isLogarithmic: Bool
      /// Whether values are whole numbers.
      package var isWhole: Bool
      /// The values of a menu, whose number is the value; empty for a slider.
      package var choices: [Choice]

      /// A slider for a parameter, or a menu.
      package init(
        _ name: String, field: String, label: String, range: ClosedRange<Double>, start: Double, isLogarithmic: Bool,
        isWhole: Bool, choices: [Choice] = []
      ) {
        (self.name, self.field, self.label, self.range) = (name, field, label, range)
        (self.start, self.isLogarithmic, self.isWhole, self.choices) = (start, isLogarithmic, isWhole, choices)
      }
    }

    /// The sliders.
    package var controls: [Control]
    /// The names of the first numbers of the description.
    package var fields: [String]
    /// The first numbers.
    package var head: [Double]
    /// For each hidden layer its units and its activation.
    package var layers: [[Double]]
    /// The activation of the outputs, and the data.
    package var rest: [Double]
    /// Whether the gradient norm is drawn, in place of the loss.
    package var showsGradientNorm: Bool
    /// The first seed.
    package var firstSeed: UInt64
    /// "descent run NAME".
    package var command: String
    /// Names and values of the parameters that the command sets, in place of which sliders put theirs.
    package var settings: [[String]]

    /// Runs with their sliders.
    package init(
      controls: [Control], fields: [String], head: [Double], layers: [[Double]], rest: [Double],
      showsGradientNorm: Bool,
      firstSeed: UInt64, command: String, settings: [[String]]
    ) {
      (self.controls, self.fields, self.head, self.layers, self.rest) = (controls, fields, head, layers, rest)
      (self.showsGradientNorm, self.firstSeed, self.command) = (showsGradientNorm, firstSeed, command)
      self.settings = settings
    }
  }
}

extension Document {
  /// Whether the page of the document trains runs.
  var hasLiveFigures: Bool { figures.contains { if case .live = $0.form { true } else { false } } }
}
