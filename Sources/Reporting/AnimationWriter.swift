import CairoCanvas
import Documents
import Foundation
import Learning
import Plotting

/// Writes the figures of a report that have frames as animated PNG files and as videos.
struct AnimationWriter {
  /// Pixels per inch. A video has fewer than a printed picture.
  private let dpi: Double
  /// The pictures of a video in a second.
  private static let rate = 10

  init(dpi: Double) { self.dpi = min(dpi, 120) }

  /// Checks, before any long work, that videos can be made.
  static func prepare(_ formats: [Format]) throws {
    guard formats.contains(.mp4), ffmpeg == nil else { return }
    throw Mistake(
      .environment, at: "--format", value: "mp4", rule: "a video is made by ffmpeg, and it is not installed",
      remedy: "Install it: apt-get install ffmpeg. Or write --format apng")
  }

  /// Writes a figure in each of the animated formats; nothing for a figure of one picture.
  /// - Returns: the names of the files.
  func write(_ figure: Document.Figure, as formats: [Format], in folder: URL) throws -> [String] {
    let formats = formats.filter(\.isAnimated)
    guard !formats.isEmpty, let animation = AnimatedFigure(figure) else { return [] }
    let frames = try images(animation)
    return try formats.map { format in
      let file = folder.appendingPathComponent("\(figure.name).\(format.rawValue)")
      switch format {
      case .apng: try APNG.data(frames).write(to: file)
      case .mp4: try Self.writeVideo(frames, to: file)
      case .png, .pdf, .svg, .html: break
      }
      return file.lastPathComponent
    }
  }

  private func images(_ animation: AnimatedFigure) throws -> [APNG.Frame] {
    let size = animation.size(try CairoCanvas.ruler())
    return try zip(animation.combinations, animation.durations).map { combination, milliseconds in
      let canvas = try CairoCanvas(path: "", format: .png, size: size.page, dpi: dpi)
      animation.draw(combination, chartsHeight: size.charts, on: canvas)
      return APNG.Frame(canvas.image(), milliseconds: milliseconds)
    }
  }

  // MARK: Video

  /// The path of ffmpeg.
  private static var ffmpeg: URL? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("ffmpeg") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Gives the pixels of the frames to ffmpeg, each as often as its duration asks for.
  private static func writeVideo(_ frames: [APNG.Frame], to file: URL) throws {
    guard let ffmpeg, let first = frames.first?.image else { return try prepare([.mp4]) }
    let process = Process()
    process.executableURL = ffmpeg
    process.arguments = [
      "-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pixel_format", "bgra", "-video_size",
      "\(first.width)x\(first.height)", "-framerate", "\(rate)", "-i", "-", "-vf",
      // H.264 with colours for every two pixels has even sizes.
      "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white", "-pix_fmt", "yuv420p", "-threads", "1", "-fflags", "+bitexact",
      "-flags:v", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart", "-y", file.path,
    ]
    let input = Pipe()
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString).log")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    do {
      for frame in frames {
        let pixels = frame.image.pixels.withUnsafeBytes { Data($0) }
        for _ in 0..<max(1, frame.milliseconds * rate / 1000) {
          try input.fileHandleForWriting.write(contentsOf: pixels)
        }
      }
      try input.fileHandleForWriting.close()
    } catch {
      // ffmpeg has ended early: its own message says why.
      try? input.fileHandleForWriting.close()
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let words = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      throw Mistake(
        .environment, at: "ffmpeg", value: words.split(separator: "\n").last.map(String.init) ?? "",
        rule: "it could not write \(file.lastPathComponent)",
        remedy: "Check its installation and the disk, or write --format apng")
    }
  }
}
