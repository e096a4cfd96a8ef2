/// A raster image, stored row by row from the top.
package struct Image: Hashable, Sendable {
  /// Number of columns.
  package let width: Int
  /// Number of rows.
  package let height: Int
  /// The pixels as 0xAARRGGBB, with colours multiplied by alpha.
  package var pixels: [UInt32]

  /// A transparent raster.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = Array(repeating: 0, count: width * height)
  }

  /// The colour of a pixel, column and row from the upper left.
  package subscript(column: Int, row: Int) -> Color {
    get {
      let pixel = pixels[row * width + column]
      let alpha = Double(pixel >> 24) / 255
      func part(_ shift: UInt32) -> Double { alpha == 0 ? 0 : Double(pixel >> shift & 255) / 255 / alpha }
      return Color(part(16), part(8), part(0), alpha: alpha)
    }
    set {
      func part(_ value: Double) -> UInt32 { UInt32((255 * min(max(value * newValue.alpha, 0), 1)).rounded()) }
      let alpha = UInt32((255 * min(max(newValue.alpha, 0), 1)).rounded())
      pixels[row * width + column] =
        alpha << 24 | part(newValue.red) << 16 | part(newValue.green) << 8 | part(newValue.blue)
    }
  }
}
