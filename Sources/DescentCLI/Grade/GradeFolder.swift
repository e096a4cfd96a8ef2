import Foundation
import Reporting

/// The folder of the results: an overview, and a folder for each submission. It is replaced as a whole, after the last submission.
struct GradeFolder {
  private let url: URL
  private let visibility: GradescopeFile.Visibility
  private var folder: OutputFolder { OutputFolder(url) }
  private static let files = ["index.html", "overview.json", "junit.xml"]

  init(_ url: URL, visibility: GradescopeFile.Visibility) {
    self.url = url
    self.visibility = visibility
  }

  /// Checks before any submission runs that the results can be written.
  func check(_ submissions: [Submission]) throws {
    try ReportWriter.prepare(output: url)
    try folder.check(Self.files + submissions.flatMap { ["\($0.name)/results.json", "\($0.name)/marking.html"] })
  }

  /// Writes everything, or on an error nothing.
  /// - Returns: the overview.
  func write(
    _ graded: [GradedSubmission], _ scheme: MarkingScheme, claims: String, _ conditions: [String], isIsolated: Bool
  ) throws -> URL {
    try folder.update { staging in
      for one in graded {
        let place = staging.appendingPathComponent(one.submission.name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try GradescopeFile(one, visibility: visibility).json.write(to: place.appendingPathComponent("results.json"))
        for page in one.pages { try page.content.write(to: place.appendingPathComponent(page.name)) }
      }
      let page = try GradePage(graded, scheme: scheme, conditions: conditions).html()
      try Data(page.utf8).write(to: staging.appendingPathComponent("index.html"))
      let overview = GradeOverview(graded, claims: claims, scheme: scheme, isIsolated: isIsolated)
      try overview.json.write(to: staging.appendingPathComponent("overview.json"))
      try Data(JUnitFile(graded).xml.utf8).write(to: staging.appendingPathComponent("junit.xml"))
    }
    return url.appendingPathComponent("index.html")
  }
}
