package import Learning
package import Studies

/// What is read of all runs of a plan, in passes: no list of keys is as long as the sweep.
extension Archive {
  /// The origins of a plan's runs, newest first; of equal origins the newest time.
  /// - Throws: `Mistake` where the archive cannot be read, or a run is damaged.
  package func provenance(of plan: Plan) throws -> [Provenance] {
    Provenance.newest(try plan.passes.flatMap { try provenance(of: plan.runs($0).map(\.key)) })
  }

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

extension Provenance {
  /// Origins, newest first; of equal origins the newest time.
  static func newest(_ all: some Sequence<Provenance>) -> [Provenance] {
    var newest: [Provenance: String] = [:]
    for one in all {
      var maker = one
      maker.time = ""
      newest[maker] = max(newest[maker] ?? "", one.time)
    }
    return newest.map { maker, time in
      var maker = maker
      maker.time = time
      return maker
    }.sorted {
      ($0.time, $0.revision, $0.toolchain, $0.processor, $0.semantics)
        > ($1.time, $1.revision, $1.toolchain, $1.processor, $1.semantics)
    }
  }
}
