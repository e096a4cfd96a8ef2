package import Learning
import Studies

/// The rules for identifiers and points of claims.
package enum MarkCheck {
  /// The mistakes of claims that are marked together: each identifier once, points from 0.
  package static func mistakes(_ cells: [Cell]) -> [Mistake] {
    var seen: [String: SourcePlace?] = [:]
    var found: [Mistake] = []
    for case .expect(let expect) in cells {
      if let mistake = points(expect) ?? identifier(expect, seen) { found.append(mistake.declared(at: expect.place)) }
      if let id = expect.id, seen[id] == nil { seen[id] = .some(expect.place) }
    }
    return found
  }

  private static func points(_ expect: Expect) -> Mistake? {
    guard let points = expect.points, !(points >= 0 && points.isFinite) else { return nil }
    return Mistake(
      at: expect.words, value: "points: \(points)", rule: "points must be 0 or more, and finite",
      remedy: "Write a number such as 2 or 0.5")
  }

  private static func identifier(_ expect: Expect, _ seen: [String: SourcePlace?]) -> Mistake? {
    guard let id = expect.id else { return nil }
    let isReadable =
      !id.isEmpty && id.count <= 80 && !id.unicodeScalars.contains { $0.properties.generalCategory == .control }
    guard isReadable, id.contains(where: { !$0.isWhitespace }) else {
      return Mistake(
        at: expect.words, value: "id: \(id)", rule: "an identifier has 1 to 80 characters on one line",
        remedy: "Write a short word such as q3")
    }
    guard let first = seen[id] else { return nil }
    let line = first.map { " on line \($0.line)" } ?? ""
    return Mistake(
      at: expect.words, value: "id: \(id)", rule: "another claim\(line) has this identifier",
      remedy: "Give each claim an identifier of its own")
  }
}

extension Expect {
  /// The claim as messages name it.
  package var words: String { "claim “\(claim)”" }
}
