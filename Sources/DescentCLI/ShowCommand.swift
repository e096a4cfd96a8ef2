import ArgumentParser
import CairoCanvas
import Foundation
import Learning

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the sweep, the set-up and the provenance that a PNG file of a report contains.")

  @Argument(help: ArgumentHelp("PNG files of reports.", valueName: "file"))
  var files: [String]

  func run() throws {
    for file in files {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw Mistake(
          .data, at: "show", value: file, rule: "the file does not exist or cannot be read", remedy: "Check the path")
      }
      let notes: [(keyword: String, text: String)]
      do {
        notes = try PNGNotes.read(data)
      } catch {
        throw Mistake(
          .data, at: file, value: error as? PNGNotes.Failure == .damaged ? "a damaged PNG file" : "not a PNG file",
          rule: "only PNG files of reports can be shown",
          remedy: "Name a file such as output/NAME/report-1.png")
      }
      guard !notes.isEmpty else {
        throw Mistake(
          .data, at: file, value: "",
          rule: "the file has no notes: Descent did not write it, or another program saved it again",
          remedy: "Render the report again: descent render NAME")
      }
      if files.count > 1 { Console.line("\(file):") }
      for (keyword, text) in notes {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        Console.line(lines.count == 1 ? "\(keyword): \(text)" : "\(keyword):")
        if lines.count > 1 { for line in lines { Console.line("  \(line)") } }
      }
    }
  }
}
