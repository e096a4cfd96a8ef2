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
      var checksum: UInt64

      init(every: Int, count: Int, checksum: UInt64) {
        (self.every, self.count, self.checksum) = (every, count, checksum)
      }

      init(every: Int, values: [Double]) {
        self.init(every: every, count: values.count, checksum: values.withUnsafeBytes(Checksum.of))
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

  // MARK: Reading

  /// The sound rows of these keys that have a checksum; damaged ones are added to `damage`.
  static func fetch(_ db: Database, _ keys: some Sequence<String>, _ damage: inout Damage) throws -> [RunRow] {
    try fetch(db, "WHERE \(Schema.isListed)", list(keys), &damage)
  }

  /// The sound rows of a query's condition that have a checksum; damaged ones are added to `damage`.
  static func fetch(
    _ db: Database, _ condition: String, _ argument: String?, _ damage: inout Damage
  ) throws -> [RunRow] {
    var result: [RunRow] = []
    var scratch: [UInt8] = []
    var last = Provenance(revision: "", toolchain: "", processor: "", semantics: 0, time: "")
    try db.forEachRow("\(select) \(condition)", argument) { row in
      if row.isNull(Place.checksum) { return }
      let key = row.text(Place.key) ?? "without a key"
      guard row.text(Place.checksum) == row.checksum(of: Schema.covered.count, &scratch) else {
        return damage.add(key, "its row differs from its checksum")
      }
      guard let sound = RunRow(row, key, like: last) else {
        return damage.add(key, "a value of its row is not of its kind")
      }
      guard row.text(Place.kind) == "blob", row.integer(Place.length) == 8 * sound.contents.parameters.count else {
        return damage.add(key, "its parameters are not as many as were stored")
      }
      last = sound.provenance
      result.append(sound)
    }
    return result
  }

  /// The columns of `select`, those that the checksum covers first.
  private enum Place {
    static let key: Int32 = 0
    static let divergedAt: Int32 = 2
    static let steps: Int32 = 3
    static let finalLoss: Int32 = 4
    static let bestLoss: Int32 = 5
    static let finalGradientNorm: Int32 = 6
    static let finals: Int32 = 7
    static let contents: Int32 = 8
    static let revision: Int32 = 9
    static let toolchain: Int32 = 10
    static let processor: Int32 = 11
    static let semantics: Int32 = 12
    static let time: Int32 = 13
    static let id: Int32 = 14
    static let checksum: Int32 = 15
    static let kind: Int32 = 16
    static let length: Int32 = 17
  }

  private static let select =
    "SELECT \(Schema.covered.joined(separator: ", ")), id, checksum, typeof(parameters), length(parameters) FROM run"

  /// A correct checksum shows only that nothing was damaged after it was computed, so every value is converted with care.
  private init?(_ row: Columns, _ key: String, like last: Provenance) {
    guard let id = row.integer(Place.id), let steps = row.integer(Place.steps), steps >= 0,
      let finalLoss = row.number(Place.finalLoss), let bestLoss = row.number(Place.bestLoss),
      let norm = row.number(Place.finalGradientNorm), let finals = row.text(Place.finals),
      let contents = row.text(Place.contents).flatMap(Contents.init),
      let revision = row.text(Place.revision, last: last.revision),
      let toolchain = row.text(Place.toolchain, last: last.toolchain),
      let processor = row.text(Place.processor, last: last.processor),
      let semantics = row.integer(Place.semantics), let time = row.text(Place.time, last: last.time),
      case let step = row.integer(Place.divergedAt), step != nil || row.isNull(Place.divergedAt)
    else { return nil }
    (self.id, self.key, self.contents, self.finals) = (Int64(id), key, contents, finals)
    outline = RunSummary(
      status: step.map { .diverged(atStep: $0) } ?? .finished, steps: steps, finalLoss: finalLoss, bestLoss: bestLoss,
      finalGradientNorm: norm, finals: [:], bestStep: contents.bestStep)
    provenance = Provenance(
      revision: revision, toolchain: toolchain, processor: processor, semantics: semantics, time: time)
  }

  /// - Returns: `nil` where the text of the final quantities cannot be decoded.
  func summary(_ decoder: JSONDecoder) -> RunSummary? {
    guard let pairs = pairs ?? (try? decoder.decode([String: String].self, from: Data(finals.utf8))).map(Array.init)
    else {
      return nil
    }
    var summary = outline
    for (name, text) in pairs {
      guard let quantity = Quantity(name: name), let value = Double(text) else { return nil }
      summary.finals[quantity] = value
    }
    return summary
  }

  /// The names and numbers of the final quantities as they are always written, `{"accuracy":"1","loss":"0.5"}`; `nil` for any other JSON, which a
  /// decoder takes ten times as long to read.
  private var pairs: [(key: String, value: String)]? {
    if finals == "{}" { return [] }
    if finals.utf8.contains(UInt8(ascii: "\\")) { return nil }
    let parts = finals.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).map { Substring($0) }
    guard parts.count % 4 == 1, parts.first == "{", parts.last == "}" else { return nil }
    var pairs: [(key: String, value: String)] = []
    for at in stride(from: 0, to: parts.count - 1, by: 4) {
      guard parts[at] == (at == 0 ? "{" : ","), parts[at + 2] == ":" else { return nil }
      pairs.append((String(parts[at + 1]), String(parts[at + 3])))
    }
    return pairs
  }

  /// Rows that are missing from the index of keys: searched for one by one where runs seem to be missing.
  static func findLost(_ db: Database, _ keys: Set<String>, _ damage: inout Damage) throws {
    for part in parts(of: Array(keys)) {
      try db.forEachRow(
        "SELECT key FROM run NOT INDEXED WHERE checksum IS NOT NULL AND key IN (SELECT value FROM json_each(?1))",
        list(part)
      ) { row in
        if let key = row.text(0) { damage.add(key, "the archive's index does not lead to it") }
      }
    }
  }

  // MARK: Keys

  /// The condition that a row's key is in a list that is bound to the first place.
  static let isListed = Schema.isListed

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
    func line(_ name: String, _ part: Part) -> String {
      "\(name) \(part.every) \(part.count) \(Checksum.text(part.checksum))"
    }
    let lines = series.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
    let layers = widths.map { "layers " + ($0.isEmpty ? "none" : $0.map(String.init).joined(separator: "-")) }
    let best = bestStep.map { "best-step \($0)" }
    return ([line("parameters", parameters)] + [layers, best].compactMap(\.self) + lines).joined(separator: "\n")
  }
}
