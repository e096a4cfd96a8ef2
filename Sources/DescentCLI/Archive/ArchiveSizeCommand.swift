import ArgumentParser
import Foundation
import Learning
import RunArchive
import Studies

struct ArchiveSizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "size", abstract: "Show what takes the space of the archive: by report, and by part.",
    discussion: "A run that several reports use is counted in each of them.")

  @OptionGroup var place: OutputOptions

  func run() throws {
    let path = try place.presentArchive()
    guard let archive = try Archive.existing(path: path) else { return }
    let all = try archive.parts()
    var rows = [["report", "runs", "rows", "parameters", "curves", "as plain numbers"]]
    var used: Set<String> = []
    for (name, keys) in reports() {
      rows.append(Self.row(name, try archive.parts(of: keys)))
      used.formUnion(keys)
    }
    rows.append(Self.row("in no report", Self.rest(all, try archive.parts(of: Array(used)))))
    rows.append(Self.row("all", all))
    Console.line(Console.table(rows, rightAligned: [1, 2, 3, 4, 5]))
    let file = Archive.bytes(path)
    let unused = try archive.unusedBytes()
    Console.line(
      "file    \(SizeText.of(file)), of which indexes and page ends \(SizeText.of(max(0, file - all.bytes - unused)))")
    Console.line("unused  \(SizeText.of(unused)), which descent archive compact gives back")
  }

  private static func row(_ name: String, _ parts: Archive.Parts) -> [String] {
    [name, NumberText.grouped(parts.runs)]
      + [parts.rows, parts.parameters, parts.curves, parts.plainCurves].map(SizeText.of)
  }

  private static func rest(_ all: Archive.Parts, _ used: Archive.Parts) -> Archive.Parts {
    var rest = all
    rest.runs -= used.runs
    rest.rows -= used.rows
    rest.parameters -= used.parameters
    rest.curves -= used.curves
    rest.plainCurves -= used.plainCurves
    return rest
  }

  /// The reports in the folder, with the keys of their runs: the last column of their tables.
  private func reports() -> [(name: String, keys: [String])] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.folder.path)) ?? []
    return names.sorted().compactMap { name in
      let table = place.folder.appendingPathComponent(name).appendingPathComponent("runs.csv")
      guard let text = try? String(contentsOf: table, encoding: .utf8) else { return nil }
      let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
      let keys = lines.dropFirst().compactMap { line -> String? in
        let field = line.split(separator: UInt8(ascii: ",")).last.map { String(Substring($0)) } ?? ""
        let key = field.trimmingCharacters(in: .whitespacesAndNewlines)
        return key.count == 64 ? key : nil
      }
      return keys.isEmpty ? nil : (name, Array(Set(keys)))
    }
  }
}
