import Foundation
import Learning
import Testing

/// What `descent data` tells about a file, counted by hand.
@Suite struct CSVSummaryTests {
  private static func summary(_ text: String) throws -> CSVSummary {
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appendingPathComponent("summary-\(UUID().uuidString).csv")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    return try CSVSummary(file.path, files: DataFiles(folders: []))
  }

  @Test func columnsAreCounted() throws {
    let summary = try Self.summary(
      """
      length,"colour, name",code,gap,odd
      1.5,red,01,1,2
      -2,"blue, dark",1.0,NA,nan
      4e1,red,2,,1e999
      0.5,red,1,3,7
      """)
    #expect(summary.rows == 4 && summary.columns.map(\.name) == ["length", "colour, name", "code", "gap", "odd"])
    let (length, colour, code, gap, odd) = (
      summary.columns[0], summary.columns[1], summary.columns[2], summary.columns[3], summary.columns[4]
    )
    #expect(length.numbers == 4 && length.least == -2 && length.greatest == 40 && length.mean == 10)
    #expect(!length.isWhole && length.isNumeric && !length.isClassLike)
    #expect(colour.texts == 4 && colour.values == ["red": 3, "blue, dark": 1] && colour.isClassLike)
    // Numbers that are equal are one value, however they are written.
    #expect(code.values == ["1": 3, "2": 1] && code.isWhole && code.isNumeric)
    #expect(gap.missing == 2 && gap.numbers == 2 && gap.isNumeric)
    #expect(odd.notFinite == 2 && odd.numbers == 2 && !odd.isNumeric)
  }

  @Test func wholeNumbersThatRepeatMayBeClasses() throws {
    let rows = (0..<30).map { "\($0),\($0 % 3),\($0 % 9)" }
    let columns = try Self.summary("a,b,c\n" + rows.joined(separator: "\n")).columns
    #expect(columns.map(\.isClassLike) == [false, true, false])
  }

  @Test func manyValuesAreNotKept() throws {
    let rows = (0...CSVSummary.mostValues).map { "x\($0)" }
    let column = try Self.summary("a\n" + rows.joined(separator: "\n")).columns[0]
    #expect(column.values == nil && column.texts == CSVSummary.mostValues + 1)
  }

  @Test func aRowOfAnotherLengthIsAMistake() throws {
    #expect {
      _ = try Self.summary("a,b\n1,2\n3\n")
    } throws: {
      let mistake = $0 as? Mistake
      return mistake?.place.hasSuffix(".csv, line 3") == true && mistake?.value == "1 field"
    }
  }
}
