public import Studies

/// A question, the runs that answer it, and the report that shows the answer.
///
///     struct LearningRates: Experiment {
///       let title = "How far should one step go?"
///       var setup: Setup { … }
///       var sweep: [Axis] { Vary(.learningRate, over: [0.1, 0.3]); Seeds(0..<32) }
///       var report: [Cell] { Note("…"); Figure("Loss") { Curve(.loss).color(by: .learningRate) } }
///     }
///
/// In the terminal it goes by its type in kebab case: `learning-rates`.
public protocol Experiment: Sendable {
  init()
  /// The name typed in a terminal: the type's own in kebab case, unless an experiment gives another.
  static var name: String { get }
  /// Experiments that are run along with this one, each with a report of its own.
  static var companions: [any Experiment.Type] { get }
  /// The question, in a line.
  var title: String { get }
  /// What is trained where the sweep says nothing else.
  var setup: Setup { get }
  /// What is varied; all combinations are trained.
  @SweepBuilder var sweep: [Axis] { get }
  /// Notes, figures, tables and expectations, in the order of the page.
  @ReportBuilder var report: [Cell] { get }
}

extension Experiment {
  public static var name: String { kebab("\(Self.self)") }
  public static var companions: [any Experiment.Type] { [] }

  public var study: Study { Study(name: Self.name, title: title, setup: setup, sweep: sweep) }

  /// LearningRates → learning-rates, W1Check → w1-check
  static func kebab(_ type: String) -> String {
    var result = ""
    var previous: Character?
    for character in type {
      if character.isUppercase, let previous, !previous.isUppercase { result.append("-") }
      result.append(contentsOf: character.lowercased())
      previous = character
    }
    return result
  }
}

@resultBuilder
public enum ReportBuilder {
  public static func buildExpression(_ cell: some CellDeclaration) -> [Cell] { [cell.cell] }
  /// Cells that several reports share.
  public static func buildExpression(_ cells: [Cell]) -> [Cell] { cells }
  public static func buildBlock(_ cells: [Cell]...) -> [Cell] { cells.flatMap(\.self) }
  public static func buildOptional(_ cells: [Cell]?) -> [Cell] { cells ?? [] }
  public static func buildEither(first: [Cell]) -> [Cell] { first }
  public static func buildEither(second: [Cell]) -> [Cell] { second }
  public static func buildArray(_ cells: [[Cell]]) -> [Cell] { cells.flatMap(\.self) }
}

/// What can stand in a report.
public protocol CellDeclaration {
  var cell: Cell { get }
}

/// One piece of a report.
public enum Cell: Sendable {
  case note(Note)
  case figure(Figure)
  case table(ReportTable)
  case expect(Expect)
  case comparison(Comparison)
}

/// Markdown between figures: headings, paragraphs, lists, emphasis, code, tables, links; mathematics in Unicode.
public struct Note: CellDeclaration, Sendable {
  let text: @Sendable (Results) throws -> String

  public init(_ text: String) { self.text = { _ in text } }

  /// A note that quotes what the runs came to.
  public init(_ text: @escaping @Sendable (_ results: Results) throws -> String) { self.text = text }

  public var cell: Cell { .note(self) }
}

/// A table whose rows the runs decide.
public struct ReportTable: CellDeclaration, Sendable {
  struct Content {
    var caption: String
    var columns: [String]
    var rows: [[String]]
  }

  let content: @Sendable (Results) throws -> Content

  public init(
    _ caption: String, columns: [String], rows: @escaping @Sendable (_ results: Results) throws -> [[String]]
  ) {
    content = { Content(caption: caption, columns: columns, rows: try rows($0)) }
  }

  /// A table whose caption and columns the runs decide too.
  init(content: @escaping @Sendable (Results) throws -> Content) { self.content = content }

  public var cell: Cell { .table(self) }
}
