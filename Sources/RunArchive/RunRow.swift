import Foundation
import GRDB
import Learning
import Studies

/// A verified row of the table `run`.
struct RunRow {
  let id: Int64
  let key: String
  /// The summary without the final quantities, which are decoded later.
  private let outline: RunSummary
  private let finals: String
  let contents: Contents
  let provenance: Provenance

  /// The parameters and series of a run with their lengths and checksums.
  struct Contents {
    struct Part: Hashable {
      var every: Int
      var count: Int
      var checksum: String

      init(every: Int, count: Int, checksum: String) {
        (self.every, self.count, self.checksum) = (every, count, checksum)
      }

      init(every: Int, values: [Double]) {
        self.init(every: every, count: values.count, checksum: values.withUnsafeBytes(Checksum.text))
      }
    }

    var parameters: Part
    /// Number of inputs, then of the units of each layer; empty for an objective, `nil` in a row of an older version.
    var widths: [Int]?
    /// Of a run with early stopping.
    var bestStep: Int?
    /// By the name of the quantity.
    var series: [String: Part]
  }

  // MARK: Writing

  /// The values for `Schema.insertRun`.
  static func arguments(of record: RunRecord) throws -> StatementArguments {
    let summary = RunSummary(record.result)
    var divergedAt: Int?
    if case .diverged(let step) = summary.status { divergedAt = step }
    let finals = Dictionary(uniqueKeysWithValues: summary.finals.map { ($0.name, "\($1)") })
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let contents = Contents(
      parameters: Contents.Part(every: 1, values: record.result.finalParameters), widths: record.widths,
      bestStep: summary.bestStep,
      series: Dictionary(
        record.result.series.map { ($0.name, Contents.Part(every: $1.every, values: $1.values)) },
        uniquingKeysWith: { $1 }))
    let covered: [any DatabaseValueConvertible] = [
      record.key, record.description, divergedAt.databaseValue, summary.steps, number(summary.finalLoss),
      number(summary.bestLoss), number(summary.finalGradientNorm),
      String(decoding: try encoder.encode(finals), as: UTF8.self), contents.text, record.provenance.revision,
      record.provenance.toolchain, record.provenance.processor, record.provenance.semantics, record.provenance.time,
    ]
    let values = covered.map(\.databaseValue)
    return StatementArguments(
      values + [bytes(record.result.finalParameters).databaseValue, checksum(values).databaseValue])
  }

  /// A number as SQLite stores it: NaN as NULL, −0 as 0.
  private static func number(_ value: Double) -> DatabaseValue { value.isNaN ? .null : (value + 0).databaseValue }

  /// Little-endian IEEE 754 doubles.
  static func bytes(_ values: [Double]) -> Data { values.withUnsafeBytes { Data($0) } }

  /// The checksum of the kinds, lengths and bytes of values.
  static func checksum(_ values: [DatabaseValue]) -> String {
    var bytes: [UInt8] = []
    func add(_ kind: Character, _ word: UInt64) {
      bytes.append(kind.asciiValue ?? 0)
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    for value in values {
      switch value.storage {
      case .null: add("n", 0)
      case .int64(let number): add("i", UInt64(bitPattern: number))
      case .double(let number): add("d", (number + 0).bitPattern)
      case .string(let text):
        add("s", UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
      case .blob(let data):
        add("b", UInt64(data.count))
        bytes.append(contentsOf: data)
      }
    }
    return bytes.withUnsafeBytes(Checksum.text)
  }

  // MARK: Reading

  /// The sound rows of these keys that have a checksum; damaged ones are added to `damage`.
  static func fetch(_ db: Database, _ keys: [String], _ damage: inout Damage) throws -> [RunRow] {
    var result: [RunRow] = []
    for part in parts(of: keys) {
      let rows = try Row.fetchCursor(db, sql: "\(select) WHERE \(isListed)", arguments: [list(part)])
      while let row = try rows.next() {
        let values = Schema.covered.indices.map { row[$0] as DatabaseValue }
        let mark: DatabaseValue = row["checksum"]
        if mark.isNull { continue }
        let key = String.fromDatabaseValue(values[0]) ?? "without a key"
        guard String.fromDatabaseValue(mark) == checksum(values) else {
          damage.add(key, "its row differs from its checksum")
          continue
        }
        guard let sound = RunRow(row) else {
          damage.add(key, "a value of its row is not of its kind")
          continue
        }
        guard String.fromDatabaseValue(row["kind"]) == "blob",
          Int.fromDatabaseValue(row["length"]) == 8 * sound.contents.parameters.count
        else {
          damage.add(key, "its parameters are not as many as were stored")
          continue
        }
        result.append(sound)
      }
    }
    return result
  }

  private static let select =
    "SELECT \(Schema.covered.joined(separator: ", ")), id, checksum, typeof(parameters) AS kind,"
    + " length(parameters) AS length FROM run"

  /// Converts without trapping: a correct checksum shows only that nothing was damaged after it was computed.
  private init?(_ row: Row) {
    func value<T: DatabaseValueConvertible>(_ name: String) -> T? { T.fromDatabaseValue(row[name] as DatabaseValue) }
    // NULL is NaN; any other value that is not a number is an error.
    func number(_ name: String) -> Double? { (row[name] as DatabaseValue).isNull ? .nan : value(name) }
    let step: DatabaseValue = row["diverged_at"]
    guard let id: Int64 = value("id"), let key: String = value("key"), let steps: Int = value("steps"), steps >= 0,
      let finalLoss = number("final_loss"), let bestLoss = number("best_loss"),
      let norm = number("final_gradient_norm"), let finals: String = value("finals"),
      let contents = (value("contents") as String?).flatMap(Contents.init),
      let revision: String = value("revision"), let toolchain: String = value("toolchain"),
      let processor: String = value("processor"), let semantics: Int = value("semantics"),
      let time: String = value("time"), step.isNull || Int.fromDatabaseValue(step) != nil
    else { return nil }
    (self.id, self.key, self.contents, self.finals) = (id, key, contents, finals)
    outline = RunSummary(
      status: Int.fromDatabaseValue(step).map { .diverged(atStep: $0) } ?? .finished, steps: steps,
      finalLoss: finalLoss, bestLoss: bestLoss, finalGradientNorm: norm, finals: [:], bestStep: contents.bestStep)
    provenance = Provenance(
      revision: revision, toolchain: toolchain, processor: processor, semantics: semantics, time: time)
  }

  /// - Returns: `nil` where the text of the final quantities cannot be decoded.
  func summary(_ decoder: JSONDecoder) -> RunSummary? {
    guard let texts = try? decoder.decode([String: String].self, from: Data(finals.utf8)) else { return nil }
    var summary = outline
    for (name, text) in texts {
      guard let quantity = Quantity(name: name), let value = Double(text) else { return nil }
      summary.finals[quantity] = value
    }
    return summary
  }

  /// Rows that are missing from the index of keys: searched for one by one where runs seem to be missing.
  static func findLost(_ db: Database, _ keys: [String], _ rows: [RunRow], _ damage: inout Damage) throws {
    let missing = Array(Set(keys).subtracting(rows.map(\.key)).subtracting(damage.keys))
    for part in parts(of: missing) {
      let lost = try Row.fetchCursor(
        db, sql: "SELECT key FROM run NOT INDEXED WHERE checksum IS NOT NULL AND \(isListed)", arguments: [list(part)])
      while let row = try lost.next() {
        if let key = String.fromDatabaseValue(row[0] as DatabaseValue) {
          damage.add(key, "the archive's index does not lead to it")
        }
      }
    }
  }

  // MARK: Keys

  /// A condition with one bound list of any length, instead of thousands of bound keys.
  static let isListed = "key IN (SELECT value FROM json_each(?))"

  /// Keys in parts, so that their lists stay below SQLite's limits.
  static func parts(of keys: [String], atMost size: Int = 20_000) -> [ArraySlice<String>] {
    stride(from: 0, to: keys.count, by: size).map { keys[$0..<min($0 + size, keys.count)] }
  }

  static func list(_ keys: some Sequence<String>) -> String {
    "[" + keys.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }
}

extension RunRow.Contents {
  /// The contents as text, one part per line: name, distance in steps, number of values, checksum.
  var text: String {
    func line(_ name: String, _ part: Part) -> String { "\(name) \(part.every) \(part.count) \(part.checksum)" }
    let lines = series.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
    let layers = widths.map { "layers " + ($0.isEmpty ? "none" : $0.map(String.init).joined(separator: "-")) }
    let best = bestStep.map { "best-step \($0)" }
    return ([line("parameters", parameters)] + [layers, best].compactMap(\.self) + lines).joined(separator: "\n")
  }

  /// - Returns: `nil` where a line is not of this form, or where a step number would overflow.
  init?(_ text: String) {
    var parts: [String: Part] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count == 2, fields[0] == "layers" {
        widths = fields[1] == "none" ? [] : fields[1].split(separator: "-").compactMap { Int($0) }
        continue
      }
      if fields.count == 2, fields[0] == "best-step", let step = Int(fields[1]), step >= 0 {
        bestStep = step
        continue
      }
      guard fields.count == 4, let every = Int(fields[1]), let count = Int(fields[2]), every >= 1,
        (0...1 << 40).contains(count), !every.multipliedReportingOverflow(by: max(1, count)).overflow
      else { return nil }
      parts[String(fields[0])] = Part(every: every, count: count, checksum: String(fields[3]))
    }
    guard let own = parts.removeValue(forKey: "parameters"), parts.keys.allSatisfy({ Quantity(name: $0) != nil }) else {
      return nil
    }
    parameters = own
    series = parts
  }
}
