import Foundation
import Learning

/// What a site's Slurm allows, as its own commands say.
package struct SlurmSite: Hashable, Sendable {
  /// Runs a command; returns `nil` where it cannot be started or fails.
  package typealias Command = @Sendable ([String]) -> String?

  /// Tasks of one array.
  package var arraySize: Int
  /// Tasks that this user may have in the queue, those that are there included; `nil` where no limit is known.
  package var submitLimit: Int?
  /// Tasks that this user has in the queue.
  package var queued: Int

  /// The limits of a site.
  package init(arraySize: Int, submitLimit: Int?, queued: Int) {
    (self.arraySize, self.submitLimit, self.queued) = (arraySize, submitLimit, queued)
  }

  /// Tasks that may be sent now.
  package var free: Int { submitLimit.map { max(0, $0 - queued) } ?? .max }

  /// Asks the site.
  /// - Throws: `Mistake` where Slurm does not answer.
  package static func ask(partition: String?, user: String, _ run: Command) throws -> SlurmSite {
    guard let text = run(["scontrol", "show", "config"]) else {
      throw Mistake(
        .environment, at: "--slurm", value: "scontrol show config", rule: "Slurm does not answer",
        remedy: "Run this command on a machine from which jobs are sent, or leave out --slurm for other schedulers")
    }
    let config = fields(text)
    // An array has the indices 0 to MaxArraySize − 1; 0 is an array that the site does not allow.
    let arraySize = config["MaxArraySize"].flatMap(Int.init) ?? 1001
    var limits = [config["MaxJobCount"].flatMap(Int.init)]
    let account = ["format=MaxSubmitJobs,GrpSubmitJobs,QOS"]
    let rows = run(["sacctmgr", "-nP", "show", "assoc", "where", "user=\(user)"] + account) ?? ""
    var levels: Set<Substring> = []
    // Several associations: the one that is used is not known, so the least limit of each counts.
    for row in rows.split(separator: "\n") {
      let values = row.split(separator: "|", omittingEmptySubsequences: false)
      limits += values.prefix(2).map { Int($0) }
      levels.formUnion(values.dropFirst(2).flatMap { $0.split(separator: ",") })
    }
    let qualities = run(["sacctmgr", "-nP", "show", "qos", "format=Name,MaxSubmitPU,GrpSubmit"]) ?? ""
    for row in qualities.split(separator: "\n") {
      let values = row.split(separator: "|", omittingEmptySubsequences: false)
      if let name = values.first, levels.contains(name) { limits += values.dropFirst().map { Int($0) } }
    }
    let queue = run(["squeue", "-h", "-r", "-u", user, "-o", "%i"]) ?? ""
    return SlurmSite(
      arraySize: max(1, arraySize), submitLimit: limits.compactMap(\.self).min(),
      queued: queue.split(separator: "\n").count)
  }

  /// The lines `Name = value` of a configuration.
  private static func fields(_ text: String) -> [String: String] {
    var found: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { found[parts[0]] = parts[1].split(separator: " ").first.map(String.init) ?? "" }
    }
    return found
  }
}
