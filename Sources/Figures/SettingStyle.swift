import Analysis
import Plotting
package import Studies

/// The colour, dash and marker of a setting, the same in every figure of a report.
package struct SettingStyle {
  var color: Color
  var dash: [Double]
  var marker: Marker

  static let plain = SettingStyle(color: Palette.categories[0], dash: [], marker: .circle)

  /// The styles of lines beside each other: hues with dashes and markers for categories, a scale of colours for ordered values.
  static func styles(_ count: Int, ordered: Bool) -> [SettingStyle] {
    let colors = Palette.colors(count, ordered: ordered)
    // A scale from dark to light is read in grey print too: dashes are left for what else a figure tells apart.
    let isScale = ordered && count > 2
    return colors.indices.map { i in
      SettingStyle(
        color: colors[i], dash: isScale ? [] : Dash.category(i),
        marker: isScale && count > SettingStyles.mostInLegend ? .circle : .category(i))
    }
  }
}

/// The styles of all values of all swept parameters.
package struct SettingStyles {
  /// More numbers than these are named beside a bar of their colours; a legend would be a table.
  static let mostInLegend = 6

  private var styles: [String: [Setting: SettingStyle]] = [:]

  package init(plan: Plan) {
    for axis in plan.axes {
      let settings = axis.values.map(\.setting)
      let looks = SettingStyle.styles(settings.count, ordered: settings.allSatisfy { $0.number != nil })
      styles[axis.parameter.name] = Dictionary(zip(settings, looks)) { _, last in last }
    }
  }

  package func style(_ parameter: String, _ setting: Setting) -> SettingStyle { styles[parameter]?[setting] ?? .plain }
}
