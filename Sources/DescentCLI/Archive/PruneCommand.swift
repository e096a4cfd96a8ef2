import ArgumentParser
import Foundation
import Learning
import RunArchive
import Scripts
import Studies

/// Removes old runs from the archive, after showing them.
struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Remove old runs, after showing how many, of which settings, and how large.",
    discussion:
      "Runs are removed that fulfil every given condition. Without --yes the command asks on a terminal, and removes nothing elsewhere."
  )

  @Flag(name: .long, help: "Only runs that no experiment of the project uses as it is declared now.")
  var unused = false

  @Option(
    name: .long,
    help: ArgumentHelp("Only runs of this experiment as it is declared now that no other one uses.", valueName: "name"))
  var experiment: String?

  @Option(
    name: .long, help: ArgumentHelp("Only runs that were trained so long ago: 90d, 12w or 36h.", valueName: "age"))
  var olderThan: String?

  @Flag(
    name: .long, help: "Only runs of training semantics other than this version's, which no experiment uses any more.")
  var otherSemantics = false

  @Flag(name: .long, help: "Show the runs, and remove nothing.")
  var dryRun = false

  @Flag(name: .long, help: "Remove them without asking.")
  var yes = false

  @OptionGroup var place: OutputOptions

  func run() throws {
    let rule = try rule()
    let archive = try place.existingArchive()
    let found = try archive.chosen(by: rule)
    show(found)
    guard found.count > 0, !dryRun, try isConfirmed() else { return }
    let removed = try archive.remove(found)
    Console.line("removed \(NumberText.count(removed, "run"))")
    Console.line("The file keeps its size, and new runs use the space. To make it smaller: descent archive compact")
  }

  // MARK: Conditions

  private func rule() throws -> Archive.PruneRule {
    guard unused || otherSemantics || olderThan != nil || experiment != nil else {
      throw Mistake(
        at: "archive prune", value: "no condition", rule: "it removes the runs that fulfil one",
        remedy: "Write --unused, --experiment NAME, --older-than 90d or --other-semantics")
    }
    if unused, experiment != nil {
      throw Mistake(
        at: "archive prune", value: "--unused with --experiment", rule: "no run of an experiment is unused",
        remedy: "Leave one out")
    }
    var rule = Archive.PruneRule()
    rule.hasOtherSemantics = otherSemantics
    rule.before = try olderThan.map { try Self.time(before: $0, now: Date()) }
    guard unused || experiment != nil else { return rule }
    let used = try UsedRuns()
    if unused { rule.unused = used.all }
    if let experiment { rule.among = try used.own(experiment) }
    return rule
  }

  /// The time that lies an age before another one, in the form of the archive.
  static func time(before age: String, now: Date) throws -> String {
    let units: [Character: Double] = ["h": 3600, "d": 86_400, "w": 604_800]
    guard let unit = age.last.flatMap({ units[$0] }), let count = Int(age.dropLast()), (0...1_000_000).contains(count)
    else {
      throw Mistake(
        at: "--older-than", value: age, rule: "it is a whole number of hours, days or weeks",
        remedy: "Write 90d, 12w or 36h")
    }
    return now.addingTimeInterval(-Double(count) * unit).formatted(.iso8601)
  }

  // MARK: Output

  /// More settings than these are counted only.
  private static let mostShown = 20

  private func show(_ found: Archive.PrunedRuns) {
    guard found.count > 0 else { return Console.line("no run fulfils the conditions") }
    Console.line(
      "\(NumberText.count(found.count, "run")), \(Self.size(found.bytes)), of \(NumberText.count(found.groups.count, "setting")):"
    )
    let common = Set(found.groups.first?.setting ?? []).subtracting(
      found.groups.dropFirst().flatMap { group in
        (found.groups.first?.setting ?? []).filter { !group.setting.contains($0) }
      })
    var rows = [["runs", "size", "trained", "setting"]]
    for group in found.groups.prefix(Self.mostShown) {
      let days = [group.times.lowerBound, group.times.upperBound].map { String($0.prefix(10)) }
      let own = group.setting.filter { found.groups.count == 1 || !common.contains($0) }
      rows.append([
        NumberText.grouped(group.count), Self.size(group.bytes),
        days[0] == days[1] ? days[0] : "\(days[0]) to \(days[1])",
        Quoted.short(own.joined(separator: ", "), limit: 160),
      ])
    }
    Console.line(Console.table(rows, rightAligned: [0, 1]))
    if found.groups.count > Self.mostShown {
      Console.line("and \(NumberText.count(found.groups.count - Self.mostShown, "more setting"))")
    }
    if found.groups.count > 1, !common.isEmpty {
      Console.line("all of them: \(Quoted.short(common.sorted().joined(separator: ", "), limit: 400))")
    }
  }

  private static func size(_ bytes: Int) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    guard let (unit, name) = units.first(where: { Double(bytes) >= $0.0 }) else { return "\(bytes) bytes" }
    return "\(NumberText.short(Double(bytes) / unit, digits: 3)) \(name)"
  }

  /// Asks on a terminal.
  /// - Throws: `Mistake` where nobody can be asked.
  private func isConfirmed() throws -> Bool {
    if yes { return true }
    guard isatty(STDIN_FILENO) != 0, Console.isTerminal else {
      throw Mistake(
        at: "archive prune", value: "",
        rule: "runs are removed only if that is confirmed, and here nobody can be asked",
        remedy: "Look at the list, then add --yes")
    }
    Console.write("Remove them? [y/N] ")
    let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
    let isYes = answer == "y" || answer == "yes"
    if !isYes { Console.line("nothing is removed") }
    return isYes
  }
}

/// The keys of the runs that the project's experiments have as they are declared now.
private struct UsedRuns {
  private var keys: [(name: String, keys: Set<String>)] = []

  /// - Throws: `Mistake` for an experiment whose runs cannot be known: they would look unused.
  init() throws {
    for line in try ListCommand.lines() {
      switch line {
      case .experiment(let line):
        guard let own = line.keys else {
          throw Self.unknown(line.name, "descent plan \(line.name)")
        }
        keys.append((line.name, Set(own)))
      case .broken(let script, _):
        throw Self.unknown(script.url.lastPathComponent, "descent run \(script.url.relative)")
      }
    }
  }

  private static func unknown(_ name: String, _ command: String) -> Mistake {
    Mistake(
      at: "archive prune", value: name,
      rule: "its declaration has mistakes, so its runs are not known and would look unused",
      remedy: "Correct it (\(command) shows the mistakes), or move it out of the project’s experiments")
  }

  var all: Set<String> { keys.reduce(into: []) { $0.formUnion($1.keys) } }

  /// The keys of an experiment's runs that no other experiment has.
  func own(_ name: String) throws -> Set<String> {
    guard let own = keys.first(where: { $0.name == name })?.keys else {
      throw Catalogue.unknown(name, among: keys.map(\.name))
    }
    return keys.reduce(own) { $1.name == name ? $0 : $0.subtracting($1.keys) }
  }
}
