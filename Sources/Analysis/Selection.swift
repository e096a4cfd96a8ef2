package import Studies

/// A parameter and the value that runs must have, as given to `where(…, is:)`.
package struct Selection: Sendable {
  package let name: String
  package let value: Setting

  package init<Value>(_ parameter: Parameter<Value>, _ value: Value) {
    name = parameter.name
    self.value = value.setting
  }

  package init(name: String, value: Setting) {
    self.name = name
    self.value = value
  }
}

extension Results {
  /// The runs that have all values of a selection.
  package func chosen(_ selection: [Selection]) -> Results {
    selection.reduce(self) { runs, choice in runs.filtered { setting(choice.name, $0) == choice.value } }
  }

  /// The selection in words: "data = noisy sine, σ₀ = 1"; empty without one.
  package func described(_ selection: [Selection]) -> String {
    selection.map { choice in
      let parameter =
        plan.axes.first { $0.parameter.name == choice.name }?.parameter
        ?? StandardParameters.all.first { $0.name == choice.name }
      return "\(parameter?.shortTitle ?? choice.name) = \(choice.value)"
    }.joined(separator: ", ")
  }

  /// The part of a selection that the command line has removed from the sweep: "η = 0.3"; `nil` if nothing was removed.
  package func removed(_ selection: [Selection]) -> String? {
    let missing = selection.filter { plan.changed.contains($0.name) && chosen([$0]).isEmpty }
    return missing.isEmpty ? nil : described(missing)
  }
}
