import Foundation
import Testing

/// Every kind of figure, trained and drawn by the real binary, and what can be done with it afterwards.
@Suite struct GalleryTests {
  @Test func everyFigureInEveryForm() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.run("run", "gallery", "--output", program.output, "--strict")
    #expect(run.status == 0, "\(run.errors)")
    let names = ["gallery", "gallery-capacity", "gallery-descent", "gallery-minima"]
    var figures = 0
    for name in names {
      figures += try FileManager.default.contentsOfDirectory(atPath: program.file("\(name)/figures").path).count
      try checkPage(program.file("\(name)/report.html"))
    }
    #expect(figures >= 25)
    try checkNotes(program)
    try checkScripts(program, names)
    let watch = try program.run("watch", "gallery", "--once", "--terminal", "plain", "--output", program.output)
    #expect(watch.status == 0 && watch.output.contains("run ") && watch.output.contains("+-----"), "\(watch.errors)")
  }

  /// One file, nothing from elsewhere, words for every picture.
  private func checkPage(_ url: URL) throws {
    let page = try String(contentsOf: url, encoding: .utf8)
    let sources = page.matches(of: /(?:src|href)="([^"]*)"/).map(\.output.1)
    #expect(sources.allSatisfy { $0.hasPrefix("data:") || $0.hasPrefix("http") || $0.hasPrefix("#") })
    #expect(!page.contains("<link") && !page.contains("@import"))
    let pictures = page.matches(of: /<svg [^>]*aria-labelledby="([^"]*)"/).map(\.output.1)
    #expect(!pictures.isEmpty)
    for label in pictures.flatMap({ $0.split(separator: " ") }) { #expect(page.contains("id=\"\(label)\"")) }
  }

  private func checkNotes(_ program: Program) throws {
    let figure = try #require(
      FileManager.default.contentsOfDirectory(atPath: program.file("gallery/figures").path).sorted().first)
    let path = program.file("gallery/figures/\(figure)").path
    let shown = try program.run("show", path)
    #expect(shown.status == 0, "\(shown.errors)")
    for part in [
      "Experiment: gallery", "learning-rate = 0.03, 0.0949", "loss=binary-cross-entropy", "Provenance: Trained",
    ] {
      #expect(shown.output.contains(part), "\(part)")
    }
    let page = try program.run("show", program.file("gallery/report-1.png").path)
    #expect(page.output.contains("Runs: 560"))
    let wrong = try program.run("show", program.file("gallery/runs.csv").path)
    #expect(wrong.status == 65 && wrong.errors.contains("not a PNG file"))
    let missing = try program.run("show", "nowhere.png")
    #expect(missing.status == 65 && missing.errors.contains("nowhere.png"))
  }

  /// Every exported script runs in plain gnuplot and leaves its picture.
  private func checkScripts(_ program: Program, _ names: [String]) throws {
    for name in names {
      let export = try program.run("export", name, "--to", "gnuplot", "--output", program.output)
      #expect(export.status == 0, "\(export.errors)")
      let folder = program.file("export/\(name)/gnuplot")
      let scripts = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".gp") }
      #expect(!scripts.isEmpty)
      for script in scripts {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gnuplot", script]
        process.currentDirectoryURL = folder
        let complaint = Pipe()
        process.standardError = complaint
        try process.run()
        let words = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(script): \(words)")
        let picture = folder.appendingPathComponent(script.dropLast(3) + ".png")
        let size = try FileManager.default.attributesOfItem(atPath: picture.path)[.size] as? Int ?? 0
        #expect(size > 3000, "\(picture.lastPathComponent)")
      }
    }
  }

  @Test func whatCannotBeWatched() throws {
    let program = try Program()
    defer { program.remove() }
    let untrained = try program.run("watch", "gallery", "--once", "--output", program.output)
    #expect(untrained.status == 65 && untrained.errors.contains("descent run gallery"))
    let unknown = try program.run("watch", "gallery", "--once", "--terminal", "paper")
    #expect(unknown.status == 64 && unknown.errors.contains("dumb, plain or sixel"))
    let bare = try program.run("watch", "gallery", "--once", environment: ["PATH": "/nowhere"])
    #expect(bare.status == 69 && bare.errors.contains("apt-get install gnuplot-nox"))
    let format = try program.run("export", "gallery", "--to", "paper")
    #expect(format.status == 64 && format.errors.contains("csv, parquet, npy, gnuplot, latex or ipynb"))
  }

  /// The losses are drawn while the runs are on their way.
  @Test func trainingIsWatched() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.run(
      "run", "learning-rates", "--seeds", "0..<600", "--watch", "--terminal", "plain", "--output", program.output)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("+-----") && run.output.contains("  step"), "a frame drawn with characters")
  }
}
