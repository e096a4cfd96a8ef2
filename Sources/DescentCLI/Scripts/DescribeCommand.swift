import ArgumentParser
import Figures
import Foundation
import Scripts

/// Computes the summaries of scripts, for `descent list`; not for users.
struct DescribeCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "Summarise scripts for the list.", shouldDisplay: false)

  @Argument var paths: [String]

  var scriptArguments: [String] { paths }

  func run() throws {
    let catalogue = Program.catalogue
    let summaries = paths.map { path in
      let names = catalogue.names(of: [path])
      return ScriptSummary(catalogue.types.filter { names.contains($0.name) }, files: catalogue.files)
    }
    Console.line(String(decoding: try JSONEncoder().encode(summaries), as: UTF8.self))
  }
}
