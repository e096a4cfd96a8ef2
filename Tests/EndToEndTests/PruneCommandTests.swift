import Foundation
import Testing

/// `descent archive prune` with the real program: nothing is removed without being shown and confirmed.
@Suite struct PruneCommandTests {
  private static func trained() throws -> Program {
    let program = try Program()
    // The first two seeds are of the declaration; no experiment has the others.
    for seeds in ["0..<2", "900..<903"] {
      let outcome = try program.run("run", "iris", "--seeds", seeds, "--format", "png", "--output", program.output)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    return program
  }

  private static func archived(_ program: Program) throws -> String {
    try program.run("plan", "iris", "--seeds", "900..<903", "--output", program.output).output
  }

  @Test func unusedRunsAreShownAndRemovedOnlyIfConfirmed() throws {
    let p = try Self.trained()
    defer { p.remove() }
    let shown = try p.run("archive", "prune", "--unused", "--dry-run", "--output", p.output)
    #expect(shown.status == 0 && shown.output.contains("12 runs"), "\(shown.output)\(shown.errors)")
    #expect(shown.output.contains("learning-rate="))
    // Nobody can be asked: the standard input is no terminal.
    let refused = try p.run("archive", "prune", "--unused", "--output", p.output)
    #expect(refused.status == 64 && refused.errors.contains("--yes"))
    #expect(try Self.archived(p).contains("12 in the archive, 0 to train"))
    let removed = try p.run("archive", "prune", "--unused", "--yes", "--output", p.output)
    #expect(removed.status == 0 && removed.output.contains("removed 12 runs"), "\(removed.output)\(removed.errors)")
    #expect(try Self.archived(p).contains("0 in the archive, 12 to train"))
    let kept = try p.run("plan", "iris", "--seeds", "0..<2", "--output", p.output)
    #expect(kept.output.contains("8 in the archive, 0 to train"))
    #expect(try p.run("render", "iris", "--seeds", "0..<2", "--format", "png", "--output", p.output).status == 0)
  }

  @Test func conditionsAreChecked() throws {
    let p = try Self.trained()
    defer { p.remove() }
    let none = try p.run("archive", "prune", "--yes", "--output", p.output)
    #expect(none.status == 64 && none.errors.contains("no condition"))
    let age = try p.run("archive", "prune", "--older-than", "soon", "--output", p.output)
    #expect(age.status == 64 && age.errors.contains("90d, 12w or 36h"))
    let unknown = try p.run("archive", "prune", "--experiment", "irris", "--output", p.output)
    #expect(unknown.status == 64 && unknown.errors.contains("Did you mean iris"))
    let young = try p.run("archive", "prune", "--older-than", "1d", "--yes", "--output", p.output)
    #expect(young.status == 0 && young.output.contains("no run fulfils the conditions"))
    let own = try p.run("archive", "prune", "--experiment", "iris", "--dry-run", "--output", p.output)
    #expect(own.status == 0 && own.output.contains("8 runs"), "\(own.output)\(own.errors)")
    let other = try p.run("archive", "prune", "--other-semantics", "--dry-run", "--output", p.output)
    #expect(other.status == 0 && other.output.contains("no run fulfils the conditions"))
  }
}
