import Foundation
import Scripts
import Testing

/// What is said of a trap.
@Suite struct TrapTests {
  @Test(arguments: [
    ("Script_X/X.swift:12: Fatal error: Index out of range\n", "Index out of range"),
    ("Swift/x.swift:1: Fatal error\n", "Fatal error"),
    ("Script_X/X.swift:12: Precondition failed: it is late: very\n", "it is late: very"),
    ("error: Fatal errors are no message", nil), ("wrote output/x", nil),
  ])
  func theRuntimesWordsAreTheReason(_ line: String, _ reason: String?) {
    #expect(Trap.message(in: line) == reason)
  }

  static let backtrace = """
    {"threads": [
      {"frames": [{"kind": "pc", "sourceLocation": {"file": "/lab/X.swift", "line": 1, "column": 1}}]},
      {"crashed": true, "frames": [
        {"symbol": "trap"},
        {"demangledSymbol": "Array.subscript", "sourceLocation": {"file": "/swift/Array.swift", "line": 9, "column": 2}},
        {"demangledSymbol": "third(_:_:)", "sourceLocation": {"file": "/lab/X.swift", "line": 25, "column": 10}},
        {"demangledSymbol": "body", "sourceLocation": {"file": "/lab/X.swift", "line": 19, "column": 3}}]}]}
    """

  static func script(_ file: String) -> CompiledScript {
    let url = URL(fileURLWithPath: file)
    return CompiledScript(key: "k", object: url, source: url, files: [url], experiments: [])
  }

  @Test func thePlaceIsTheInnermostLineOfTheScript() throws {
    try Scratch.with { scratch in
      let file = try scratch.write("crash.json", Self.backtrace)
      let trap = Trap(
        signal: SIGILL, message: "Index out of range", backtrace: file, scripts: [Self.script("/lab/X.swift")])
      #expect(trap.place == Trap.Place(file: "/lab/X.swift", line: 25, column: 10, function: "third(_:_:)"))
      #expect(trap.reason == "Index out of range")
      let other = Trap(signal: SIGFPE, message: nil, backtrace: file, scripts: [Self.script("/lab/Y.swift")])
      #expect(other.place == nil && other.reason == "division by zero")
    }
  }

  @Test func withoutABacktraceThereIsStillAReason() {
    let none = URL(fileURLWithPath: "/nowhere")
    #expect(Trap(signal: SIGSEGV, message: nil, backtrace: none, scripts: []).reason.contains("memory"))
  }
}
