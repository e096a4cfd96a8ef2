import Foundation
import Testing

/// Played figures as files: animated PNG, and a video by what stands on the path as ffmpeg.
@Suite struct AnimationTests {
  private static let script = """
    import Descent
    struct Played: Experiment {
      let title = "Played"
      var setup: Setup {
        Setup(
          data: .xor, network: .mlp(hidden: 2, output: .sigmoid), loss: .meanSquaredError,
          optimizer: .gradientDescent(learningRate: 1), initialization: .normal(scale: 1), stop: .after(steps: 30))
      }
      var sweep: [Axis] { Seeds(0..<1) }
      var report: [Cell] {
        Figure("Boundary") { DecisionBoundary(.firstSeed) }.play(over: .step, frames: 4)
      }
    }
    """

  private static func path(of script: String, in program: Program) throws -> String {
    let file = program.folder.appendingPathComponent("Played.swift")
    try script.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  /// A program named ffmpeg that keeps its arguments and counts its input.
  private static func standIn(_ body: String, in program: Program) throws -> [String: String] {
    let folder = program.folder.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("ffmpeg")
    try "#!/bin/bash\n\(body)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return ["PATH": "\(folder.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"]
  }

  @Test func aVideoHasEveryFrameAsPixels() throws {
    let program = try Program()
    defer { program.remove() }
    let notes = program.folder.appendingPathComponent("notes").path
    let environment = try Self.standIn(
      "echo \"$@\" > \(notes).arguments; wc -c > \(notes).count; echo film > \"${@: -1}\"", in: program)
    let run = try program.runAll(
      ["run", try Self.path(of: Self.script, in: program), "--format", "apng,mp4", "--output", program.output],
      environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    let words = try String(contentsOfFile: notes + ".arguments", encoding: .utf8)
    let size = try #require(words.firstMatch(of: /-video_size (\d+)x(\d+)/)?.output)
    let pixels = try #require(Int(size.1)) * (try #require(Int(size.2)))
    #expect(pixels > 100_000 && words.contains("-pixel_format bgra") && words.contains("-f rawvideo"))
    let count = try String(contentsOfFile: notes + ".count", encoding: .utf8).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let frames = Double(try #require(Int(count))) / Double(4 * pixels)
    #expect(frames >= 4 && frames == frames.rounded(), "whole frames, each shown for a while")
    let film = try String(contentsOf: program.file("played/figures/01-boundary.mp4"), encoding: .utf8)
    #expect(film == "film\n")
    // The animated PNG has the same size, and as many frames as the figure.
    let apng = try Data(contentsOf: program.file("played/figures/01-boundary.apng"))
    #expect(apng[16..<24].map(Int.init).split2 == [Int(size.1), Int(size.2)])
    let control = try #require(apng.range(of: Data("acTL".utf8)))
    #expect(apng[control.upperBound..<control.upperBound + 4].map(Int.init) == [0, 0, 0, 4])
  }

  @Test func aVideoThatCannotBeMadeIsAMistake() throws {
    let program = try Program()
    defer { program.remove() }
    let script = try Self.path(of: Self.script, in: program)
    let failing = try Self.standIn("cat > /dev/null; echo 'no encoder' >&2; exit 1", in: program)
    let run = try program.runAll(["run", script, "--format", "mp4", "--output", program.output], environment: failing)
    #expect(run.status == 69 && run.errors.contains("ffmpeg") && run.errors.contains("no encoder"), "\(run.errors)")
    // Without ffmpeg nothing is trained.
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").filter {
      !FileManager.default.isExecutableFile(atPath: "\($0)/ffmpeg")
    }
    let missing = try program.runAll(
      ["run", script, "--format", "mp4", "--output", program.file("other").path],
      environment: ["PATH": folders.joined(separator: ":")])
    #expect(missing.status == 69 && missing.errors.contains("apt-get install ffmpeg"), "\(missing.errors)")
    #expect(!FileManager.default.fileExists(atPath: program.file("other/played").path))
  }
}

extension [Int] {
  /// Eight bytes as two numbers of four, the most significant byte first.
  fileprivate var split2: [Int] {
    [0, 4].map { start in self[start..<start + 4].reduce(0) { $0 * 256 + $1 } }
  }
}
