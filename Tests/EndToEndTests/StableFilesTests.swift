import Foundation
import Testing

/// Equal runs give equal bytes, in every format.
@Suite struct StableFilesTests {
  static let all = ["--format", "png,pdf,svg,html"]

  @Test func renderingAgainChangesNoByte() throws {
    try CommandTests.with { p in
      let names = ["gallery-descent", "iris"]
      for name in names {
        #expect(try p.runAll(["run", name, "--quiet", "--output", p.output] + Self.all).status == 0)
      }
      let before = try names.map { try p.contents($0) }
      #expect(
        before.allSatisfy { found in
          ["png", "pdf", "svg", "html"].allSatisfy { kind in found.keys.contains { $0.hasSuffix(kind) } }
        })
      // In another second, and after another report: neither the time nor what was drawn before shows.
      sleep(1)
      let outcome = try p.runAll(["render", "iris", "gallery-descent", "--quiet", "--output", p.output] + Self.all)
      #expect(outcome.status == 0, "\(outcome)")
      for (name, old) in zip(names, before) {
        let new = try p.contents(name)
        #expect(old.keys == new.keys)
        for (path, data) in old { #expect(new[path] == data, "\(name)/\(path)") }
      }
    }
  }

  @Test func trainingAgainChangesNoByteWhenTheTimeIsGiven() throws {
    try CommandTests.with { p in
      var found: [[String: Data]] = []
      for _ in 0..<2 {
        let outcome = try p.runAll(
          ["run", "iris", "--quiet", "--fresh", "--output", p.output] + Self.all,
          environment: ["SOURCE_DATE_EPOCH": "1700000000"])
        #expect(outcome.status == 0, "\(outcome)")
        found.append(try p.contents("iris"))
        sleep(1)
      }
      #expect(found[0] == found[1])
      #expect(String(decoding: found[0]["experiment.json"] ?? Data(), as: UTF8.self).contains("2023-11-14T22:13:20Z"))
    }
  }
}
