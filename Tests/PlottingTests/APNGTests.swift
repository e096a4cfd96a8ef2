import CairoCanvas
import Foundation
import Plotting
import Testing

/// Animated PNG files, read back chunk by chunk and by a decoder of another program.
@Suite struct APNGTests {
  /// A square that moves over a grey ground.
  private static func frames() -> [APNG.Frame] {
    (0..<4).map { index in
      var image = Image(width: 24, height: 16)
      for row in 0..<16 { for column in 0..<24 { image[column, row] = Color(0xDDDDDD) } }
      let left = 5 * min(index, 2)
      for row in 4..<8 { for column in left..<left + 4 { image[column, row] = Color(0x2255AA) } }
      return APNG.Frame(image, milliseconds: 100)
    }
  }

  @Test func theSameFramesGiveTheSameBytes() throws {
    #expect(try APNG.data(Self.frames()) == APNG.data(Self.frames()))
    #expect(throws: (any Error).self) { try APNG.data([]) }
  }

  /// The program below knows nothing of the writer: it checks every chunk, decodes the pictures, and prints their pixels.
  @Test func anotherDecoderFindsTheSamePictures() throws {
    let frames = Self.frames()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).apng")
    defer { try? FileManager.default.removeItem(at: file) }
    try APNG.data(frames).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.decoder, file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = text.split(separator: "\n").map(String.init)
    // The last two frames are equal: one picture that is shown twice as long.
    #expect(lines.count == 3)
    for (index, line) in lines.enumerated() {
      let parts = line.split(separator: " ")
      #expect(parts[0] == (index == 2 ? "200" : "100"))
      let pixels = frames[index].image.pixels.map { String(format: "%06x", $0 & 0xFFFFFF) }.joined()
      #expect(parts[1] == pixels, "frame \(index)")
    }
  }

  private static let decoder = """
    import struct, sys, zlib
    data = open(sys.argv[1], "rb").read()
    assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
    at, chunks = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body), kind
        chunks.append((kind, body))
        at += 12 + length
    assert chunks[0][0] == b"IHDR" and chunks[1][0] == b"acTL" and chunks[-1] == (b"IEND", b"")
    width, height, depth, color = struct.unpack(">IIBB", chunks[0][1][:10])
    assert (depth, color) == (8, 2)
    count = struct.unpack(">I", chunks[1][1][:4])[0]
    frames, numbers = [], []
    for kind, body in chunks[2:-1]:
        if kind == b"fcTL":
            number, w, h, x, y, top, bottom, dispose, blend = struct.unpack(">5I2H2B", body)
            numbers.append(number)
            assert dispose == blend == 0 and x + w <= width and y + h <= height
            frames.append([w, h, x, y, 1000 * top // bottom, b""])
        elif kind == b"fdAT":
            numbers.append(struct.unpack(">I", body[:4])[0])
            frames[-1][5] += body[4:]
        elif kind == b"IDAT":
            assert len(frames) == 1
            frames[-1][5] += body
    assert count == len(frames) and numbers == list(range(len(numbers)))
    canvas = [[0] * width for _ in range(height)]
    for w, h, x, y, delay, packed in frames:
        raw, above = zlib.decompress(packed), bytearray(3 * w)
        assert len(raw) == h * (3 * w + 1)
        for row in range(h):
            kind, line = raw[row * (3 * w + 1)], bytearray(raw[row * (3 * w + 1) + 1:(row + 1) * (3 * w + 1)])
            for i in range(3 * w):
                a, b, c = (line[i - 3] if i >= 3 else 0), above[i], (above[i - 3] if i >= 3 else 0)
                p = a + b - c
                paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                line[i] = (line[i] + [0, a, b, (a + b) // 2, paeth][kind]) & 255
            for column in range(w):
                red, green, blue = line[3 * column:3 * column + 3]
                canvas[y + row][x + column] = red << 16 | green << 8 | blue
            above = line
        print(delay, "".join("%06x" % pixel for line in canvas for pixel in line))
    """
}
