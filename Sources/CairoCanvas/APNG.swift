package import Foundation
package import Plotting

/// An animated PNG file (PNG specification, third edition, 11.3.6): pictures of one size, shown one after the other.
///
/// The first picture is that of a program which knows still pictures only. Of every other picture, the file contains the rectangle
/// in which it differs from the one before. The same pictures give the same bytes.
package enum APNG {
  /// A picture and how long it is shown.
  package struct Frame {
    package var image: Image
    /// Thousandths of a second.
    package var milliseconds: Int

    package init(_ image: Image, milliseconds: Int) {
      self.image = image
      self.milliseconds = milliseconds
    }
  }

  /// The bytes of a file; it is shown again and again.
  /// - Parameter frames: opaque pictures, which all have the same kind of pixels in a PNG file.
  /// - Throws: `PNGNotes.Failure` if there are no frames, or their sizes or kinds of pixels differ.
  package static func data(_ frames: [Frame]) throws -> Data {
    let shown = merged(frames)
    guard let first = shown.first,
      shown.allSatisfy({ $0.image.width == first.image.width && $0.image.height == first.image.height })
    else { throw PNGNotes.Failure.damaged }
    var file = Data(PNGNotes.signature)
    var sequence: UInt32 = 0
    var pixels = Data()
    for (index, frame) in shown.enumerated() {
      let place = index == 0 ? Place(first.image) : Place(shown[index - 1].image, frame.image)
      let chunks = try PNGNotes.chunks(Data(CairoCanvas.png(place.part(of: frame.image))))
      guard let head = chunks.first?.body, index == 0 || head.dropFirst(8).elementsEqual(pixels) else {
        throw PNGNotes.Failure.damaged
      }
      if index == 0 {
        pixels = head.dropFirst(8)
        file.append(PNGNotes.chunk("IHDR", Array(head)))
        file.append(PNGNotes.chunk("acTL", words([UInt32(shown.count), 0])))
      }
      file.append(PNGNotes.chunk("fcTL", control(sequence, place, frame.milliseconds)))
      sequence += 1
      for chunk in chunks where chunk.type == "IDAT" {
        if index == 0 {
          file.append(PNGNotes.chunk("IDAT", Array(chunk.body)))
        } else {
          file.append(PNGNotes.chunk("fdAT", words([sequence]) + Array(chunk.body)))
          sequence += 1
        }
      }
    }
    file.append(PNGNotes.chunk("IEND", []))
    return file
  }

  /// Equal pictures in a row are one that is shown longer.
  private static func merged(_ frames: [Frame]) -> [Frame] {
    frames.reduce(into: []) { result, frame in
      if let last = result.last, last.image == frame.image {
        result[result.count - 1].milliseconds += frame.milliseconds
      } else {
        result.append(frame)
      }
    }
  }

  /// The content of `fcTL`. The picture is not cleared before the next, whose pixels replace those below them.
  private static func control(_ sequence: UInt32, _ place: Place, _ milliseconds: Int) -> [UInt8] {
    let delay = UInt16(min(max(milliseconds, 0), 60_000))
    let numbers = [sequence] + [place.width, place.height, place.x, place.y].map(UInt32.init)
    return words(numbers) + [UInt8(delay >> 8), UInt8(delay & 255), UInt8(1000 >> 8), UInt8(1000 & 255), 0, 0]
  }

  private static func words(_ values: [UInt32]) -> [UInt8] { values.flatMap(PNGNotes.bigEndian) }

  /// A rectangle of a picture, in pixels.
  private struct Place {
    var x = 0
    var y = 0
    var width: Int
    var height: Int

    init(_ image: Image) { (width, height) = (image.width, image.height) }

    /// Where two pictures of one size differ; a single pixel where they do not.
    init(_ a: Image, _ b: Image) {
      var (left, right, top, bottom) = (a.width, -1, a.height, -1)
      for row in 0..<a.height {
        let range = row * a.width..<(row + 1) * a.width
        guard a.pixels[range] != b.pixels[range] else { continue }
        (top, bottom) = (min(top, row), row)
        for column in 0..<a.width where a.pixels[range.lowerBound + column] != b.pixels[range.lowerBound + column] {
          (left, right) = (min(left, column), max(right, column))
        }
      }
      guard right >= 0 else {
        (width, height) = (1, 1)
        return
      }
      (x, y, width, height) = (left, top, right - left + 1, bottom - top + 1)
    }

    func part(of image: Image) -> Image {
      var part = Image(width: width, height: height)
      for row in 0..<height {
        let start = (y + row) * image.width + x
        part.pixels.replaceSubrange(row * width..<(row + 1) * width, with: image.pixels[start..<start + width])
      }
      return part
    }
  }
}
