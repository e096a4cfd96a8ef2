import Learning
import Testing

/// Who is in which part: every sample in one, the same for the same seed, with the shares that were asked for.
@Suite struct SplitTests {
  /// 60 samples, of which 6 are of class a, 18 of class b and 36 of class c. The input is the number of the sample.
  private static let rows: CSVFixture = {
    let lines = (0..<60).map { "\($0),\($0 % 10 == 0 ? "a" : $0 % 10 < 4 ? "b" : "c")\n" }
    var rows = CSVFixture("x,y\n" + lines.joined())
    rows.targetIsClass = true
    return rows
  }()

  private static func parts(_ data: Dataset) -> [[Int]] {
    [data.training, data.validation, data.test].map { ($0?.inputs ?? []).map { Int($0) } }
  }

  private static func classCounts(_ samples: Dataset.Samples?) throws -> [Int] {
    let samples = try #require(samples)
    return (0..<3).map { k in (0..<samples.count).count { samples.targets[3 * $0 + k] == 1 } }
  }

  @Test(arguments: 0..<6) func everySampleIsInOnePart(_ seed: UInt64) throws {
    let data = try Self.rows.read(seed: seed) {
      $0.validation(share: 0.25, drawn: .perSeed).test(share: 0.2, drawn: .perSeed)
    }
    let parts = Self.parts(data)
    #expect(parts.map(\.count) == [33, 15, 12])
    #expect(parts.flatMap(\.self).sorted() == Array(0..<60))
    #expect(parts.allSatisfy { $0 == $0.sorted() }, "only membership depends on the seed")
    #expect([data.trainingRows, data.validationRows, data.testRows] == parts)
  }

  /// The test part is the same whatever is held out for validation, so that nothing leads from one to the other.
  @Test func theTestPartDoesNotDependOnTheValidationPart() throws {
    let changes: [(DataSource) -> DataSource] = [
      { $0 }, { $0.validation(share: 0.3) }, { $0.validation(share: 0.1, drawn: .perSeed) }, { $0.kFold(4, fold: 3) },
      { $0.drawnPerSeed().validation(share: 0.2) }, { $0.standardized() },
    ]
    let tests = try changes.map { change in
      try (0..<3).map { try Self.rows.read(seed: $0) { change($0.test(share: 0.2)) }.testRows }
    }
    #expect(Set(tests.flatMap(\.self)).count == 1)
    #expect(try Self.rows.read { $0.test(share: 0.2, drawn: .fixed(seed: 1)) }.testRows != tests[0][0])
  }

  @Test func whatIsDrawnPerSeedFollowsTheSeedAndTheRestDoesNot() throws {
    func rows(_ seed: UInt64, _ validation: Draw, _ test: Draw) throws -> [[Int]] {
      let data = try Self.rows.read(seed: seed) {
        $0.validation(share: 0.25, drawn: validation).test(share: 0.2, drawn: test)
      }
      return [data.validationRows ?? [], data.testRows ?? []]
    }
    let fixed = try (0..<8).map { try rows($0, .fixed(), .fixed()) }
    #expect(Set(fixed).count == 1)
    let validation = try (0..<8).map { try rows($0, .perSeed, .fixed()) }
    #expect(Set(validation.map { $0[0] }).count == 8 && Set(validation.map { $0[1] }).count == 1)
    let both = try (0..<8).map { try rows($0, .perSeed, .perSeed) }
    #expect(Set(both.map { $0[1] }).count == 8)
    #expect(Self.rows.source.validation(share: 0.25, drawn: .perSeed).variesWithSeed)
    #expect(Self.rows.source.test(share: 0.25, drawn: .perSeed).variesWithSeed)
    #expect(!Self.rows.source.validation(share: 0.25).test(share: 0.2).stratified().variesWithSeed)
  }

  @Test(arguments: 0..<6) func stratifiedPartsHaveTheSharesOfTheClasses(_ seed: UInt64) throws {
    let data = try Self.rows.read(seed: seed) {
      $0.validation(share: 1.0 / 3, drawn: .perSeed).test(share: 1.0 / 6, drawn: .perSeed).stratified()
    }
    #expect(try Self.classCounts(data.test) == [1, 3, 6])
    #expect(try Self.classCounts(data.validation) == [2, 6, 12])
    #expect(try Self.classCounts(data.training) == [3, 9, 18])
  }

  /// Its own test samples would be trained on.
  @Test(
    arguments: [
      { $0.test(share: 0.2) }, { $0.validation(share: 0.2) }, { $0.kFold(2) },
    ] as [@Sendable (DataSource) -> DataSource]) func partsOfADataSetWithPartsAreRefused(
      _ change: @Sendable (DataSource) -> DataSource
    ) throws
  {
    @Sendable func part(_ numbers: Range<Int>) -> Dataset.Samples {
      Dataset.Samples(count: numbers.count, inputs: numbers.map(Double.init), targets: numbers.map(Double.init))
    }
    for (validation, test) in [(nil, part(10..<14)), (part(10..<14), nil), (part(10..<14), part(14..<18))] {
      let source = DataSource.custom("own parts") { _ in
        Dataset(
          name: "own parts", inputNames: ["x"], outputNames: ["y"], training: part(0..<10), validation: validation,
          test: test)
      }
      #expect(try source.make(runSeed: 0, files: DataFiles(folders: [])).test == test)
      let found = mistake { try change(source).make(runSeed: 0, files: DataFiles(folders: [])) }
      #expect(found?.rule.contains("part of its own") == true)
    }
  }

  /// Without stratification the rare class varies: otherwise the test above would show nothing.
  @Test func otherPartsDoNot() throws {
    let counts = try (0..<20).map { seed in
      try Self.classCounts(try Self.rows.read(seed: seed) { $0.validation(share: 1.0 / 3, drawn: .perSeed) }.validation)
    }
    #expect(Set(counts.map { $0[0] }).count > 1)
  }

  @Test(arguments: [false, true]) func foldsShareTheSamplesOut(_ isStratified: Bool) throws {
    let folds = try (1...5).map { fold in
      try Self.rows.read {
        let source = $0.kFold(5, fold: fold).test(share: 1.0 / 6)
        return isStratified ? source.stratified() : source
      }
    }
    let held = folds.map { Self.parts($0)[1] }
    #expect(held.map(\.count) == [10, 10, 10, 10, 10])
    let test = try #require(folds[0].testRows)
    #expect((held.flatMap(\.self) + test).sorted() == Array(0..<60), "every other sample is held out once")
    #expect(Set(folds.map(\.testRows)).count == 1)
    guard isStratified else { return }
    // 5, 15 and 30 of the classes are left.
    for fold in folds { #expect(try Self.classCounts(fold.validation) == [1, 3, 6]) }
  }

  @Test func mistakesNameTheShareTheClassAndTheFold() throws {
    func rule(_ change: @escaping (DataSource) -> DataSource) -> String {
      mistake { try Self.rows.read(change) }.map { "\($0)" } ?? ""
    }
    #expect(rule { $0.test(share: 0.9).validation(share: 0.2) }.contains("of the 60 samples, 54 are for the test"))
    #expect(rule { $0.validation(share: 0.02).stratified() }.contains("a class of 6 samples"))
    #expect(rule { $0.kFold(7).stratified() }.contains("the smallest class has a sample in each: it has 6"))
    #expect(rule { $0.kFold(5, fold: 6) }.contains("the folds are 1 to 5"))
    #expect(rule { $0.kFold(1) }.contains("at least 2"))
    #expect(rule { $0.drawnPerSeed() }.contains("nothing in a file follows the seed"))
    #expect(rule { $0.stratified() }.contains("there is no part to draw"))
    var numbers = Self.rows
    numbers.targets = ["x"]
    numbers.inputs = ["x"]
    let regression = CSVFixture("x,y\n1,2\n3,4\n5,6\n")
    #expect(
      "\(mistake { try regression.read { $0.validation(share: 0.4).stratified() } } as Any)".contains("no classes"))
    #expect("\(mistake { try Self.rows.read { $0.standardizedTargets() } } as Any)".contains("its targets are classes"))
  }
}
