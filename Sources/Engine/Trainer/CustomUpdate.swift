import Lanes

/// A declared update rule in lanes: each parameter of each run by itself, in float64. State is kept in the run's format.
struct CustomUpdate<Axis: LaneAxis> {
  typealias V = Axis.V

  private let updated: CustomUpdateRule.Update
  private let parameterCount: Int
  private let state: [UnsafeMutablePointer<V>]
  /// The step of each slot's run; `nil` for an idle slot, whose parameters stay 0.
  private var steps: [Int?]
  private var scratch: UpdateState

  init(_ rule: CustomUpdateRule, parameterCount: Int, workspace: Workspace<V>) {
    updated = rule.updated
    self.parameterCount = parameterCount
    state = (0..<rule.stateCount).map { _ in workspace.vectors(Axis.vectors(for: parameterCount)) }
    steps = Array(repeating: nil, count: Axis.runs)
    scratch = UpdateState(count: rule.stateCount)
  }

  /// Clears the state of `slot`'s former run.
  mutating func reset(slot: Int, isIdle: Bool) {
    steps[slot] = isIdle ? nil : 0
    for numbers in state {
      for index in 0..<parameterCount { Axis.write(0, numbers, index, slot: slot) }
    }
  }

  mutating func apply(_ theta: UnsafeMutablePointer<V>, _ g: UnsafeMutablePointer<V>, rate: V) {
    for slot in steps.indices {
      guard let step = steps[slot] else { continue }
      steps[slot] = step + 1
      let rate = Double(rate[slot])
      for index in 0..<parameterCount {
        for (k, numbers) in state.enumerated() {
          scratch[stored: k] = Double(Axis.read(numbers, index, slot: slot))
        }
        let parameter = Double(Axis.read(theta, index, slot: slot))
        let after = updated(parameter, Double(Axis.read(g, index, slot: slot)), &scratch, step, rate)
        Axis.write(V.Scalar(after), theta, index, slot: slot)
        for (k, numbers) in state.enumerated() {
          Axis.write(V.Scalar(scratch[stored: k]), numbers, index, slot: slot)
        }
      }
    }
  }
}
