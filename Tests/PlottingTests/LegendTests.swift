import Plotting
import Testing

/// Legends: lines without orphans, legends of single charts, colour bars in their place.
@Suite struct LegendTests {
  private static let axis = AxisStyle("", domain: 0...1)

  /// The texts of each line of a legend, from the top.
  private func lines(_ title: String, _ labels: [String], width: Double) -> [[String]] {
    let canvas = RecordingCanvas(size: Size(width, 400))
    let chart = Chart(x: Self.axis, y: Self.axis, marks: [], hasAxes: false)
    let grid = ChartGrid(chart, legendTitle: title, legend: labels.map { LegendEntry($0, .black) })
    GridLayout(grid, width: width, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    return Dictionary(grouping: canvas.texts, by: \.box.center.y).sorted { $0.key < $1.key }
      .map { $0.value.map(\.text.string) }
  }

  /// Eight entries of which seven fit into a line: not seven and one, but two lines of about the same length.
  @Test func theLastLineHoldsMoreThanOneEntry() {
    let labels = (0..<8).map { "entry \($0)" }
    let found = lines("", labels, width: 480)
    #expect(found.count == 2)
    #expect(found.flatMap(\.self) == labels)
    #expect(found.allSatisfy { $0.count >= 3 }, "\(found)")
  }

  @Test func aTitleHasAnEntryBesideIt() {
    for width in stride(from: 200.0, through: 500, by: 10) {
      let found = lines("initialization scale", ["first", "second one", "third", "the fourth"], width: width)
      #expect(found[0].count > 1 && found[0][0] == "initialization scale", "\(width): \(found)")
      #expect(found.count == 1 || found[found.count - 1].count > 1, "\(width): \(found)")
    }
  }

  /// Panels that show different things name them each for itself.
  @Test func chartsCanHaveLegendsOfTheirOwn() throws {
    func chart(_ name: String) -> Chart {
      Chart(title: "", x: Self.axis, y: Self.axis, marks: [], legend: [LegendEntry(name, .pass)])
    }
    let canvas = RecordingCanvas(size: Size(500, 300))
    let grid = ChartGrid([[chart("left"), chart("right")]], sharesAxes: false)
    let layout = GridLayout(grid, width: 500, canvas: canvas)
    layout.draw(at: Point(0, 0), on: canvas)
    let left = try #require(canvas.texts.first { $0.text.string == "left" })
    let right = try #require(canvas.texts.first { $0.text.string == "right" })
    #expect(left.box.right < 250 && right.box.x > 250 && left.box.center.y == right.box.center.y)
    #expect(LabelCheck.conflicts(grid, width: 500, ruler: canvas).isEmpty)
  }

  /// A bar with a block and a name for each setting, in the order of the axis: the first at the bottom.
  @Test func settingsStandInABar() {
    let colors = Palette.colors(8, ordered: true)
    let names = ["0.01", "0.03", "0.1", "0.3", "1", "3", "10", "30"]
    let grid = ChartGrid(
      Chart(x: Self.axis, y: Self.axis, marks: []),
      colorScale: .settings("learning rate η", zip(names, colors).map { ($0, $1) }))
    let canvas = RecordingCanvas(size: Size(400, 300))
    GridLayout(grid, width: 400, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    let blocks = colors.compactMap { color -> Rect? in
      for case .fill(let path, color) in canvas.commands {
        let ys = path.elements.compactMap { if case .line(let p) = $0 { p.y } else { nil } }
        return Rect(x: 0, y: ys.min() ?? 0, width: 1, height: (ys.max() ?? 0) - (ys.min() ?? 0))
      }
      return nil
    }
    #expect(blocks.count == 8)
    #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.y > $1.y })
    for (name, block) in zip(names, blocks) {
      let label = canvas.texts.first { $0.text.string == name && $0.box.x > 300 }
      #expect(label.map { abs($0.box.center.y - block.center.y) < 0.1 } == true, "\(name)")
    }
    #expect(canvas.texts.contains { $0.text.string == "learning rate η" })
  }
}
