import Engine
import PageCases
import PageEngine
import Testing

/// The engine of a page in the program itself: narrow vectors, and the numbers that describe runs.
@Suite struct PageEngineTests {
  @Test func narrowVectorsGiveTheBitsOfWideOnes() {
    for (index, runs) in PageCases.all.enumerated() {
      let (wide, narrow) = (runs.trainedWide(), runs.trainedNarrow())
      // Every run has its parameters, and losses and norms of all steps that it made; only some stop rules end it early.
      var place = 0
      for run in runs.runs {
        let (hasDiverged, steps, losses) = (wide[place] == 1, Int(wide[place + 1]), Int(wide[place + 3]))
        #expect(losses >= steps && steps > 10 || hasDiverged, "case \(index)")
        #expect(steps == 100 || hasDiverged || runs.stop.noProgress != nil, "case \(index): \(steps) steps")
        place += 4 + 2 * losses
        #expect(wide[place] == Double(run.form.parameterCount), "case \(index)")
        place += 1 + run.form.parameterCount
      }
      #expect(wide.count == place, "case \(index)")
      #expect(wide.map(\.bitPattern) == narrow.map(\.bitPattern), "case \(index): \(runs.network), \(runs.loss)")
    }
  }

  @Test func aDescriptionSaysAllThatARunDependsOn() throws {
    for (index, runs) in PageCases.all.enumerated() {
      let numbers = try #require(runs.description?.numbers)
      let read = try #require(PageRuns(numbers: numbers), "case \(index)")
      #expect(read.optimizer == runs.optimizer)
      #expect(read.initialization == runs.initialization)
      #expect(read.batching == runs.batching)
      #expect(read.stop == runs.stop)
      #expect(read.loss == runs.loss)
      #expect(read.runs.map(\.form.parameterCount) == runs.runs.map(\.form.parameterCount))
      #expect(read.description?.numbers.map(\.bitPattern) == numbers.map(\.bitPattern))
    }
  }

  @Test func whatIsNoDescriptionIsNotTrained() throws {
    let numbers = try #require(PageCases.all.first?.description?.numbers)
    #expect(PageRuns(numbers: []) == nil)
    for length in stride(from: 0, to: numbers.count, by: 5) {
      #expect(PageRuns(numbers: Array(numbers[..<length])) == nil, "\(length)")
    }
    for index in PageRuns.head.indices {
      var broken = numbers
      broken[index] = -1
      // Some are numbers of any sign; none may end the program.
      _ = PageRuns(numbers: broken)
    }
  }

  @Test func whatAPageCannotTrainHasNoDescription() throws {
    var runs = try #require(PageCases.all.first)
    runs.stop = StopRule(steps: 10).orEarlyStopping(patience: 2)
    #expect(runs.description == nil)
    var other = try #require(PageCases.all.first)
    other.loss = .custom(Distance(name: "d", value: { $0 - $1 }, derivative: { _, _ in 1 }))
    #expect(other.description == nil)
    other = try #require(PageCases.all.first)
    other.optimizer.schedule = .custom(CustomSchedule(name: "s") { _ in 1 })
    #expect(other.description == nil)
  }
}
