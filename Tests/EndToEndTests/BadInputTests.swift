import Foundation
import Testing

/// One wrong input each: a clear message with the remedy, the right exit code, nothing trained, no crash.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let message: String
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String..., status: Int32, says message: String) {
      self.arguments = arguments
      self.status = status
      self.message = message
    }
  }

  static let cases: [Case] = [
    Case("run", "learning-rate", status: 64, says: "Did you mean learning-rates?"),
    Case("run", status: 64, says: "no experiment is named"),
    Case("run", "iris", "--all", status: 64, says: "either names or --all"),
    Case("run", "iris", "--set", "learning-rte=1", status: 64, says: "Did you mean learning-rate?"),
    Case("run", "iris", "--set", "learning-rate", status: 64, says: "parameter=values"),
    Case("run", "iris", "--set", "learning-rate=", status: 64, says: "no value is given"),
    Case("run", "iris", "--set", "learning-rate=fast", status: 64, says: "it is not a number"),
    Case("run", "iris", "--set", "learning-rate=-1", status: 64, says: "positive and finite"),
    Case("run", "iris", "--set", "learning-rate=nan", status: 64, says: "positive and finite"),
    Case("run", "tanh-chain", "--set", "hidden=1,2", status: 64, says: "tanh-chain needs it as declared"),
    Case("run", "embedding", "--set", "depth=2", status: 64, says: "a unit is added to the only hidden layer"),
    Case("run", "alpha-beta", "--set", "sample-count=-1", status: 64, says: "must be from 1 to 10,000"),
    Case(
      "run", "safran-shamir", "--set", "k=9223372036854775807", status: 64, says: "sweep over k: 9223372036854775807"),
    Case("run", "iris", "--set", "learning-rate=0.1,0.1", status: 64, says: "an axis has each value once"),
    Case("run", "iris", "--set", "learning-rate=0.1", "--set", "learning-rate=1", status: 64, says: "set once"),
    Case("run", "iris", "--set", "hidden=0", "--set", "batch=1000", status: 64, says: "between 1 and 105"),
    Case("run", "iris", "--set", "hidden=99999999999999999999", status: 64, says: "a whole number"),
    Case("run", "iris", "--set", "hidden=-3", status: 64, says: "between 1 and 10⁶"),
    Case("run", "iris", "--set", "depth=100000", status: 64, says: "at most 1000"),
    Case("run", "iris", "--set", "steps=0", status: 64, says: "between 1 and 10⁹"),
    Case(
      "run", "iris", "--set", "steps=900000000", "--set", "hidden=1000", status: 64, says: "of the machine's memory"),
    Case("run", "iris", "--set", "momentum=0.5", status: 64, says: "has no momentum"),
    Case("run", "iris", "--set", "activation=tanhh", status: 64, says: "one of identity"),
    Case("run", "iris", "--seeds", "5..<5", status: 64, says: "no seed"),
    Case("run", "iris", "--seeds", "a..<5", status: 64, says: "whole numbers"),
    Case("run", "iris", "--seeds", "0..<99999999999", status: 64, says: "10⁷"),
    Case("run", "iris", "--seeds", "1,1", status: 64, says: "a seed is listed once"),
    Case("run", "iris", "--threads", "0", status: 64, says: "between 1 and 1024"),
    Case("run", "iris", "--format", "jpg", status: 64, says: "Write any of png, pdf, svg"),
    Case("run", "iris", "--colour", status: 64, says: "Unknown option"),
    Case("export", "iris", "--to", "xlsx", status: 64, says: "Write csv, parquet, npy, gnuplot, latex or ipynb"),
    Case("compare", "iris", "--below=-1", status: 64, says: "positive and finite"),
    Case("compare", "iris", "--metric", "lss", status: 64, says: "there is no such metric"),
    Case("compare", "iris", "--metric", "sharpness", status: 64, says: "neither better nor worse"),
    Case("compare", "iris", "--at", "start", status: 64, says: "Write final or best"),
    Case("compare", "iris", "--at", "best", "--metric", "steps", status: 64, says: "at the end of the runs only"),
    Case("compare", "iris", "--below", "0.1", "--metric", "accuracy", status: 64, says: "Leave --metric out"),
    Case("compare", "seeds", "--metric", "validation-loss", status: 64, says: "does not record it"),
    Case("compare", "batch-sizes", "--metric", "gradient-norm", status: 64, says: "it is that of one batch"),
    Case("plan", "nothing-like-it-at-all", status: 64, says: "descent list"),
    Case("check", "nothing-like-it", status: 64, says: "no system and no experiment of this name"),
    Case("check", status: 64, says: "--all"),
    Case("render", "iris", "--dpi", "5", status: 64, says: "between 36 and 1200"),
    Case("dance", status: 64, says: "dance"),
  ]

  @Test(arguments: cases) func isRefusedWithAReason(_ test: Case) throws {
    let program = try Program()
    defer { program.remove() }
    let takesOutput = ["run", "export", "compare", "plan"].contains(test.arguments[0])
    let outcome = try program.runAll(test.arguments + (takesOutput ? ["--output", program.output] : []))
    #expect(outcome.status == test.status, "\(outcome)")
    #expect(outcome.errors.contains(test.message), "\(outcome.errors)")
    #expect(!outcome.output.contains("trained"))
  }

  @Test func whatCannotBeWrittenIsFoundBeforeTraining() throws {
    let program = try Program()
    defer { program.remove() }
    let file = program.folder.appendingPathComponent("file")
    try Data("x".utf8).write(to: file)
    let outcome = try program.run("run", "iris", "--output", file.path)
    #expect(outcome.status == 73 && outcome.errors.contains("cannot be written"), "\(outcome)")
    #expect(!outcome.output.contains("trained"))
  }

  @Test func aMissingFontIsNamedBeforeTraining() throws {
    let program = try Program()
    defer { program.remove() }
    let fonts = program.folder.appendingPathComponent("fonts.conf")
    try Data("<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>".utf8).write(
      to: fonts)
    let outcome = try program.run(
      "run", "iris", "--output", program.output, environment: ["FONTCONFIG_FILE": fonts.path])
    #expect(outcome.status == 69 && outcome.errors.contains("fonts-dejavu-core"), "\(outcome)")
    #expect(!outcome.output.contains("trained"))
  }

  @Test func aDamagedArchiveIsNeverOverwritten() throws {
    let program = try Program()
    defer { program.remove() }
    try FileManager.default.createDirectory(atPath: program.output, withIntermediateDirectories: true)
    for content in ["rubbish", "SQLite format 3\u{0}" + String(repeating: "rubbish ", count: 100)] {
      try Data(content.utf8).write(to: program.file("descent.sqlite"))
      let outcome = try program.run("run", "iris", "--output", program.output)
      #expect(outcome.status == 74, "\(outcome)")
      #expect(try Data(contentsOf: program.file("descent.sqlite")) == Data(content.utf8))
    }
  }

  /// A file system of its own, too small for the runs.
  @Test(.enabled(if: getuid() == 0, "mounting needs root")) func aFullDiskLosesNothingThatWasFinished() throws {
    let program = try Program()
    defer { program.remove() }
    try FileManager.default.createDirectory(atPath: program.output, withIntermediateDirectories: true)
    guard Self.shell("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", program.output) == 0 else { return }
    defer { _ = Self.shell("umount", "-l", program.output) }
    let outcome = try program.run("run", "initialization-scales", "--output", program.output)
    #expect(outcome.status == 73, "\(outcome)")
    #expect(
      outcome.errors.contains("disk is full") || outcome.errors.contains("cannot be written"), "\(outcome.errors)")
  }

  static func shell(_ arguments: String...) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
