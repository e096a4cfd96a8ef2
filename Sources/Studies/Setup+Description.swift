import Learning

/// Raised by hand whenever training computes other numbers than before for the same declaration: runs made under an
/// older version are then trained again.
package enum TrainingSemantics {
  package static let version = 5
}

extension Setup {
  /// The canonical description of a set-up: one `key=value` a line, sorted, doubles with every digit.
  var description: String {
    var lines = [
      "optimizer=\(optimizer.name)",
      "learning-rate=\(optimizer.learningRate)",
      "schedule=\(optimizer.schedule.name)",
      "weight-decay=\(optimizer.weightDecay)",
      "stop=\(stop.name)",
      "record=\(record.name)",
      "precision=\(objective == nil ? precision : .float64)",
    ]
    // A function of one's own is known by its name and by what it computes.
    if case .custom(let schedule) = optimizer.schedule { lines.append("schedule-fingerprint=\(schedule.fingerprint)") }
    if let objective {
      lines.append("objective-fingerprint=\(objective.fingerprint)")
      lines += ["objective=\(objective.name)", "parameters=\(objective.parameterCount)", "start=\(start.name)"]
    } else {
      if case .custom(let distance) = loss { lines.append("loss-fingerprint=\(distance.fingerprint)") }
      lines += [
        "data=\(data.name)",
        "hidden=\(network.hidden.map(String.init).joined(separator: "-"))",
        "activation=\((network.perLayer.isEmpty ? [network.activation] : network.perLayer).map(\.name).joined(separator: ";"))",
        "output=\(network.output.map(\.name).joined(separator: ","))",
        "bias=\(network.hasBias)",
        "loss=\(loss.name)",
        "initialization=\(initialization.name) scale(\(initialization.scale))\(initialization.drawsBiases ? " biases" : "")",
        "batch=\(batch.name)",
      ]
    }
    return lines.sorted().joined(separator: "\n")
  }
}
