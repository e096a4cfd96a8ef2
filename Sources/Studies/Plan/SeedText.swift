/// Seeds in words, as they can be typed: "0..<32", "3, 5, 8".
package enum SeedText {
  package static func describe(_ seeds: [UInt64]) -> String {
    guard let first = seeds.first, let last = seeds.last else { return "none" }
    let isRange = seeds.count > 2 && zip(seeds, seeds.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 == 1 }
    if isRange, last < .max { return "\(first)..<\(last + 1)" }
    let listed = seeds.prefix(8).map(String.init).joined(separator: ", ")
    return seeds.count > 8 ? "\(listed), … (\(seeds.count) seeds)" : listed
  }

  /// The seeds of a plan, with the rule that adds them.
  package static func describe(_ plan: Plan) -> String {
    guard let rule = plan.seedRule, let first = rule.rounds.first else { return describe(plan.seeds) }
    return "0..<\(first), then more until the values of \(rule.parameter.name) are decided, at most \(rule.most)"
  }
}

/// Changes of a sweep as a part of a file name.
enum FileNameTag {
  /// Keeps letters, digits and `=+.,-` and replaces others by hyphens. A long tag is cut and followed by a digest of the whole.
  static func of(_ parts: [String]) -> String {
    let text = parts.joined(separator: ",")
    let safe = text.replacing("..<", with: "-below-").map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || "=+.,-".contains(character)) ? character : "-"
    }
    let limit = 80
    return safe.count <= limit ? String(safe) : "\(String(safe.prefix(limit)))-\(Digest.sha256(text).prefix(8))"
  }
}
