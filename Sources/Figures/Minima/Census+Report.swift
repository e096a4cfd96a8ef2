public import Analysis
import Documents
public import Landscape
public import Plotting
public import Studies

extension Census {
  /// The number of runs that ended in each class, without empty classes: "strict minima 181, saddles 12".
  public var summary: String {
    let counts = EndPoint.Kind.all.map { ($0, count(of: $0)) }.filter { $0.1 > 0 }
    return counts.map { "\($0.description) \($1)" }.joined(separator: ", ")
  }
}

extension Census {
  /// A number of end points: "at most 12" if it is not proven that all are distinct.
  public func words(for count: Int) -> String { isExact ? "\(count)" : "at most \(count)" }
}

extension ReportTable {
  /// A table of the end points of a census with their classes and the numbers behind these.
  ///
  /// λ least: the least eigenvalue that is not zero within its uncertainty. Flat: directions without curvature, by their cause;
  /// for an end point at infinity the units whose weights grow. Moved: the greatest distance by which polishing moved a run.
  /// - Parameter limit: the greatest number of rows; the last row counts the remaining end points.
  public static func census(_ caption: String, limit: Int = 12) -> ReportTable {
    let columns: [Document.Column] = [
      "", "class", .number("loss E"), .number("runs"), .number("share in %"), .number("‖∇E‖₂"), .number("λ least"),
      .number("λ greatest"), "flat, growing", .number("moved"),
    ]
    return ReportTable(request: Request(caption: caption, needs: .census)) { results in
      let census = try results.census()
      var rows = census.places.prefix(limit).map { row($0, census) }
      let rest = census.places.dropFirst(limit)
      if !rest.isEmpty {
        let noun = rest.count == 1 ? "end point" : "end points"
        rows.append(remark("\(census.words(for: rest.count)) more \(noun)", runs: rest.reduce(0) { $0 + $1.count }))
      }
      if !census.isExact {
        let count = census.words(for: census.places.count)
        rows.append(remark("\(count) end points: not all are proven to be distinct", runs: census.ends.count))
      }
      for kind in [EndPoint.Kind.stillMoving, .diverged] where census.count(of: kind) > 0 {
        rows.append(remark(kind.description, runs: census.count(of: kind)))
      }
      return Document.Table(caption, columns, rows)
    }
  }

  /// A table of the end points of those runs in which a parameter has a value.
  public static func census<Value>(
    _ caption: String, where parameter: Parameter<Value>, is value: Value, limit: Int = 12
  ) -> ReportTable {
    census(caption, limit: limit).where(parameter, is: value)
  }

  private static func row(_ place: Census.Place, _ census: Census) -> [String] {
    let end = place.representative
    let interval = census.share(of: place).interval
    let moved = place.members.map { census.ends[$0].moved }.max() ?? 0
    func percent(_ share: Double) -> String { NumberText.short(100 * share, digits: 2) }
    return [
      place.name, end.label, abs(place.loss) < 1e-15 ? "< 10⁻¹⁵" : NumberText.short(place.loss, digits: 5),
      "\(place.count)", "\(percent(interval.lowerBound))–\(percent(interval.upperBound))",
      NumberText.short(end.gradientNorm, digits: 1),
      end.kind == .atInfinity ? "–" : NumberText.short(end.leastCurvature, digits: 2),
      end.kind == .atInfinity ? "–" : NumberText.short(end.eigenvalues.last ?? .nan, digits: 2),
      end.kind == .atInfinity ? end.growing.map(\.short).joined(separator: ", ") : end.flat.description,
      NumberText.short(moved, digits: 2),
    ]
  }

  private static func remark(_ text: String, runs: Int) -> [String] {
    ["", text, "", "\(runs)"] + Array(repeating: "", count: 6)
  }
}

extension EndPoint {
  /// The class in one or two words, with the index of a saddle.
  var label: String {
    switch kind {
    case .strictMinimum: "strict"
    case .degenerateMinimum: "degenerate"
    case .saddle where index == 0: "saddle, flat"
    case .saddle: "saddle, index \(index)"
    default: kind.description
    }
  }
}

extension EndPoint.UnitName {
  /// The layer and the unit: "unit 1.2"; for an output: "output 1".
  var short: String { isOutput ? "output \(unit)" : "unit \(layer).\(unit)" }
}

extension Results {
  /// The number of minima found against the number of runs, in the order of the seeds and as the mean over random orders.
  /// - Throws: what `census()` throws.
  public func discoveryChart() throws -> ChartGrid {
    let census = try census()
    let places = census.minimaInOrder
    let discovery = Discovery(places: places)
    let runs = discovery.runs
    guard runs > 0 else { return ChartGrid(Chart(x: AxisStyle("runs"), y: AxisStyle("minima found"), marks: [])) }
    let color = Palette.categories[0]
    let ms = Array(Set((0...60).map { 1 + Int((Double(runs - 1) * Double($0) / 60).rounded()) })).sorted()
    let expected = ms.map { Point(Double($0), discovery.expected(among: $0)) }
    let found = [Point(0, 0)] + discovery.found.enumerated().map { Point(Double($0 + 1), Double($1)) }
    let once = ms.map { m in
      Point(Double(m), 100 * Discovery(places: Array(places.prefix(m))).unseenShare)
    }
    let left = Chart(
      title: "Minima found", x: AxisStyle("runs that ended in a minimum"),
      y: AxisStyle(census.isExact ? "distinct minima" : "distinct minima, at most", including: [0]).inWholeNumbers(),
      marks: [
        .line(expected, Stroke(.gray, width: 1.2, dash: [3, 2])), .line(found, Stroke(color, width: 1.4)),
      ])
    let right = Chart(
      title: "Unseen share, Good–Turing", x: AxisStyle("runs that ended in a minimum"),
      y: .percent("f₁/n in %"), marks: [.line(once, Stroke(Palette.categories[1], width: 1.4))])
    return ChartGrid(
      [[left, right]],
      legend: [
        LegendEntry("in the order of the seeds", color), LegendEntry("mean over all orders", .gray, dash: [3, 2]),
      ],
      sharesAxes: false, aspect: 1.45)
  }
}
