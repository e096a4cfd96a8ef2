import Foundation
import Gnuplot
import Plotting
import Testing

/// What a gnuplot script says beside the data: legends and colour bars, in its text and in the picture that gnuplot makes of it.
@Suite struct GnuplotScriptTests {
  private static let axis = AxisStyle("x", domain: 0...1)
  private static let entries = [
    LegendEntry("0.1", Color(0xD55E00), dash: [5, 2]),
    LegendEntry("σ_0", Color(0x0072B2), marker: .square, hasLine: true),
    LegendEntry("it's data", .gray, marker: .ring),
  ]

  private func chart(_ color: Color = .black, legend: [LegendEntry] = []) -> Chart {
    Chart(
      x: Self.axis, y: Self.axis, marks: [.line([Point(0, 0.2), Point(1, 0.9)], Stroke(color))], legend: legend)
  }

  private func lines(_ grid: ChartGrid) -> [String] {
    Script(grid, title: "T").text(name: "t").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The texts of the picture as gnuplot draws it, and the whole picture, as SVG.
  private func drawn(_ grid: ChartGrid) throws -> (texts: [String], svg: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("script-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = Script(grid, title: "T").text(name: "t").replacing("pngcairo", with: "svg").replacing(
      "t.png", with: "t.svg")
    try Data(text.utf8).write(to: folder.appendingPathComponent("t.gp"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "t.gp"]
    process.currentDirectoryURL = folder
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    let svg = try String(contentsOf: folder.appendingPathComponent("t.svg"), encoding: .utf8)
    let texts = svg.matches(of: /(?s)<text>(.*?)<\/text>/).map { match in
      String(match.1).replacing(/<[^>]*>/, with: "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return (texts, svg)
  }

  @Test func anEntryHasItsLineMarkerAndName() throws {
    let found = lines(ChartGrid(chart(), legendTitle: "learning rate η", legend: Self.entries))
    let keys = found.filter { $0.contains("keyentry") }.map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(
      keys == [
        "keyentry with lines lw 1.6 lc rgb '#00d55e00' dt (10.0,4.0) title '0.1' noenhanced, \\",
        "keyentry with linespoints lw 1.6 lc rgb '#000072b2' pt 5 ps 1 title 'σ_{0}' enhanced, \\",
        "keyentry with points lw 1.6 lc rgb '#006b6b6b' pt 6 ps 1 title 'it''s data' noenhanced",
      ])
    #expect(found.contains { $0.hasPrefix("set key on") && $0.hasSuffix("title 'learning rate η' noenhanced") })
  }

  @Test func gnuplotDrawsTheLegendOfTheFigure() throws {
    let (texts, svg) = try drawn(ChartGrid(chart(), legendTitle: "learning rate η", legend: Self.entries))
    for text in ["T", "learning rate η", "0.1", "it's data"] { #expect(texts.contains(text), "\(texts)") }
    #expect(texts.contains { $0.hasPrefix("σ") && $0.contains("0") }, "\(texts)")
    for color in ["213,  94,   0", "  0, 114, 178"] { #expect(svg.contains("rgb(\(color))"), "the colour of a sample") }
    // Above the panels.
    func y(_ text: String) throws -> Double {
      let place = try #require(svg.range(of: ">\(text)<"))
      let transform = try #require(svg[..<place.lowerBound].range(of: "translate(", options: .backwards))
      let numbers = svg[transform.upperBound...].prefix { $0 != ")" }.split(separator: ",")
      return try #require(Double(numbers[1]))
    }
    #expect(try y("T") < y("learning rate η") && y("learning rate η") < y("it's data"))
    #expect(try y("it's data") < y("x"))
  }

  @Test func aChartsOwnLegendIsInItsPanel() throws {
    let (one, other) = ([LegendEntry("one", .pass)], [LegendEntry("other", .fail)])
    let grid = ChartGrid([[chart(legend: one), chart(legend: other)]])
    let plots = lines(grid).joined(separator: "\n").components(separatedBy: "\nplot ").dropFirst()
    #expect(plots.map { $0.contains("title 'one'") } == [true, false])
    #expect(plots.map { $0.contains("title 'other'") } == [false, true])
    let texts = try drawn(grid).texts
    #expect(texts.contains("one") && texts.contains("other"))
  }

  @Test func aBarHasTheLabelsAndColorsOfTheScale() throws {
    let scale = Scale(.log, domain: 1e-4...1)
    let colors = ColorScale("final loss", scale: scale)
    let grid = ChartGrid(chart(), colorScale: colors)
    let found = lines(grid)
    let tics = try #require(found.first { $0.hasPrefix("set cbtics") })
    // Equal ratios have equal distances.
    for (label, share) in [("10⁻⁴", "0.0"), ("0.01", "0.5"), ("1", "1.0")] {
      #expect(tics.contains("'\(label)' \(share)"))
    }
    #expect(found.contains { $0.contains("set palette defined (0 '#440154'") && $0.contains("16 '#fde725')") })
    let texts = try drawn(grid).texts
    for text in ["final loss", "10⁻⁴", "0.01", "1"] { #expect(texts.contains(text), "\(texts)") }
  }

  /// Many settings are blocks of a bar, in order from below, each with its name.
  @Test func settingsAreBlocksOfABar() throws {
    let names = (0..<8).map { "setting \($0)" }
    let palette = Palette.colors(8, ordered: true)
    let grid = ChartGrid(chart(), colorScale: .settings("width H", zip(names, palette).map { ($0, $1) }))
    let found = lines(grid)
    #expect(found.contains { $0.hasPrefix("set palette maxcolors 8") })
    let tics = try #require(found.first { $0.hasPrefix("set cbtics") })
    for (index, name) in names.enumerated() { #expect(tics.contains("'\(name)' \((Double(index) + 0.5) / 8)")) }
    let texts = try drawn(grid).texts
    #expect(texts.filter(names.contains) == names && texts.contains("width H"))
  }

  @Test func noLegendIsNoKey() throws {
    let found = lines(ChartGrid([[chart(), chart()], [chart()]]))
    #expect(!found.contains { $0.contains("keyentry") || $0.contains("cbtics") || $0.contains("set key on") })
    // Three panels at places of their own.
    #expect(Set(found.filter { $0.hasPrefix("set origin") }).count == 3)
  }
}
