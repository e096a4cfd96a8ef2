import Foundation
import Scripts
import Testing

/// What is made of the compiler's messages.
@Suite struct DiagnosticTests {
  static let output = """
    /descent/Sources/Figures/Curve.swift:51:15: error: generic parameter 'Value' could not be inferred
      public func color<Value>
                  ^
    /work/X.swift:3:7: warning: never used
    /work/X.swift:17:45: error: cannot find 'Curv' in scope
        Figure("Loss") { Curv(.loss) }
                         ^~~~
    /descent/Sources/Figures/Curve.swift:51:15: note: in call to function 'color(by:)'
    """

  @Test func haveTheirPlaceAndTheLinesBelow() {
    let found = Diagnostic.parse(Self.output)
    #expect(found.map(\.line) == [51, 3, 17, 51])
    #expect(found.map(\.column) == [15, 7, 45, 15])
    #expect(found.map(\.severity) == [.error, .warning, .error, .note])
    #expect(found[2].message == "cannot find 'Curv' in scope")
    #expect(found[2].text.hasSuffix("                     ^~~~"), "the caret stays below its word")
    #expect(found.map(\.text).joined(separator: "\n") == Self.output)
  }

  @Test func thoseOfTheUsersFileComeFirstWithTheirNotes() throws {
    try Scratch.with { scratch in
      let script = try scratch.script("X.swift", "import Descent\n")
      let output = Self.output.replacing("/work/X.swift", with: script.files[0].path)
      let errors = CompileErrors(Diagnostic.parse(output), script: script)
      #expect(errors.diagnostics.map(\.line) == [3, 17, 51, 51])
      #expect(errors.diagnostics.map(\.severity) == [.warning, .error, .note, .error])
    }
  }

  @Test(arguments: [
    ("import Foundation\n", "cannot find 'Vary' in scope", "add the line: import Descent"),
    ("import Descent\n", "cannot find 'Curv' in scope", "did you mean Curve?"),
    ("import Descent\n", "type 'Quantity' has no member 'lss'", "did you mean loss?"),
    (
      "import Descent\nstruct Network: Experiment {", "type 'Network' has no member 'mlp'",
      "the script declares a type Network, which hides Descent's type of that name: give it another name"
    ),
    ("import Descent\n", "cannot find 'somethingQuiteDifferent' in scope", nil),
    ("import Descent\n", "expected ')' in expression list", nil),
  ])
  func haveAHintWhereTheErrorIsFrequent(_ text: String, _ message: String, _ hint: String?) throws {
    try Scratch.with { scratch in
      let script = try scratch.script("X.swift", text)
      #expect(Hints(script).hint(for: scratch.error(message)) == hint)
    }
  }

  @Test func eachHintIsGivenOnce() throws {
    try Scratch.with { scratch in
      let script = try scratch.script("X.swift", "import Foundation\n")
      let all = ["Vary", "Seeds", "Curve"].map { scratch.error("cannot find '\($0)' in scope") }
      #expect(CompileErrors(all, script: script).hints == [0: "add the line: import Descent"])
    }
  }
}

/// A folder of its own for each test.
struct Scratch {
  let folder: URL

  static func with(_ body: (Scratch) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("scripts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(Scratch(folder: folder))
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file
  }

  func script(_ name: String, _ text: String) throws -> Script {
    try #require(Script(try write(name, text)))
  }

  func error(_ message: String) -> Diagnostic {
    Diagnostic(severity: .error, file: "/work/X.swift", line: 1, column: 1, message: message, text: message)
  }
}
