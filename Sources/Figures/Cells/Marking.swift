/// A lecturer's claims about the experiment that students hand in, in a file apart from theirs: `descent grade`.
///
///     struct Coursework: Marking {
///       let seeds = 1000..<1032
///       var claims: [Cell] {
///         Expect(.share(of: .finalLoss, below: 1e-2), atLeast: 0.5, id: "q1", points: 2)
///       }
///     }
public protocol Marking: Sendable {
  /// The claims as they are declared.
  init()
  /// The name of the experiment that is marked; empty for the only experiment of a submission.
  var experiment: String { get }
  /// The seeds of the runs that are marked, in place of those of the submission; an empty range keeps the submission's.
  var seeds: Range<Int> { get }
  /// The claims, with their identifiers and points. Notes, figures and tables between them are shown in the report of the marking.
  @ReportBuilder var claims: [Cell] { get }
}

extension Marking {
  public var experiment: String { "" }
  public var seeds: Range<Int> { 0..<0 }
}
