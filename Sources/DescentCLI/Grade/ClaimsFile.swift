import ArgumentParser
import Foundation
import Learning
import Scripts

/// The lecturer's file: compiled, and read in a child process, before any submission runs.
struct ClaimsFile {
  private let path: String
  private let seeds: [UInt64]?
  private let workshop: URL
  private let voice: VoiceOptions

  init(_ path: String, seeds: [UInt64]?, workshop: URL, voice: VoiceOptions) {
    self.path = path
    self.seeds = seeds
    self.workshop = workshop
    self.voice = voice
  }

  /// The compiled claims and what they ask.
  /// - Throws: `Mistake` for a file without claims; `ExitCode` where the compiler or the child has said what is wrong.
  func describe() throws -> (script: CompiledScript, scheme: MarkingScheme)? {
    guard let script = Script(URL(fileURLWithPath: path)) else {
      throw Mistake(
        at: "--claims", value: path, rule: "there is no Swift file and no folder with Swift files at this path",
        remedy: "Name the file with the claims: --claims marking.swift")
    }
    let speaker = ScriptVoice(isForPrograms: voice.json)
    let build = try ScriptBuild(voice: speaker, purpose: .marking)
    guard let result = build.compile([script]).first else { return nil }
    switch result {
    case .failed(let error):
      speaker.failed(error)
      throw ExitCode((error as? Mistake).map(ExitStatus.of) ?? ExitStatus.data)
    case .compiled(let compiled): return (compiled, try scheme(of: compiled, speaker))
    }
  }

  private func scheme(of script: CompiledScript, _ speaker: ScriptVoice) throws -> MarkingScheme {
    let (job, result) = (workshop.appendingPathComponent("claims.json"), workshop.appendingPathComponent("scheme.json"))
    try MarkingJob(claims: script.entry, seeds: seeds, result: result, scratch: workshop).write(to: job)
    switch try ScriptProcess([]).run(["mark", "describe", job.path], errors: speaker.say) {
    case .exited(ExitStatus.success): break
    case .exited(let code): throw ExitCode(code)
    case .trapped(let trap):
      let place = trap.place.map { "\(URL(fileURLWithPath: $0.file).relative):\($0.line): " } ?? ""
      Console.error("\(place)the code of the claims ended the program: \(trap.reason).")
      throw ExitCode(ExitStatus.trapped)
    case .killed(let signal): throw ExitCode(128 + signal)
    }
    return try JSONDecoder().decode(MarkingScheme.self, from: Data(contentsOf: result))
  }
}
