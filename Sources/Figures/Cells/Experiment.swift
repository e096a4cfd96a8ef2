import Analysis
import Learning
public import Studies

/// A question, the runs that are trained to answer it, and the report.
///
///     struct LearningRates: Experiment {
///       let title = "How far should one step go?"
///       var setup: Setup { … }
///       var sweep: [Axis] { Vary(.learningRate, over: [0.1, 0.3]); Seeds(0..<32) }
///       var report: [Cell] { Note("…"); Figure("Loss") { Curve(.loss).color(by: .learningRate) } }
///     }
///
/// Its name in the terminal is the type's name in kebab case: `learning-rates`.
public protocol Experiment: Sendable {
  /// The experiment as it is declared.
  init()
  /// The name in the terminal; by default the type's name in kebab case.
  static var name: String { get }
  /// Experiments that are run together with this one, each with a separate report.
  static var companions: [any Experiment.Type] { get }
  /// The question in one line.
  var title: String { get }
  /// The set-up of every run; the sweep replaces some of its values.
  var setup: Setup { get }
  /// The parameters that are varied and the seeds; all combinations are trained.
  @SweepBuilder var sweep: [Axis] { get }
  /// Notes, figures, tables and claims, in their order in the report.
  @ReportBuilder var report: [Cell] { get }
  /// Parameters whose declared values the report needs: `--set` may not change them.
  var fixed: [Fixed] { get }
}

/// A parameter that `--set` may not change, with the reason.
public struct Fixed: Sendable {
  package let parameter: String
  let reason: String

  /// - Parameter reason: why the report needs the declared value: "the report draws two hidden layers".
  public init<Value>(_ parameter: Parameter<Value>, _ reason: String) {
    self.parameter = parameter.name
    self.reason = reason
  }
}

extension Experiment {
  public static var name: String { ExperimentName.kebab("\(Self.self)") }
  public static var companions: [any Experiment.Type] { [] }

  public var fixed: [Fixed] { [] }

  /// The set-up and the sweep under the name of the experiment.
  package var study: Study { Study(name: Self.name, title: title, setup: setup, sweep: sweep) }

  /// The study with values of the command line instead of the declared ones.
  /// - Throws: `Mistakes` for values that cannot be used, and for fixed parameters.
  package func study(applying overrides: Overrides) throws -> Study {
    let refused = overrides.values.compactMap { name, values -> Mistake? in
      fixed.first { $0.parameter == name }.map { fixed in
        Mistake(
          at: "--set \(name)", value: values.joined(separator: ","),
          rule: "\(Self.name) needs it as declared: \(fixed.reason)",
          remedy: "Leave it out, or write an experiment of your own: descent new NAME")
      }
    }
    try Mistakes.collect(refused.map { mistake in { throw mistake } } + [{ _ = try study.applying(overrides) }])
    return try study.applying(overrides)
  }
}

/// Builds a report from the declarations in braces.
@resultBuilder
public enum ReportBuilder {
  /// Adds a cell, and notes the line on which it is declared.
  public static func buildExpression(
    _ cell: some CellDeclaration, file: String = #filePath, line: Int = #line
  ) -> [Cell] {
    [cell.cell.declared(at: SourcePlace(file: file, line: line))]
  }
  /// Adds cells that several reports share.
  public static func buildExpression(_ cells: [Cell]) -> [Cell] { cells }
  public static func buildBlock(_ cells: [Cell]...) -> [Cell] { cells.flatMap(\.self) }
  public static func buildOptional(_ cells: [Cell]?) -> [Cell] { cells ?? [] }
  public static func buildEither(first: [Cell]) -> [Cell] { first }
  public static func buildEither(second: [Cell]) -> [Cell] { second }
  public static func buildArray(_ cells: [[Cell]]) -> [Cell] { cells.flatMap(\.self) }
}
