import Foundation
import Learning
import Testing

/// Sizes of data that experiments make, and the seed that draws a validation share.
@Suite struct DataSizeTests {
  private static let noFiles = DataFiles(folders: [])

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let place: String
    let value: String
    let data: @Sendable () -> Dataset

    init(_ name: String, _ place: String, _ value: String, _ data: @escaping @Sendable () -> Dataset) {
      testDescription = name
      self.place = place
      self.value = value
      self.data = data
    }

    /// Two inputs, one output, two samples, and one change of them.
    static func arrays(
      _ name: String, _ place: String, _ value: String, inputs: [Double] = [1, 2, 3, 4], targets: [Double] = [5, 6],
      count: Int = 2, names: [String] = ["p", "q"], outputs: [String] = ["y"], held: Dataset.Samples? = nil,
      classes: Dataset.Classes? = nil
    ) -> Wrong {
      Wrong(name, place, value) {
        Dataset(
          name: name, inputNames: names, outputNames: outputs,
          training: Dataset.Samples(count: count, inputs: inputs, targets: targets), validation: held, classes: classes)
      }
    }

    static func rows(
      _ name: String, _ place: String, _ value: String, _ inputs: [[Double]], _ targets: [[Double]]
    ) -> Wrong {
      Wrong(name, place, value) { Dataset(name: name, inputs: inputs, targets: targets) }
    }
  }

  static let wrongs: [Wrong] = [
    .arrays("few inputs", ", inputs of the training part", "3 numbers", inputs: [1, 2, 3]),
    .arrays("many inputs", ", inputs of the training part", "5 numbers", inputs: [1, 2, 3, 4, 5]),
    .arrays("few targets", ", targets of the training part", "1 numbers", targets: [1]),
    .arrays("many targets", ", targets of the training part", "3 numbers", targets: [1, 2, 3]),
    .arrays("count too large", ", inputs of the training part", "4 numbers", count: 3),
    .arrays("negative count", ", training part", "-1 samples", count: -1),
    .arrays("enormous count", ", training part", "\(Int.max) samples", count: .max),
    .arrays("few names", ", inputs of the training part", "4 numbers", names: ["p"]),
    .arrays("no names", "", "no input column", inputs: [], names: []),
    .arrays("no outputs", "", "no target column", targets: [], outputs: []),
    .arrays(
      "short validation", ", targets of the validation part", "0 numbers",
      held: Dataset.Samples(count: 1, inputs: [1, 2], targets: [])),
    .arrays(
      "long validation", ", inputs of the validation part", "4 numbers",
      held: Dataset.Samples(count: 1, inputs: [1, 2, 3, 4], targets: [1])),
    .arrays("classes without outputs", ", classes", "1 outputs", classes: .oneHot(names: ["p", "q"])),
    .arrays(
      "threshold of two outputs", ", classes", "2 outputs", targets: [1, 2, 3, 4], outputs: ["y", "z"],
      classes: .threshold(0.5)),
    .rows("ragged inputs", ", inputs of sample 2", "2 numbers", [[1], [2, 3], []], [[1], [2], [3]]),
    .rows("ragged targets", ", targets of sample 3", "0 numbers", [[1], [2], [3]], [[1], [2], []]),
    .rows("long targets", ", targets of sample 2", "3 numbers", [[1], [2], [3]], [[1], [2, 3, 4], [3]]),
    .rows("rows without targets", ", rows", "2 rows of inputs and 1 rows of targets", [[1], [2]], [[1, 2]]),
    .rows("empty rows", "", "no input column", [[], []], [[1], [2]]),
  ]

  @Test(arguments: wrongs) func sizesThatDoNotFitAreNamed(_ wrong: Wrong) throws {
    for change in [{ $0 }, { $0.validation(share: 0.5) }, { $0.standardized() }, { $0.withRandomLabels() }]
      as [(DataSource) -> DataSource]
    {
      let source = change(.custom("mine") { _ in wrong.data() })
      let found = try #require(mistake { try source.make(runSeed: 0, files: Self.noFiles) })
      #expect(found.kind == .data && found.place == "data mine" + wrong.place && found.value == wrong.value, "\(found)")
      #expect(!found.rule.isEmpty && !found.remedy.isEmpty)
    }
  }

  @Test func generatorsOfMoreThanFitsAreRefused() throws {
    let sources: [DataSource] = [
      .blobs(classes: 100_000, samples: 100_000), .blobs(classes: 10_000_000, samples: 10_000_000),
      .teacher(inputs: .max, outputs: 2), .teacher(inputs: 1 << 40), .teacher(hidden: .max),
      .teacher(outputs: 10_000_000, samples: 10_000_000), .moons().validation(fresh: .max),
      .moons(samples: 10_000_000).validation(fresh: 10_000_001),
    ]
    let files = DataFiles(folders: [], memoryLimit: 1 << 30)
    for source in sources {
      #expect(mistake { try source.make(runSeed: 0, files: files) }?.kind == .data)
    }
  }

  // MARK: Validation shares

  private static let rows = CSVFixture("a,y\n" + (0..<40).map { "\($0),\($0)\n" }.joined())

  private static func held(_ seed: UInt64, _ change: (DataSource) -> DataSource) throws -> [Double] {
    let data = try rows.read(seed: seed, change)
    let held = try #require(data.validation)
    #expect(Set(held.inputs + data.training.inputs) == Set((0..<40).map(Double.init)))
    return held.inputs
  }

  @Test func aShareDrawnPerSeedFollowsTheRunsSeed() throws {
    let drawn = try (0..<8).map { try Self.held($0) { $0.validation(share: 0.25).drawnPerSeed() } }
    #expect(Set(drawn).count == 8 && drawn.allSatisfy { $0.count == 10 })
    #expect(try Self.held(3) { $0.drawnPerSeed().validation(share: 0.25, seed: 9) } == drawn[3])
    // A shared split by seed 3 is the split of the run with seed 3.
    #expect(try Self.held(5) { $0.validation(share: 0.25, seed: 3) } == drawn[3])
    let shared = try (0..<8).map { try Self.held($0) { $0.validation(share: 0.25, seed: 4) } }
    #expect(Set(shared).count == 1)
  }

  @Test func theNameSaysWhichSeedDrawsTheShare() {
    let source = Self.rows.source
    #expect(source.validation(share: 0.25, seed: 4).name.contains("validation-share(0.25,seed 4) seed(0)"))
    let drawn = source.validation(share: 0.25, seed: 4).drawnPerSeed().name
    #expect(drawn.contains("validation-share(0.25,seed of the run) drawn-per-seed") && !drawn.contains("seed 4"))
  }
}
