import Foundation
import Glibc
import Learning
import Testing

/// Numbers, classes and sizes of CSV files.
@Suite struct CSVNumberTests {
  @Test(arguments: [
    ("1", 1), ("1.", 1), (".5", 0.5), ("+1", 1), ("-1", -1), ("-0", -0.0), ("007", 7), ("1e3", 1000), ("1E+03", 1000),
    ("-2.5e-2", -0.025), (" 1", 1), ("1 ", 1), ("\t1\t", 1), ("\" 1 \"", 1), ("\u{A0}1\u{2003}", 1), ("0e99999", 0),
    ("1e-400", 0), ("5e-324", .leastNonzeroMagnitude), ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("9007199254740993", 9_007_199_254_740_992), ("18446744073709551616", 18_446_744_073_709_551_616),
    ("0.1000000000000000055511151231257827", 0.1), ("123456789012345678901234567890e-20", 1_234_567_890.1234567),
    ("1e22", 1e22), ("1e23", 1e23), ("3.14159265358979311600", .pi),
    ("2.2250738585072011e-308", 0x1.ffffffffffffep-1023),
  ]) func readsDecimalNumbers(_ text: String, _ value: Double) throws {
    let data = try CSVFixture("a,y\n\(text),1\n0,2\n").read()
    #expect(data.training.inputs[0].bitPattern == value.bitPattern, "\(data.training.inputs[0])")
  }

  /// Random numbers of every size and length, against the standard library.
  @Test func roundsCorrectly() throws {
    var generator = SplitMix(state: 7)
    var texts: [String] = []
    for _ in 0..<5000 {
      let digits = String(
        (0..<Int.random(in: 1...22, using: &generator)).map { _ in "0123456789".randomElement(using: &generator) ?? "0"
        })
      let point = Int.random(in: 0...digits.count, using: &generator)
      let exponent = Int.random(in: -30...30, using: &generator)
      texts.append("\(digits.prefix(point)).\(digits.dropFirst(point))e\(exponent)")
      texts.append("\(Double(bitPattern: generator.next() & ~(1 << 62)))")
    }
    let data = try CSVFixture("a,y\n" + texts.map { "\($0),1\n" }.joined()).read()
    for (text, value) in zip(texts, data.training.inputs) {
      #expect(Double(text)?.bitPattern == value.bitPattern, "\(text)")
    }
  }

  @Test func labelsThatAreTheSameNumberAreOneClass() throws {
    var file = CSVFixture("a,y\n1,10\n2,1.0\n3,1\n4, 01 \n5,1e1\n6,-0\n7,0\n8,0.50\n")
    file.targetIsClass = true
    let data = try file.read()
    #expect(data.outputNames == ["0", "0.5", "1", "10"])
    let labels = stride(from: 0, to: data.training.targets.count, by: 4).map { row in
      data.outputNames[data.training.targets[row..<row + 4].firstIndex(of: 1).map { $0 - row } ?? 0]
    }
    #expect(labels == ["10", "1", "1", "1", "10", "0", "0", "0.5"])
  }

  @Test func longLabelsAreTextsRatherThanEqualDoubles() throws {
    var file = CSVFixture("a,y\n1,9007199254740992\n2,9007199254740993\n3,100000000000000000000\n")
    file.targetIsClass = true
    #expect(try file.read().outputCount == 3)
  }

  @Test func classesAreInANaturalOrderThatDoesNotDependOnRows() throws {
    let names = ["class 10", "class 2", "class 02", "Class 2", "b", "a1", "a01", "a001"]
    let orders = try (0..<names.count).map { shift in
      let rows = (0..<names.count).map { "1,\(names[($0 + shift) % names.count])\n" }
      return try CSVFixture("x,y\n" + rows.joined()).read().outputNames
    }
    #expect(Set(orders).count == 1 && Set(orders[0]) == Set(names))
    #expect(orders[0].firstIndex(of: "class 2") ?? 9 < orders[0].firstIndex(of: "class 10") ?? 0)
  }

  @Test func columnsOfNumbersThatCannotBeStandardizedAreRefused() throws {
    let wrong: [(String, String)] = [
      ("1e308,-1e308,1e308", "sizes up to 1e+308"), ("1.7e308,1.7e308,1.7e308", "sizes up to 1.7e+308"),
      ("1e160,-1e160,0", "sizes up to 1e+160"), ("1e-200,-1e-200,0", "sizes up to 1e-200"),
    ]
    for (column, value) in wrong {
      let rows = column.split(separator: ",").map { "\($0),1,2\n" }.joined()
      let found = try #require(mistake { try CSVFixture("a,b,y\n" + rows).read { $0.standardized() } })
      #expect(found.kind == .data && found.place == "data t, column a" && found.value == value, "\(found)")
      #expect(found.rule.contains("range of doubles") && found.remedy.contains("leave standardized() out"))
    }
    for column in ["1e100,-1e100,0", "1e-100,-1e-100,0", "1e-300,1e-300,1e-300", "0.1,0.1,0.1", "0,0"] {
      let rows = column.split(separator: ",").map { "\($0),1\n" }.joined()
      let data = try CSVFixture("a,y\n" + rows).read { $0.standardized() }
      let squares = data.training.inputs.reduce(0) { $0 + $1 * $1 } / Double(data.training.count)
      #expect(squares < 1e-20 || abs(squares - 1) < 1e-12, "\(column): \(data.training.inputs)")
    }
  }

  /// The validation part is scaled by the training part, and may leave the range of doubles alone.
  @Test func aValidationSampleFarOutsideIsRefused() throws {
    let data = DataSource.custom("far") { _ in
      Dataset(
        name: "far", inputNames: ["x"], outputNames: ["y"],
        training: Dataset.Samples(count: 2, inputs: [1e-100, -1e-100], targets: [0, 1]),
        validation: Dataset.Samples(count: 1, inputs: [1e300], targets: [0]))
    }
    let found = mistake { try data.standardized().make(runSeed: 0, files: DataFiles(folders: [])) }
    #expect(found?.place == "data far, column x" && found?.value == "sizes up to 1e+300")
  }

  @Test func inputsKeepTheirDeclaredOrder() throws {
    var file = CSVFixture("a,b,c,y\n1,2,3,4\n5,6,7,8\n")
    file.inputs = ["c", "a"]
    file.inputScale = 0.5
    let data = try file.read()
    #expect(data.inputNames == ["c", "a"] && data.training.inputs == [1.5, 0.5, 3.5, 2.5])
    file.targets = ["y", "b"]
    #expect(try file.read().training.targets == [4, 2, 8, 6])
  }

  @Test func numbersThatDoNotFitAreRefusedBeforeTheyAreRead() throws {
    let text = "a,b,y\n" + String(repeating: "1,2,3\n", count: 100)
    #expect(try CSVFixture(text).read(memoryLimit: 2400).training.count == 100)
    let found = try #require(mistake { try CSVFixture(text + "1,2,3\n").read(memoryLimit: 2400) })
    #expect(found.place == "t.csv" && found.value == "101 samples of 3 numbers, 2.42 kB")
    #expect(found.rule == "the numbers of a data set take at most 2.40 kB")
    #expect(found.remedy == "Use fewer samples or fewer columns")
    // Classes are outputs: 100 rows of one input and 100 classes.
    let classes = "a,y\n" + (0..<100).map { "1,c\($0)\n" }.joined()
    #expect(mistake { try CSVFixture(classes).read(memoryLimit: 8000) }?.value == "100 samples of 100 numbers, 80.0 kB")
  }

  @Test func largeFilesReportTheirProgress() throws {
    let row = "1," + String(repeating: "z", count: 4_000_000) + ",2\n"
    var file = CSVFixture("a,note,y\n" + String(repeating: row, count: 10))
    file.inputs = ["a"]
    let reports = Reports()
    _ = try file.read(progress: { reports.add($0) })
    #expect(reports.all.map(\.bytesRead) == [1 << 24, 1 << 25])
    #expect(reports.all.allSatisfy { $0.path == "t.csv" && $0.byteCount == file.bytes.count })
  }

  /// Ten times the columns take about ten times as long, not a hundred times.
  @Test func timeGrowsWithTheNumberOfColumns() throws {
    func seconds(_ columns: Int) throws -> Double {
      let header = (1..<columns).map { "c\($0)" }.joined(separator: ",") + ",y\n"
      let row = String(repeating: "1,", count: columns - 1) + "1\n"
      let file = CSVFixture(header + row)
      return try (0..<3).map { _ in
        let start = threadSeconds()
        let count = try file.read().inputCount
        #expect(count == columns - 1)
        return threadSeconds() - start
      }.min() ?? 0
    }
    let (narrow, wide) = (try seconds(10_000), try seconds(100_000))
    #expect(wide < 40 * narrow, "\(narrow) s and \(wide) s")
  }

  /// CPU seconds of this thread.
  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195: a small generator with a fixed seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

private final class Reports: @unchecked Sendable {
  private let lock = NSLock()
  private var reports: [DataFiles.Progress] = []

  var all: [DataFiles.Progress] { lock.withLock { reports } }
  func add(_ report: DataFiles.Progress) { lock.withLock { reports.append(report) } }
}
