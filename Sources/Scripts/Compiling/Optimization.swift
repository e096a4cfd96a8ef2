/// Which scripts are compiled with `-O`: it takes about three times as long, and pays where the script's own code runs in loops.
enum Optimization {
  /// Declarations whose closures are called in every step of a training or for every sample.
  private static let loops = [
    "Objective(", "Schedule(name", ".custom(", "DataSource(name", "ActivationFunction(", "UpdateRuleDefinition",
  ]

  static func pays(_ script: Script) -> Bool {
    script.texts.contains { text in loops.contains { text.contains($0) } }
  }
}
