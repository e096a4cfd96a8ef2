import CPageEngine
import Foundation
import Plotting

/// The sliders of a live figure, the numbers that describe its runs, and the engine that trains them.
enum HTMLLive {
  private struct Content: Encodable {
    let controls: [Control]
    let fields: [String]
    let head: [Double]
    let layers: [[Double]]
    let rest: [Double]
    let drawing: Drawing
    let firstSeed: UInt64
    let command: String
    let settings: [[String]]
  }

  /// Of each kind of drawing the numbers that the page needs.
  private struct Drawing: Encodable {
    let kind: String
    var norms: Bool?
    var x: [Double]?
    var y: [Double]?
    var level: Double?
    var colors: [String]?
    var outputs: [Double]?
    var units: Bool?
    var classes: [String]?
    var axes: [Int]?
    var start: [Double]?

    init(_ drawing: Document.Figure.Live.Drawing) {
      switch drawing {
      case .curve(let ofGradientNorm):
        kind = "curve"
        norms = ofGradientNorm
      case .plane(let plane):
        kind = "plane"
        (x, y, outputs) = (Self.ends(plane.x), Self.ends(plane.y), Self.ends(plane.outputs))
        (level, units) = (plane.level, plane.showsUnits)
        colors = plane.colors.map { "#\($0.hex)" }
        classes = plane.classes.map { "#\($0.hex)" }
      case .function(let range):
        kind = "function"
        x = Self.ends(range)
      case .path(let path):
        kind = "path"
        (axes, start) = (path.axes, path.start)
      }
    }

    private static func ends(_ range: ClosedRange<Double>) -> [Double] { [range.lowerBound, range.upperBound] }
  }

  private struct Control: Encodable {
    let name: String
    let field: String
    let low: Double
    let high: Double
    let start: Double
    let log: Bool
    let whole: Bool
    let choices: [Choice]?
    let parameter: Int?
  }

  private struct Choice: Encodable {
    let label: String
    let setting: String
    let numbers: [Double]
    let steps: Int?
  }

  static func markup(_ live: Document.Figure.Live, _ identifier: String) -> String {
    let content = Content(
      controls: live.controls.map {
        Control(
          name: $0.name, field: $0.field, low: $0.range.lowerBound, high: $0.range.upperBound, start: $0.start,
          log: $0.isLogarithmic, whole: $0.isWhole,
          choices: $0.choices.isEmpty
            ? nil
            : $0.choices.map { Choice(label: $0.label, setting: $0.setting, numbers: $0.numbers, steps: $0.steps) },
          parameter: $0.parameter)
      }, fields: live.fields, head: live.head, layers: live.layers, rest: live.rest, drawing: Drawing(live.drawing),
      firstSeed: live.firstSeed, command: live.command, settings: live.settings)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let json = (try? encoder.encode(content)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    let sliders = live.controls.enumerated().map { slider($1, "\(identifier)-live\($0)") }.joined()
    return """
      <div class="controls live" role="group" aria-label="Runs that this page trains" hidden>
      \(sliders)<div class="control">\(buttons(identifier))</div>
      <p class="small" id="\(identifier)-trained">\(invitation(live.drawing))</p>
      </div>
      <script type="application/json" class="live-runs">\(json.replacing("<!--", with: "\\u003c!--"))</script>\n
      """
  }

  private static func invitation(_ drawing: Document.Figure.Live.Drawing) -> String {
    switch drawing {
    case .curve:
      "Move a slider: this page trains the runs, and draws their median (thick line) and their first to third quartile (shaded) over the figure."
    case .plane: "Move a slider: this page trains a run, and draws the outputs of its network in place of the figure's."
    case .function:
      "Move a slider: this page trains a run, and draws the function of its network (thick line) over the figure."
    case .path: "Choose a point of the figure, or move a slider: this page trains a run from there, and draws its path."
    }
  }

  /// A slider over a thousand places, or over the whole numbers of its range.
  private static func slider(_ control: Document.Figure.Live.Control, _ name: String) -> String {
    if !control.choices.isEmpty { return menu(control, name) }
    let ends = control.isWhole ? (Int(control.range.lowerBound), Int(control.range.upperBound)) : (0, 1000)
    return """
      <div class="control"><label for="\(name)">\(HTML.escaped(control.label))</label>
      <input type="range" id="\(name)" min="\(ends.0)" max="\(ends.1)" step="1">
      <output for="\(name)"></output></div>\n
      """
  }

  private static func menu(_ control: Document.Figure.Live.Control, _ name: String) -> String {
    let options = control.choices.enumerated().map { "<option value=\"\($0)\">\(HTML.escaped($1.label))</option>" }
    return """
      <div class="control"><label for="\(name)">\(HTML.escaped(control.label))</label>
      <select id="\(name)">\(options.joined())</select></div>\n
      """
  }

  private static func buttons(_ identifier: String) -> String {
    [("play", "Play"), ("step", "Step"), ("reset", "Reset"), ("copy", "Copy command")].map {
      "<button type=\"button\" data-action=\"\($0.0)\">\($0.1)</button>"
    }.joined(separator: "\n")
  }
}

/// The engine for all live figures of a page, in its two forms. A script of a page finds them by their names.
package enum LiveEngine {
  /// Two elements without anything to see.
  package static let markup = text("engine", descent_page_engine) + text("engine-fused", descent_page_engine_fused)

  private static func text(
    _ identifier: String, _ bytes: (UnsafeMutablePointer<Int>?) -> UnsafePointer<UInt8>?
  ) -> String {
    var count = 0
    guard let start = bytes(&count) else { return "" }
    let text = Data(bytes: start, count: count).base64EncodedString()
    return "<script type=\"application/wasm\" id=\"\(identifier)\">\(text)</script>\n"
  }
}
