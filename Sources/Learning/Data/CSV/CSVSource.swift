import Foundation

/// Columns of a CSV file as inputs and targets.
///
/// Numbers are decimal numbers such as `-1.5e3`, with a point; blanks around them do not count. A single target column
/// of texts holds classes, made into one output each. Numeric labels that are equal as numbers are one class, however
/// they are written: `1`, `1.0` and `01` are the class `1`.
public struct CSVSource: Hashable, Sendable {
  /// Relative to `experiments/data`, or absolute.
  public var path: String
  /// Input columns by name; all columns that are no targets where none are named.
  public var inputs: [String]
  /// Target columns by name.
  public var targets: [String]
  /// Whether the target column holds class labels, even where they are numbers.
  public var targetIsClass: Bool
  /// What is done with missing values: empty fields, and the usual signs such as `NA` and `?`.
  public var missing: Missing
  /// Input columns whose values are categories: each becomes one input, 1 for the category that a sample has and 0 for the others.
  public var categories: [String]
  /// Factor on every input that is a number: 1/16 brings grey levels 0…16 to 0…1.
  public var inputScale: Double

  /// What is done with a missing value.
  public enum Missing: String, Hashable, Sendable {
    /// It is a mistake, reported with its line.
    case refused
    /// Rows with a missing input or target are left out; the report has their number.
    case dropRows
    /// An input is replaced by the median of its column over the training part, a category by the most frequent one there. A missing
    /// target is a mistake.
    case trainingMedian
  }

  /// The name of the file without its extension, for figures and tables.
  public var title: String {
    (path as NSString).lastPathComponent.replacingOccurrences(of: ".csv", with: "")
  }

  /// The full description that identifies the source.
  public var name: String {
    let factor = inputScale == 1 ? "" : " input-scale(\(inputScale))"
    let columns = categories.isEmpty ? "" : " categories(\(categories.joined(separator: ",")))"
    let gaps = missing == .refused ? "" : " missing(\(missing.rawValue))"
    return "csv(\(path)) inputs(\(inputs.joined(separator: ","))) targets(\(targets.joined(separator: ",")))"
      + (targetIsClass ? " classes" : "") + factor + columns + gaps
  }

  /// The path in messages.
  var shownPath: String { Quoted.short(path, limit: 300) }

  func checkScale() throws {
    guard inputScale.isFinite, inputScale != 0 else {
      throw Mistake(
        .data, at: "\(shownPath), input scale", value: "\(inputScale)", rule: "a factor is finite and not 0",
        remedy: "Use 1 to leave the inputs as they are")
    }
  }
}

extension DataSource {
  /// Columns of a CSV file; see `CSVSource`.
  public static func csv(
    _ path: String, inputs: [String] = [], targets: [String], targetIsClass: Bool = false, inputScale: Double = 1,
    categories: [String] = [], missing: CSVSource.Missing = .refused
  ) -> Self {
    Self(
      .csv(
        CSVSource(
          path: path, inputs: inputs, targets: targets, targetIsClass: targetIsClass, missing: missing,
          categories: categories, inputScale: inputScale)))
  }
}
