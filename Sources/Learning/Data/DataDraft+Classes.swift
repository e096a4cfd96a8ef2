/// Preparations of the training targets of classes with an output each.
extension DataDraft {
  /// t ← w_c·t for the training samples of each class c.
  /// - Throws: `Mistake` for data without classes, a class that there is not, and a weight that is not positive.
  mutating func weigh(_ weights: ClassWeights, title: String) throws {
    let names = try classNames("classWeights", title)
    let classes = (classOfEachSample ?? []).prefix(trainingCount)
    let factors: [Double]
    switch weights {
    case .balanced: factors = Self.balanced(Array(classes), of: names.count)
    case .named(let named):
      try Self.check(named, names, title)
      factors = names.map { named[$0] ?? 1 }
    }
    for (sample, label) in classes.enumerated() {
      for k in names.indices { targets[sample * names.count + k] *= factors[label] }
    }
  }

  /// t ← (1 − ε)t + (ε/K)·Σt over the K targets of each training sample. Σt is 1, or the weight of the sample's class.
  /// - Throws: `Mistake` for data without classes, and for ε outside [0, 1).
  mutating func smoothLabels(_ epsilon: Double, title: String) throws {
    let width = try classNames("smoothedLabels", title).count
    guard epsilon >= 0, epsilon < 1 else {
      throw Mistake(
        .data, at: "data \(title), label-smoothing", value: "\(epsilon)", rule: "it lies in [0, 1)",
        remedy: "Try 0.1, or 0 for none")
    }
    for sample in 0..<trainingCount {
      let places = sample * width..<(sample + 1) * width
      let even = epsilon / Double(width) * targets[places].reduce(0, +)
      for place in places { targets[place] = (1 - epsilon) * targets[place] + even }
    }
  }

  /// n/(K·n_c) of the n samples, where K counts the classes that have samples; 1 for the others, whose weight is not used.
  private static func balanced(_ classes: [Int], of number: Int) -> [Double] {
    var counts = [Int](repeating: 0, count: number)
    for label in classes { counts[label] += 1 }
    let present = counts.count { $0 > 0 }
    return counts.map { $0 > 0 ? Double(classes.count) / Double(present * $0) : 1 }
  }

  private static func check(_ weights: [String: Double], _ names: [String], _ title: String) throws {
    for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
      guard names.contains(name) else {
        let near = Spelling.nearest(to: name, among: names).map { "Did you mean \(Quoted.short($0))? " } ?? ""
        throw Mistake(
          .data, at: "data \(title), classWeights", value: Quoted.short(name), rule: "there is no class of this name",
          remedy: "\(near)The classes are \(Quoted.list(names))")
      }
      guard weight > 0, weight.isFinite else {
        throw Mistake(
          .data, at: "data \(title), weight of class \(Quoted.short(name))", value: "\(weight)",
          rule: "a class has one weight, positive and finite", remedy: "Use 1 for a class that is not weighted")
      }
    }
  }

  private func classNames(_ word: String, _ title: String) throws -> [String] {
    guard case .oneHot(let names) = classes else {
      throw Mistake(
        .data, at: "data \(title)", value: word,
        rule: "it needs classes with an output each, which these data do not have",
        remedy: "Choose a target column of classes, or leave \(word) out")
    }
    return names
  }
}
