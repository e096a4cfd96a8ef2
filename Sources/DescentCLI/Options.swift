import Analysis
import ArgumentParser
import Documents
import Figures
import Foundation
import Learning
import Reporting
import Studies

/// The folder of the results.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .long, help: .option("Folder of the reports and the archive.", default: "output in the project", "folder"))
  var output: String?

  /// The folder of `--output`, or `output` in the project.
  var folder: URL {
    output.map { URL(fileURLWithPath: $0) } ?? Program.root.appendingPathComponent("output")
  }

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output is empty. Name a folder, or leave the option out.") }
  }

  var archivePath: String { folder.appendingPathComponent("descent.sqlite").path }
}

/// Changes to an experiment's sweep.
struct SweepOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: .option(
      "Values of a parameter: learning-rate=0.1,0.3. May be repeated.", default: "values of the experiment",
      "parameter=values"))
  var settings: [String] = []

  @Option(name: .long, help: .option("Seeds: 0..<64, 1...8, or 3,5,8.", default: "seeds of the experiment", "seeds"))
  var seeds: String?

  func overrides() throws -> Overrides {
    var values: [(name: String, values: [String])] = []
    for text in settings {
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw Mistake(
          at: "--set", value: text, rule: "must have the form parameter=values",
          remedy: "Write --set learning-rate=0.1,0.3")
      }
      let list = Self.list(String(text[text.index(after: sign)...]))
      values.append((String(text[..<sign]), list))
    }
    let names = values.map(\.name)
    if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw Mistake(
        at: "--set \(twice)", value: "given twice", rule: "a parameter is set once",
        remedy: "Write all its values in one --set, with commas")
    }
    return Overrides(values: values, seeds: try seeds.map(SeedList.parse))
  }

  /// The values between commas. A comma inside parentheses belongs to its value.
  private static func list(_ text: String) -> [String] {
    var items = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 { items.append("") } else { items[items.count - 1].append(character) }
    }
    return items.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}

/// Seeds as they are typed.
enum SeedList {
  static func parse(_ text: String) throws -> [UInt64] {
    func fail(_ rule: String) -> Mistake {
      Mistake(at: "--seeds", value: text, rule: rule, remedy: "Write 0..<64, 1...8, or 3,5,8")
    }
    for (sign, extra) in [("..<", 0), ("...", 1)] {
      guard let range = text.firstRange(of: sign) else { continue }
      guard let low = UInt64(text[..<range.lowerBound]), let high = UInt64(text[range.upperBound...]) else {
        throw fail("the bounds must be whole numbers of at least 0")
      }
      guard high <= 1 << 62, low < high + UInt64(extra) else {
        throw fail("the range has no seed, or a seed above 2⁶²")
      }
      guard high - low <= UInt64(Plan.maximumRuns) else { throw fail("a sweep has at most 10⁷ runs") }
      return Array(low..<high + UInt64(extra))
    }
    let seeds = text.split(separator: ",").map { UInt64($0.trimmingCharacters(in: .whitespaces)) }
    guard !seeds.isEmpty, seeds.allSatisfy({ $0.map { $0 <= 1 << 62 } ?? false }) else {
      throw fail("seeds must be whole numbers of at least 0")
    }
    return seeds.compactMap(\.self)
  }
}

/// Formats of pictures.
struct FormatOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .option(
      "Formats of pages and figures, from png,pdf,svg,html,apng,mp4.", default: "png,pdf,html; figures as png",
      "formats"))
  var format: String?

  @Option(name: .long, help: ArgumentHelp("Pixels per inch of PNG pictures.", valueName: "number"))
  var dpi = 200.0

  func writer(to output: URL) throws -> ReportWriter {
    guard dpi >= 36, dpi <= 1200 else {
      throw Mistake(at: "--dpi", value: "\(dpi)", rule: "must be between 36 and 1200", remedy: "Leave it out for 200")
    }
    return ReportWriter(output: output, formats: try formats(), dpi: dpi)
  }

  private func formats() throws -> [Format]? {
    guard let format else { return nil }
    let names = format.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    guard !names.isEmpty else {
      throw Mistake(
        at: "--format", value: format, rule: "no format is named", remedy: "Write --format png,pdf,svg,html,apng,mp4")
    }
    var seen = Set<String>()
    return try names.filter { seen.insert($0).inserted }.map { name in
      guard let known = Format(rawValue: name) else {
        let near = Spelling.nearest(to: name, among: Format.allCases.map(\.rawValue))
        throw Mistake(
          at: "--format", value: name, rule: "there is no such format",
          remedy: "\(near.map { "Did you mean \($0)? " } ?? "")Write any of png, pdf, svg, html, apng, mp4")
      }
      return known
    }
  }
}

/// The output of a command.
struct VoiceOptions: ParsableArguments {
  @Flag(name: .long, help: "Print errors only.")
  var quiet = false

  @Flag(name: .long, help: "Print events for other programs, one JSON object per line.")
  var json = false

  var listener: any EventListener {
    if json { return JSONListener() }
    if quiet { return SilentListener() }
    return Console.isTerminal ? ProgressBar() : PlainLog()
  }
}

extension ArgumentHelp {
  /// The help of an option that may be left out: what it sets, and what holds without it.
  static func option(_ text: String, default value: String, _ valueName: String) -> ArgumentHelp {
    ArgumentHelp("\(text) (default: \(value))", valueName: valueName)
  }

  static let experimentNames = ArgumentHelp("Names of experiments.", valueName: "name")
}

extension CompletionKind {
  /// The names of the catalogue.
  static var experiments: CompletionKind {
    .custom { _, _, _ in Program.isScripted ? ScriptLibrary().names : Program.catalogue.names }
  }
}
