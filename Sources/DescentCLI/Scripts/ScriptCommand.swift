import ArgumentParser

/// A command that runs the code of experiments. It runs in a child process, which loads their scripts.
protocol ScriptCommand: ParsableCommand {
  /// The arguments that name experiments or scripts.
  var scriptArguments: [String] { get }
  /// Whether the command is about every experiment of the project.
  var wantsEveryScript: Bool { get }
  /// Whether it prints events for other programs.
  var isForPrograms: Bool { get }
  /// Whether this call of it needs the experiments themselves.
  var loadsScripts: Bool { get }
  /// - Throws: `Mistake` where the arguments cannot be meant.
  func checkNames() throws
  /// Called in the child before any code of a script is loaded.
  func beforeLoading()
}

extension ScriptCommand {
  var wantsEveryScript: Bool { false }
  var isForPrograms: Bool { false }
  var loadsScripts: Bool { true }
  func checkNames() throws {}
  func beforeLoading() {}
}
