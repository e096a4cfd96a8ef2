import CPango
import Foundation
package import Plotting

/// A canvas that draws with Cairo and lays out text with Pango.
package final class CairoCanvas: Canvas {
  /// The formats of files.
  package enum Format: String, Sendable, CaseIterable {
    case png, pdf, svg
  }

  /// A file that could not be written, with Cairo's message.
  package struct Failure: Error, CustomStringConvertible {
    /// The path and the message.
    package let description: String
  }

  /// The size of the page in points.
  package let size: Size
  private let format: Format
  private let path: String
  private let surface: OpaquePointer
  private let context: OpaquePointer
  private let layout: OpaquePointer
  private let notes: [(String, String)]
  private var isFinished = false

  /// A canvas for measuring text, which writes no file.
  package static func ruler() throws -> CairoCanvas {
    try CairoCanvas(path: "", format: .png, size: Size(8, 8), dpi: 72)
  }

  /// Opens a picture of one page (PNG, SVG) or several (PDF).
  /// - Parameters:
  ///   - size: the size of the page in points.
  ///   - dpi: pixels per inch of a PNG.
  ///   - date: the creation date in a PDF, fixed by default so that the same input gives the same bytes.
  ///   - notes: the keywords and texts stored in a PNG.
  /// - Throws: `Failure` if the file cannot be opened.
  package init(
    path: String, format: Format, size: Size, dpi: Double = 200, title: String = "", date: String? = nil,
    notes: [(String, String)] = []
  ) throws {
    self.notes = notes
    self.path = path
    self.format = format
    self.size = size
    let surface: OpaquePointer?
    switch format {
    case .png:
      surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32((size.width * dpi / 72).rounded()), Int32((size.height * dpi / 72).rounded()))
    case .pdf:
      surface = cairo_pdf_surface_create(path, size.width, size.height)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Descent")
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date ?? "2020-01-01T00:00:00Z")
    case .svg:
      surface = cairo_svg_surface_create(path, size.width, size.height)
    }
    guard let surface, let context = cairo_create(surface), let layout = pango_cairo_create_layout(context) else {
      throw Failure(description: "\(path): no drawing surface")
    }
    self.surface = surface
    self.context = context
    self.layout = layout
    try Self.check(cairo_surface_status(surface), path)
    if format == .png { cairo_scale(context, dpi / 72, dpi / 72) }
    // Glyph positions must not depend on the pixel grid, because lines would then break differently in PNG and PDF.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options)
    cairo_font_options_destroy(options)
    pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72)
    if format != .pdf { paintPaper() }
  }

  deinit {
    descent_unref(UnsafeMutableRawPointer(layout))
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Ends a page of a PDF and begins the next.
  package func nextPage() { if format == .pdf { cairo_show_page(context) } }

  /// Adds an entry to the outline of a PDF; pages count from 0.
  package func addToOutline(_ title: String, page: Int, y: Double) {
    guard format == .pdf else { return }
    let place = "page=\(page + 1) pos=[0 \(Int(y))]"
    _ = cairo_pdf_surface_add_outline(
      surface, Int32(CAIRO_PDF_OUTLINE_ROOT), title, place, cairo_pdf_outline_flags_t(rawValue: 0))
  }

  /// Writes the file.
  /// - Throws: `Failure` if it could not be written.
  package func finish() throws {
    guard !isFinished else { return }
    isFinished = true
    try Self.check(cairo_status(context), path)
    if format == .png {
      cairo_surface_flush(surface)
      try Self.check(cairo_surface_write_to_png(surface, path), path)
      if !notes.isEmpty { try PNGNotes.add(notes, toFile: path) }
    }
    cairo_surface_finish(surface)
    try Self.check(cairo_surface_status(surface), path)
    if format == .svg { try Self.renumber(path) }
  }

  /// Numbers the names in an SVG file from 0, in the order of the file. Cairo counts them over the whole process, so that the bytes
  /// would depend on earlier pictures.
  private static func renumber(_ path: String) throws {
    var text = try String(contentsOfFile: path, encoding: .utf8)
    var names: [Substring: String] = [:]
    var counts: [Substring: Int] = [:]
    text.replace(/(id="|#)([a-z]+)([0-9]+)(?=["\)])/) { match in
      let (_, sign, stem, number) = match.output
      let name = names[stem + number] ?? "\(stem)\(counts[stem, default: 0])"
      if names.updateValue(name, forKey: stem + number) == nil { counts[stem, default: 0] += 1 }
      return sign + name
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private static func check(_ status: cairo_status_t, _ path: String) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw Failure(description: "\(path): \(String(cString: cairo_status_to_string(status)))")
  }

  private func paintPaper() {
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
  }

  // MARK: Paths

  package func fill(_ path: Path, _ color: Color) {
    trace(path)
    setColor(color)
    cairo_fill(context)
  }

  package func stroke(_ path: Path, _ stroke: Stroke) {
    trace(path)
    setColor(stroke.color)
    cairo_set_line_width(context, stroke.width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, stroke.dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
    cairo_stroke(context)
  }

  package func clip(to rect: Rect, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  package func draw(_ image: Image, in rect: Rect) {
    guard image.width > 0, image.height > 0 else { return }
    Self.withSurface(image) { picture in
      cairo_save(context)
      cairo_translate(context, rect.x, rect.y)
      cairo_scale(context, rect.width / Double(image.width), rect.height / Double(image.height))
      cairo_set_source_surface(context, picture, 0, 0)
      cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BILINEAR)
      cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
      cairo_fill(context)
      cairo_restore(context)
    }
  }

  /// The pixels of a picture in the format PNG, without writing it; an empty image in other formats.
  package func image() -> Image {
    cairo_surface_flush(surface)
    guard format == .png, let data = cairo_image_surface_get_data(surface) else { return Image(width: 0, height: 0) }
    var image = Image(
      width: Int(cairo_image_surface_get_width(surface)), height: Int(cairo_image_surface_get_height(surface)))
    let stride = Int(cairo_image_surface_get_stride(surface))
    for row in 0..<image.height {
      let line = UnsafeRawPointer(data + row * stride)
      for column in 0..<image.width {
        // The paper is opaque; the first byte of a pixel has no meaning.
        image.pixels[row * image.width + column] =
          line.loadUnaligned(fromByteOffset: 4 * column, as: UInt32.self) | 0xFF00_0000
      }
    }
    return image
  }

  /// Encodes an image as a PNG file.
  package static func png(_ image: Image) -> [UInt8] {
    var bytes: [UInt8] = []
    withSurface(image) { picture in
      _ = withUnsafeMutablePointer(to: &bytes) { target in
        cairo_surface_write_to_png_stream(
          picture,
          { target, data, count in
            guard let target, let data else { return CAIRO_STATUS_WRITE_ERROR }
            target.assumingMemoryBound(to: [UInt8].self).pointee
              .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
            return CAIRO_STATUS_SUCCESS
          }, target)
      }
    }
    return bytes
  }

  private static func withSurface(_ image: Image, _ body: (OpaquePointer) -> Void) {
    var pixels = image.pixels
    pixels.withUnsafeMutableBytes { raw in
      guard
        let picture = cairo_image_surface_create_for_data(
          raw.baseAddress?.assumingMemoryBound(to: UInt8.self), CAIRO_FORMAT_ARGB32, Int32(image.width),
          Int32(image.height), Int32(4 * image.width))
      else { return }
      body(picture)
      cairo_surface_finish(picture)
      cairo_surface_destroy(picture)
    }
  }

  private func trace(_ path: Path) {
    cairo_new_path(context)
    for element in path.elements {
      switch element {
      case .move(let p): cairo_move_to(context, p.x, p.y)
      case .line(let p): cairo_line_to(context, p.x, p.y)
      case .circle(let center, let radius):
        cairo_new_sub_path(context)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
      case .close: cairo_close_path(context)
      }
    }
  }

  private func setColor(_ color: Color) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
  }

  // MARK: Text

  package func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double) {
    let box = set(text)
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, -angle * Double.pi / 180)
    cairo_move_to(context, -anchor.x * box.width, -anchor.y * box.height)
    setColor(text.color)
    pango_cairo_show_layout(context, layout)
    cairo_restore(context)
  }

  package func measure(_ text: Text) -> Size { set(text) }

  /// Sets the text of the layout and returns the size of its box.
  private func set(_ text: Text) -> Size {
    let font = pango_font_description_new()
    pango_font_description_set_family(font, "DejaVu Sans")
    pango_font_description_set_size(font, Int32((text.size * Double(PANGO_SCALE)).rounded()))
    pango_layout_set_font_description(layout, font)
    pango_font_description_free(font)
    pango_layout_set_width(layout, text.width.map { Int32(($0 * Double(PANGO_SCALE)).rounded(.up)) } ?? -1)
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    pango_layout_set_line_spacing(layout, text.width == nil ? 1 : 1.12)
    switch text.alignment {
    case .left: pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT)
    case .center: pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER)
    case .right: pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT)
    }
    pango_layout_set_markup(layout, Self.markup(text.spans), -1)
    var width: Int32 = 0
    var height: Int32 = 0
    pango_layout_get_size(layout, &width, &height)
    return Size(Double(width) / Double(PANGO_SCALE), Double(height) / Double(PANGO_SCALE))
  }

  private static func markup(_ spans: [Text.Span]) -> String {
    spans.map { span in
      var text = escaped(span.string.withUnbrokenPercents)
      let tags: [(Text.Style, String)] = [
        (.bold, "b"), (.italic, "i"), (.superscript, "sup"), (.subscript, "sub"),
      ]
      for (style, tag) in tags where span.style.contains(style) { text = "<\(tag)>\(text)</\(tag)>" }
      if span.style.contains(.monospaced) {
        text = "<span font_family=\"DejaVu Sans Mono\" size=\"92%\">\(text)</span>"
      }
      if span.style.contains(.link) { text = "<span foreground=\"#0B5394\">\(text)</span>" }
      return text
    }.joined()
  }

  /// A text with markup characters as entities, and with U+FFFD for control characters, which markup does not allow.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 32 || (127..<160).contains(scalar.value): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The font family that Pango uses for the figures' font; another name means that the font is not installed.
  package static func installedFamily() -> String? {
    guard let map = pango_cairo_font_map_get_default(), let context = pango_font_map_create_context(map) else {
      return nil
    }
    defer { descent_unref(UnsafeMutableRawPointer(context)) }
    let description = pango_font_description_new()
    defer { pango_font_description_free(description) }
    pango_font_description_set_family(description, "DejaVu Sans")
    guard let font = pango_font_map_load_font(map, context, description) else { return nil }
    defer { descent_unref(UnsafeMutableRawPointer(font)) }
    let found = pango_font_describe(font)
    defer { pango_font_description_free(found) }
    return pango_font_description_get_family(found).map { String(cString: $0) }
  }
}
