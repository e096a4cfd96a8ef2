import Foundation
import Learning
import Testing

/// Files and declarations that cannot be used, each with the message that a user needs.
@Suite struct CSVMistakeTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var file: CSVFixture
    /// Place behind the file's name, and value, exactly.
    let place: String
    let value: String
    /// Words of the rule and of the remedy.
    let rule: String
    let remedy: String

    init(
      _ name: String, _ text: String, _ place: String, _ value: String, _ rule: String, _ remedy: String,
      _ change: (inout CSVFixture) -> Void = { _ in }
    ) {
      self.init(name, Array(text.utf8), place, value, rule, remedy, change)
    }

    init(
      _ name: String, _ bytes: [UInt8], _ place: String, _ value: String, _ rule: String, _ remedy: String,
      _ change: (inout CSVFixture) -> Void = { _ in }
    ) {
      testDescription = name
      file = CSVFixture(bytes)
      change(&file)
      self.place = place
      self.value = value
      self.rule = rule
      self.remedy = remedy
    }

    /// A field of the input `a` on line 3.
    static func cell(
      _ name: String, _ field: String, shown: String? = nil, _ remedy: String, rule: String = "it is not a number"
    ) -> Bad {
      Bad(name, "a,b,y\n1,2,3\n\(field),5,6\n", ", line 3, column a", shown ?? field, rule, remedy)
    }
  }

  static let cells: [Bad] = [
    .cell("word", "abc", "Write a number, or leave the column out of the inputs"),
    .cell("empty", "", shown: "empty", "Fill in the value, remove the row"),
    .cell("blanks", " \t ", shown: "empty", "Fill in the value"),
    .cell("no-break space", "\u{A0}", shown: "empty", "Fill in the value"),
    .cell("decimal comma", "\"12,5\"", shown: "12,5", "looks like a decimal comma: write 12.5"),
    .cell("comma and three digits", "\"1,234\"", shown: "1,234", "write 1.234 or 1234, whichever is meant"),
    .cell("thousands", "\"1,234,567.5\"", shown: "1,234,567.5", "commas between thousands: write 1234567.5"),
    .cell("German thousands", "\"1.234,5\"", shown: "1.234,5", "looks like a decimal comma: write 1234.5"),
    .cell("hexadecimal", "0x10", "looks like a hexadecimal number: write 16"),
    .cell("hexadecimal float", "0x1p3", "Write a number"),
    .cell("not a number", "nan", "Fill in the value", rule: "every number must be finite"),
    .cell("infinity", "-Infinity", "Fill in the value", rule: "every number must be finite"),
    .cell("overflow", "1e999", "Fill in the value", rule: "every number must be finite"),
    .cell("missing", "NA", "A missing value is not allowed: fill it in, remove the row"),
    .cell("question mark", "?", "A missing value is not allowed"),
    .cell("truth", "True", "Write 1 and 0"),
    .cell("per cent", "12.5%", "Leave the % sign out"),
    .cell("minus", "\u{2212}5", "write the hyphen-minus"),
    .cell("digit groups", "1_000", "Write the digits without groups"),
    .cell("blank in a number", "1 000", "Write the digits without groups"),
    .cell("two points", "1.2.3", "Write a number"),
    .cell("point", ".", "A missing value is not allowed"),
    .cell("exponent without digits", "1e", "Write a number"),
    .cell("exponent alone", "e5", "Write a number"),
    .cell("two signs", "--1", "Write a number"),
    .cell("Arabic digits", "\u{661}\u{662}", "Write a number"),
    .cell("unit", "12 cm", "Write a number"),
    .cell("escape sequence", "\u{1B}[31m1", shown: "\\u{1B}[31m1", "Write a number"),
    .cell("right-to-left override", "\u{202E}1", shown: "\\u{202E}1", "Write a number"),
    .cell("line end in a field", "\"p\r\nq\"", shown: "p\\r\\nq", "Write a number"),
    .cell(
      "long text", String(repeating: "z", count: 100_000), shown: String(repeating: "z", count: 60) + "…",
      "Write a number"),
  ]

  static let targets: [Bad] = [
    Bad("text among targets", "a,y\n1,2\n3,x\n", ", line 3, column y", "x", "not a number", "targetIsClass: true"),
    Bad("hexadecimal target", "a,y\n1,2\n3,0xF\n", ", line 3, column y", "0xF", "not a number", "write 15, or declare"),
    Bad("first target empty", "a,y\n1,\n", ", line 2, column y", "empty", "without a target", "remove the row"),
    Bad("second target empty", "a,y\n1,2\n3,\n", ", line 3, column y", "empty", "not a number", "Fill in the value"),
    Bad("infinite target", "a,y\n1,2\n3,inf\n", ", line 3, column y", "inf", "must be finite", "Fill in the value"),
    Bad("number among classes", "a,y\n1,red\n2,3\n", ", line 3, column y", "3", "texts, red on line 2", "numbers only"),
    Bad(
      "class without a name", "a,y\n1,red\n2,\n", ", line 3, column y", "empty", "without a class", "Fill in the class"),
    Bad("class nan", "a,y\n1,1\n2,nan\n", ", line 3, column y", "nan", "a name or a finite number", "remove the row") {
      $0.targetIsClass = true
    },
    Bad("one class", "a,y\n1,red\n2,red\n", ", column y", "red", "one class only", "at least two"),
    Bad("one numeric class", "a,y\n1,1\n2,1.0\n3, 01\n", ", column y", "1", "one class only", "at least two") {
      $0.targetIsClass = true
    },
    Bad(
      "1001 classes", "a,y\n" + (1...1001).map { "1,\($0)\n" }.joined(), ", line 1002, column y", "1001",
      "at most 1000 classes", "need no targetIsClass"
    ) { $0.targetIsClass = true },
    Bad("text in two targets", "a,b,y\n1,2,3\n4,5,x\n", ", line 3, column y", "x", "not a number", "another target") {
      $0.targets = ["b", "y"]
    },
    Bad("two class columns", "a,b,y\n1,2,3\n", ", targets", "b, y", "classes come from one column", "one target column")
    {
      $0.targets = ["b", "y"]
      $0.targetIsClass = true
    },
  ]

  static let columns: [Bad] = [
    Bad(
      "no such column", "alpha,beta\n1,2\n", ", line 1", "bata", "no such column", "Did you mean beta? The columns are"
    ) {
      $0.targets = ["bata"]
    },
    Bad("no header", "1,2\n3,4\n", ", line 1", "y", "no such column", "begins with numbers: give it a header line"),
    Bad(
      "many columns", (0..<1000).map { "c\($0)" }.joined(separator: ",") + "\n", ", line 1", "y", "no such column",
      "c8, c9, … and 990 more"),
    Bad("name twice", "a,b,a,y\n1,2,3,4\n", ", line 1, field 3", "a", "unique, and field 1", "Rename"),
    Bad("no name twice", "a,,,y\n1,2,3,4\n", ", line 1, field 3", "an empty name", "unique, and field 2", "Rename"),
    Bad("target twice", "a,y\n1,2\n", ", columns", "y", "a target once", "once among the targets") {
      $0.targets = ["y", "y"]
    },
    Bad("input twice", "a,y\n1,2\n", ", columns", "a", "an input once", "once among the inputs") {
      $0.inputs = ["a", "a"]
    },
    Bad("target as input", "a,y\n1,2\n", ", columns", "y", "a target is no input", "out of the inputs") {
      $0.inputs = ["a", "y"]
    },
    Bad("no target named", "a,y\n1,2\n", "", "no target column", "at least one", "Name a column") { $0.targets = [] },
    Bad("targets alone", "y\n1\n2\n", "", "no input column", "at least one", "Name a column"),
    Bad("scale of 0", "a,y\n1,2\n", ", input scale", "0.0", "finite and not 0", "Use 1") { $0.inputScale = 0 },
    Bad("scale of NaN", "a,y\n1,2\n", ", input scale", "nan", "finite and not 0", "Use 1") { $0.inputScale = .nan },
    Bad(
      "scaled beyond doubles", "a,y\n1,2\n1e300,2\n", ", line 3, column a", "1e300", "times the input scale",
      "smaller inputScale"
    ) {
      $0.inputScale = 1e10
    },
  ]

  static let rows: [Bad] = [
    Bad("nothing", "", "", "", "the file is empty", "header line"),
    Bad("empty lines", "\n\r\n\r", "", "", "the file is empty", "header line"),
    Bad("byte order mark", "\u{FEFF}", "", "", "the file is empty", "header line"),
    Bad("header alone", "a,y\n", ", line 1", "a header and no rows", "no samples", "at least one row"),
    Bad("header without its line end", "a,y", ", line 1", "a header and no rows", "no samples", "at least one row"),
    Bad("short row", "a,y\n1,2\n3\n4,5\n", ", line 3", "1 field", "the header, here 2", "still needs its comma"),
    Bad("long row", "a,y\n1,2\n3,4,5,6\n", ", line 3", "4 fields", "the header, here 2", "quote the field"),
    Bad(
      "decimal commas", "a,y\n1,5,2,5\n", ", line 2", "4 fields", "the header, here 2", "point is written as a point"),
    Bad("comma at the end", "a,y\n1,2,\n", ", line 2", "3 fields", "the header, here 2", "Mend the row"),
    Bad("last line", "a,y\n1,2\n# end of file", ", line 3", "1 field", "the header, here 2", "Mend the row"),
    Bad("semicolons", "a;b;c;d;y\n1;2;3;4;5\n", ", line 1", "a;b;c;d;y", "no comma but 4 semicolons", "with commas"),
    Bad("semicolons, decimal commas", "a;y\n1,5;2\n", ", line 1", "a;y", "no comma but 1 semicolon", "with commas"),
    Bad("tabs", "a\tb\ty\n1\t2\t3\n", ", line 1", "a\\tb\\ty", "no comma but 2 tabs", "with commas"),
    Bad("bars", "a|y\n1|2\n", ", line 1", "a|y", "no comma but 1 vertical bar", "with commas"),
    Bad("a row of semicolons", "a,y\n1,2\n3;4\n", ", line 3", "1 field", "here 2", "no comma but 1 semicolon"),
    Bad("quote in a field", "a,y\n1,2\n1\"2,3\n", ", line 3, field 1", "1\"", "quoted as a whole", "double the inner"),
    Bad(
      "text behind a quote", "a,y\n1,\"2\"3\n", ", line 2, field 2", "2", "ends at its closing quote", "Double quotes"),
    Bad("open quote", "a,y\n1,2\n3,\"4\n5,6\n", ", line 3, field 2", "\"4\\n5,6\\n", "never closed", "Close it"),
    Bad("line ends of CR", "a,y\r1,2\rx,3\r", ", line 3, column a", "x", "not a number", "Write a number"),
    Bad("line ends of CR LF", "a,y\r\n1,2\r\nx,3\r\n", ", line 3, column a", "x", "not a number", "Write a number"),
    Bad("empty lines between", "\n\na,y\n\n1,2\n\nx,3\n", ", line 7, column a", "x", "not a number", "Write a number"),
    Bad("behind a quoted line end", "a,b,y\n\"p\r\nq\",x,3\n", ", line 3, column b", "x", "not a number", "Write") {
      $0.inputs = ["b"]
    },
  ]

  static let encodings: [Bad] = [
    Bad(
      "Latin-1", Array("a,y\n1,caf".utf8) + [0xE9] + Array("\n2,tea\n".utf8), ", line 2, byte 6", "byte 0xE9",
      "UTF-8 text", "in Latin-1 this byte is é"),
    Bad(
      "Windows quote", Array("a,y\r\n1,2\r\n".utf8) + [0x93], ", line 3, byte 1", "byte 0x93", "UTF-8 text", "in UTF-8"),
    Bad("NUL", "a,y\n1,2\u{0}\n", ", line 2, byte 4", "a NUL byte", "UTF-8 text", "binary"),
    Bad("cut scalar", Array("a,y\n1,".utf8) + [0xE2, 0x82], ", line 2, byte 3", "byte 0xE2", "UTF-8 text", "in UTF-8"),
    Bad("overlong", Array("a,y\n".utf8) + [0xC0, 0x80], ", line 2, byte 1", "byte 0xC0", "UTF-8 text", "in UTF-8"),
    Bad("surrogate", Array("a,é\n".utf8) + [0xED, 0xA0, 0x80], ", line 2, byte 1", "byte 0xED", "UTF-8 text", "UTF-8"),
    Bad("beyond Unicode", [0x61, 0xF4, 0x90, 0x80, 0x80], ", line 1, byte 2", "byte 0xF4", "UTF-8 text", "UTF-8"),
    Bad("UTF-16, little end", [0xFF, 0xFE, 0x61, 0, 0x2C, 0], ", line 1", "UTF-16 text", "UTF-8 text", "in UTF-8"),
    Bad("UTF-16, big end", [0xFE, 0xFF, 0, 0x61, 0, 0x2C], ", line 1", "UTF-16 text", "UTF-8 text", "in UTF-8"),
    Bad("UTF-16, no mark", [0x61, 0, 0x2C, 0, 0x79, 0], ", line 1", "UTF-16 text", "UTF-8 text", "in UTF-8"),
    Bad("UTF-32", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], ", line 1", "UTF-32 text", "UTF-8 text", "in UTF-8"),
    Bad(
      "workbook", [0x50, 0x4B, 3, 4, 20, 0], ", line 1", "a ZIP archive, such as an Excel workbook", "UTF-8",
      "worksheet"),
    Bad("gzip", [0x1F, 0x8B, 8, 0], ", line 1", "a gzip archive", "UTF-8 text", "Unpack"),
  ]

  @Test(arguments: [cells, targets, columns, rows, encodings].joined())
  func saysPlaceValueRuleAndRemedy(_ bad: Bad) throws {
    let found = try #require(mistake { try bad.file.read() })
    #expect(found.kind == .data)
    #expect(found.place == "t.csv" + bad.place)
    #expect(found.value == bad.value)
    #expect(bad.rule.isEmpty || found.rule.contains(bad.rule), "\(found.rule)")
    #expect(bad.remedy.isEmpty || found.remedy.contains(bad.remedy), "\(found.remedy)")
    #expect(found.description.utf8.count < 1000)
    #expect(found.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
  }

  @Test func aBadTargetIsNotAdvisedToLeaveTheInputs() throws {
    for text in ["a,y\n1,2\n3,x\n", "a,y\n1,2\n3,\n", "a,y\n1,2\n3,inf\n", "a,y\n1,2\n3,NA\n", "a,y\n1,2\n3,0x1\n"] {
      let found = try #require(mistake { try CSVFixture(text).read() })
      #expect(!found.remedy.contains("inputs"), "\(found)")
    }
  }

  /// The line of a byte beyond the first mebibyte, where a piece ends within a scalar and within CR LF.
  @Test(arguments: 0..<4) func placesAreRightBeyondTheFirstPiece(_ shift: Int) throws {
    let head = Array("a,note,y\r\n".utf8)
    let row = Array("1,é€😀,2\r\n".utf8)
    var bytes = head + [UInt8](repeating: 0x31, count: shift) + row
    let count = 2 * (1 << 20) / row.count
    for _ in 0..<count { bytes += row }
    var file = CSVFixture(bytes + Array("x,t,3\r\n".utf8))
    file.inputs = ["a"]
    #expect(mistake { try file.read() }?.place == "t.csv, line \(count + 3), column a")
    file.bytes = bytes + [0x31, 0xFF]
    #expect(mistake { try file.read() }?.place == "t.csv, line \(count + 3), byte 2")
    file.bytes = bytes
    #expect(try file.read().training.count == count + 1)
  }

  @Test func aFieldThatNeverEndsIsNotCollected() throws {
    let text = "a,y\n1,\"2\n" + String(repeating: "1,2\n", count: 2_600_000)
    let found = try #require(mistake { try CSVFixture(text).read() })
    #expect(found.place == "t.csv, line 2, field 2" && found.rule == "a field has at most 10.0 MB")
    #expect(found.remedy.contains("Close the quote"))
  }

  @Test func pathsThatAreNoFilesAreNamed() throws {
    let folder = FileManager.default.temporaryDirectory
    let files = DataFiles(folders: [folder])
    let missing = try #require(
      mistake { try DataSource.csv("no\u{1B}where.csv", targets: ["y"]).make(runSeed: 0, files: files) })
    #expect(missing.place == "no\\u{1B}where.csv" && missing.rule == "there is no such file")
    let directory = try #require(
      mistake { try DataSource.csv(folder.path, targets: ["y"]).make(runSeed: 0, files: files) })
    #expect(directory.value == "a folder" && directory.rule.contains("plain file"))
    let device = try #require(
      mistake { try DataSource.csv("/dev/zero", targets: ["y"]).make(runSeed: 0, files: files) })
    #expect(device.value == "a device or a pipe")
  }
}
