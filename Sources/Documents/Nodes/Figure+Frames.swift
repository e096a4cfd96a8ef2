package import Plotting

extension Document.Figure {
  /// What a page for a browser can do with a figure. Writers switch over all kinds without a `default`.
  package enum Form: Hashable, Sendable {
    /// One picture.
    case still
    /// A picture for every position of some sliders.
    case exploring(Frames)
    /// One picture, over which a page draws runs that it trains itself.
    case live(Live)
  }

  /// The pictures of a figure that a reader explores, one for each combination of the sliders' values.
  package struct Frames: Hashable, Sendable {
    /// A slider.
    package struct Control: Hashable, Sendable {
      /// What the slider chooses: "learning rate η".
      package var label: String
      /// Its values in words.
      package var values: [String]
      /// Whether it runs through the steps of training, so that it can be played.
      package var isPlayed: Bool

      /// A slider over values.
      package init(_ label: String, values: [String], isPlayed: Bool = false) {
        self.label = label
        self.values = values
        self.isPlayed = isPlayed
      }
    }

    /// A picture with its caption.
    package struct Drawing: Hashable, Sendable {
      /// The charts.
      package var charts: ChartGrid
      /// The caption below them.
      package var caption: [Inline]

      /// Charts with a caption.
      package init(charts: ChartGrid, caption: [Inline]) {
        self.charts = charts
        self.caption = caption
      }
    }

    /// The sliders.
    package private(set) var controls: [Control]
    /// The different pictures.
    package private(set) var drawings: [Drawing]
    /// The index of the picture of every combination; the values of the last slider run fastest.
    package private(set) var order: [Int]
    /// The combination that is shown first.
    package private(set) var start: Int
    /// The number of combinations that were left out to keep the page small.
    package private(set) var omitted = 0

    /// The pictures of all combinations; equal ones are stored once.
    /// - Parameters:
    ///   - all: one picture for each combination, the values of the last slider fastest.
    ///   - start: the combination that is shown first.
    package init(controls: [Control], all: [Drawing], start: Int) {
      self.controls = controls
      self.start = start
      var known: [Drawing: Int] = [:]
      var distinct: [Drawing] = []
      order = all.map { drawing in
        if let index = known[drawing] { return index }
        known[drawing] = distinct.count
        distinct.append(drawing)
        return distinct.count - 1
      }
      drawings = distinct
    }

    /// The number of combinations.
    package var count: Int { order.count }

    /// The picture that is shown first.
    package var first: Drawing? { order.indices.contains(start) ? drawings[order[start]] : nil }

    /// The position of every slider in a combination.
    package func positions(_ combination: Int) -> [Int] {
      var rest = combination
      return controls.reversed().map { control in
        defer { rest /= max(1, control.values.count) }
        return rest % max(1, control.values.count)
      }.reversed()
    }

    /// The values of the sliders in a combination: "learning rate η = 0.1, step = 20".
    package func words(_ combination: Int) -> String {
      zip(controls, positions(combination)).map { "\($0.label) = \($0.values[$1])" }.joined(separator: ", ")
    }

    /// The frames with every second value of the longest slider, its first, its last and the one that is shown first among
    /// them; `nil` where no slider has more than three values.
    package func thinned() -> Frames? {
      guard let longest = controls.indices.max(by: { controls[$0].values.count < controls[$1].values.count }),
        controls[longest].values.count > 3
      else { return nil }
      let shown = positions(start)[longest]
      let last = controls[longest].values.count - 1
      let kept = (0...last).filter { $0 % 2 == 0 || $0 == last || $0 == shown }
      guard kept.count <= last else { return nil }
      let combinations = (0..<count).filter { kept.contains(positions($0)[longest]) }
      var fewer = controls
      fewer[longest].values = kept.map { controls[longest].values[$0] }
      var result = Frames(
        controls: fewer, all: combinations.map { drawings[order[$0]] },
        start: combinations.firstIndex(of: start) ?? 0)
      result.omitted = omitted + count - result.count
      return result
    }
  }
}
