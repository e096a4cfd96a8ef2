import Descent
import Figures
import Foundation
import Learning
import Scripts
import Studies

/// What a lecturer's file asks: its claims with identifiers, points and seeds. The submissions are not needed for it.
struct MarkingScheme: Codable {
  /// The claims of one type of the file.
  struct Part: Codable {
    let type: String
    /// The experiment that is marked; empty for the only one of a submission.
    let experiment: String
    /// The seeds; empty for those of the submission.
    let seeds: [UInt64]
    let claims: [Claim]
  }

  /// A claim before it is judged.
  struct Claim: Codable {
    /// The identifier, or the number of the claim in the file.
    let id: String
    let claim: String
    /// The points; 0 for a claim without points.
    let points: Double
  }

  let parts: [Part]

  var claims: [Claim] { parts.flatMap(\.claims) }
  var points: Double { claims.reduce(0) { $0 + $1.points } }

  /// The seeds in words: "1000..<1032".
  var seedText: String {
    let texts = parts.map { $0.seeds.isEmpty ? "those of the submission" : SeedText.describe($0.seeds) }
    return Set(texts).count == 1 ? texts[0] : texts.joined(separator: "; ")
  }

  /// Reads the types of a lecturer's file in this process.
  /// - Throws: `Mistakes` with the lines of the declarations.
  init(of script: CompiledScript, seeds: [UInt64]?) throws {
    let types = try LoadedScript.markings(of: script)
    var number = 0
    var cells: [Cell] = []
    var mistakes: [Mistake] = []
    parts = zip(types, script.markings).map { type, declaration in
      let marking = type.init()
      cells += marking.claims
      let claims = marking.claims.expectations.map { expect -> Claim in
        number += 1
        return Claim(id: expect.id ?? "\(number)", claim: expect.claim, points: expect.points ?? 0)
      }
      let place = SourcePlace(file: declaration.file, line: declaration.lines["seeds"] ?? declaration.line)
      mistakes += Self.mistakes(marking.seeds, claims, declaration.type).map { $0.declared(at: place) }
      return Part(
        type: declaration.type, experiment: marking.experiment,
        seeds: seeds ?? marking.seeds.map { UInt64(clamping: $0) }, claims: claims)
    }
    mistakes += MarkCheck.mistakes(cells)
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
  }

  private static func mistakes(_ seeds: Range<Int>, _ claims: [Claim], _ type: String) -> [Mistake] {
    var found: [Mistake] = []
    if seeds.lowerBound < 0 || seeds.count > Plan.maximumRuns {
      found.append(
        Mistake(
          at: "\(type).seeds", value: "\(seeds)", rule: "seeds are whole numbers from 0, at most 10⁷ of them",
          remedy: "Write a range such as 1000..<1032"))
    }
    if claims.isEmpty {
      found.append(
        Mistake(
          at: "\(type).claims", value: "", rule: "it has no claim, so that nothing would be marked",
          remedy: "Add claims: Expect(…, id: \"q1\", points: 2)"))
    }
    return found
  }
}

extension [Cell] {
  /// The claims among the cells.
  var expectations: [Expect] { compactMap { if case .expect(let expect) = $0 { expect } else { nil } } }
}
