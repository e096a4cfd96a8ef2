/// A mapping from numbers to colours, with the title of its colour bar.
public struct ColorScale: Hashable, Sendable {
  /// The sequences of colours.
  public enum Map: Hashable, Sendable {
    /// Viridis, dark to light.
    case sequential
    /// Blue through white to red, white at zero.
    case diverging
    /// A pale background colour for each category 0, 1, 2 …
    case classes
    /// A colour of its own for each of some settings in order; the scale is ordinal and names them.
    case settings([Color])
  }

  /// The title of the colour bar.
  public var title: String
  /// The sequence of colours.
  public var map: Map
  /// The scale of the values.
  public var scale: Scale
  /// The share of white that is mixed in, for a background under other marks.
  public var paleness: Double

  /// A scale of values and its colours.
  public init(_ title: String, map: Map = .sequential, scale: Scale, paleness: Double = 0) {
    self.title = title
    self.map = map
    self.scale = scale
    self.paleness = paleness
  }

  /// A scale of settings, each with its colour: in place of a legend where they are many.
  public static func settings(_ title: String, _ entries: [(name: String, color: Color)]) -> ColorScale {
    let scale = Scale.fitting(.ordinal(entries.map(\.name)), [])
    return ColorScale(title, map: .settings(entries.map(\.color)), scale: scale)
  }

  /// A scale that holds all values that it can show; symmetric about zero for a diverging one.
  public static func fitting(
    _ title: String, _ values: [Double], kind: Scale.Kind = .linear, map: Map = .sequential
  ) -> ColorScale {
    var values = values.filter(\.isFinite)
    if map == .diverging { values += values.map { -$0 } }
    return ColorScale(title, map: map, scale: .fitting(kind, values, air: 0))
  }

  /// The colour of a value. Values beyond the scale have the colour of its nearer end; `nil` for values that it cannot show.
  public func color(_ value: Double) -> Color? {
    switch map {
    case .classes:
      guard let index = Int(exactly: value.rounded()), index >= 0 else { return nil }
      return Palette.categories[index % Palette.categories.count].mixed(with: .white, paleness)
    case .settings(let colors):
      guard let index = Int(exactly: value.rounded()), colors.indices.contains(index) else { return nil }
      return colors[index].mixed(with: .white, paleness)
    case .sequential, .diverging:
      if value == .infinity { return color(atShare: 1) }
      guard scale.shows(value) else { return scale.kind == .log && value == 0 ? color(atShare: 0) : nil }
      return color(atShare: scale.share(value))
    }
  }

  /// Whether it names settings instead of showing numbers.
  package var isOfSettings: Bool { if case .settings = map { true } else { false } }

  /// The colour at a share of the scale.
  public func color(atShare share: Double) -> Color {
    let pure =
      switch map {
      case .settings(let colors):
        colors.isEmpty ? Color.gray : colors[min(max(Int(share * Double(colors.count)), 0), colors.count - 1)]
      case .classes: Palette.categories[0]
      case .sequential: Palette.viridis(share)
      case .diverging: Palette.diverging(share)
      }
    return pure.mixed(with: .white, paleness)
  }
}
