public import Analysis
import Landscape
import Learning
import Plotting

extension Results {
  /// A comparison of the minima that most runs found: their shares, the loss between them, their Hessian spectra and the network's
  /// outputs.
  /// - Parameters:
  ///   - limit: the greatest number of minima; those found most often are shown, sorted by their loss.
  ///   - inputs: the range over which a network with one input is drawn.
  /// - Throws: what `census()` throws.
  public func minimumComparison(limit: Int = 5, over inputs: ClosedRange<Double>? = nil) throws -> MinimumComparison {
    let census = try census()
    let common = Set(census.minima.sorted { $0.count > $1.count }.prefix(limit).map(\.name))
    let chosen = census.minima.filter { common.contains($0.name) }
    let range = try inputs ?? inputRange()
    let entries = try chosen.map { place in
      MinimumComparison.Entry(
        name: place.name, loss: place.loss, count: place.count, kind: place.representative.label,
        eigenvalues: place.representative.eigenvalues, function: try drawn(place, over: range))
    }
    let passages = try zip(chosen, chosen.dropFirst()).flatMap { a, b in
      let connection = try connection(from: a, to: b)
      return [
        MinimumComparison.Passage(name: "\(a.name)–\(b.name)", points: Self.points(connection.straight)),
        MinimumComparison.Passage(name: "\(a.name)–\(b.name)", points: Self.points(connection.bent), isBent: true),
      ]
    }
    return MinimumComparison(entries: entries, passages: passages, runs: count)
  }

  private static func points(_ profile: Connection.Profile) -> [Point] {
    zip(profile.shares, profile.losses).map { Point($0, $1) }
  }

  /// The range of a single input, extended by a tenth on both sides.
  private func inputRange() throws -> ClosedRange<Double>? {
    guard let row = rows.first, let data = try dataset(of: row), data.inputCount == 1,
      let low = data.training.inputs.min(), let high = data.training.inputs.max()
    else { return nil }
    let margin = 0.1 * max(high - low, 1e-9)
    return low - margin...high + margin
  }

  private func drawn(_ place: Census.Place, over range: ClosedRange<Double>?) throws -> [Point] {
    guard let range, let row = rows.first, let network = try network(of: row), network.architecture.inputs == 1,
      network.architecture.outputs == 1
    else { return [] }
    let placed = TrainedNetwork(architecture: network.architecture, parameters: place.representative.theta)
    return (0...120).map { i in
      let x = range.lowerBound + (range.upperBound - range.lowerBound) * Double(i) / 120
      return Point(x, placed([x])[0])
    }
  }
}
