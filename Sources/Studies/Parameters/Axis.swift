import Foundation
public import Learning

/// One value of an axis, and the change that it makes to a set-up.
package struct AxisValue: Sendable {
  package var setting: Setting
  /// Words that distinguish the value from others of the same title.
  let details: [String]
  let apply: @Sendable (inout Setup) -> Void

  init(setting: Setting, details: [String] = [], apply: @escaping @Sendable (inout Setup) -> Void) {
    self.setting = setting
    self.details = details
    self.apply = apply
  }
}

/// One direction of a sweep: a parameter and the values it takes. Several axes make a grid.
public struct ParameterAxis: Sendable {
  package let parameter: AnyParameter
  package let values: [AxisValue]
  /// The line of the declaration.
  var place: SourcePlace?
  /// Whether its values give a set-up the parameter, which it need not have without the axis.
  let makesItsParameter: Bool

  init(parameter: AnyParameter, values: [AxisValue], makesItsParameter: Bool = false) {
    self.makesItsParameter = makesItsParameter
    self.parameter = parameter
    self.values = Self.withDistinctTitles(values)
  }

  /// Adds distinguishing words to the titles of different values of one title: "two moons (noise 0.1)".
  private static func withDistinctTitles(_ values: [AxisValue]) -> [AxisValue] {
    var values = values
    for (title, group) in Dictionary(grouping: values.indices, by: { values[$0].setting.description }) {
      guard Set(group.map { values[$0].setting }).count > 1 else { continue }
      let shared = group.map { Set(values[$0].details) }.reduce(Set(values[group[0]].details)) { $0.intersection($1) }
      var titles: [String] = group.map { index in
        let own = values[index].details.filter { !shared.contains($0) }
        return own.isEmpty ? title : "\(title) (\(own.joined(separator: ", ")))"
      }
      // Functions of one name are distinguished by a number.
      if Set(titles).count < titles.count { titles = titles.indices.map { "\(title) (\($0 + 1))" } }
      for (index, title) in zip(group, titles) {
        guard case .content(var content) = values[index].setting else { continue }
        content.title = title
        values[index].setting = .content(content)
      }
    }
    return values
  }
}

/// A declaration in a `sweep`.
public protocol AxisDeclaration {
  /// The axes that the declaration adds to the sweep.
  var axes: [Axis] { get }
}

/// A part of a sweep: an axis, or the seeds.
public enum Axis: Sendable {
  /// A parameter with its values.
  case axis(ParameterAxis)
  /// The seeds of every setting.
  case seeds([UInt64])
  /// Seeds that are added until a comparison is decided.
  case seedsUntilDecided(SeedRule)
}

/// Varies one parameter over values: one or more, each once. A sweep is the product of its axes, at most 10⁷ runs.
public struct Vary: AxisDeclaration {
  public let axes: [Axis]

  /// An axis over the values of a parameter.
  public init<Value>(_ parameter: Parameter<Value>, over values: [Value]) {
    let set = parameter.set
    axes = [
      .axis(
        ParameterAxis(
          parameter: parameter.erased,
          values: values.map { value in
            AxisValue(setting: value.setting, details: value.details) { set(&$0, value) }
          }))
    ]
  }
}

/// Trains every setting once per seed; a seed decides weights, sample order, and data drawn per seed.
public struct Seeds: AxisDeclaration {
  public let axes: [Axis]

  /// Seeds in a range: `Seeds(0..<32)`. Each setting of the other axes is trained once for each.
  public init(_ range: Range<Int>) { axes = [.seeds(range.map { UInt64(bitPattern: Int64($0)) })] }
  /// Seeds in a list, each once.
  public init(_ seeds: [UInt64]) { axes = [.seeds(seeds)] }
  /// Seeds by a rule.
  package init(_ rule: SeedRule) { axes = [.seedsUntilDecided(rule)] }
}

/// k-fold cross-validation: trains every setting once with each of `count` parts of the samples held out (Stone 1974). Each fold is a
/// value of the parameter `.fold`.
///
/// The data need no `validation(share:)` or `kFold(_:)` of their own. What `stratified()` and `test(share:)` say holds for folds too.
public struct Folds: AxisDeclaration {
  public let axes: [Axis]

  /// An axis over the folds 1 … `count` of one partition, drawn by `drawn`; `.perSeed` draws another one for each seed of the sweep.
  public init(_ count: Int, drawn: Draw = .fixed()) {
    axes = [
      .axis(
        ParameterAxis(
          parameter: Parameter.fold.erased,
          values: (0..<Swift.max(0, Swift.min(count, 10_000))).map { index in
            AxisValue(setting: (index + 1).setting) { $0.data = $0.data?.kFold(count, fold: index + 1, drawn: drawn) }
          }, makesItsParameter: true))
    ]
  }
}

/// One named change of the set-up among several.
public struct Variant: Sendable {
  let name: String
  let change: @Sendable (inout Setup) -> Void

  /// A change with the name that figures and the command line use.
  public init(_ name: String, change: @escaping @Sendable (inout Setup) -> Void) {
    self.name = name
    self.change = change
  }
}

/// Varies whole set-ups: each variant may change anything. Refer to the axis by `.variant(name)`.
public struct Variants: AxisDeclaration {
  public let axes: [Axis]

  /// An axis of variants with its name.
  public init(_ name: String, _ variants: [Variant]) {
    let parameter = Parameter<String>.variant(name).erased
    axes = [
      .axis(
        ParameterAxis(
          parameter: parameter,
          values: variants.map { variant in
            AxisValue(setting: .text(variant.name)) { setup in
              variant.change(&setup)
              setup.variants[name] = variant.name
            }
          }))
    ]
  }
}

/// Builds a sweep from the declarations in braces.
@resultBuilder
public enum SweepBuilder {
  /// Adds axes, and notes the line on which they are declared.
  public static func buildExpression(
    _ declaration: some AxisDeclaration, file: String = #filePath, line: Int = #line
  ) -> [Axis] {
    declaration.axes.map { part in
      guard case .axis(var axis) = part else { return part }
      axis.place = SourcePlace(file: file, line: line)
      return .axis(axis)
    }
  }
  public static func buildBlock(_ parts: [Axis]...) -> [Axis] { parts.flatMap(\.self) }
  public static func buildOptional(_ part: [Axis]?) -> [Axis] { part ?? [] }
  public static func buildEither(first: [Axis]) -> [Axis] { first }
  public static func buildEither(second: [Axis]) -> [Axis] { second }
  public static func buildArray(_ parts: [[Axis]]) -> [Axis] { parts.flatMap(\.self) }
}

extension Array where Element == Double {
  /// `count` values a(b/a)^(i/(count−1)) from the lower bound a > 0 to the upper bound b, evenly spaced in the logarithm,
  /// rounded to three digits (to more where three would make two of them equal).
  public static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> [Double] {
    guard count > 1, range.lowerBound > 0 else { return count == 1 ? [range.lowerBound] : [] }
    let ratio = Exact.log(range.upperBound / range.lowerBound)
    return Rounding.distinct(
      (0..<count).map { range.lowerBound * Exact.exp(ratio * Double($0) / Double(count - 1)) })
  }

  /// `count` values from the lower to the upper bound, evenly spaced, rounded likewise.
  public static func linear(_ range: ClosedRange<Double>, count: Int) -> [Double] {
    guard count > 1 else { return count == 1 ? [range.lowerBound] : [] }
    let width = range.upperBound - range.lowerBound
    return Rounding.distinct((0..<count).map { range.lowerBound + width * Double($0) / Double(count - 1) })
  }
}

/// Declared grids are rounded, so that a value is what it is shown as and can be typed.
private enum Rounding {
  static func distinct(_ values: [Double]) -> [Double] {
    for digits in [3, 6, 9] {
      let rounded = values.map { significant($0, digits) }
      if Set(rounded).count == values.count { return rounded }
    }
    return values
  }

  private static func significant(_ value: Double, _ digits: Int) -> Double {
    guard value != 0, value.isFinite else { return value }
    return Double(String(format: "%.\(digits - 1)e", value)) ?? value
  }
}
