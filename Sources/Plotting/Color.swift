/// A colour in sRGB, components in 0…1.
public struct Color: Hashable, Sendable {
  /// Red, 0…1.
  public var red: Double
  /// Green, 0…1.
  public var green: Double
  /// Blue, 0…1.
  public var blue: Double
  /// Opacity, 0…1.
  public var alpha: Double

  /// A colour of components in 0…1.
  public init(_ red: Double, _ green: Double, _ blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// An opaque colour from 0xRRGGBB.
  public init(_ hex: UInt32) {
    self.init(Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
  }

  /// The same colour with another opacity.
  public func opacity(_ alpha: Double) -> Color { Color(red, green, blue, alpha: alpha) }

  /// Colour of text and axes.
  public static let black = Color(0x1A1A1A)
  /// Colour of secondary text.
  public static let gray = Color(0x6B6B6B)
  /// Colour of grid lines.
  public static let lightGray = Color(0xDDDDDD)
  /// Colour of pale grounds.
  public static let faint = Color(0xEFEFEF)
  /// White.
  public static let white = Color(0xFFFFFF)
  /// Colour of a passed claim.
  public static let pass = Color(0x1B7F5A)
  /// Colour of a failed claim.
  public static let fail = Color(0xC0392B)
  /// Colour of a link.
  public static let link = Color(0x0B5394)

  /// Whether dark text is easier to read on the colour than white text, by its relative luminance (WCAG 2).
  var isLight: Bool {
    func linear(_ c: Double) -> Double { c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) * ((c + 0.055) / 1.055) }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) > 0.22
  }

  /// The linear mixture with a share of another colour.
  func mixed(with other: Color, _ share: Double) -> Color {
    func mix(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
    return Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue), alpha: mix(alpha, other.alpha))
  }
}

/// Colours that people with a colour vision deficiency can distinguish.
public enum Palette {
  /// Colours of categories (Okabe & Ito 2008) in an order of our own, blue first. The yellow is last, and darker than theirs, which is
  /// unreadable as a line.
  public static let categories: [Color] = [
    Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0x56B4E9), Color(0xE69F00),
    Color(0x000000), Color(0xB8A800),
  ]

  /// Viridis at share 0…1; van der Walt & Smith 2015.
  public static func viridis(_ share: Double) -> Color { sample(viridisStops, share) }

  /// Blue through white to red at share 0…1, white in the middle; after Crameri's vik and ColorBrewer's RdBu.
  public static func diverging(_ share: Double) -> Color { sample(divergingStops, share) }

  /// A number of colours: of different hues for categories, or from dark to light for ordered values.
  public static func colors(_ count: Int, ordered: Bool) -> [Color] {
    if ordered, count > 2 {
      // The lightest fifth of viridis is too pale for lines on white.
      return (0..<count).map { viridis(0.86 * Double($0) / Double(count - 1)) }
    }
    return (0..<count).map { categories[$0 % categories.count] }
  }

  private static func sample(_ stops: [Color], _ share: Double) -> Color {
    guard share.isFinite else { return .gray }
    let position = min(max(share, 0), 1) * Double(stops.count - 1)
    let index = min(Int(position), stops.count - 2)
    return stops[index].mixed(with: stops[index + 1], position - Double(index))
  }

  private static let divergingStops: [Color] = [
    Color(0x2166AC), Color(0x4393C3), Color(0x92C5DE), Color(0xD1E5F0), Color(0xF7F7F7), Color(0xFDDBC7),
    Color(0xF4A582), Color(0xD6604D), Color(0xB2182B),
  ]

  private static let viridisStops: [Color] = [
    Color(0x440154), Color(0x482475), Color(0x414487), Color(0x355F8D), Color(0x2A788E), Color(0x21918C),
    Color(0x22A884), Color(0x44BF70), Color(0x7AD151), Color(0xBDDF26), Color(0xFDE725),
  ]
}

extension Color {
  /// Red, green and blue in six hexadecimal digits, without the opacity: "d55e00".
  package var hex: String {
    [red, green, blue].map { part in
      let text = String(Int((255 * min(max(part, 0), 1)).rounded()), radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
  }
}
