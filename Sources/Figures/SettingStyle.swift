import Analysis
import Plotting
package import Studies

/// The colour, dash and marker of a setting, the same in every figure of a report.
package struct SettingStyle {
  var color: Color
  var dash: [Double]
  var marker: Marker

  static let plain = SettingStyle(color: Palette.categories[0], dash: [], marker: .circle)
}

/// The styles of all values of all swept parameters.
package struct SettingStyles {
  /// More numbers than these are named beside a bar of their colours; a legend would be a table.
  static let mostInLegend = 6

  private var styles: [String: [Setting: SettingStyle]] = [:]

  package init(plan: Plan) {
    for axis in plan.axes {
      let settings = axis.values.map(\.setting)
      let isOrdered = settings.allSatisfy { $0.number != nil }
      let colors = Palette.colors(settings.count, ordered: isOrdered)
      // A scale from dark to light is read in grey print too: dashes are left for what else a figure tells apart.
      let isScale = isOrdered && settings.count > 2
      var looks: [Setting: SettingStyle] = [:]
      for (i, setting) in settings.enumerated() {
        looks[setting] = SettingStyle(
          color: colors[i], dash: isScale ? [] : Dash.category(i),
          marker: isScale && settings.count > Self.mostInLegend ? .circle : .category(i))
      }
      styles[axis.parameter.name] = looks
    }
  }

  package func style(_ parameter: String, _ setting: Setting) -> SettingStyle { styles[parameter]?[setting] ?? .plain }
}
