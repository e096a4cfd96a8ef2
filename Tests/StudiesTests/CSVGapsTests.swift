import Learning
import Testing

/// Missing values and categories: what is learnt from data is learnt from the training part only.
@Suite struct CSVGapsTests {
  private static func read(
    _ text: String, categories: [String] = [], missing: CSVSource.Missing = .refused, inputs: [String] = [],
    seed: UInt64 = 0, _ change: @escaping (DataSource) -> DataSource = { $0 }
  ) throws -> Dataset {
    try CSVFixture(text).read(seed: seed) { _ in
      change(.csv("t.csv", inputs: inputs, targets: ["y"], categories: categories, missing: missing))
    }
  }

  @Test(arguments: ["", "NA", "?", "n/a", " null ", "-"]) func rowsWithGapsAreLeftOutAndCounted(_ gap: String) throws {
    let data = try Self.read("a,b,y\n1,2,10\n\(gap),3,11\n4,\(gap),12\n5,6,\(gap)\n7,8,13\n", missing: .dropRows)
    #expect(data.training.inputs == [1, 2, 7, 8] && data.training.targets == [10, 13])
    #expect(data.preparation.droppedRows == 3 && data.trainingRows == [0, 4])
  }

  /// A class that only left-out rows have is no class.
  @Test func classesOfLeftOutRowsDoNotCount() throws {
    let data = try Self.read("a,y\n1,red\n,green\n2,blue\n", missing: .dropRows)
    #expect(data.outputNames == ["blue", "red"] && data.training.targets == [0, 1, 1, 0])
  }

  @Test func rowsOfTheSourceAreCountedWithTheLeftOutOnes() throws {
    let data = try Self.read("a,y\n0,0\n,1\n2,2\n3,3\n,4\n5,5\n", missing: .dropRows) { $0.validation(share: 0.5) }
    let held = try #require(data.validation)
    #expect(
      data.validationRows?.map(Double.init) == held.targets
        && data.trainingRows.map(Double.init) == data.training.targets)
  }

  @Test func gapsAreMistakesUnlessTheAuthorSaysWhatToDo() {
    let text = "a,y\n1,2\n,3\n"
    let found = mistake { try Self.read(text) }
    #expect(
      found?.place.contains("line 3") == true && found?.remedy.contains("missing: .dropRows or .trainingMedian") == true
    )
    let target = mistake { try Self.read("a,y\n1,2\n3,\n", missing: .trainingMedian) }
    #expect(target?.place.contains("line 3, column y") == true)
    #expect(mistake { try Self.read("a,y\n,1\n2,\n", missing: .dropRows) }?.rule == "no sample is left")
    #expect(
      mistake { try Self.read("a,y\n,1\n,2\n", missing: .trainingMedian) }?.rule.contains("training part") == true)
  }

  @Test func theMedianIsThatOfTheTrainingPart() throws {
    let text = "a,y\n" + (0..<20).map { "\($0 % 5 == 0 ? "" : "\($0 * $0)"),\($0)\n" }.joined()
    for seed in 0..<5 as Range<UInt64> {
      let data = try Self.read(text, missing: .trainingMedian, seed: seed) {
        $0.validation(share: 0.4, drawn: .perSeed)
      }
      let known = data.trainingRows.filter { $0 % 5 != 0 }.map { Double($0 * $0) }.sorted()
      let half = known.count / 2
      let median = known.count % 2 == 1 ? known[half] : (known[half - 1] + known[half]) / 2
      let rows = data.trainingRows + (data.validationRows ?? [])
      let inputs = data.training.inputs + (data.validation?.inputs ?? [])
      #expect(inputs == rows.map { $0 % 5 == 0 ? median : Double($0 * $0) })
      #expect(data.preparation.filledValues == 4 && data.preparation.input([.nan]) == [median])
    }
  }

  private static let colours = "size,colour,y\n1,red,1\n2,green,2\n3,red,3\n4,blue,4\n5,green,5\n6,violet,6\n"

  @Test func categoriesBecomeNamedInputs() throws {
    let data = try Self.read(Self.colours, categories: ["colour"])
    #expect(data.inputNames == ["size", "colour=blue", "colour=green", "colour=red", "colour=violet"])
    #expect(data.training.input(0) == [1, 0, 0, 1, 0] && data.training.input(3) == [4, 1, 0, 0, 0])
    let scaled = try Self.read(Self.colours, categories: ["colour"]) { $0.standardized() }
    #expect(scaled.training.input(0).dropFirst() == [0, 0, 1, 0], "0 and 1 stay")
    #expect(abs((0..<6).map { scaled.training.input($0)[0] }.reduce(0, +)) < 1e-12)
    #expect(mistake { try Self.read(Self.colours) }?.remedy.contains("name it in categories") == true)
    #expect(mistake { try Self.read(Self.colours, categories: ["y"]) }?.rule.contains("not among the inputs") == true)
  }

  /// A category that no training sample has is 0 in all inputs.
  @Test func categoriesAreLearntFromTheTrainingPart() throws {
    for seed in 0..<8 as Range<UInt64> {
      let data = try Self.read(Self.colours, categories: ["colour"], seed: seed) {
        $0.validation(share: 0.5, drawn: .perSeed)
      }
      let names = ["red", "green", "red", "blue", "green", "violet"]
      let trained = Set(data.trainingRows.map { names[$0] })
      let held = try #require(data.validationRows)
      for (i, row) in held.enumerated() {
        let input = try #require(data.validation).input(i)
        #expect(input.dropFirst().reduce(0, +) == (trained.contains(names[row]) ? 1 : 0))
      }
      #expect(data.preparation.unseenCategories == held.count { !trained.contains(names[$0]) })
    }
  }

  /// The planted leak: whatever the held-out rows contain, the training part is the same to the last bit.
  @Test func nothingOfTheHeldOutRowsReachesTheTrainingPart() throws {
    let words: (DataSource) -> DataSource = {
      $0.validation(share: 0.25).test(share: 0.25).standardized().standardizedTargets()
    }
    func table(_ change: (Int) -> Double, _ category: (Int) -> String) -> String {
      "a,b,c,y\n"
        + (0..<40).map {
          "\($0 % 7 == 0 ? "" : "\(change($0))"),\(change($0) * 2),\(category($0)),\(change($0) + 1)\n"
        }.joined()
    }
    let colours = ["red", "green", "blue"]
    let sound = try Self.read(
      table({ Double($0) }, { colours[$0 % 3] }), categories: ["c"], missing: .trainingMedian, words)
    let trained = Set(sound.trainingRows)
    let planted = try Self.read(
      table({ trained.contains($0) ? Double($0) : 1e6 * Double($0) }, { colours[trained.contains($0) ? $0 % 3 : 0] }),
      categories: ["c"], missing: .trainingMedian, words)
    #expect(sound.trainingRows == planted.trainingRows)
    #expect(sound.training.inputs.map(\.bitPattern) == planted.training.inputs.map(\.bitPattern))
    #expect(sound.training.targets.map(\.bitPattern) == planted.training.targets.map(\.bitPattern))
    #expect(sound.validation?.inputs != planted.validation?.inputs && sound.test?.inputs != planted.test?.inputs)
    // The same numbers in a training row do change what is learnt, so that the test can fail.
    let first = try #require(sound.trainingRows.first)
    let other = try Self.read(
      table({ $0 == first ? 1e6 : Double($0) }, { colours[$0 % 3] }), categories: ["c"], missing: .trainingMedian, words
    )
    #expect(other.training.inputs != sound.training.inputs && other.validation?.inputs != sound.validation?.inputs)
  }

  @Test func standardizedTargetsHaveMeanZeroAndComeBack() throws {
    let data = try Self.read("a,y\n" + (0..<30).map { "\($0),\(100 + 7 * $0)\n" }.joined()) {
      $0.validation(share: 0.3).standardizedTargets()
    }
    let targets = data.training.targets
    #expect(
      abs(targets.reduce(0, +)) < 1e-12 && abs(targets.reduce(0) { $0 + $1 * $1 } - Double(targets.count)) < 1e-10)
    for (target, row) in zip(targets, data.trainingRows) {
      #expect(abs(data.preparation.target(target, 0) - Double(100 + 7 * row)) < 1e-9)
    }
  }
}
