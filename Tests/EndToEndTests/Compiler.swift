import Foundation

/// The compiler, asked whether a file of an author would build against the modules that were built.
enum Compiler {
  /// What the compiler says of a file that imports Descent; empty where it compiles.
  static func complaints(of file: URL) throws -> String {
    let build = Program.root.appendingPathComponent(".build/release")
    let shims = Program.root.appendingPathComponent("Sources/Shims")
    let maps =
      ["CLanes", "CPageEngine"].map { build.appendingPathComponent("\($0).build/module.modulemap") }
      + ["CLAPACK", "CGLib"].map { shims.appendingPathComponent("\($0)/module.modulemap") }
    let flags = try run("pkg-config", ["--cflags-only-I", "glib-2.0", "lapacke"]).split(separator: " ").map(String.init)
    let arguments =
      ["-typecheck", file.path, "-swift-version", "6", "-I", build.appendingPathComponent("Modules").path]
      + (maps.map { "-fmodule-map-file=\($0.path)" } + flags).flatMap { ["-Xcc", $0] }
    return try run("swiftc", arguments)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
