import Studies
import Testing

/// Numbers of things, with their noun in singular or plural.
@Suite struct CountTextTests {
  @Test(arguments: [
    (0, "0 runs"), (1, "1 run"), (2, "2 runs"), (1_000, "1000 runs"), (12_000, "12\u{202F}000 runs"), (-1, "−1 runs"),
  ]) func count(_ value: Int, _ text: String) {
    #expect(NumberText.count(value, "run") == text)
  }
}
