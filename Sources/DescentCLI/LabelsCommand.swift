import ArgumentParser
import CairoCanvas
import Documents
import Plotting
import Reporting
import RunArchive
import Studies

/// Looks for labels that touch each other in the figures of reports; for `Tests/labels`, not for users.
struct LabelsCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels", abstract: "Find labels of figures that touch each other.", shouldDisplay: false)

  /// A figure's own height, and the least and the greatest that a page gives it.
  private static let stretches = [1, FigureItem.stretch.lowerBound, FigureItem.stretch.upperBound]

  /// Every experiment where none is named.
  @Argument(help: .experimentNames, completion: .experiments)
  var names: [String] = []

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions

  var scriptArguments: [String] { names }
  var wantsEveryScript: Bool { names.isEmpty }

  func run() throws {
    let archive = try place.existingArchive()
    let overrides = try sweep.overrides()
    let ruler = try CairoCanvas.ruler()
    let chosen = try Program.catalogue.withCompanions(
      names.isEmpty ? Program.catalogue.names : Program.catalogue.names(of: names))
    var figures = 0
    var found: [String] = []
    for session in try chosen.map({ try Session($0, in: place, overrides: overrides) }) {
      for figure in try session.compose(from: archive).document.figures {
        figures += 1
        let conflicts = Self.stretches.flatMap {
          LabelCheck.conflicts(figure.charts, width: PageWriter.width, stretch: $0, ruler: ruler)
        }
        found += Set(conflicts).sorted().map { "\(session.name), figure \(figure.number): \($0)" }
      }
    }
    for conflict in found { print(conflict) }
    if !found.isEmpty { throw ExitCode.failure }
    print("no label touches another in \(figures) figures")
  }
}
