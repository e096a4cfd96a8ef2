package import Learning

/// Every combination of a study's axis values, for checks, before it is known whether all of them can be trained.
package struct Draft: Sendable {
  package let study: Study
  /// One set-up per combination; the last axis runs fastest.
  package let combinations: [(settings: [Setting], setup: Setup)]
  let data: DataCache

  /// - Parameter isWhole: whether the grid can be written out; else only the first value of each axis is used.
  init(_ study: Study, isWhole: Bool, data: DataCache) {
    self.study = study
    self.data = data
    var combinations: [(settings: [Setting], setup: Setup)] = [([], study.setup)]
    for axis in study.axes where isWhole || !axis.values.isEmpty {
      combinations = combinations.flatMap { settings, setup in
        (isWhole ? axis.values : Array(axis.values.prefix(1))).map { value in
          var setup = setup
          value.apply(&setup)
          return (settings + [value.setting], setup)
        }
      }
    }
    self.combinations = combinations
  }

  package var axes: [ParameterAxis] { study.axes }
  package var added: Set<String> { study.added }
  package var changed: Set<String> { study.changed }

  /// The data of the first seed under a set-up; `nil` for an objective and where the data have mistakes of their own.
  package func dataset(_ setup: Setup) -> Dataset? {
    guard let source = setup.data, let seed = study.seeds.first else { return nil }
    return try? data.dataset(source, seed: seed)
  }
}
