import Learning

/// Raised by hand whenever training computes other numbers than before for the same declaration: runs made under an
/// older version are then trained again.
package enum TrainingSemantics {
  package static let version = 5
}

extension Setup {
  /// The canonical description of a set-up: one `key=value` a line, sorted, doubles with every digit.
  package var description: String {
    var lines = [
      "optimizer=\(optimizer.name)",
      "learning-rate=\(optimizer.learningRate)",
      "schedule=\(optimizer.schedule.name)",
      "weight-decay=\(optimizer.weightDecay)",
      "stop=\(stop.name)",
      "record=\(record.name)",
      "precision=\(precision ?? .float64)",
    ]
    // An option that is not used has no line: the descriptions, and so the keys, of runs from before it existed stay the same.
    if optimizer.l1Penalty != 0 { lines.append("l1-penalty=\(optimizer.l1Penalty)") }
    if optimizer.clipNorm != .infinity { lines.append("clip-norm=\(optimizer.clipNorm)") }
    // A custom function is identified by its name and by what it computes.
    if let schedule = optimizer.schedule.custom { lines.append("schedule-fingerprint=\(schedule.fingerprint)") }
    if case .custom(let rule) = optimizer.rule { lines.append("optimizer-fingerprint=\(rule.fingerprint)") }
    switch problem {
    case .network(let problem): lines += problem.lines
    case .objective(let objective, let start):
      lines += [
        "objective-fingerprint=\(objective.fingerprint)", "objective=\(objective.name)",
        "parameters=\(objective.parameterCount)", "start=\(start.name)",
      ]
    }
    return lines.sorted().joined(separator: "\n")
  }
}

extension Setup.NetworkProblem {
  fileprivate var lines: [String] {
    let activations = network.perLayer.isEmpty ? [network.activation] : network.perLayer
    var lines = [
      "data=\(data.name)",
      "hidden=\(network.hidden.map(String.init).joined(separator: "-"))",
      "activation=\(activations.map(\.name).joined(separator: ";"))",
      "output=\(network.output.map(\.name).joined(separator: ","))",
      "bias=\(network.hasBias)",
      "loss=\(loss.name)",
      "initialization=\(weights.name)",
      "batch=\(batch.name)",
    ]
    let functions = (activations + network.output).compactMap(\.function)
    if !functions.isEmpty {
      lines.append("activation-fingerprint=\(functions.map { "\($0.fingerprint)" }.joined(separator: ";"))")
    }
    if network.dropoutRate != 0 { lines.append("dropout=\(network.dropoutRate)") }
    if case .custom(let distance) = loss { lines.append("loss-fingerprint=\(distance.fingerprint)") }
    return lines
  }
}

extension Setup.Weights {
  fileprivate var name: String {
    switch self {
    case .drawn(let initialization):
      "\(initialization.name) scale(\(initialization.scale))\(initialization.drawsBiases ? " biases" : "")"
    case .stored(let run): run.name
    }
  }
}
