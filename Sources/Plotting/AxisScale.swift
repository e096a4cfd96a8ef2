/// An axis's scale with what its ticks may be.
struct AxisScale: Hashable {
  let scale: Scale
  /// Whether only whole numbers are labelled: counts, layers, steps.
  let isWhole: Bool
  /// Ticks to use where they fit.
  let wanted: [Tick]?

  /// The scale of an axis over data of an extent.
  init(_ style: AxisStyle, _ extent: Extent) {
    isWhole = style.isWhole || extent.isWhole
    wanted = style.ticks
    if let domain = style.domain {
      scale = Scale(style.kind, domain: domain)
      return
    }
    var extent = extent
    if let ceiling = style.ceiling { extent = extent.cut(above: ceiling) }
    if let floor = style.floor { extent = extent.cut(below: floor) }
    let fitting = Scale.fitting(style.kind, extent, including: style.including)
    scale = style.limits.map(fitting.clamped(to:)) ?? fitting
  }

  func ticks(count: Int) -> [Tick] { isWhole ? scale.wholeTicks(count: count) : scale.ticks(count: count) }

  /// The width of the longest label that any number of ticks in a range can have.
  func widestLabel(_ counts: ClosedRange<Int>, _ canvas: some Canvas) -> Double {
    Set((counts.flatMap(ticks) + (wanted ?? [])).map(\.label)).map { Self.size($0, canvas).width }.max() ?? 0
  }

  static func size(_ label: String, _ canvas: some Canvas) -> Size {
    canvas.measure(Text(label, size: GridLayout.labelSize))
  }

  // MARK: Ticks without overlap

  /// Ticks for a horizontal axis; turned labels need their height side by side instead of their width.
  func horizontalTicks(_ width: Double, turned: Bool, _ canvas: some Canvas) -> [Tick] {
    if let wanted, fits(wanted, width, gap: 4, extent: { Self.size($0, canvas).width }) { return wanted }
    if scale.isOrdinal { return every(room: turned ? GridLayout.labelSize * 1.3 : 0, of: width) }
    for count in stride(from: max(2, Int(width / 34)), through: 2, by: -1) {
      let ticks = ticks(count: count)
      if fits(ticks, width, gap: 6, extent: { Self.size($0, canvas).width }) { return ticks }
    }
    return one
  }

  func verticalTicks(_ height: Double, _ canvas: some Canvas) -> [Tick] {
    if scale.isOrdinal { return every(room: GridLayout.labelSize * 1.2, of: height) }
    // No more than the room for labels has been measured for.
    for count in stride(from: min(24, max(2, Int(height / 22))), through: 2, by: -1) {
      let ticks = ticks(count: count)
      if fits(ticks, height, gap: 3, extent: { Self.size($0, canvas).height }) { return ticks }
    }
    return one
  }

  /// The names of categories; where their labels have no room, only every second, third … is written.
  private func every(room: Double, of length: Double) -> [Tick] {
    let ticks = scale.ticks(count: 0)
    let stride = max(1, Int((room * Double(ticks.count) / length).rounded(.up)))
    return ticks.enumerated().map { index, tick in
      index % stride == 0 ? tick : Tick(tick.value, "", isMinor: true)
    }
  }

  private var one: [Tick] { Array(ticks(count: 2).filter { !$0.label.isEmpty }.prefix(1)) }

  private func fits(_ ticks: [Tick], _ length: Double, gap: Double, extent: (String) -> Double) -> Bool {
    var end = -Double.infinity
    for tick in ticks where !tick.label.isEmpty {
      let half = extent(tick.label) / 2
      let center = scale.share(tick.value) * length
      if center - half < end + gap { return false }
      end = center + half
    }
    return true
  }
}
