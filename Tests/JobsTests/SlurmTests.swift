import Foundation
import Jobs
import Learning
import Testing

/// What a site allows, and the arrays that are sent.
@Suite struct SlurmTests {
  private static func site(_ answers: [String: String]) throws -> SlurmSite {
    try SlurmSite.ask(partition: nil, user: "ada") { words in answers[words[0...1].joined(separator: " ")] }
  }

  private static let config = """
    Configuration data as of 2026-11-22T07:17:52
    MaxArraySize            = 1001
    MaxJobCount             = 10000
    MaxJobId                = 67043328
    SlurmctldHost[0]        = head(10.0.0.1)
    """

  @Test func limitsAreTheLeastOfAllThatCount() throws {
    let site = try Self.site([
      "scontrol show": Self.config,
      "sacctmgr -nP": "500||normal,long\n|800|debug\n",
      "squeue -h": "17_0\n17_1\n18\n",
    ])
    #expect(site == SlurmSite(arraySize: 1001, submitLimit: 500, queued: 3) && site.free == 497)
  }

  @Test func levelsOfServiceCountIfTheyAreTheUsers() throws {
    let site = try SlurmSite.ask(partition: nil, user: "ada") { words in
      switch words[0] {
      case "scontrol": Self.config
      case "sacctmgr": words.contains("qos") ? "normal|40|\nsecret|1|1\nlong||60\n" : "||normal,long\n"
      default: nil
      }
    }
    #expect(site == SlurmSite(arraySize: 1001, submitLimit: 40, queued: 0))
  }

  @Test func withoutAccountingTheControllerDecides() throws {
    #expect(try Self.site(["scontrol show": Self.config]).free == 10_000)
    #expect(throws: Mistake.self) { try Self.site([:]) }
  }

  private static let open = SlurmSite(arraySize: 50, submitLimit: nil, queued: 0)

  @Test(arguments: [1, 49, 50, 51, 100, 1_234]) func everyChunkHasOneTask(_ chunks: Int) throws {
    for site in [Self.open, SlurmSite(arraySize: 50, submitLimit: 120, queued: 17)] {
      let arrays = try SlurmArrays(chunks: chunks, site: site)
      #expect(arrays.parts.allSatisfy { (1...50).contains($0.count) } && arrays.tasks <= site.free)
      var record = SlurmRecord(tasks: arrays.tasks, parts: arrays.parts)
      for index in record.parts.indices { record.parts[index].id = "\(100 + index)" }
      let plan = ChunkPlan(
        number: 1, threads: 1,
        chunks: (0..<chunks).map { ChunkPlan.Chunk(runs: [$0], steps: 1, seconds: 1, keys: "") })
      var seen: [Int] = []
      for (index, part) in arrays.parts.enumerated() {
        for task in 0..<part.count {
          // What the task computes in its script.
          let own = try plan.chunks(ofPart: "\(part.offset + task + 1)/\(arrays.tasks)")
          #expect(own.count <= arrays.chunksPerTask(chunks))
          #expect(own.allSatisfy { record.task(ofChunk: $0) == "\(100 + index)_\(task)" })
          seen += own
        }
      }
      #expect(seen.sorted() == Array(1...chunks))
    }
  }

  @Test func aFullQueueIsRefused() throws {
    #expect(throws: Mistake.self) {
      try SlurmArrays(chunks: 3, site: SlurmSite(arraySize: 50, submitLimit: 9, queued: 9))
    }
    let one = SlurmSite(arraySize: 50, submitLimit: 9, queued: 8)
    #expect(throws: Mistake.self) { try SlurmArrays(chunks: 3, site: one, reserved: 1) }
    #expect(try SlurmArrays(chunks: 3, site: one).tasks == 1)
  }

  @Test func theCommandHasWhatIsAskedFor() throws {
    let request = SlurmRequest(
      folder: "/home/ada/output/jobs/x-1", name: "descent-x", plan: 3, threads: 4, megabytes: 700, partition: "short",
      time: "01:00:00", most: 8, options: ["--account=physics"])
    let words = request.command(SlurmArrays.Part(offset: 50, count: 20), of: 70, after: "17")
    let expected = [
      "--array=0-19%8", "--cpus-per-task=4", "--mem=700M", "--time=01:00:00", "--dependency=afterany:17",
      "--partition=short", "--account=physics",
    ]
    #expect(Set(words).isSuperset(of: expected))
    #expect(
      words.suffix(5) == [
        "/home/ada/output/jobs/x-1/slurm.sh", "/home/ada/output/jobs/x-1", "plan-003.json", "50", "70",
      ])
    let follower = request.follower(
      after: ["17", "18"], megabytes: 900, commands: [["/a b/descent", "collect", "it's"]])
    #expect(follower.contains("--dependency=afterany:17:18"))
    #expect(follower.last == "--wrap='/a b/descent' collect 'it'\\''s'")
  }

  @Test func timesAreInSlurmsForm() {
    #expect(SlurmRequest.time(forSeconds: 0) == "00:10:00")
    #expect(SlurmRequest.time(forSeconds: 1_200) == "01:10:00")
    #expect(SlurmRequest.time(forSeconds: 86_400) == "3-00:10:00")
  }

  @Test func theQueueKnowsWhatWaitsAndRuns() {
    let queue = SlurmQueue("17_0 RUNNING\n17_1 PENDING\n17_2 COMPLETING\n18 PENDING\n")
    #expect(queue.holds("17_0") && !queue.waits("17_0"))
    #expect(queue.holds("17_1") && queue.waits("17_1") && queue.holds("18"))
    #expect(!queue.holds("17_2") && !queue.holds("17_3"))
  }
}
