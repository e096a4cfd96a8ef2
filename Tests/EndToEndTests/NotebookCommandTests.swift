import Foundation
import Testing

/// `descent notebook` starts the program of the live page beside it.
@Suite struct NotebookCommandTests {
  @Test func theProgramBesideIsStartedWithTheArguments() throws {
    try CommandTests.with { p in
      let missing = try p.run("notebook", "nothing.swift", "--no-open")
      #expect(missing.status == 64 && missing.errors.contains("nothing.swift: there is no such file"), "\(missing)")
      let help = try p.run("notebook", "--help")
      #expect(help.status == 0 && help.output.contains("USAGE: descent notebook") && help.output.contains("--memory"))
      let port = try p.run(
        "notebook", Program.root.appendingPathComponent("experiments/Iris.swift").path, "--port", "99999")
      #expect(port.status == 64)
    }
  }

  @Test func withoutItTheMessageSaysHowToBuildIt() throws {
    try CommandTests.with { p in
      let copy = p.folder.appendingPathComponent("descent")
      try FileManager.default.copyItem(at: Program.binary, to: copy)
      let process = Process()
      process.executableURL = copy
      process.arguments = ["notebook", "nothing.swift"]
      let pipe = Pipe()
      process.standardError = pipe
      try process.run()
      let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 69 && errors.contains("--product descent-notebook"), "\(errors)")
    }
  }
}
