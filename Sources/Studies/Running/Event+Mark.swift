import Foundation

extension Event {
  /// The identifier, the points and the numbers of a claim; whatever the claim does not have is `nil`.
  package struct Mark: Hashable, Sendable, Codable {
    /// The identifier of the claim.
    package var id: String?
    /// The points of the claim if it passes.
    package var points: Double?
    /// The value of the statistic.
    package var value: Double?
    /// The comparison in words: "at least".
    package var comparison: String?
    /// The bound with which the value is compared.
    package var bound: Double?

    /// A mark of a claim.
    package init(
      id: String? = nil, points: Double? = nil, value: Double? = nil, comparison: String? = nil, bound: Double? = nil
    ) {
      self.id = id
      self.points = points
      self.value = value
      self.comparison = comparison
      self.bound = bound
    }

    /// The points that an outcome earns: all for a claim that passes, none for one that fails or is untested.
    package func score(_ outcome: Outcome) -> Double { outcome == .passed ? points ?? 0 : 0 }

    /// The points earned of the points possible: "1.5 of 2 points"; `nil` for a claim that is not marked.
    package func scoreText(_ outcome: Outcome) -> String? {
      points.map { Self.text(score(outcome), of: $0) }
    }

    /// Points of points: "1.5 of 2 points".
    package static func text(_ score: Double, of points: Double) -> String {
      "\(NumberText.points(score)) of \(NumberText.points(points)) \(points == 1 ? "point" : "points")"
    }

    /// The identifier and the points, as they precede a claim: "q3 (2 of 2 points)"; `nil` where it has neither.
    package func title(_ outcome: Outcome) -> String? {
      let score = scoreText(outcome)
      guard let id else { return score }
      return id + (score.map { " (\($0))" } ?? "")
    }
  }
}

extension NumberText {
  /// Points with at most three decimals, none where they are whole: "2", "0.5".
  package static func points(_ points: Double) -> String {
    let rounded = (points * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(format: "%.0f", rounded) : "\(rounded)"
  }
}
