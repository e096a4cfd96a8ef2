import ArgumentParser
import Descent
import Foundation
import Learning
import RunArchive
import Scripts
import Studies

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the experiments: name, runs, runs in the archive, title.")

  @OptionGroup var place: OutputOptions

  @Flag(name: .long, help: "One JSON object per line.")
  var json = false

  func run() throws {
    let archive = try Archive.existing(path: place.archivePath)
    let lines = try Self.lines()
    var rows = [["name", "runs", "archived", "title"]]
    for line in lines {
      switch line {
      case .experiment(let line):
        guard let keys = line.keys else {
          rows.append([line.name, "–", "–", line.title + "  (it has mistakes: descent plan \(line.name))"])
          continue
        }
        let known = try archive?.known(among: keys).count ?? 0
        rows.append([line.name, "\(keys.count)", "\(known)", line.title])
      case .broken(let script, let why): rows.append([script.url.lastPathComponent, "–", "–", why])
      }
    }
    if json {
      for row in rows.dropFirst() {
        JSONListener.write([
          "name": row[0], "title": row[3], "runs": Int(row[1]) ?? 0, "archived": Int(row[2]) ?? 0,
        ])
      }
    } else {
      Console.line(Console.table(rows, rightAligned: [1, 2]))
    }
  }

  /// The experiments of the project, or those that are compiled into the program.
  /// - Throws: `Mistake` where scripts cannot be compiled at all.
  static func lines() throws -> [ScriptList.Line] { try Program.isScripted ? ScriptList().lines() : compiledIn() }

  private static func compiledIn() -> [ScriptList.Line] {
    let catalogue = Program.catalogue
    return ScriptSummary(catalogue.types, files: catalogue.files).experiments.map { .experiment($0) }
  }
}
