import Analysis
import Foundation
import Jobs
import Learning
import RunArchive
import Studies

/// The runs of a sweep that are to be sent: those that neither the archive nor a worker has.
struct MissingRuns {
  /// Indices of the plan.
  let runs: [Int]
  /// Runs in the archive.
  let archived: Int
  /// Runs of chunks that wait or run.
  let underway: Int

  /// - Parameters:
  ///   - keys: the keys of all runs.
  ///   - archive: `nil` where there is none yet.
  ///   - elsewhere: the keys of runs in chunks that wait or run, found before shards were collected.
  init(_ session: Session, _ keys: KeyList, archive: Archive?, elsewhere: Set<String>) throws {
    let plan = session.plan
    // Of a sweep whose seeds a rule adds, the next round.
    let seeds = try archive.map { try session.settled(in: $0).plan.seeds.count } ?? SeedRounds(plan)?.parts.first?.count
    var wanted = (0..<plan.runCount).filter { seeds == nil || $0 % plan.seeds.count < seeds ?? 0 }
    var seen: Set<String> = []
    wanted = wanted.filter { seen.insert(keys[$0]).inserted }
    let count = wanted.count
    if let archive {
      wanted = try stride(from: 0, to: count, by: 100_000).flatMap { start in
        let part = wanted[start..<min(start + 100_000, count)]
        let known = try archive.known(among: part.map { keys[$0] })
        return part.filter { !known.contains(keys[$0]) }
      }
    }
    archived = count - wanted.count
    runs = wanted.filter { !elsewhere.contains(keys[$0]) }
    underway = wanted.count - runs.count
  }

  /// The keys of the runs in chunks that wait or run.
  ///
  /// To be asked before shards are collected: a worker that ends in between has published then, and its runs are collected.
  /// - Parameter queue: the tasks of Slurm; `nil` where it does not answer.
  static func underway(_ name: String, output: URL, queue: SlurmQueue?) throws -> Set<String> {
    var found: Set<String> = []
    for folder in JobFolder.all(in: output) {
      let job = try folder.job()
      guard job.experiment == name else { continue }
      var keys: KeyList?
      for number in folder.planNumbers {
        let plan = try folder.plan(number)
        let record = folder.slurmRecord(number)
        for (index, chunk) in plan.chunks.enumerated() {
          let isQueued = record?.task(ofChunk: index + 1).flatMap { queue?.holds($0) } ?? false
          let isAlive = folder.state(plan.name(ofChunk: index + 1))?.seemsAlive(on: Here.host) ?? false
          guard isQueued || isAlive && record == nil else { continue }
          let list = try keys ?? folder.keys(of: job)
          keys = list
          for run in chunk.runs where run < list.count { found.insert(list[run]) }
        }
      }
    }
    return found
  }
}
