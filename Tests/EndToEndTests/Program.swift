import Foundation

/// The real binary, run as a user runs it, in a folder of its own.
struct Program {
  let folder: URL

  /// The project's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let binary = root.appendingPathComponent(".build/release/descent")

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  func start(_ arguments: [String], environment: [String: String] = [:], in working: URL = Self.root) throws -> Process
  {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.currentDirectoryURL = working
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs to the end.
  func run(_ arguments: String..., environment: [String: String] = [:], in working: URL = Self.root) throws -> Outcome {
    try runAll(arguments, environment: environment, in: working)
  }

  func runAll(_ arguments: [String], environment: [String: String] = [:], in working: URL = Self.root) throws -> Outcome
  {
    let process = try start(arguments, environment: environment, in: working)
    // Through files: a pipe that fills up would stop the program.
    let out = folder.appendingPathComponent("out-\(UUID().uuidString)")
    let err = folder.appendingPathComponent("err-\(UUID().uuidString)")
    for file in [out, err] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    let text = try [out, err].map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Outcome(
      status: process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus,
      output: text[0], errors: text[1])
  }

  var output: String { folder.appendingPathComponent("output").path }

  func file(_ path: String) -> URL { URL(fileURLWithPath: output).appendingPathComponent(path) }
}
