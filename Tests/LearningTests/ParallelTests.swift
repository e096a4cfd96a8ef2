import Learning
import Synchronization
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 2, 3, 1000]) func valuesAreInTheOrderOfTheNumbers(_ count: Int) throws {
    let calls = Atomic<Int>(0)
    let squares = try Parallel.map(count) { number in
      calls.add(1, ordering: .relaxed)
      return number * number
    }
    #expect(squares == (0..<count).map { $0 * $0 } && calls.load(ordering: .relaxed) == count)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 100]) func valuesAreUsedInTheirOrderAndFewAhead(_ count: Int) throws {
    let made = Atomic<Int>(0)
    var used: [Int] = []
    try Parallel.inOrder(count) { number in
      made.add(1, ordering: .relaxed)
      return number
    } _: { number in
      used.append(number)
      #expect(made.load(ordering: .relaxed) <= number + 16)
    }
    #expect(used == Array(0..<count))
  }

  private struct Refusal: Error, Equatable { let number: Int }

  @Test func theErrorOfTheSmallestNumberIsThrown() {
    for _ in 0..<50 {
      #expect(throws: Refusal(number: 3)) {
        try Parallel.map(40) { number in
          if number % 4 == 3 { throw Refusal(number: number) }
        }
      }
    }
  }
}
