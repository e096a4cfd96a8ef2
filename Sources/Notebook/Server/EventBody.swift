import FlyingSocks

/// The events of a session as server-sent events.
struct EventBody: AsyncBufferedSequence {
  typealias Element = UInt8

  private let lines: AsyncStream<String>

  init(_ lines: AsyncStream<String>) { self.lines = lines }

  func makeAsyncIterator() -> Iterator { Iterator(lines: lines.makeAsyncIterator()) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    private var lines: AsyncStream<String>.Iterator
    private var rest: ArraySlice<UInt8> = []

    init(lines: AsyncStream<String>.Iterator) { self.lines = lines }

    mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      if rest.isEmpty {
        guard let line = await lines.next() else { return nil }
        // A line ends an event; JSON has none but this one.
        rest = Array("data: \(line.split { $0.isNewline }.joined(separator: " "))\n\n".utf8)[...]
      }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
