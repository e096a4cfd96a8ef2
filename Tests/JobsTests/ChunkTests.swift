import Foundation
import Jobs
import Learning
import Testing

/// Runs cut into chunks, and parts of a plan.
@Suite struct ChunkTests {
  private static func group(_ runs: Range<Int>, atOnce: Int, steps: Int, cost: Double) -> ChunkCutter.Group {
    ChunkCutter.Group(runs: Array(runs), runsAtOnce: atOnce, secondsPerStep: cost, steps: { _ in steps })
  }

  @Test(arguments: [0.5, 3, 10, 47, 1e6])
  func everyRunIsInOneChunkAndLaneGroupsStayWhole(_ target: Double) {
    let groups = [
      Self.group(0..<1_000, atOnce: 32, steps: 100, cost: 1e-3),
      Self.group(1_000..<1_013, atOnce: 8, steps: 10, cost: 1e-2),
      Self.group(1_013..<1_020, atOnce: 1, steps: 500, cost: 1e-2),
    ]
    let cuts = ChunkCutter.cut(groups, target: target)
    #expect(cuts.flatMap(\.runs) == Array(0..<1_020))
    for cut in cuts {
      // A chunk begins where a lane group does.
      let first = cut.runs[0]
      #expect(first >= 1_013 || first < 1_000 ? first % 32 == 0 || first >= 1_013 : (first - 1_000) % 8 == 0)
      let expected = cut.runs.reduce(0.0) { $0 + ($1 < 1_000 ? 0.1 : $1 < 1_013 ? 0.1 : 5) }
      #expect(abs(cut.seconds - expected) < 1e-9)
      // No longer than the target and half a lane group at each end.
      #expect(cut.seconds <= max(target, 5) + 5)
    }
    if target == 1e6 { #expect(cuts.count == 1) }
  }

  @Test func chunksAreEven() {
    let cuts = ChunkCutter.cut([Self.group(0..<1_050, atOnce: 1, steps: 1, cost: 1)], target: 100)
    #expect(cuts.count == 11)
    let sizes = cuts.map(\.runs.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func rangesHoldWhatWasGiven() {
    let runs = [3, 4, 5, 9, 11, 12]
    let chunk = ChunkPlan.Chunk(runs: runs, steps: 1, seconds: 1, keys: "")
    #expect(chunk.ranges == [[3, 6], [9, 10], [11, 13]])
    #expect(chunk.runs == runs && chunk.count == 6)
  }

  private static let plan = ChunkPlan(
    number: 2, threads: 1, chunks: (0..<10).map { ChunkPlan.Chunk(runs: [$0], steps: 1, seconds: 1, keys: "") })

  @Test(arguments: [1, 3, 4, 10]) func thePartsOfAPlanAreItsChunksOnce(_ count: Int) throws {
    let all = try (1...count).flatMap { try Self.plan.chunks(ofPart: "\($0)/\(count)") }
    #expect(all.sorted() == Array(1...10))
    #expect(Self.plan.name(ofChunk: 7) == "002-0007")
  }

  @Test(arguments: ["", "3", "0/4", "5/4", "1/11", "a/3", "1/0", "1/2/3", "-1/3"]) func otherPartsAreRefused(
    _ text: String
  ) {
    #expect(throws: Mistake.self) { try Self.plan.chunks(ofPart: text) }
  }

  @Test func keysKeepTheirDigits() throws {
    let keys = ["00", "ff", "9a"].map { String(repeating: $0, count: 32) }
    let list = try KeyList(keys)
    #expect((0..<3).map { list[$0] } == keys)
    #expect(try KeyList.digest(keys.reversed()) != list.digest)
    #expect(throws: Mistake.self) { try KeyList(["00"]) }
    #expect(throws: Mistake.self) { try KeyList([String(repeating: "G", count: 64)]) }
  }
}
