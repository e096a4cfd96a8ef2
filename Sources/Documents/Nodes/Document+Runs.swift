extension Document {
  /// The runs of the sweep that figures show one by one, for readers of a page in a browser.
  package struct Runs: Hashable, Sendable {
    /// One run.
    package struct Run: Hashable, Sendable {
      /// Its seed.
      package var seed: UInt64
      /// Its values of the swept parameters: "η = 0.1".
      package var setting: String
      /// Its final values, one a line.
      package var values: [String]
      /// The command that trains it again, or finds it in the archive.
      package var command: String

      /// A run with its values.
      package init(seed: UInt64, setting: String, values: [String], command: String) {
        self.seed = seed
        self.setting = setting
        self.values = values
        self.command = command
      }
    }

    /// What the set-ups of all runs have in common, one a line.
    package var setup: [String]
    /// The runs by their position in the plan.
    package var runs: [Int: Run]

    /// Runs of a common set-up.
    package init(setup: [String] = [], runs: [Int: Run] = [:]) {
      self.setup = setup
      self.runs = runs
    }
  }
}
