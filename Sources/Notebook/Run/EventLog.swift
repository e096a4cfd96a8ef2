/// The events of the last run that a page needs to show the present state: one that opens later, or comes back, gets them all.
/// Newer events replace older ones of the same kind, so that the log stays small however long a run takes.
struct EventLog {
  private struct Entry {
    var line: String
    var experiment: String?
    /// The index of a cell; -1 for the head of a report.
    var cell: Int?
  }

  private var keys: [String] = []
  private var entries: [String: Entry] = [:]
  private var curves: [String: LiveCurves] = [:]
  private var printed = PrintedText()
  /// The number of cells of the reports that the present run has begun.
  private var sizes: [String: Int] = [:]
  private(set) var problems = 0

  private static let mostProblems = 100

  /// The events, oldest first.
  var lines: [String] {
    let live = curves.sorted { $0.key < $1.key }.map { name, curves in
      JSONLine.text(["event": "observed", "experiment": name, "samples": curves.samples])
    }
    return keys.compactMap { entries[$0]?.line } + live + (printed.isEmpty ? [] : [printed.line])
  }

  /// Forgets the run before, except the reports, which stay until newer ones replace them.
  mutating func begin(_ line: String) {
    keys.removeAll { entries[$0]?.cell == nil }
    entries = entries.filter { $0.value.cell != nil }
    (curves, sizes, printed, problems) = ([:], [:], PrintedText(), 0)
    put("began", Entry(line: line))
    // Before the reports, as it came.
    keys.insert(keys.removeLast(), at: 0)
  }

  /// Adds an event of the child.
  /// - Returns: whether it is one to pass on.
  mutating func add(_ fields: [String: Any], _ line: String) -> Bool {
    guard let event = fields["event"] as? String else { return false }
    let name = fields["experiment"] as? String ?? ""
    switch event {
    case "problem":
      // A trap may be told twice: by the program, and by the message of the runtime.
      let key = "problem \(fields["line"] as? Int ?? 0) \(fields["message"] as? String ?? "")"
      guard problems < Self.mostProblems, entries[key] == nil else { return false }
      problems += 1
      put(key, Entry(line: line))
    case "observed": curves[name, default: LiveCurves()].add(fields["samples"] as? [[String: Any]] ?? [])
    case "report":
      sizes[name] = fields["cells"] as? Int ?? 0
      put("report \(name)", Entry(line: line, experiment: name, cell: -1))
    case "cell":
      guard let index = fields["index"] as? Int, (0..<10_000).contains(index) else { return false }
      put("cell \(index) \(name)", Entry(line: line, experiment: name, cell: index))
    case "compiling", "compiled", "planned", "progressed", "trained", "damaged", "failed":
      put("\(event) \(name)", Entry(line: line))
    default: break
    }
    return true
  }

  /// Adds a line that the script has printed.
  mutating func add(printed line: String) { printed.add(line) }

  /// Adds the end of the run. After a run that finished, reports and cells that it did not have are forgotten.
  mutating func end(_ line: String, isFinished: Bool) {
    curves = [:]
    put("ended", Entry(line: line))
    guard isFinished else { return }
    keys.removeAll { key in
      guard let entry = entries[key], let cell = entry.cell, let name = entry.experiment else { return false }
      return cell >= sizes[name] ?? -1
    }
  }

  private mutating func put(_ key: String, _ entry: Entry) {
    if entries.updateValue(entry, forKey: key) == nil { keys.append(key) }
  }
}

/// What the script has printed, the last part of it.
struct PrintedText {
  private var lines: [String] = []
  private var leftOut = 0

  var isEmpty: Bool { lines.isEmpty }

  mutating func add(_ line: String) {
    lines.append(String(line.prefix(2_000)))
    guard lines.count > 300 else { return }
    lines.removeFirst(100)
    leftOut += 100
  }

  var line: String {
    JSONLine.text([
      "event": "printed", "text": lines.joined(separator: "\n"), "lines": lines.count + leftOut, "replaces": true,
    ])
  }
}
