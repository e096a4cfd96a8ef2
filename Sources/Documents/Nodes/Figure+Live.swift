package import Plotting

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
      /// The number of steps, where the choice decides it too.
      package var steps: Int?

      /// A value of a menu.
      package init(_ label: String, setting: String, numbers: [Double], steps: Int? = nil) {
        (self.label, self.setting, self.numbers, self.steps) = (label, setting, numbers, steps)
      }
    }

    /// What a page draws of its runs.
    package enum Drawing: Hashable, Sendable {
      /// Median and quartiles of all runs over steps: of the gradient norm, or of the loss.
      case curve(ofGradientNorm: Bool)
      /// The outputs of one run's network over the plane of its two inputs.
      case plane(Plane)
      /// The outputs of one run's network over a range of its input.
      case function(ClosedRange<Double>)
      /// The path of one run in a plane of two parameters.
      case path(Path)
    }

    /// The plane of a network's two inputs.
    package struct Plane: Hashable, Sendable {
      /// The first input, from the left to the right edge.
      package var x: ClosedRange<Double>
      /// The second input, from the lower to the upper edge.
      package var y: ClosedRange<Double>
      /// The output at which a line is drawn; `nil` for several outputs, of which the greatest decides the colour.
      package var level: Double?
      /// The colours of evenly spaced outputs, or those of the classes.
      package var colors: [Color]
      /// The outputs of the first and the last colour.
      package var outputs: ClosedRange<Double>
      /// Whether the lines of the first layer's units are drawn.
      package var showsUnits: Bool
      /// The colours of the samples of each class; with one output those below and above the line.
      package var classes: [Color]

      /// The plane of a network's two inputs.
      package init(
        x: ClosedRange<Double>, y: ClosedRange<Double>, level: Double?, colors: [Color], outputs: ClosedRange<Double>,
        showsUnits: Bool, classes: [Color]
      ) {
        (self.x, self.y, self.level, self.colors, self.outputs) = (x, y, level, colors, outputs)
        (self.showsUnits, self.classes) = (showsUnits, classes)
      }
    }

    /// A plane of two parameters.
    package struct Path: Hashable, Sendable {
      /// The parameters of the two axes, counted from 0.
      package var axes: [Int]
      /// The initial parameters.
      package var start: [Double]

      /// A plane of two parameters.
      package init(axes: [Int], start: [Double]) { (self.axes, self.start) = (axes, start) }
    }

    /// A slider for a parameter, or a menu.
    package struct Control: Hashable, Sendable {
      /// The name of the parameter on the command line; "seeds" for the number of seeds.
      package var name: String
      /// The name of its number in the description of the runs; "units" for the units of the hidden layers, "layers" for what follows them,
      /// "rest" for what stands behind the layers, "start" for an initial parameter.
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
      /// The initial parameter that a slider of the field "start" sets, counted from 0.
      package var parameter: Int?

      /// A slider for a parameter, or a menu.
      package init(
        _ name: String, field: String, label: String, range: ClosedRange<Double>, start: Double, isLogarithmic: Bool,
        isWhole: Bool, choices: [Choice] = [], parameter: Int? = nil
      ) {
        (self.name, self.field, self.label, self.range) = (name, field, label, range)
        (self.start, self.isLogarithmic, self.isWhole, self.choices) = (start, isLogarithmic, isWhole, choices)
        self.parameter = parameter
      }
    }

    /// The sliders.
    package var controls: [Control]
    /// The names of the first numbers of the description.
    package var fields: [String]
    /// The first numbers.
    package var head: [Double]
    /// For each hidden layer its units and its activation; empty for an objective.
    package var layers: [[Double]]
    /// The activation of the outputs, and the data; empty for an objective.
    package var rest: [Double]
    /// What is drawn.
    package var drawing: Drawing
    /// The first seed.
    package var firstSeed: UInt64
    /// "descent run NAME".
    package var command: String
    /// Names and values of the parameters that the command sets, in place of which sliders put theirs.
    package var settings: [[String]]

    /// Runs with their sliders.
    package init(
      controls: [Control], fields: [String], head: [Double], layers: [[Double]], rest: [Double],
      drawing: Drawing, firstSeed: UInt64, command: String, settings: [[String]]
    ) {
      (self.controls, self.fields, self.head, self.layers, self.rest) = (controls, fields, head, layers, rest)
      (self.drawing, self.firstSeed, self.command) = (drawing, firstSeed, command)
      self.settings = settings
    }
  }
}

extension Document {
  /// Whether the page of the document trains runs.
  var hasLiveFigures: Bool { figures.contains { if case .live = $0.form { true } else { false } } }
}
