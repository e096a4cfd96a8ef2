import Foundation

/// The commands with which a plan is sent to Slurm.
package struct SlurmRequest: Hashable, Sendable {
  /// The path of the job folder.
  package var folder: String
  /// The name that the queue shows.
  package var name: String
  /// Number of the plan.
  package var plan: Int
  /// Threads of a worker.
  package var threads: Int
  /// Megabytes of a worker.
  package var megabytes: Int
  /// The partition; `nil` for the site's default.
  package var partition: String?
  /// The limit of time as Slurm writes it.
  package var time: String
  /// Tasks that run at the same time at most; `nil` for no limit.
  package var most: Int?
  /// Further options of `sbatch`, as the user wrote them.
  package var options: [String]

  package init(
    folder: String, name: String, plan: Int, threads: Int, megabytes: Int, partition: String?, time: String,
    most: Int?, options: [String]
  ) {
    (self.folder, self.name, self.plan, self.threads) = (folder, name, plan, threads)
    (self.megabytes, self.partition, self.time) = (megabytes, partition, time)
    (self.most, self.options) = (most, options)
  }

  /// The command for one array.
  /// - Parameter after: the array before it, where only so many tasks of all arrays may run.
  package func command(_ part: SlurmArrays.Part, of tasks: Int, after: String?) -> [String] {
    let limit = most.map { "%\($0)" } ?? ""
    var words = ["sbatch", "--parsable", "--job-name=\(name)", "--array=0-\(part.count - 1)\(limit)"]
    words += ["--output=\(folder)/logs/slurm-%A_%a.log", "--cpus-per-task=\(threads)", "--mem=\(megabytes)M"]
    words += ["--time=\(time)"]
    if let after { words.append("--dependency=afterany:\(after)") }
    words += shared
    return words + ["\(folder)/slurm.sh", folder, ChunkPlan.fileName(plan), "\(part.offset)", "\(tasks)"]
  }

  /// The command for what follows when no task is left, whatever became of them.
  /// - Parameter commands: those of `descent`, one after the other; each as words.
  package func follower(after ids: [String], megabytes: Int, commands: [[String]]) -> [String] {
    var words = ["sbatch", "--parsable", "--job-name=\(name)-then", "--output=\(folder)/logs/slurm-%j.log"]
    words += ["--mem=\(megabytes)M", "--dependency=afterany:\(ids.joined(separator: ":"))"]
    words += shared
    let text = commands.map { $0.map(Self.quoted).joined(separator: " ") }.joined(separator: " && ")
    return words + ["--wrap=\(text)"]
  }

  private var shared: [String] { (partition.map { ["--partition=\($0)"] } ?? []) + options }

  /// A word for the shell.
  package static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "-_./=:,+%@".utf8.contains($0)
      }
    return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// The limit of time for tasks that should take so many seconds: three times as long, and ten minutes for the node.
  package static func time(forSeconds seconds: Double) -> String {
    let minutes = Int(min(525_600, (3 * seconds / 60 + 10).rounded(.up)))
    let (days, rest) = minutes.quotientAndRemainder(dividingBy: 1440)
    func two(_ number: Int) -> String { ChunkPlan.padded(number, 2) }
    return (days > 0 ? "\(days)-" : "") + "\(two(rest / 60)):\(two(rest % 60)):00"
  }
}
