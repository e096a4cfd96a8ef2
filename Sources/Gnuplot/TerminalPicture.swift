import CGnuplot
import Foundation

/// Curves drawn in a terminal by gnuplot: as characters, or as pixels if the terminal supports sixel.
public struct TerminalPicture: Sendable {
  /// The output of gnuplot in a terminal.
  public enum Kind: String, Sendable, CaseIterable {
    /// Coloured characters.
    case dumb
    /// Characters without colour.
    case plain
    /// Pixels in sixel format.
    case sixel
  }

  /// A curve with its title in the legend.
  public struct Curve: Sendable {
    public var title: String
    public var points: [(x: Double, y: Double)]

    public init(title: String, points: [(x: Double, y: Double)]) {
      self.title = title
      self.points = points
    }
  }

  private let kind: Kind
  private let columns: Int
  private let rows: Int

  /// A picture of a size in characters: at least 30 columns and 10 rows.
  public init(_ kind: Kind, columns: Int, rows: Int) {
    self.kind = kind
    self.columns = max(30, columns)
    self.rows = max(10, rows)
  }

  /// The best kind that the terminal supports.
  public static func kind(environment: [String: String], isTerminal: Bool) -> Kind {
    guard isTerminal else { return .plain }
    let names = [environment["TERM"], environment["TERM_PROGRAM"]].compactMap(\.self).map { $0.lowercased() }
    let knowSixel = ["sixel", "foot", "mlterm", "wezterm", "contour", "yaft"]
    return names.contains { name in knowSixel.contains { name.contains($0) } } ? .sixel : .dumb
  }

  /// Whether gnuplot is installed.
  public static var isAvailable: Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }
  }

  /// Draws to standard output.
  /// - Returns: whether gnuplot could be run.
  @discardableResult
  public func draw(_ curves: [Curve], title: String, x: String, y: String) -> Bool {
    guard let process = descent_gnuplot_open("gnuplot 2>/dev/null") else { return false }
    defer { descent_gnuplot_close(process) }
    return descent_gnuplot_send(process, script(curves, title: title, x: x, y: y)) == 0
  }

  func script(_ curves: [Curve], title: String, x: String, y: String) -> String {
    let drawn = curves.map { curve in
      Curve(title: curve.title, points: curve.points.filter { $0.x.isFinite && $0.y.isFinite })
    }.filter { $0.points.count > 1 }
    let isPositive = drawn.allSatisfy { $0.points.allSatisfy { $0.y > 0 } }
    var lines = [
      terminal, "set title \(Script.quoted(title)) noenhanced", "set key outside top right noenhanced samplen 2",
    ]
    lines += ["set xlabel \(Script.quoted(x)) noenhanced", "set ylabel \(Script.quoted(y)) noenhanced"]
    if isPositive { lines.append("set logscale y; set format y '%.0e'") }
    guard !drawn.isEmpty else { return "" }
    for (index, curve) in drawn.enumerated() {
      lines.append("$curve\(index) << EOD")
      lines += curve.points.map { "\($0.x) \($0.y)" }
      lines.append("EOD")
    }
    let parts = drawn.enumerated().map { index, curve in
      "$curve\(index) using 1:2 with lines lc \(index + 1) title \(Script.quoted(curve.title))"
    }
    return (lines + ["plot \(parts.joined(separator: ", "))", ""]).joined(separator: "\n")
  }

  private var terminal: String {
    switch kind {
    case .plain: "set terminal dumb mono size \(columns),\(rows)"
    case .dumb: "set terminal dumb ansi256 size \(columns),\(rows)"
    case .sixel: "set terminal sixelgd truecolor size \(columns * 9),\(rows * 18)"
    }
  }
}
