import ArgumentParser
import Learning
import Lectures
import Studies

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare the engine with the equations of the lectures and with central differences.")

  @Argument(help: ArgumentHelp("Systems of the lectures (A, B1 …), or experiments about them.", valueName: "name"))
  var names: [String] = []

  @Flag(name: .long, help: "Check every system.")
  var all = false

  @Flag(name: .long, help: "Print only what fails.")
  var quiet = false

  func run() throws {
    guard all != !names.isEmpty else {
      throw Mistake(
        at: "check", value: all ? "--all with names" : "", rule: "the command needs either names or --all",
        remedy: "Name a system (\(LectureCheck.names.joined(separator: ", "))) or an experiment, or use --all")
    }
    var checks: [LectureCheck] = all ? try LectureCheck.all() : []
    for name in names {
      let found = try LectureCheck.named(name)
      guard !found.isEmpty else {
        let known = LectureCheck.names + LectureCheck.experimentNames
        let near = Spelling.nearest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
        throw Mistake(
          at: "check", value: name, rule: "there is no system and no experiment of this name",
          remedy: "\(near)The names are \(known.joined(separator: ", "))")
      }
      checks += found.filter { check in !checks.contains { $0.name == check.name } }
    }
    for check in checks { show(check) }
    let failed = checks.filter { !$0.passed }.map(\.name)
    if !failed.isEmpty {
      Console.error("the engine differs from the textbook for \(failed.joined(separator: ", "))")
      throw ExitCode(ExitStatus.strict)
    }
  }

  private func show(_ check: LectureCheck) {
    if !quiet { Console.line(Console.tinted("\(check.name)  \(check.experiments.joined(separator: ", "))", .bold)) }
    for line in check.lines where !quiet || !line.passed {
      let verdict = line.passed ? Console.tinted("pass", .green) : Console.tinted("FAIL", .red)
      let quantity = (line.quantity + String(repeating: " ", count: 24)).prefix(24)
      let against = (line.against + String(repeating: " ", count: 12)).prefix(12)
      Console.line(
        "  \(verdict)  \(quantity) textbook – \(against) \(NumberText.short(line.difference, digits: 2)) "
          + "(at most \(NumberText.short(line.bound, digits: 2)))")
    }
  }
}
