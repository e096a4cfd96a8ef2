import Foundation
import Learning
import Testing

@Suite struct DataTests {
  static func read(_ text: String, inputs: [String] = [], targets: [String] = ["y"]) throws -> Dataset {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appendingPathComponent("t.csv"))
    return try DataSource.csv("t.csv", inputs: inputs, targets: targets).make(
      runSeed: 0, files: DataFiles(folders: [folder]))
  }

  @Test func readsWhatRFC4180Allows() throws {
    let data = try Self.read("\u{FEFF}\"a, or b\",\"say \"\"x\"\"\",y\r\n1,2.5,3\r\n\"4\",-5e-1,6", targets: ["y"])
    #expect(data.inputNames == ["a, or b", "say \"x\""])
    #expect(data.training.inputs == [1, 2.5, 4, -0.5] && data.training.targets == [3, 6])
    let quoted = try Self.read("x,y\n1,\"two\nlines\"\n2,other\n")
    #expect(quoted.outputNames == ["other", "two\nlines"])
    #expect(quoted.training.targets == [0, 1, 1, 0])
  }

  @Test(arguments: [
    ("", "empty"), ("a,y\n", "no samples"), ("a,y\n1,2\n3\n", "line 3"), ("a,y\n1,2\nx,4\n", "line 3, column a"),
    ("a,y\n1,2\n,4\n", "line 3, column a"), ("a,y\n1,2\nnan,4\n", "line 3, column a"),
    ("a,y\n1,2\n3,inf\n", "column y"),
    ("a,b\n1,2\n", "no such column"), ("a,a,y\n1,2,3\n", "unique"), ("a,y\n\"1,2\n", "never closed"),
    ("a,y\n1\"2,3\n", "quoted as a whole"), ("x,y\n1,red\n2,red\n", "one class"), ("a,y\n1,2\u{0}\n", "UTF-8 text"),
  ]) func namesThePlaceOfEveryMistake(_ text: String, _ expected: String) {
    do {
      _ = try Self.read(text)
      Issue.record("was accepted: \(text)")
    } catch {
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test func suggestsTheColumnThatWasMeant() {
    #expect(throws: Mistake.self) { try Self.read("alpha,beta\n1,2\n", targets: ["bata"]) }
    do { _ = try Self.read("alpha,beta\n1,2\n", targets: ["bata"]) } catch {
      #expect("\(error)".contains("Did you mean beta?"))
    }
  }

  @Test func aSplitPartsTheSamples() throws {
    let whole = try DataSource.moons(samples: 50).make(runSeed: 0, files: DataFiles(folders: []))
    let parts = try DataSource.moons(samples: 50).validation(share: 0.3, seed: 4).make(
      runSeed: 0, files: DataFiles(folders: []))
    let held = try #require(parts.validation)
    #expect(parts.training.count == 35 && held.count == 15)
    func rows(_ s: Dataset.Samples) -> [[Double]] { (0..<s.count).map { Array(s.inputs[2 * $0..<2 * $0 + 2]) } }
    #expect(Set(rows(parts.training) + rows(held)) == Set(rows(whole.training)))
    let other = try DataSource.moons(samples: 50).validation(share: 0.3, seed: 5).make(
      runSeed: 0, files: DataFiles(folders: []))
    #expect(other.training.inputs != parts.training.inputs)
  }

  @Test func standardizingUsesTheTrainingPart() throws {
    let data = try DataSource.moons(samples: 80).validation(share: 0.5).standardized().make(
      runSeed: 0, files: DataFiles(folders: []))
    for j in 0..<2 {
      let column = (0..<data.training.count).map { data.training.inputs[2 * $0 + j] }
      let mean = column.reduce(0, +) / Double(column.count)
      let variance = column.reduce(0) { $0 + $1 * $1 } / Double(column.count)
      #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
    }
  }

  @Test func randomLabelsAreTheSameLabelsInAnotherOrder() throws {
    let plain = try DataSource.blobs().make(runSeed: 0, files: DataFiles(folders: []))
    let random = try DataSource.blobs().withRandomLabels().make(runSeed: 0, files: DataFiles(folders: []))
    #expect(plain.training.inputs == random.training.inputs && plain.training.targets != random.training.targets)
    #expect(plain.training.targets.reduce(0, +) == random.training.targets.reduce(0, +))
  }

  @Test func generatorsMakeWhatTheyAreNamedFor() throws {
    func make(_ source: DataSource) throws -> Dataset { try source.make(runSeed: 3, files: DataFiles(folders: [])) }
    #expect(try make(.xor).training.targets == [0, 1, 1, 0])
    let parity = try make(.parity(bits: 3))
    for i in 0..<8 { #expect(parity.training.targets[i] == Double(i.nonzeroBitCount % 2)) }
    let sine = try make(.noisySine(samples: 9, noise: 0))
    for i in 0..<9 { #expect(abs(sine.training.targets[i] - sin(3 * sine.training.inputs[i])) < 1e-15) }
    let cubic = try make(.polynomial([1, 0, -2, 3], samples: 5, noise: 0))
    for i in 0..<5 {
      let x = cubic.training.inputs[i]
      #expect(abs(cubic.training.targets[i] - (1 - 2 * x * x + 3 * x * x * x)) < 1e-14)
    }
    for source in [DataSource.moons(), .circles(), .spirals(), .blobs(), .teacher(), .line()] {
      let data = try make(source)
      #expect(data.training.inputs.allSatisfy(\.isFinite) && data.training.count > 1)
      let fresh = try make(source.validation(fresh: 17))
      #expect(fresh.validation?.count == 17)
      #expect(try make(source.drawnPerSeed()).name == data.name)
    }
    let one = try DataSource.noisySine().drawnPerSeed().make(runSeed: 1, files: DataFiles(folders: []))
    let two = try DataSource.noisySine().drawnPerSeed().make(runSeed: 2, files: DataFiles(folders: []))
    #expect(one.training.targets != two.training.targets)
  }
}
