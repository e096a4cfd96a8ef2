/// The losses of one experiment that is being trained, with no more points than a picture shows.
struct LiveCurves {
  private struct Curve {
    private(set) var points: [(step: Int, loss: Any)] = []
    /// Every how many samples one is kept.
    private var stride = 1
    private var seen = 0

    mutating func add(_ step: Int, _ loss: Any) {
      defer { seen += 1 }
      guard seen % stride == 0 else { return }
      points.append((step, loss))
      guard points.count > LiveCurves.most.points else { return }
      points = points.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      stride *= 2
    }
  }

  private var curves: [Int: Curve] = [:]

  private static let most = (curves: 48, points: 256)

  /// Adds the samples of an `observed` event.
  mutating func add(_ samples: [[String: Any]]) {
    for sample in samples {
      guard let run = sample["run"] as? Int, let step = sample["step"] as? Int, let loss = sample["loss"],
        curves[run] != nil || curves.count < Self.most.curves
      else { continue }
      curves[run, default: Curve()].add(step, loss)
    }
  }

  /// All samples that are kept, as an `observed` event has them.
  var samples: [[String: Any]] {
    curves.sorted { $0.key < $1.key }.flatMap { run, curve in
      curve.points.map { ["run": run, "step": $0.step, "loss": $0.loss] }
    }
  }
}
