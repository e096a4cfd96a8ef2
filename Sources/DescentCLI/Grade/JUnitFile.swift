import Foundation
import Studies

/// The results as JUnit XML: a test suite for each submission, a test case for each claim.
struct JUnitFile {
  private let graded: [GradedSubmission]

  init(_ graded: [GradedSubmission]) { self.graded = graded }

  var xml: String {
    let claims = graded.flatMap(\.claims)
    let counts =
      "tests=\"\(claims.count)\" failures=\"\(claims.count(where: Self.isFailure))\" "
      + "errors=\"\(claims.count(where: Self.isError))\" skipped=\"\(claims.count(where: Self.isSkipped))\""
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"descent grade\" \(counts)>\n"
      + graded.map(suite).joined() + "</testsuites>\n"
  }

  private func suite(_ one: GradedSubmission) -> String {
    let name = Self.escaped(one.submission.name)
    let claims = one.claims
    let head =
      "  <testsuite name=\"\(name)\" tests=\"\(claims.count)\" failures=\"\(claims.count(where: Self.isFailure))\" "
      + "errors=\"\(claims.count(where: Self.isError))\" skipped=\"\(claims.count(where: Self.isSkipped))\" "
      + "time=\"\(String(format: "%.3f", one.seconds))\">\n"
    let cases = claims.map { claim -> String in
      let title = Self.escaped("\(claim.asked.id): \(claim.asked.claim)")
      let output = Self.escaped(claim.output)
      let open = "    <testcase classname=\"\(name)\" name=\"\(title)\">"
      if Self.isError(claim) { return "\(open)<error message=\"not judged\">\(output)</error></testcase>\n" }
      if Self.isSkipped(claim) { return "\(open)<skipped message=\"\(output)\"/></testcase>\n" }
      if Self.isFailure(claim) { return "\(open)<failure message=\"the claim fails\">\(output)</failure></testcase>\n" }
      return "\(open)<system-out>\(output)</system-out></testcase>\n"
    }
    return head + cases.joined() + "    <system-out>\(Self.escaped(one.log))</system-out>\n  </testsuite>\n"
  }

  private static func isError(_ claim: GradedSubmission.Claim) -> Bool { claim.judged == nil }
  private static func isSkipped(_ claim: GradedSubmission.Claim) -> Bool {
    claim.judged != nil && claim.outcome == .untested
  }
  private static func isFailure(_ claim: GradedSubmission.Claim) -> Bool {
    claim.judged != nil && claim.outcome == .failed
  }

  /// Text of XML 1.0, which has no control characters but tabs and line ends.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
