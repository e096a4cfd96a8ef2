import Learning

/// The rule for every option and flag except `--set` and `--sbatch`: it may be given once. Using the last value silently would hide a mistake.
enum RepeatedOptions {
  /// Options that may be repeated; they check repetitions themselves.
  private static let repeatable = ["--set", "--sbatch"]

  /// - Throws: `Mistakes`, one for each repeated option.
  static func refuse(_ arguments: [String]) throws {
    // A shell that asks for completions repeats the words of its line.
    guard !arguments.contains(where: { $0.hasPrefix("---") }) else { return }
    var counts: [String: Int] = [:]
    var names: [String] = []
    for argument in arguments.dropFirst().prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let name = String(argument.prefix { $0 != "=" })
      if counts.updateValue(counts[name, default: 0] + 1, forKey: name) == nil { names.append(name) }
    }
    let repeated = names.filter { counts[$0, default: 0] > 1 && !repeatable.contains($0) }
    guard !repeated.isEmpty else { return }
    throw Mistakes(
      repeated.map { name in
        let count = counts[name, default: 0]
        return Mistake(
          at: name, value: count == 2 ? "given twice" : "given \(count) times", rule: "an option may be given once",
          remedy: "Keep one of them")
      })
  }
}
