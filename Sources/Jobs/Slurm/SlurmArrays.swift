import Learning

/// The chunks of a plan as tasks of Slurm arrays.
package struct SlurmArrays: Hashable, Sendable {
  /// One array: its tasks 0, 1, … are the parts `offset` + 1, `offset` + 2, … of the plan.
  package struct Part: Codable, Hashable, Sendable {
    /// Tasks of the arrays before it.
    package var offset: Int
    /// Number of its tasks.
    package var count: Int
    /// The number that Slurm gave the array; `nil` until it is sent.
    package var id: String?

    /// An array that is not sent yet.
    package init(offset: Int, count: Int, id: String? = nil) {
      (self.offset, self.count, self.id) = (offset, count, id)
    }
  }

  /// The arrays, in the order in which they are sent.
  package var parts: [Part]
  /// Tasks of all arrays. A task trains chunks that are this far apart.
  package var tasks: Int

  /// Splits chunks into arrays.
  ///
  /// Where the site allows fewer tasks than there are chunks, a task trains several, one after the other.
  /// - Parameter reserved: jobs that will be sent beside the arrays.
  /// - Throws: `Mistake` where the site allows no task.
  package init(chunks: Int, site: SlurmSite, reserved: Int = 0) throws {
    let free = site.free == .max ? chunks : site.free - reserved
    guard free >= 1 else {
      throw Mistake(
        .environment, at: "--slurm", value: "\(site.queued) tasks in the queue",
        rule: "the site allows \(site.submitLimit ?? 0) tasks at a time", remedy: "Wait for some of them, and try again"
      )
    }
    let tasks = min(chunks, free)
    self.tasks = tasks
    parts = stride(from: 0, to: tasks, by: site.arraySize).map { start in
      Part(offset: start, count: min(site.arraySize, tasks - start))
    }
  }

  /// The largest number of chunks that a task trains.
  package func chunksPerTask(_ chunks: Int) -> Int { (chunks + tasks - 1) / max(1, tasks) }
}

/// The arrays that were sent for a plan: the file `plan-001.slurm.json`.
package struct SlurmRecord: Codable, Hashable, Sendable {
  /// Tasks of all arrays.
  package var tasks: Int
  /// The arrays with their numbers.
  package var parts: [SlurmArrays.Part]
  /// Numbers of the jobs that follow.
  package var followers: [String] = []

  /// The arrays of a plan.
  package init(tasks: Int, parts: [SlurmArrays.Part]) { (self.tasks, self.parts) = (tasks, parts) }

  /// The task of Slurm that trains a chunk, from 1: `17_3`.
  package func task(ofChunk chunk: Int) -> String? {
    guard tasks > 0 else { return nil }
    let task = (chunk - 1) % tasks
    guard let part = parts.first(where: { $0.offset <= task && task < $0.offset + $0.count }), let id = part.id else {
      return nil
    }
    return "\(id)_\(task - part.offset)"
  }
}

/// The tasks in Slurm's queue, with their states.
package struct SlurmQueue: Hashable, Sendable {
  private let states: [String: String]

  /// The output of `squeue -h -r -o "%i %T"`.
  package init(_ text: String) {
    states = Dictionary(
      text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        return words.count >= 2 ? (String(words[0]), String(words[1])) : nil
      }, uniquingKeysWith: { $1 })
  }

  /// The queue of a user; `nil` where Slurm does not answer.
  package static func ask(user: String, _ run: SlurmSite.Command) -> SlurmQueue? {
    run(["squeue", "-h", "-r", "-u", user, "-o", "%i %T"]).map(SlurmQueue.init)
  }

  /// Whether a task waits.
  package func waits(_ task: String) -> Bool {
    ["PENDING", "REQUEUED", "REQUEUE_HOLD", "SUSPENDED", "CONFIGURING"].contains(states[task])
  }

  /// Whether a task waits or runs. One that is completing has left its last words already.
  package func holds(_ task: String) -> Bool { waits(task) || states[task] == "RUNNING" }
}
