import Descent
import Learning
import Studies
import Testing

/// Pages that list words list all of them.
@Suite struct WordTests {
  private func missing(_ words: [String], in page: String) throws -> [String] {
    let text = try Pages.page(page)
    return words.filter { !text.contains("`\($0)`") }
  }

  @Test func setUp() throws {
    let words = [
      "data", "network", "loss", "optimizer", "initialization", "batch", "stop", "record", "precision", "objective",
      "start",
    ]
    #expect(try missing(words, in: "SettingUp") == [])
    #expect(try missing(Activation.hidden.map { ".\($0.swiftName)" } + [".softmax"], in: "SettingUp") == [])
    let losses = ["sumOfSquares", "meanSquaredError", "halfSumOfSquares", "halfMeanSquaredError", "absoluteError"]
    #expect(try missing(losses.map { ".\($0)" } + [".binaryCrossEntropy", ".crossEntropy"], in: "SettingUp") == [])
  }

  @Test func parameters() throws {
    #expect(try missing(StandardParameters.all.map(\.name), in: "ParametersAndSweeps") == [])
    #expect(StandardParameters.all.count == 24)
  }

  @Test func quantities() throws {
    #expect(try missing(Quantity.plain.map(\.name), in: "MetricsAndStopRules") == [])
    #expect(Quantity.plain.count == 13)
  }
}

extension Activation {
  /// The name of the case.
  fileprivate var swiftName: String { "\(self)".prefix { $0 != "(" }.description }
}
