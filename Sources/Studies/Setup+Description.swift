import Learning

/// Raised by hand whenever training computes other numbers than before for the same declaration: runs made under an
/// older version are then trained again.
package enum TrainingSemantics {
  package static let version = 3
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
    if let objective {
      lines += ["objective=\(objective.name)", "parameters=\(objective.parameterCount)", "start=\(start.name)"]
    } else {
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
