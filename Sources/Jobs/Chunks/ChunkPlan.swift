import Foundation
import Learning

/// Runs of a job, cut into chunks that any number of workers may train, in any order.
package struct ChunkPlan: Codable, Hashable, Sendable {
  /// Version of the files in the job folder.
  package var version = Job.currentVersion
  /// Number of the plan in its job folder, from 1.
  package var number: Int
  /// Threads of a worker.
  package var threads: Int
  /// The chunks.
  package var chunks: [Chunk]

  /// A plan of chunks.
  package init(number: Int, threads: Int, chunks: [Chunk]) {
    (self.number, self.threads, self.chunks) = (number, threads, chunks)
  }

  /// Runs that one worker trains without a break.
  package struct Chunk: Codable, Hashable, Sendable {
    /// The runs as ranges of indices: first, and the one after the last.
    package var ranges: [[Int]]
    /// Steps of all runs if none stops early.
    package var steps: Int
    /// Seconds of one thread, as estimated by the calibration.
    package var seconds: Double
    /// Digest of the keys of the runs.
    package var keys: String

    /// A chunk of some runs.
    /// - Parameter runs: indices of the plan.
    package init(runs: [Int], steps: Int, seconds: Double, keys: String) {
      (self.steps, self.seconds, self.keys) = (steps, seconds, keys)
      ranges = []
      for run in runs {
        if let last = ranges.indices.last, ranges[last][1] == run {
          ranges[last][1] = run + 1
        } else {
          ranges.append([run, run + 1])
        }
      }
    }

    /// The indices of the runs.
    package var runs: [Int] { ranges.flatMap { $0.count == 2 && $0[0] <= $0[1] ? Array($0[0]..<$0[1]) : [] } }
    /// Number of runs.
    package var count: Int { ranges.reduce(0) { $0 + ($1.count == 2 ? max(0, $1[1] - $1[0]) : 0) } }
  }

  /// The name of a plan's file.
  package static func fileName(_ number: Int) -> String { "plan-\(padded(number, 3)).json" }

  static func padded(_ number: Int, _ digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// The name of a chunk in file names: `001-0007` is chunk 7 of plan 1.
  package func name(ofChunk chunk: Int) -> String { "\(Self.padded(number, 3))-\(Self.padded(chunk, 4))" }

  /// The chunks of part i of N: i, i + N, i + 2N and so on, all numbered from 1. With N the number of chunks this is chunk i alone.
  /// - Throws: `Mistake` for a part that the plan does not have.
  package func chunks(ofPart text: String) throws -> [Int] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let part = parts[0], let count = parts[1], count >= 1, (1...count).contains(part) else {
      throw Mistake(
        at: "--chunk", value: text, rule: "must have the form i/N, where i is between 1 and N",
        remedy: "Write --chunk 3/\(chunks.count)")
    }
    guard count <= chunks.count else {
      throw Mistake(
        at: "--chunk", value: text, rule: "the plan has \(chunks.count) chunks, fewer than N",
        remedy: "Write --chunk i/\(chunks.count), with i between 1 and \(chunks.count)")
    }
    return Array(stride(from: part, through: chunks.count, by: count))
  }
}
