import Learning
import Testing

@Suite struct QuotedTests {
  @Test func longTextsAreCut() {
    #expect(Quoted.short("plain text") == "plain text")
    #expect(Quoted.short(String(repeating: "a", count: 60)).count == 60)
    #expect(Quoted.short(String(repeating: "a", count: 61)) == String(repeating: "a", count: 60) + "…")
    #expect(Quoted.short("abcdef", limit: 3) == "abc…")
    // One letter with a million accents is one Character.
    let accents = "e" + String(repeating: "\u{301}", count: 1_000_000)
    #expect(Quoted.short(accents).unicodeScalars.count == 61)
  }

  @Test func nothingSteersTheTerminal() {
    #expect(Quoted.short("a\nb\tc\r\n") == "a\\nb\\tc\\r\\n")
    #expect(Quoted.short("\u{1B}[2J\u{0}\u{7F}\u{9B}") == "\\u{1B}[2J\\u{0}\\u{7F}\\u{9B}")
    #expect(Quoted.short("\u{202E}\u{200B}\u{2028}\u{FEFF}") == "\\u{202E}\\u{200B}\\u{2028}\\u{FEFF}")
    #expect(Quoted.short("größer 😀 λ") == "größer 😀 λ")
  }

  @Test func longListsAreCut() {
    #expect(Quoted.list(["a", "b"]) == "a, b")
    #expect(Quoted.list((0..<12).map(String.init)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … and 2 more")
  }
}
