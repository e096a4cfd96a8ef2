import Scripts
import Testing

/// The names that the text of a script shows, before it is compiled.
@Suite struct DeclaredNamesTests {
  @Test(arguments: [
    ("struct LearningRates: Experiment {", ["learning-rates"]),
    ("  public struct W1Check : Sendable, Experiment {", ["w1-check"]),
    ("final class Both: Base, Descent.Experiment {", ["both"]),
    ("struct A: Experiment {\n  static let name = \"seeds\"\n}\nenum B: Experiment {", ["seeds", "b"]),
    ("struct A: Experiment {\n  static var name: String { \"given\" }", ["given"]),
    ("// struct Old: Experiment {", []), ("struct ExperimentHelper {", []),
    ("struct Helper: Sendable {\n  static let name = \"x\"\n}", []),
    ("let text = \"Experiment\"", []), ("func run(_ a: Experiment) {", []), ("", []),
  ])
  func areThoseOfTheExperiments(_ text: String, _ names: [String]) {
    #expect(DeclaredNames(texts: [text]).names == names)
  }

  @Test func comeInTheOrderOfTheFiles() {
    #expect(DeclaredNames(texts: ["struct B: Experiment {}", "struct A: Experiment {}"]).names == ["b", "a"])
  }
}
