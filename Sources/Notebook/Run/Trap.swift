/// The message of a trap of the Swift runtime: `Study/LearningRates.swift:12: Fatal error: Index out of range`.
enum Trap {
  /// The problem that a line of the error stream names, as fields of an event; `nil` for any other line.
  static func problem(_ line: String) -> [String: Any]? {
    guard let match = line.firstMatch(of: #/^(?:(.*?):([0-9]+): )?Fatal error(?:: (.*))?$/#) else { return nil }
    var fields: [String: Any] = [
      "event": "problem", "severity": "error",
      "message": match.output.3.map { "Fatal error: \($0)" } ?? "Fatal error",
    ]
    if let file = match.output.1, let number = match.output.2.flatMap({ Int($0) }) {
      fields["file"] = String(file)
      fields["line"] = number
    }
    return fields
  }
}
