import ArgumentParser
import Foundation
import Learning
import Studies

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Show what a CSV file holds, with a declaration to paste.",
    discussion: """
      The declaration takes every column of finite numbers as an input, and the target column as classes where it has a \
      few values. A relative path is looked for here and in experiments/data.
      """)

  @Argument(help: ArgumentHelp("A CSV file with a header.", valueName: "file"), completion: .file(extensions: ["csv"]))
  var file: String

  @Option(name: .long, help: "The column to predict. (default: the last)")
  var target: String?

  @Flag(name: .long, help: "Print the summary as one JSON object.")
  var json = false

  func run() throws {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let folders = [here, ScriptLibrary().folder.appendingPathComponent("data")]
    let summary = try CSVSummary(file, files: DataFiles(folders: folders))
    let declaration = try DataDeclaration(summary, target: target)
    if json {
      JSONListener.write(Self.object(summary, declaration))
      return
    }
    let size = NumberText.short(Double(summary.byteCount) / 1000)
    Console.line(
      Console.tinted(file, .bold)
        + "  \(NumberText.count(summary.rows, "row")), \(NumberText.count(summary.columns.count, "column")), \(size) kB"
    )
    let rows = summary.columns.map { ["  \($0.name)", $0.kind, "\($0.missing)", $0.content] }
    Console.line(Console.table([["  column", "kind", "missing", "values"]] + rows, rightAligned: [2]))
    for note in declaration.notes { Console.line("\(note)") }
    Console.line("\n\(declaration.text)")
  }

  private static func object(_ summary: CSVSummary, _ declaration: DataDeclaration) -> [String: Any] {
    let columns = summary.columns.map { column -> [String: Any] in
      var object: [String: Any] = [
        "name": column.name, "kind": column.kind, "numbers": column.numbers, "texts": column.texts,
        "missing": column.missing, "not-finite": column.notFinite,
      ]
      if column.numbers > 0 {
        object["least"] = column.least
        object["greatest"] = column.greatest
        object["mean"] = column.mean
      }
      if let values = column.values, values.count <= 20 { object["values"] = values }
      return object
    }
    return [
      "path": summary.path, "rows": summary.rows, "bytes": summary.byteCount, "columns": columns,
      "declaration": declaration.text,
    ]
  }
}

extension CSVSummary.Column {
  /// "numbers", "classes", "texts" …
  var kind: String {
    if numbers + texts + notFinite == 0 { return "empty" }
    if isClassLike { return numbers > 0 && texts == 0 ? "numbers or classes" : "classes" }
    if texts == 0 { return "numbers" }
    return numbers == 0 ? "texts" : "numbers and texts"
  }

  /// The range of numbers, or the values with their counts.
  var content: String {
    var parts: [String] = []
    if numbers > 0 {
      parts.append(
        "\(NumberText.short(least, digits: 4)) to \(NumberText.short(greatest, digits: 4)), "
          + "mean \(NumberText.short(mean, digits: 4))")
    }
    if isClassLike || texts > 0, let values {
      let sorted = values.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      let shown = sorted.prefix(5).map { "\(Quoted.short($0.key, limit: 20)) × \($0.value)" }
      parts.append(
        "\(NumberText.count(values.count, "value")): \(shown.joined(separator: ", "))\(sorted.count > 5 ? " …" : "")")
    } else if texts > 0 {
      parts.append("more than \(CSVSummary.mostValues) values")
    }
    if notFinite > 0 { parts.append("\(notFinite) not finite") }
    return parts.joined(separator: "; ")
  }
}
