import Lanes

/// A quantity of every run at the steps of a chunk, laid out like parameters: step `r` in place of parameter `r`.
struct History<Axis: LaneAxis> {
  typealias V = Axis.V

  private let values: UnsafeMutablePointer<V>

  /// - Parameter steps: the most steps of a chunk; room is made for whole squares of a vector's length, for turning.
  init(steps: Int, workspace: Workspace<V>) {
    values = workspace.vectors(Axis.vectors(for: Self.squares(steps) * V.scalarCount))
  }

  /// Squares of a vector's length that so many steps fill or begin.
  static func squares(_ steps: Int) -> Int { (steps + V.scalarCount - 1) / V.scalarCount }

  @inline(__always)
  func keep(_ value: V, at step: Int) { Axis.keep(value, in: values, at: step) }

  func value(at step: Int, slot: Int) -> Double { Double(Axis.read(values, step, slot: slot)) }

  /// The first `count` steps as numbers, a row for each slot. Number by number every read would touch another cache line.
  func rows(_ count: Int, room: Rows<V>) -> Rows<V> {
    Axis.turned(values, squares: Self.squares(count), room: room)
  }
}
