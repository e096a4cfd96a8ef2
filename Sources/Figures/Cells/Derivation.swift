public import Analysis
import Documents
import Learning
import Studies

/// One quantity of a derivation, computed in two ways.
public struct DerivationLine: Sendable {
  /// The quantity in the notation of its source, in Markdown: "δ_1".
  public let quantity: String
  /// Its formula, in Markdown.
  public let formula: String
  /// The value by the formula, as plain loops.
  public let textbook: Double
  /// The value by the training engine.
  public let engine: Double

  /// A quantity with its formula and both values.
  public init(_ quantity: String, _ formula: String, textbook: Double, engine: Double) {
    self.quantity = quantity
    self.formula = formula
    self.textbook = textbook
    self.engine = engine
  }

  /// |textbook − engine|
  public var difference: Double { abs(textbook - engine) }
  /// |textbook − engine| / |textbook|; NaN where both are 0.
  public var relativeDifference: Double { difference / abs(textbook) }
}

extension ReportTable {
  /// A table of a derivation: every quantity with its formula, its value by the textbook and by the engine, and the difference.
  public static func derivation(
    _ caption: String, _ lines: @escaping @Sendable (_ results: Results) throws -> [DerivationLine]
  ) -> ReportTable {
    ReportTable(
      caption,
      columns: ["quantity", "formula", .number("textbook"), .number("engine"), .number("difference")]
    ) { results in
      try lines(results).map { line in
        [line.quantity, line.formula] + [line.textbook, line.engine].map { NumberText.short($0, digits: 6) }
          + [NumberText.short(line.difference, digits: 1)]
      }
    }
  }
}

extension Expect {
  /// Claims that textbook and engine agree in every line of a derivation.
  ///
  /// A line that is 0, or not finite, in the textbook's column fails: a wrong sign or factor could not be seen in it.
  /// - Parameters:
  ///   - bound: the largest relative difference |textbook − engine| / |textbook|.
  ///   - id: the identifier by which marking names the claim.
  ///   - points: the points of a claim that passes.
  public static func derivation(
    _ claim: String, within bound: Double, id: String? = nil, points: Double? = nil,
    _ lines: @escaping @Sendable (_ results: Results) throws -> [DerivationLine]
  ) -> Expect {
    Expect(claim, id: id, points: points) { results in
      let lines = try lines(results)
      // NaN is not at most the bound either.
      let wrong = lines.filter { !($0.relativeDifference <= bound) }
      guard let first = wrong.first else {
        let worst = lines.map(\.relativeDifference).max() ?? .nan
        let count = lines.count == 1 ? "one quantity" : "\(lines.count) quantities"
        return (!lines.isEmpty, "\(count), greatest relative difference \(NumberText.short(worst, digits: 2))")
      }
      let reason =
        first.textbook == 0
        ? "is 0, so that a wrong sign could not be seen"
        : "textbook \(NumberText.short(first.textbook, digits: 6)), engine \(NumberText.short(first.engine, digits: 6))"
      return (false, "\(wrong.count) of \(lines.count) differ; \(first.quantity): \(reason)")
    }
  }
}
