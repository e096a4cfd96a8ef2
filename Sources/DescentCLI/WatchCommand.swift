import Analysis
import ArgumentParser
import Documents
import Figures
import Foundation
import Gnuplot
import Learning
import Reporting
import RunArchive
import Studies

/// The kind of pictures in a terminal.
struct TerminalOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .option(
      "Pictures in the terminal: dumb (characters), plain (without colour) or sixel.",
      default: "chosen by the terminal", "kind"))
  var terminal: String?

  func picture() throws -> LivePicture {
    guard TerminalPicture.isAvailable else {
      throw Mistake(
        .environment, at: "gnuplot", value: "",
        rule: "gnuplot draws the curves in a terminal, and it is not installed",
        remedy: "Install it: apt-get install gnuplot-nox")
    }
    guard let terminal else {
      let environment = ProcessInfo.processInfo.environment
      return LivePicture(TerminalPicture.kind(environment: environment, isTerminal: Console.hasColor))
    }
    guard let kind = TerminalPicture.Kind(rawValue: terminal) else {
      throw Mistake(
        at: "--terminal", value: terminal, rule: "there is no such kind", remedy: "Write dumb, plain or sixel")
    }
    return LivePicture(kind)
  }
}

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Draw the losses of running trainings. When a source file is saved: build, train new runs, render.")

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @Flag(name: .long, help: "Draw the present losses once, then exit.")
  var once = false

  @OptionGroup var place: OutputOptions
  @OptionGroup var terminal: TerminalOptions

  func run() throws {
    let session = try Session(name)
    let picture = try terminal.picture()
    let log = LiveLog(name, output: place.folder)
    if once {
      guard try draw(log, session, picture) else {
        throw Mistake(
          .data, at: name, value: "", rule: "none of its runs is being trained or is in the archive",
          remedy: "Train it: descent run \(name)")
      }
      return
    }
    Console.line("watching the training of \(name) and the files in \(Program.catalogue.folder.relative); Ctrl-C exits")
    var sources = SourceWatch(folder: Program.catalogue.folder)
    var seen = Date.distantPast
    while true {
      if let changed = log.changed, changed > seen {
        seen = changed
        picture.draw(log.read(), title: name, every: 0)
      }
      if let file = sources.change() { Console.line(Rebuild(name, output: place.folder).run(after: file)) }
      Thread.sleep(forTimeInterval: 0.4)
    }
  }

  /// Draws the runs that are being trained, or else some runs of the archive.
  private func draw(_ log: LiveLog, _ session: Session, _ picture: LivePicture) throws -> Bool {
    let samples = log.read()
    if Dictionary(grouping: samples, by: \.run).values.contains(where: { $0.count > 1 }) {
      picture.draw(samples, title: name, every: 0)
      return true
    }
    guard let archive = try Archive.existing(path: place.archivePath) else { return false }
    let count = session.plan.runCount
    let runs = try stride(from: 0, to: count, by: max(1, count / 6)).prefix(6).map(session.plan.run)
    let series = try archive.series(.loss, of: runs.map(\.key))
    let curves = runs.compactMap { run -> TerminalPicture.Curve? in
      guard let values = series[run.key]?.values, values.count > 1 else { return nil }
      let stride = max(1, values.count / 400)
      return TerminalPicture.Curve(
        title: "run \(run.index)",
        points: Swift.stride(from: 0, to: values.count, by: stride).map { (Double($0), values[$0]) })
    }
    picture.draw(curves, title: name)
    return !curves.isEmpty
  }
}

/// Notices that a Swift file was saved.
private struct SourceWatch {
  private let folder: URL
  private var known: [String: Date]

  init(folder: URL) {
    self.folder = folder
    known = Self.dates(folder)
  }

  /// A file that was changed, added or removed since the last call.
  mutating func change() -> String? {
    let now = Self.dates(folder)
    defer { known = now }
    return Set(now.keys).union(known.keys).sorted().first { now[$0] != known[$0] }
  }

  private static func dates(_ folder: URL) -> [String: Date] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let pairs = files.filter { $0.hasSuffix(".swift") }.compactMap { file -> (String, Date)? in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(file).path)
      return (attributes?[.modificationDate] as? Date).map { (file, $0) }
    }
    return Dictionary(pairs, uniquingKeysWith: { a, _ in a })
  }
}

/// Builds the program, trains and renders, and describes the changes in one line.
private struct Rebuild {
  private let name: String
  private let output: URL

  init(_ name: String, output: URL) {
    self.name = name
    self.output = output
  }

  func run(after file: String) -> String {
    let before = pictures()
    let start = Date()
    let process = Process()
    process.executableURL = Program.catalogue.folder.appendingPathComponent("run")
    process.arguments = ["run", name, "--json", "--output", output.path]
    let (lineStream, errorStream) = (Pipe(), Pipe())
    process.standardOutput = lineStream
    process.standardError = errorStream
    do { try process.run() } catch { return "\(file): \(error.localizedDescription)" }
    // Both pipes are read to their end, the second by another thread, so that neither fills up.
    let group = DispatchGroup()
    let messages = ErrorText()
    DispatchQueue.global().async(group: group) { messages.read(errorStream.fileHandleForReading) }
    let lines = String(decoding: lineStream.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(
      separator: "\n")
    group.wait()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      return "\(file): \(messages.firstError ?? "failed with status \(process.terminationStatus)")"
    }
    let events = lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    let planned = events.first { $0["event"] as? String == "planned" }
    let new = (planned?["runs"] as? Int ?? 0) - (planned?["cached"] as? Int ?? 0)
    let after = pictures()
    let changed = Set(after.keys).union(before.keys).filter { after[$0] != before[$0] }.sorted()
    let runs = new == 0 ? "no new runs" : NumberText.count(new, "new run")
    let figures = changed.isEmpty ? "no figure changed" : "changed: \(changed.joined(separator: ", "))"
    return "\(file): \(runs), \(figures) (\(EventText.duration(Date().timeIntervalSince(start))))"
  }

  private func pictures() -> [String: Data] {
    let folder = output.appendingPathComponent(name).appendingPathComponent("figures")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    // The last bytes of a picture, without the notes in front, which name the time of training.
    return Dictionary(
      files.compactMap { file in
        FileManager.default.contents(atPath: folder.appendingPathComponent(file).path).map { (file, $0.suffix(2048)) }
      }, uniquingKeysWith: { a, _ in a })
  }
}

/// The error stream of a process, read by another thread.
private final class ErrorText: Sendable {
  private let text = NSLock()
  nonisolated(unsafe) private var content = ""

  func read(_ handle: FileHandle) {
    let data = handle.readDataToEndOfFile()
    text.withLock { content = String(decoding: data, as: UTF8.self) }
  }

  /// The first line that names an error.
  var firstError: String? {
    text.withLock { content.split(separator: "\n").first { $0.contains("error:") }.map(String.init) }
  }
}
