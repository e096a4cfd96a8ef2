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

  /// A path has the numbers of a training that ends at each of its stops.
  @Test func aPathHasTheParametersOfRunsThatEndAtItsStops() throws {
    let paths = PageCases.paths
    #expect(paths.count > 60)
    for (index, path) in paths.enumerated() {
      let own = try #require(PagePath(request: path.request), "case \(index)").trained()
      #expect(own.map(\.bitPattern) == path.answer.map(\.bitPattern), "case \(index)")
      #expect(own.count > 1 + PageCases.stops.count * 3, "case \(index)")
    }
    // Descents move, and some of them diverge.
    let size = 3 + 2 + 2
    let descents = paths.suffix(2 * 27).map { Array($0.answer.dropFirst()) }
    #expect(descents.allSatisfy { $0[3] != $0[3 + 5 * size] })
    let diverged = descents.count { $0[1 + 5 * size] == 1 }
    #expect(diverged > 0 && diverged < descents.count)
  }

  @Test func outputsAreThoseOfTheNetwork() throws {
    var compared = 0
    for (index, runs) in PageCases.all.enumerated() where index % 29 == 0 {
      let data = runs.data[0]
      let network = runs.network.architecture(inputs: data.inputCount, outputs: data.outputCount)
      let theta = runs.runs[0].initialParameters
      let inputs = (0..<5 * data.inputCount).map { Double($0) / 3 - 2 }
      let request = [Double(inputs.count)] + inputs + [Double(theta.count)] + theta
      let found = try #require(PageRuns.outputs(request: request + (runs.description?.numbers ?? [])))
      for sample in 0..<5 {
        let x = Array(inputs[sample * data.inputCount..<(sample + 1) * data.inputCount])
        let y = Array(found[sample * data.outputCount..<(sample + 1) * data.outputCount])
        #expect(y == Exact.output(of: network, theta, at: x), "case \(index)")
        compared += 1
      }
    }
    #expect(compared > 100)
  }

  @Test func aRequestThatIsNoneHasNoAnswer() throws {
    let path = try #require(PageCases.paths.first).request
    for length in stride(from: 0, to: path.count, by: 3) { #expect(PagePath(request: Array(path[..<length])) == nil) }
    let outputs = try #require(PageCases.all.first?.description?.numbers)
    #expect(PageRuns.outputs(request: [3, 0, 0, 0, 2, 1, 1] + outputs) == nil, "of another network")
    // A start of another size is no run.
    var other = path
    let size = 2 + PageCases.stops.count
    other.replaceSubrange(size...size, with: [1, 0.5])
    #expect(try #require(PagePath(request: other)).trained().isEmpty)
  }
}
