import Foundation
import Plotting

/// The sliders of a figure in a page, the picture that they show first, and what they exchange in it.
struct HTMLFrames {
  let wide: String
  let narrow: String
  /// The sliders, and the texts and images of all frames.
  let sliders: String
  /// What is said of the first picture.
  let description: String
  /// The bytes of what is not shown at first.
  let bytes: Int

  /// What all layouts share.
  private struct Shared: Encodable {
    /// The index of the drawing of every combination of the sliders' values.
    let order: [Int]
    let words: [String]
    let captions: [String]
    let images: [String]
  }

  private struct Layout: Encodable {
    let parts: [String]
    let frames: [[Int]]
    /// For each frame, the index of its notes.
    let notes: [Int]
  }

  /// The images of all frames; each is stored once.
  private final class Images {
    private(set) var addresses: [String] = []
    private var known: [Image: Int] = [:]
    private let encode: (Image) -> String

    init(encode: @escaping (Image) -> String) { self.encode = encode }

    /// The name that stands for an image in the markup.
    func name(_ image: Image) -> String {
      if known[image] == nil {
        known[image] = addresses.count
        addresses.append(encode(image))
      }
      return "image:\(known[image] ?? 0)"
    }

    /// Markup with the addresses in place of the names.
    func filled(_ markup: String) -> String {
      markup.replacing(/"image:([0-9]+)"/) { "\"\(addresses[Int($0.1) ?? 0])\"" }
    }
  }

  init<Ruler: Canvas>(
    _ figure: Document.Figure, _ frames: Document.Figure.Frames, ruler: Ruler, encode: @escaping (Image) -> [UInt8]
  ) {
    let start = frames.order.indices.contains(frames.start) ? frames.order[frames.start] : 0
    let images = Images { SVGCanvas<Ruler>.dataAddress(encode($0)) }
    let limit = frames.drawings.count > 20 ? 400 : 900
    let words = frames.drawings.map { drawing in
      var one = figure
      one.charts = drawing.charts
      return one.alternative(limit: limit)
    }
    let spoken = words.indices.contains(start) ? words[start] : ""
    let description = "\(frames.words(frames.start)). \(spoken)"
    self.description = description
    let layouts = [("wide", HTMLFigure.wideWidth, 3000), ("narrow", HTMLFigure.narrowWidth, 1500)].map {
      name, width, notes in
      Self.layout(
        figure, frames.drawings.map { name == "wide" ? $0.charts : $0.charts.narrow }, start: start,
        HTMLPicture(figure.identifier, name, width: width), description: description,
        notes: max(60, notes / max(1, frames.drawings.count) * 2), images, ruler)
    }
    (wide, narrow) = (layouts[0].markup, layouts[1].markup)
    let shared = Shared(
      order: frames.order, words: words, captions: frames.drawings.map { HTML.markup($0.caption) },
      images: images.addresses)
    let json = Self.json(shared)
    sliders =
      Self.controls(frames, figure.identifier)
      + "<script type=\"application/json\" class=\"exploration\">\(json)</script>\n"
    bytes = json.utf8.count + layouts.reduce(0) { $0 + $1.bytes }
  }

  // MARK: Layouts

  private static func layout<Ruler: Canvas>(
    _ figure: Document.Figure, _ grids: [ChartGrid], start: Int, _ picture: HTMLPicture, description: String,
    notes: Int,
    _ images: Images, _ ruler: Ruler
  ) -> (markup: String, bytes: Int) {
    // All frames have the height of the tallest.
    let height = grids.map { picture.canvas($0, ruler: ruler) { _ in "" }.size.height }.max() ?? 0
    let canvases = grids.map { picture.canvas($0, height: height, ruler: ruler, address: images.name) }
    let series = canvases.reduce(into: Set<String>()) { $0.formUnion($1.series) }
    let colors = canvases.reduce(into: Set<String>()) { $0.formUnion($1.colors) }
    let title = grids.first?.naming.title ?? ""
    let markup = FrameMarkup(canvases.map { $0.content(legendTitle: title, others: series) })
    var texts: [String] = []
    let indices = canvases.map { canvas -> Int in
      let text = HTMLNotes.json(canvas.notes(limit: notes))
      if let known = texts.firstIndex(of: text) { return known }
      texts.append(text)
      return texts.count - 1
    }
    let first = canvases.indices.contains(start) ? markup.markup(showing: start) : ""
    let svg = SVGCanvas<Ruler>.picture(
      images.filled(first), size: canvases.first?.size ?? .zero, labelledBy: "\(figure.identifier)-title",
      description: description, colors: colors)
    let json = json(Layout(parts: markup.parts, frames: markup.frames, notes: indices))
    let frames = """
      <script type="application/json" class="frames">\(json)</script>
      <script type="application/json" class="all-notes">[\(texts.joined(separator: ","))]</script>\n
      """
    let shown = canvases.indices.contains(start) ? texts[indices[start]] : "[]"
    return (picture.markup(svg, notes: shown, more: frames), frames.utf8.count)
  }

  /// Slashes are escaped, so that no text ends the element that holds it.
  private static func json(_ value: some Encodable) -> String {
    // Text and whole numbers can always be encoded.
    let encoder = JSONEncoder()
    // The same page has the same bytes each time.
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(value) else { return "{}" }
    return String(decoding: data, as: UTF8.self).replacing("<!--", with: "\\u003c!--")
  }

  // MARK: Sliders

  /// Native controls, which the script shows: without it they could do nothing.
  private static func controls(_ frames: Document.Figure.Frames, _ identifier: String) -> String {
    let positions = frames.positions(frames.start)
    let sliders = frames.controls.indices.map { index -> String in
      let (control, at) = (frames.controls[index], positions[index])
      let name = "\(identifier)-slider\(index)"
      let button =
        control.isPlayed
        ? "<button type=\"button\" class=\"play\" aria-controls=\"\(name)\" data-control=\"\(index)\">Play</button>"
        : ""
      return """
        <div class="control"><label for="\(name)">\(HTML.markup([.text(control.label)]))</label>\(button)
        <input type="range" id="\(name)" min="0" max="\(control.values.count - 1)" step="1" value="\(at)" \
        aria-valuetext="\(HTML.escaped(control.values[at]))" data-values="\(HTML.escaped(json(control.values)))">
        <output for="\(name)">\(HTML.escaped(control.values[at]))</output></div>\n
        """
    }
    return "<div class=\"controls\" role=\"group\" aria-label=\"Sliders\" hidden>\n\(sliders.joined())</div>\n"
  }
}
