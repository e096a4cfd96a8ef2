import Lanes

/// Which seed draws the samples of a part.
public enum Draw: Hashable, Sendable {
  /// The same samples for every run, drawn by this seed.
  case fixed(seed: UInt64 = 0)
  /// Other samples for every seed of the sweep. Settings with one seed have one draw, so that they are compared in pairs.
  case perSeed

  func seed(ofRun runSeed: UInt64) -> UInt64 {
    switch self {
    case .fixed(let seed): seed
    case .perSeed: runSeed
    }
  }

  var name: String {
    switch self {
    case .fixed(let seed): "seed \(seed)"
    case .perSeed: "seed of the run"
    }
  }
}

/// The parts that are drawn from the samples of a source: who is in which.
///
/// The test part is drawn first, by itself, so that it is the same whatever is done for validation. Each part keeps the samples'
/// own order, so that only membership depends on the seed.
struct Split {
  /// The class of each sample, where every part has to have the same share of each.
  let classes: [Int]?
  let title: String
  /// The samples that are in no part yet, in their order.
  private var rest: [Int]
  private(set) var validation: [Int] = []
  private(set) var test: [Int] = []
  private let count: Int

  init(count: Int, classes: [Int]?, title: String) {
    self.count = count
    self.classes = classes
    self.title = title
    rest = Array(0..<count)
  }

  /// All samples, in the order training, validation, test.
  var sequence: [Int] { rest + validation + test }

  /// - Throws: `Mistake` where a part would be empty, or lack a class.
  mutating func holdOutTest(share: Double, seed: UInt64) throws { test = try take(share, "test", seed, epoch: 2) }

  /// - Throws: `Mistake` where a part would be empty, or lack a class.
  mutating func holdOutValidation(share: Double, seed: UInt64) throws {
    validation = try take(share, "validation", seed, epoch: 0)
  }

  /// Holds out one of `folds` parts of equal size, to one sample (to one of each class, if stratified), counted from 1.
  /// - Throws: `Mistake` where there are fewer samples than folds, or no such fold.
  mutating func holdOut(fold: Int, of folds: Int, seed: UInt64) throws {
    let least = groups(rest).map(\.count).min() ?? 0
    guard folds >= 2, folds <= least else {
      throw Mistake(
        .data, at: "data \(title), kFold", value: "\(folds) folds",
        rule: classes == nil
          ? "there are at least 2, and each of the \(rest.count) samples is in one"
          : "there are at least 2, and the smallest class has a sample in each: it has \(least)",
        remedy: "Use between 2 and \(max(2, least)) folds")
    }
    guard (1...folds).contains(fold) else {
      throw Mistake(
        .data, at: "data \(title), fold", value: "\(fold)", rule: "the folds are 1 to \(folds)",
        remedy: "Choose one of them, or more folds")
    }
    let dealt = groups(shuffled(seed, epoch: 0)).flatMap(\.self)
    validation = move(stride(from: fold - 1, to: dealt.count, by: folds).map { dealt[$0] })
  }

  private mutating func take(_ share: Double, _ part: String, _ seed: UInt64, epoch: Int) throws -> [Int] {
    let wanted = (Double(count) * share).rounded()
    guard share > 0, share < 1, wanted > 0, wanted < Double(rest.count) else {
      throw Mistake(
        .data, at: "data \(title), \(part) share", value: "\(share)",
        rule: test.isEmpty
          ? "both parts of the \(count) samples must keep at least one"
          : "of the \(count) samples, \(test.count) are for the test; at least one is left to train on, and one is held out",
        remedy: "Choose a share between 0 and 1, for example 0.2")
    }
    let groups = groups(shuffled(seed, epoch: epoch))
    guard let counts = Self.counts(Int(wanted), of: groups.map(\.count)) else { throw lacking(part, groups) }
    return move(zip(groups, counts).flatMap { $0.prefix($1) })
  }

  /// Takes samples out of the rest; returns them in their own order.
  private mutating func move(_ chosen: [Int]) -> [Int] {
    var isChosen = [Bool](repeating: false, count: count)
    for sample in chosen { isChosen[sample] = true }
    defer { rest = rest.filter { !isChosen[$0] } }
    return rest.filter { isChosen[$0] }
  }

  /// The samples that are left, in random order.
  private func shuffled(_ seed: UInt64, epoch: Int) -> [Int] {
    var order = EpochOrder(stream: RandomStream(seed: seed, role: .split), count: rest.count)
    order.shuffle(epoch: epoch)
    return order.order.map { rest[Int($0)] }
  }

  /// The samples class by class; all of them where the parts are not stratified.
  private func groups(_ samples: [Int]) -> [[Int]] {
    guard let classes else { return [samples] }
    var groups = [[Int]](repeating: [], count: (classes.max() ?? 0) + 1)
    for sample in samples { groups[classes[sample]].append(sample) }
    return groups.filter { !$0.isEmpty }
  }

  /// How many of `total` each group gives: in proportion to its size, by the largest remainders (Hamilton's method). `nil` where a
  /// group of several would give none or all of its samples.
  private static func counts(_ total: Int, of sizes: [Int]) -> [Int]? {
    let all = sizes.reduce(0, +)
    let exact = sizes.map { Double(total) * Double($0) / Double(all) }
    var counts = exact.map { Int($0.rounded(.down)) }
    let order = sizes.indices.sorted {
      (exact[$1] - exact[$1].rounded(.down), $0) < (exact[$0] - exact[$0].rounded(.down), $1)
    }
    for i in order.prefix(total - counts.reduce(0, +)) { counts[i] += 1 }
    guard sizes.count > 1 else { return counts }
    return zip(counts, sizes).allSatisfy { $0 > 0 && $0 < $1 } ? counts : nil
  }

  private func lacking(_ part: String, _ groups: [[Int]]) -> Mistake {
    let least = groups.map(\.count).min() ?? 0
    return Mistake(
      .data, at: "data \(title), \(part) share", value: "a class of \(least) sample\(least == 1 ? "" : "s")",
      rule: "stratified parts have at least one sample of each class",
      remedy: "Choose another share, add samples of the class, or leave stratified() out")
  }
}
