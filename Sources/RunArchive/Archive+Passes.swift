package import Learning
package import Studies

/// What is read of all runs of a plan, in passes: no list of keys is as long as the sweep.
extension Archive {
  /// The quantities that any run of a plan has recorded.
  /// - Throws: `Mistake` where the archive cannot be read, or a run is damaged.
  package func quantities(of plan: Plan) throws -> [Quantity] {
    let names = try plan.passes.flatMap { try quantities(of: plan.runs($0).map(\.key)) }.map(\.name)
    return Set(names).sorted().compactMap(Quantity.init(name:))
  }

  /// Which runs of a plan are there, without reading their curves.
  /// - Throws: `Mistake` where the archive cannot be read.
  package func knownCount(of plan: Plan) throws -> Int {
    try plan.passes.reduce(0) { count, pass in try count + known(among: plan.runs(pass).map(\.key)).count }
  }
}
