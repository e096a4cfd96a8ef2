import Learning
public import Studies

extension Results {
  /// What the training engine computes, forward and backward, for one training sample at given parameters; in float64 whatever the
  /// precision of the runs.
  /// - Parameters:
  ///   - row: a run with a network, whose data and loss are used.
  ///   - parameters: θ, in the order of the network.
  ///   - sample: the sample's position in the training data, from 0.
  /// - Throws: `Mistake` for a run of an objective, a sample that does not exist, or parameters of another size than the run's.
  public func backwardPass(of row: Row, at parameters: [Double], sample: Int) throws -> BackwardPass {
    guard case .network(let network, let loss, let data, _) = try plan.trainingRun(row.run.index).problem else {
      throw nothingToShow("the backward pass of a network")
    }
    guard data.training.count > 0, (0..<data.training.count).contains(sample) else {
      throw Mistake(
        at: "backwardPass(of:at:sample:)", value: "sample \(sample)",
        rule: "the training data have \(NumberText.count(data.training.count, "sample")), counted from 0",
        remedy: "Choose one of them")
    }
    return try BackwardPass(
      network: network, loss: loss, parameters: parameters, input: data.training.input(sample),
      target: data.training.target(sample), classes: data.classes)
  }
}
