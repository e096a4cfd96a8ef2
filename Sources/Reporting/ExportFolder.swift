package import Foundation
package import Studies

/// The folders of exports, one for each experiment.
package struct ExportFolder {
  private let output: URL

  package init(_ output: URL) { self.output = output }

  /// The folder for the exports of a plan. If the command line has changed the sweep and exports of the unchanged declaration exist, they
  /// are kept: the folder is a separate one, `NAME@seeds=…`.
  package func url(of plan: Plan) -> URL {
    let all = output.appendingPathComponent("export")
    let whole = all.appendingPathComponent(plan.name)
    let parts = ["gnuplot", "latex", "jupyter"].map { whole.appendingPathComponent($0) }
    guard !plan.changeTag.isEmpty, ([whole] + parts).contains(where: { OutputFolder($0).hasWholeDeclaration }) else {
      return whole
    }
    return all.appendingPathComponent("\(plan.name)@\(plan.changeTag)")
  }
}
