/// Names of experiments in the terminal.
package enum ExperimentName {
  /// LearningRates → learning-rates, W1Check → w1-check
  package static func kebab(_ type: String) -> String {
    var result = ""
    var previous: Character?
    for character in type {
      if character.isUppercase, let previous, !previous.isUppercase { result.append("-") }
      result.append(contentsOf: character.lowercased())
      previous = character
    }
    return result
  }
}
