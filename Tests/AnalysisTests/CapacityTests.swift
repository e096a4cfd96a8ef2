import Analysis
import Learning
import Planted
import Studies
import Testing

/// What is said of a sweep over widths agrees with what was planted in it.
@Suite struct CapacityTests {
  typealias Outcome = PlantedSweep.Outcome

  @Test func everyWidthIsMeasured() throws {
    let capacity = try PlantedSweep(widths: [8, 1, 16, 4, 2], outcome: PlantedSweep.overcapacity).capacity()
    #expect(capacity.widths.map(\.width) == [1, 2, 4, 8, 16], "widths ascend, whatever the axis's order")
    #expect(capacity.widths.map(\.parameters) == [4, 7, 13, 25, 49])
    #expect(capacity.widths.map(\.parametersPerValue) == [1, 1.75, 3.25, 6.25, 12.25])
    let widest = try #require(capacity[16])
    #expect(widest.runs == 12 && widest.diverged == 0)
    #expect(widest.training.median == 0.0005)
    // 0.75·(1 + 0.01·s), s = 0…11: quartiles at s = 2.75, 5.5 and 8.25.
    #expect(abs(widest.validation.first - 0.75 * 1.0275) < 1e-14)
    #expect(abs(widest.validation.median - 0.75 * 1.055) < 1e-14)
    #expect(abs(widest.validation.third - 0.75 * 1.0825) < 1e-14)
    #expect(abs(widest.validationLeft.median - 0.75 * 1.055 / 2) < 1e-14, "the best constant has 2 there")
    #expect(capacity.widths.map(\.interpolating.successes) == [0, 0, 6, 12, 12])
    #expect(capacity.widths.map { $0.random?.interpolating.successes } == [0, 0, 0, 12, 12])
    #expect(capacity[1]?.random?.left.median == 0.3 && capacity[16]?.random?.left.median == 0.001)
    #expect(capacity.widths.allSatisfy { $0.rise?.median == 2 })
    #expect(capacity[3] == nil)
  }

  @Test func riseIsUnknownWhereOnlyTheEndWasRecorded() throws {
    #expect(try PlantedSweep().capacity().widths.allSatisfy { $0.rise == nil })
  }

  @Test func thresholdsLieBetweenTwoWidths() throws {
    let capacity = try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity()
    // Six of twelve are a half, and a half is enough.
    #expect(capacity.interpolation.width == 4 && capacity.interpolation.narrower == 2)
    #expect(capacity.interpolation.parametersPerValue == 3.25 && capacity.interpolation.parametersPerValueBelow == 1.75)
    #expect(capacity.randomLabels?.width == 8 && capacity.randomLabels?.narrower == 4)
    #expect(capacity.interpolation.exceptions.isEmpty)
    // Nothing is below a ten-thousandth, everything below nine tenths.
    let strict = try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity(interpolatesBelow: 1e-4)
    #expect(strict.interpolation.width == nil && strict.interpolation.narrower == 16)
    #expect("\(strict.interpolation)".hasPrefix("at no width up to"))
    let loose = try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity(interpolatesBelow: 0.9)
    #expect(loose.interpolation.width == 1 && loose.interpolation.narrower == nil)
    #expect(loose.interpolation.parametersPerValueBelow == nil)
  }

  @Test func aWidthThatFallsShortBeyondTheThresholdIsNamed() throws {
    let capacity = try PlantedSweep(outcome: { _, width, seed in
      Outcome(left: width >= 4 && !(width == 8 && seed > 4) ? 0.001 : 0.2)
    }).capacity()
    #expect(capacity.interpolation.width == 4 && capacity.interpolation.exceptions == [8])
    #expect("\(capacity.interpolation)".contains("though not at"))
  }

  @Test func verdictsFollowTheirRules() throws {
    let capacity = try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity()
    #expect(capacity.best.width == 4)
    // 2 is worse by the median, but for half of the seeds it is better: that is noise.
    #expect(capacity.widths.map(\.verdict) == [.tooSmall, .fits, .fits, .over, .over])
    #expect(capacity.worseBeyondBest.map(\.width) == [8, 16])
    let widest = try #require(capacity[16])
    #expect(abs(widest.toBest.median - 1.5) < 1e-14 && widest.toBest.pairs == 12)
    // Pairs of a seed: the spread that the seeds share is gone.
    let interval = try #require(widest.toBest.interval)
    #expect(abs(interval.lowerBound - 1.5) < 1e-14 && abs(interval.upperBound - 1.5) < 1e-14)
  }

  @Test func capacityToSpareIsNoHarm() throws {
    let capacity = try PlantedSweep(outcome: { isRandom, width, seed in
      Outcome(left: width >= 4 ? 0.001 : 0.2, validation: width == 1 ? 1.5 : 0.5 + ((seed + width) % 3 == 0 ? 0.01 : 0))
    }).capacity()
    #expect(capacity.widths.map(\.verdict) == [.tooSmall, .fits, .spare, .spare, .spare])
    #expect(capacity.worseBeyondBest.isEmpty)
  }

  @Test func withoutMemorisingItIsNotOvercapacity() throws {
    var sweep = PlantedSweep(outcome: PlantedSweep.overcapacity)
    sweep.outcome = { isRandom, width, seed in
      isRandom ? Outcome(left: seed < 5 ? 0.001 : 0.3) : PlantedSweep.overcapacity(false, width, seed)
    }
    #expect(try sweep.capacity().widths.map(\.verdict) == [.tooSmall, .fits, .fits, .worse, .worse])
    let unknown = try sweep.capacity(withRandom: false)
    #expect(unknown.widths.map(\.verdict) == [.tooSmall, .fits, .fits, .worse, .worse])
    #expect(unknown.randomLabels == nil && unknown.widths.allSatisfy { $0.random == nil })
    #expect("\(unknown)".contains("no runs on random labels"))
  }

  @Test func whoLearnsNothingFitsNothing() throws {
    let capacity = try PlantedSweep(outcome: { _, _, seed in Outcome(validation: 2 + 0.1 * Double(seed)) }).capacity()
    #expect(capacity.widths.allSatisfy { $0.verdict == .idle })
  }

  /// Validation over widths, times a seed's own factor; every run of 4 and wider interpolates.
  static func hump(_ levels: [Int: Double], from threshold: Int = 4) -> PlantedSweep {
    PlantedSweep(outcome: { _, width, seed in
      Outcome(
        left: width >= threshold ? 0.001 : 0.2, validation: (levels[width] ?? 1) * (1 + 0.05 * Double(seed)))
    })
  }

  @Test func aSecondDescentNeedsAPeakAtTheThreshold() throws {
    let found = try Self.hump([1: 0.5, 2: 0.6, 4: 0.9, 8: 0.7, 16: 0.6]).capacity().secondDescent
    #expect(found.isFound && found.peak == 4 && found.before == 1 && found.after == 16)
    #expect(abs((found.rise?.median ?? 0) - 1.8) < 1e-14 && abs((found.fall?.median ?? 0) - 1.5) < 1e-14)
    let away = try Self.hump([1: 0.5, 2: 0.9, 4: 0.7, 8: 0.6, 16: 0.6], from: 16).capacity().secondDescent
    #expect(!away.isFound && away.peak == 2 && !away.isAtThreshold)
    let never = try Self.hump([1: 0.5, 2: 0.9, 4: 0.7], from: 99).capacity().secondDescent
    #expect(!never.isFound && "\(never)".contains("no width interpolates"))
    let rising = try Self.hump([1: 0.5, 2: 0.6, 4: 0.7, 8: 0.8, 16: 0.9]).capacity().secondDescent
    #expect(!rising.isFound && rising.peak == nil)
    // A network that is too small is no first descent's end.
    let falling = try Self.hump([1: 0.9, 2: 0.8, 4: 0.7, 8: 0.6, 16: 0.5]).capacity().secondDescent
    #expect(!falling.isFound && falling.peak == nil)
  }

  @Test func aPeakWithinTheNoiseIsNone() throws {
    var sweep = Self.hump([1: 0.5, 2: 0.6, 4: 0.9, 8: 0.7, 16: 0.7])
    #expect(try sweep.capacity().secondDescent.peak == 4)
    let planted = sweep.outcome
    // One seed of twelve sees no fall: too much for 95 % over ten pairs.
    sweep.outcome = { isRandom, width, seed in
      var run = planted(isRandom, width, seed)
      if seed == 7, width >= 8 { run.validation *= 2 }
      return run
    }
    let capacity = try sweep.capacity()
    #expect(capacity.secondDescent.peak == nil && !capacity.descendsTwice().passed)
  }

  @Test func theHumpOfAWideBestIsNamed() throws {
    let capacity = try Self.hump([1: 0.7, 2: 0.8, 4: 0.9, 8: 0.6, 16: 0.5]).capacity()
    #expect(capacity.widths.map(\.verdict) == [.tooSmall, .tooSmall, .critical, .critical, .spare])
    #expect(capacity.descendsTwice().passed)
  }

  @Test func divergedRunsCount() throws {
    let capacity = try PlantedSweep(outcome: { isRandom, width, seed in
      var run = PlantedSweep.overcapacity(isRandom, width, seed)
      run.diverged = isRandom ? width == 8 && seed < 7 : (width == 8 && seed < 2) || (width == 16 && seed < 7)
      return run
    }).capacity()
    let eight = try #require(capacity[8])
    #expect(eight.diverged == 2 && eight.runs == 12 && eight.interpolating == Share(10, of: 12))
    #expect(eight.random?.diverged == 7 && eight.random?.interpolating == Share(5, of: 12))
    #expect(eight.toBest.pairs == 12 && eight.toBest.interval?.upperBound == .infinity)
    #expect(capacity[16]?.verdict == .diverges && capacity[16]?.validation.median == .infinity)
    #expect(capacity.randomLabels?.width == 16)
    #expect("\(capacity)".contains("Diverged: 9 of 60 runs and 7 on random labels; they count as infinite."))
  }

  @Test func tooFewSeedsTellNothing() throws {
    // Ten pairs need 2·2⁻ⁿ ≤ 0.005, n = 9.
    let few = try PlantedSweep(seeds: 8, outcome: PlantedSweep.overcapacity).capacity()
    #expect(few.widths.allSatisfy { $0.verdict == .undecided && $0.toBest.interval == nil })
    #expect("\(few)".contains("at least 9 are needed") && "\(few)".contains("too few widths or seeds"))
    #expect(!"\(few)".contains("worse beyond") && !few.secondDescent.isDecidable)
    let enough = try PlantedSweep(seeds: 9, outcome: PlantedSweep.overcapacity).capacity()
    #expect(enough[16]?.verdict == .over)
  }

  /// A seed on which both widths diverge says nothing of either, but it is not dropped.
  @Test func twoDivergedRunsAreATie() throws {
    let capacity = try PlantedSweep(outcome: { isRandom, width, seed in
      var run = PlantedSweep.overcapacity(isRandom, width, seed)
      run.diverged = !isRandom && seed < 2
      return run
    }).capacity()
    let widest = try #require(capacity[16])
    #expect(widest.toBest.pairs == 12 && widest.toBest.interval?.lowerBound == 1 && widest.verdict == .spare)
  }

  /// What the command line adds is pooled in the shares, but two rates of a seed are not two draws.
  @Test func settingsOfASeedCountOnce() throws {
    var sweep = PlantedSweep(seeds: 8, outcome: PlantedSweep.overcapacity)
    sweep.overrides = Overrides(values: [("learning-rate", ["0.1", "0.2"])])
    let capacity = try sweep.capacity()
    #expect(capacity[16]?.runs == 16 && capacity[16]?.toBest.pairs == 8)
    #expect(capacity.widths.allSatisfy { $0.verdict == .undecided })
  }

  @Test func oneWidthAloneHasNoVerdict() throws {
    let capacity = try PlantedSweep(widths: [8], outcome: PlantedSweep.overcapacity).capacity()
    #expect(capacity.widths.map(\.verdict) == [.undecided] && capacity.best.width == 8)
    #expect(capacity.interpolation.width == 8 && capacity.interpolation.narrower == nil)
    #expect("\(capacity)".contains("A single width has no verdict."))
  }

  @Test func randomRunsAmongTheFirstAreLeftOut() throws {
    let sweep = PlantedSweep(outcome: PlantedSweep.overcapacity)
    let all = try sweep.results()
    let capacity = try Capacity(all, of: .hidden, randomLabels: all.where(PlantedSweep.labels, is: PlantedSweep.random))
    #expect(capacity.widths.map(\.runs) == [12, 12, 12, 12, 12] && capacity.best.width == 4)
    #expect(capacity.interpolation.width == 4)
  }

  @Test func whatCannotBeMeasuredIsSaid() throws {
    func rule(_ make: () throws -> Capacity) -> String {
      do {
        _ = try make()
        return ""
      } catch { return "\(error)" }
    }
    let sweep = PlantedSweep()
    let all = try sweep.results()
    let nothing = all.where(.hidden, is: 77)
    #expect(rule { try Capacity(nothing, of: .hidden) }.contains("nothing to measure"))
    #expect(rule { try Capacity(all, of: .hidden) }.contains("left free"), "true and random labels mixed")
    let rates = PlantedSweep(more: Vary(.learningRate, over: [0.1, 0.2]).axes)
    #expect(rule { try rates.capacity() }.contains("learning-rate"))
    #expect(rule { try PlantedSweep(validation: []).capacity() }.contains("validation"))
    #expect(rule { try sweep.capacity(interpolatesBelow: 0) }.contains("between 0 and 1"))
    #expect(rule { try PlantedSweep(targets: [1, 1, 1, 1]).capacity() }.contains("all training targets are the same"))
    let own = Distance(name: "own", value: { y, t in y - t }, derivative: { _, _ in 1 })
    #expect(rule { try PlantedSweep(loss: .custom(own)).capacity() }.contains("best constant"))
    let unknown = Parameter<Int>("unknown", get: { _ in nil }, set: { _, _ in })
    #expect(
      rule { try Capacity(all.where(PlantedSweep.labels, is: PlantedSweep.random), of: unknown) }.contains("no unknown")
    )
    // No random labels among those asked for: as if none had been asked for.
    let none = try Capacity(all.where(PlantedSweep.labels, is: PlantedSweep.random), of: .hidden, randomLabels: nothing)
    #expect(none.randomLabels == nil)
  }

  /// The best constant of each loss, against its closed form; of two outputs in the last.
  @Test(arguments: [
    (Loss.halfMeanSquaredError, Activation.identity, 1, [-1.0, 1, -1, 1], 0.5),
    (.meanSquaredError, .identity, 1, [-1, 1, -1, 1], 1), (.sumOfSquares, .identity, 1, [-1, 1, -1, 1], 4),
    (.absoluteError, .identity, 1, [0, 0, 0, 1], 0.25),
    // −¾ ln ¾ − ¼ ln ¼
    (.binaryCrossEntropy, .sigmoid, 1, [0, 0, 0, 1], 0.5623351446188083),
    (.crossEntropy, .softmax, 2, [1, 0, 1, 0, 1, 0, 0, 1], 0.5623351446188083),
  ]) func bestConstants(_ loss: Loss, _ output: Activation, _ outputs: Int, _ targets: [Double], _ constant: Double)
    throws
  {
    // A training loss just below and just above a tenth of the constant's: planted losses are half of `left`.
    for (factor, wanted) in [(0.0999, 12), (0.1001, 0)] {
      let sweep = PlantedSweep(
        loss: loss, targets: targets, validation: targets, outputs: outputs, output: output,
        outcome: { _, _, _ in Outcome(left: 2 * factor * constant, validation: constant) })
      let width = try #require(try sweep.capacity(interpolatesBelow: 0.1)[4])
      #expect(width.interpolating.successes == wanted, "\(loss) \(factor)")
      #expect(abs(width.validationLeft.median - 1) < 1e-14)
      #expect(width.parametersPerValue == (outputs == 1 ? 13.0 / 4 : 18.0 / 8))
    }
  }

  @Test func claimsPassAndFail() throws {
    let capacity = try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity()
    #expect(capacity.claims(.over, at: 16).passed && !capacity.claims(.spare, at: 16).passed)
    #expect(!capacity.claims(.over, at: 77).passed && capacity.claims(.over, at: 77).evidence.contains("does not have"))
    #expect(capacity.memorises(at: 8).passed && !capacity.memorises(at: 4).passed)
    #expect(capacity.interpolates(at: 4).passed && !capacity.interpolates(at: 2).passed)
    #expect(capacity.claims(.over, at: 16).evidence.contains("1.5 (1.5–1.5)"))
    #expect(capacity.memorises(at: 4).evidence.contains("0 of 12"))
  }

  @Test func wordsHaveTheirNumbers() throws {
    let words = "\(try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity())".replacing("\u{00A0}", with: " ")
    for part in [
      "0.528 (0.514–0.541), is that of H = 4 (3.25 parameters per training value; n = 12 runs",
      "interpolate between H = 2 and 4 (1.75 to 3.25 parameters", "random labels are fitted between H = 4 and 8",
      "worse beyond seed noise at H = 8, 16: at H = 16 by a factor of 1.5", "no second descent is found",
      "Too small: H = 1; fits the task: H = 2, 4; overcapacity: H = 8, 16.", "All runs share one draw of the data",
    ] { #expect(words.contains(part), "\(part) in: \(words)") }
    #expect(!words.contains("Diverged"))
    let drawn = try PlantedSweep(isDrawnPerSeed: true, outcome: PlantedSweep.overcapacity).capacity()
    #expect(drawn.isDrawnPerSeed && !"\(drawn)".contains("one draw"))
    #expect(try PlantedSweep().capacity(interpolatesBelow: 0.05).rules.contains("below 5 %"))
  }
}
