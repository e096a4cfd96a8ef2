import Foundation
import Learning
import RunArchive
import Studies
import Testing

/// Damaged archives: what was damaged is named, and nothing that differs from what was stored is ever handed out.
@Suite struct DamageTests {
  /// An archive of eight runs with curves of different lengths.
  static let records = (0..<8).map { i in
    let key = String(repeating: "\(i)", count: 64)
    let values = (0..<(40 + 700 * i)).map { 2 + sin(Double($0 + i) / 200) }
    let result = TrainedRun(
      status: i == 3 ? .diverged(atStep: 17) : .finished, steps: 40 + i,
      series: [
        .loss: Series(every: 1, values: values), .gradientNorm: Series(every: 1, values: values.map { $0 * $0 }),
        .validationLoss: Series(every: 5, values: Array(values.prefix(9))),
      ],
      finalParameters: (0..<(5 + i)).map(Double.init), finalLoss: i == 3 ? .nan : -0.0 + Double(i) / 3, bestLoss: 0.125,
      finals: [.validationLoss: 0.25, .accuracy: 1])
    return RunRecord(key: key, description: "loss=mse\nseed=\(i)", result: result, provenance: ArchiveTests.provenance)
  }
  static let keys = records.map(\.key)

  static func withArchive(_ body: (String) throws -> Void) throws {
    try ArchiveTests.withFolder { path in
      try Archive(path: path).save(records)
      try body(path)
    }
  }

  /// Everything that an archive says about the runs, as text that tells every bit apart.
  static func everything(_ archive: Archive) throws -> [String: String] {
    var texts: [String: String] = [:]
    let summaries = try archive.summaries(keys)
    let parameters = try archive.finalParameters(of: keys)
    let provenance = try archive.provenance(of: keys)
    let series = try archive.quantities(of: keys).map { ($0, try archive.series($0, of: keys)) }
    for key in summaries.keys {
      let curves = series.map { quantity, found in
        "\(quantity.name) \(found[key]?.every ?? 0) \(found[key]?.values.map { String($0.bitPattern) } ?? [])"
      }
      let finals = summaries[key]?.finals.sorted { $0.key.name < $1.key.name }.description ?? ""
      var summary = summaries[key]
      summary?.finals = [:]
      texts[key] = "\(summary as Any) \(finals) \(parameters[key] ?? []) \(provenance) \(curves)"
    }
    return texts
  }

  /// A mistake of a kind that names `text`; `nil` for anything else.
  static func mistake(_ body: () throws -> some Any) -> Mistake? {
    do {
      _ = try body()
      return nil
    } catch { return error as? Mistake }
  }

  struct Wound: Sendable, CustomTestStringConvertible {
    let sql: String
    let says: String
    /// Whether it is in a row, or a series is missing: `known` and `summaries` find that too.
    var isSeenQuickly = true
    var testDescription: String { sql }
  }

  /// A run's key is `4444…`; `R` is its row.
  static let wounds: [Wound] = [
    Wound(sql: "UPDATE run SET final_loss = 0.5 WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET final_loss = 'low' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET final_loss = NULL WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET steps = 'many' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET diverged_at = 1 WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET diverged_at = 'x' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET finals = '{' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET finals = x'00ff' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET semantics = 'three' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET time = 7 WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET contents = NULL WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET contents = 'loss 1' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET checksum = 'none' WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET checksum = 5 WHERE R", says: "its row differs"),
    Wound(sql: "UPDATE run SET parameters = x'00' WHERE R", says: "its parameters"),
    Wound(sql: "UPDATE run SET parameters = 'text' WHERE R", says: "its parameters"),
    Wound(sql: "UPDATE run SET parameters = 1.5 WHERE R", says: "its parameters"),
    Wound(
      sql: "UPDATE run SET parameters = zeroblob(length(parameters)) WHERE R", says: "its parameters differ",
      isSeenQuickly: false),
    Wound(sql: "DELETE FROM series WHERE S AND quantity = 'loss'", says: "series loss is missing"),
    Wound(sql: "DELETE FROM series WHERE S", says: "is missing"),
    Wound(
      sql: "UPDATE series SET bytes = x'' WHERE S AND quantity = 'loss'", says: "series loss differs",
      isSeenQuickly: false),
    Wound(
      sql: "UPDATE series SET bytes = 'abc' WHERE S AND quantity = 'loss'", says: "series loss differs",
      isSeenQuickly: false),
    Wound(
      sql: "UPDATE series SET bytes = zeroblob(length(bytes)) WHERE S AND quantity = 'loss'",
      says: "series loss differs", isSeenQuickly: false),
    Wound(sql: "UPDATE series SET every = 9223372036854775807 WHERE S", says: "differs", isSeenQuickly: false),
    Wound(
      sql: "UPDATE series SET every = -1 WHERE S AND quantity = 'loss'", says: "series loss differs",
      isSeenQuickly: false),
    Wound(
      sql: "UPDATE series SET every = 'often' WHERE S AND quantity = 'loss'", says: "series loss differs",
      isSeenQuickly: false),
    Wound(sql: "UPDATE series SET quantity = 'sharpness' WHERE S AND quantity = 'loss'", says: "series"),
    Wound(
      sql: """
        UPDATE series SET bytes = (SELECT bytes FROM series WHERE S AND quantity = 'gradient-norm')
        WHERE S AND quantity = 'loss'
        """, says: "series loss differs", isSeenQuickly: false),
  ]

  @Test(arguments: wounds) func aDamagedRunIsNamedAndTrainedAgain(_ wound: Wound) throws {
    try Self.withArchive { path in
      let key = Self.keys[4]
      let statement = wound.sql.replacingOccurrences(of: "WHERE R", with: "WHERE key = '\(key)'")
        .replacingOccurrences(of: "WHERE S", with: "WHERE run = (SELECT id FROM run WHERE key = '\(key)')")
      try ArchiveTests.sql(path, statement)
      let archive = try Archive(path: path)
      let found = try #require(Self.mistake { try Self.everything(archive) })
      #expect(found.kind == .archive && found.description.contains(key), "\(found)")
      #expect(found.description.contains(wound.says), "\(found)")
      let sound = Set(Self.keys).subtracting([key])
      #expect(try archive.known(among: Self.keys) == (wound.isSeenQuickly ? sound : Set(Self.keys)))
      let examined = try archive.examine(Self.keys)
      #expect(examined.sound == sound && examined.damaged == [key])
      try archive.save([Self.records[4]])
      let mended = try archive.examine(Self.keys)
      #expect(mended.sound == Set(Self.keys) && mended.damaged.isEmpty)
    }
  }

  /// A row whose checksum was computed again by hand still cannot crash the program.
  @Test func numbersOutOfRangeAreRefusedEvenWithTheRightChecksum() throws {
    try ArchiveTests.withFolder { path in
      let result = TrainedRun(
        status: .finished, steps: 1, series: [.loss: Series(every: .max, values: [1, 2, 3])], finalParameters: [],
        finalLoss: 1, bestLoss: 1, finals: [:])
      let archive = try Archive(path: path)
      try archive.save([RunRecord(key: "k", description: "", result: result, provenance: ArchiveTests.provenance)])
      let found = try #require(Self.mistake { try archive.series(.loss, of: ["k"]) })
      #expect(found.kind == .archive && found.description.contains("run k"), "\(found)")
    }
  }

  @Test func rowsWithoutChecksumsAreNeverKnown() throws {
    try Self.withArchive { path in
      try ArchiveTests.sql(path, "UPDATE run SET checksum = NULL, contents = NULL WHERE key = '\(Self.keys[2])'")
      let archive = try Archive(path: path)
      let expected = Set(Self.keys).subtracting([Self.keys[2]])
      #expect(try archive.known(among: Self.keys) == expected)
      let examined = try archive.examine(Self.keys)
      #expect(examined.sound == expected && examined.damaged.isEmpty)
    }
  }

  @Test func aFileOfTheFirstVersionIsTakenOver() throws {
    try ArchiveTests.withFolder { path in
      try OlderArchive(version: 1).write(Self.records, to: path)
      let archive = try Archive(path: path)
      #expect(try archive.known(among: Self.keys) == [])
      #expect(try archive.summaries(Self.keys).isEmpty)
      try archive.save(Self.records)
      #expect(try archive.known(among: Self.keys) == Set(Self.keys))
    }
  }

  /// Bits anywhere in the file: what is handed out is what was stored, or a mistake is thrown, or a run is missing.
  @Test func flippedBitsNeverChangeWhatIsRead() throws {
    try Self.withArchive { path in
      // Closed, so that everything is in the one file.
      try ArchiveTests.sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")
      let url = URL(fileURLWithPath: path)
      let good = try Data(contentsOf: url)
      let truth = try Self.everything(try Archive(path: path))
      #expect(truth.count == 8)
      var random = SystemRandomNumberGenerator.seeded(20_261_121)
      // Most of the file is curves; every third flip is in the first bytes of a page, where its structure is.
      let used = good.indices.filter { good[$0] != 0 }
      var named = 0
      for trial in 0..<120 {
        var data = good
        let at =
          trial % 3 == 0
          ? 65536 * Int.random(in: 0..<good.count / 65536, using: &random) + Int.random(in: 0..<96, using: &random)
          : used[Int.random(in: used.indices, using: &random)]
        data[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try data.write(to: url)
        do {
          guard let archive = try Archive.existing(path: path) else { continue }
          let found = try Self.everything(archive)
          for (key, text) in found { #expect(truth[key] == text, "byte \(at), run \(key)") }
        } catch let error {
          #expect(error is Mistake, "byte \(at): \(error)")
          named += 1
        }
      }
      #expect(named > 60)
    }
  }
}

/// A generator whose numbers are the same at every test (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

extension SystemRandomNumberGenerator {
  static func seeded(_ seed: UInt64) -> SeededGenerator { SeededGenerator(state: seed) }
}
