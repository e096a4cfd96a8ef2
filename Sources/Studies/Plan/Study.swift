import Learning

/// A named set-up and its sweep: what the runner needs to know of an experiment.
package struct Study: Sendable {
  /// Name of the experiment.
  package var name: String
  /// Title of the experiment.
  package var title: String
  package var setup: Setup
  package var axes: [ParameterAxis]
  package var seeds: [UInt64]
  package var seedCount: Int { seeds.count }
  /// The rule that decides how many of the seeds are trained; `nil`: all of them.
  package private(set) var seedRule: SeedRule?
  /// Whether seeds are declared twice, by a list and by a rule.
  let hasSeedsTwice: Bool
  /// What the command line has changed, in words: "activation = relu".
  package private(set) var changes: [String] = []
  /// Parameters whose values the command line has set.
  package private(set) var changed: Set<String> = []
  /// The changes as a part of a file name; empty where there are none.
  package private(set) var changeTag = ""
  /// Parameters that only the command line varies, so that no figure of the report refers to them.
  package private(set) var added: Set<String> = []
  /// Parameters that the command line alone sets, after everything else.
  private(set) var appended: Set<String> = []

  /// A set-up and its sweep under a name.
  package init(name: String, title: String, setup: Setup, sweep: [Axis]) {
    self.name = name
    self.title = title
    self.setup = setup
    axes = []
    seeds = []
    var hasSeeds = false
    for part in sweep {
      switch part {
      case .axis(let axis): axes.append(axis)
      case .seeds(let list):
        seeds += list
        hasSeeds = true
      case .seedsUntilDecided(let rule): seedRule = rule
      }
    }
    hasSeedsTwice = hasSeeds && seedRule != nil
    if !hasSeeds { seeds = seedRule?.seeds ?? [0] }
  }
}

/// Changes to a sweep from the command line.
package struct Overrides: Sendable {
  /// Parameter name and the values typed for it.
  package var values: [(name: String, values: [String])]
  /// Seeds in place of the declared ones; `nil` keeps those.
  package var seeds: [UInt64]?

  /// Values for parameters, and seeds.
  package init(values: [(name: String, values: [String])] = [], seeds: [UInt64]? = nil) {
    self.values = values
    self.seeds = seeds
  }
}

extension Study {
  /// The study with the command line's values in place of its own.
  /// - Throws: `Mistakes` for parameters and values that cannot be used.
  package func applying(_ overrides: Overrides) throws -> Study {
    var study = self
    var found: [Mistake] = []
    // Whole data sets, optimizers and schedules first: a noise, momentum or warm-up that is set too belongs to them.
    let wholes = overrides.values.filter { Self.wholes.contains($0.name) }
    for (name, texts) in wholes + overrides.values.filter({ !Self.wholes.contains($0.name) }) {
      do {
        try study.override(name, texts)
      } catch let mistake as Mistake {
        found.append(mistake)
      }
    }
    if !found.isEmpty { throw Mistakes(found) }
    if let seeds = overrides.seeds, seeds != study.seeds || seedRule != nil {
      (study.seeds, study.seedRule) = (seeds, nil)
      study.changes.append("seeds = \(SeedText.describe(seeds))")
    }
    study.changeTag = FileNameTag.of(
      overrides.values.map { "\($0.name)=\($0.values.joined(separator: "+"))" }.sorted()
        + (overrides.seeds == nil || study.seeds == seeds && seedRule == nil
          ? [] : ["seeds=\(SeedText.describe(study.seeds))"]))
    return study
  }

  /// The set-up with the first value of every axis but one: the set-up that this axis varies.
  func setup(without name: String) -> Setup {
    var result = setup
    for axis in axes where axis.parameter.name != name { axis.values.first?.apply(&result) }
    return result
  }

  /// The first dozen, and how many there are.
  private static func listed(_ values: [String]) -> String {
    let head = values.prefix(12).joined(separator: ", ")
    return values.count > 12 ? "\(head), … (\(values.count) values)" : head
  }

  /// Parameters whose values replace values that other parameters change in part.
  static let wholes = ["data", "optimizer", "schedule"]

  private mutating func override(_ name: String, _ texts: [String]) throws {
    let known =
      axes.map(\.parameter)
      + StandardParameters.all.filter { standard in
        !axes.contains { $0.parameter.name == standard.name }
      }
    guard let parameter = known.first(where: { $0.name == name }) else {
      let near = Spelling.nearest(to: name, among: known.map(\.name)).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        at: "--set \(name)", value: "", rule: "there is no parameter of this name",
        remedy: "\(near)The parameters are \(known.map(\.name).joined(separator: ", "))")
    }
    let existing = axes.firstIndex { $0.parameter.name == name }
    let values = try texts.map { text in
      // A value of the axis itself can be chosen by its title: data sets, variants.
      if let existing, let own = axes[existing].values.first(where: { $0.setting.description == text }) { return own }
      guard let value = parameter.parse(text), !(existing != nil && parameter.isVariant(in: self)) else {
        let choices = existing.map { Self.listed(axes[$0].values.map(\.setting.description)) }
        throw Mistake(
          at: "--set \(name)", value: text,
          rule: parameter.isVariant(in: self) ? "there is no such variant" : "it is not \(parameter.expectation)",
          remedy: choices.map { "The experiment's own values are \($0)" } ?? "Type \(parameter.expectation)")
      }
      return value
    }
    guard !values.isEmpty else {
      throw Mistake(at: "--set \(name)", value: "", rule: "no value is given", remedy: "Write --set \(name)=VALUE")
    }
    changes.append("\(parameter.shortTitle) = \(values.map(\.setting.description).joined(separator: ", "))")
    changed.insert(name)
    if let existing {
      axes[existing] = ParameterAxis(parameter: parameter, values: values)
      return
    }
    guard parameter.setting(setup(without: name)) != nil else {
      throw Mistake(
        at: "--set \(name)", value: texts.joined(separator: ","),
        rule: "the experiment's set-up has no \(parameter.title)",
        remedy: "Set a parameter that it has")
    }
    // A whole is applied before the axes that change a part of it.
    let isWhole = Self.wholes.contains(name)
    axes.insert(ParameterAxis(parameter: parameter, values: values), at: isWhole ? 0 : axes.count)
    if !isWhole { appended.insert(name) }
    if values.count > 1 { added.insert(name) }
  }
}

extension AnyParameter {
  /// The symbol where there is one, else the title.
  package var shortTitle: String { symbol.isEmpty ? title : symbol }

  /// Variants exist only where the experiment declares them.
  func isVariant(in study: Study) -> Bool {
    study.axes.contains { $0.parameter.name == name } && !StandardParameters.all.contains { $0.name == name }
      && expectation == String.expectation
  }
}
