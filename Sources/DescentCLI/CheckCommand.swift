import ArgumentParser
import Foundation
import Learning
import Lectures
import Studies

struct CheckCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare the engine with the equations of the lectures and with central differences.",
    discussion: """
      An experiment is checked with its own networks, losses, data, initial weights and descent. A system of the lectures (\
      \(LectureCheck.names.joined(separator: ", "))) is checked on a small example.
      """)

  @Argument(
    help: ArgumentHelp("Experiments or scripts, or systems of the lectures (A, B1 …).", valueName: "name"),
    completion: .experiments)
  var names: [String] = []

  @Flag(name: .long, help: "Check every system and every experiment.")
  var all = false

  @Flag(name: .long, help: "Print only what fails.")
  var quiet = false

  @OptionGroup var place: OutputOptions

  var scriptArguments: [String] { names.filter { !Self.isSystem($0) } }
  var wantsEveryScript: Bool { all }
  var loadsScripts: Bool { all || !scriptArguments.isEmpty }

  func checkNames() throws {
    guard all != !names.isEmpty else {
      throw Mistake(
        at: "check", value: all ? "--all with names" : "", rule: "the command needs either names or --all",
        remedy: "Name an experiment or a system (\(LectureCheck.names.joined(separator: ", "))), or use --all")
    }
    let library = ScriptLibrary()
    for name in scriptArguments where Program.isScripted && (try? library.script(name)) == nil {
      let known = LectureCheck.names + library.names
      let near = Spelling.nearest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        at: "check", value: name, rule: "there is no system and no experiment of this name",
        remedy:
          "\(near)The systems are \(LectureCheck.names.joined(separator: ", ")). To list the experiments: descent list")
    }
  }

  func run() throws {
    try checkNames()
    var failed: [String] = []
    for check in all ? try LectureCheck.all() : try names.compactMap(LectureCheck.named) {
      show("\(check.name)  \(check.experiments.joined(separator: ", "))", check.lines)
      if !check.lines.allSatisfy(\.passed) { failed.append(check.name) }
    }
    let experiments = all ? Program.catalogue.names : Program.catalogue.names(of: scriptArguments)
    for name in experiments {
      let check = try ExperimentCheck(try Session(name, in: place).plan)
      for part in check.parts { show("\(name)  \(part.title)", part.lines, part.notes) }
      if !check.parts.flatMap(\.lines).allSatisfy(\.passed) { failed.append(name) }
    }
    if !failed.isEmpty {
      Console.error("the engine differs from the textbook for \(failed.joined(separator: ", "))")
      throw ExitCode(ExitStatus.strict)
    }
  }

  private static func isSystem(_ name: String) -> Bool {
    LectureCheck.names.contains { $0.lowercased() == name.lowercased() }
  }

  private func show(_ title: String, _ lines: [CheckLine], _ notes: [String] = []) {
    let shown = lines.filter { !quiet || !$0.passed }
    if !quiet || !shown.isEmpty { Console.line(Console.tinted(title, .bold)) }
    for line in shown {
      let verdict = line.passed ? Console.tinted("pass", .green) : Console.tinted("FAIL", .red)
      let quantity = line.quantity.padding(toLength: 24, withPad: " ", startingAt: 0)
      let comparison = line.comparison.padding(toLength: 22, withPad: " ", startingAt: 0)
      Console.line(
        "  \(verdict)  \(quantity) \(comparison) \(NumberText.short(line.difference, digits: 2)) "
          + "(at most \(NumberText.short(line.bound, digits: 2)))")
    }
    if !quiet { for note in notes { Console.line("        \(note)") } }
  }
}
