import Foundation

/// The lines that arrive in a pipe.
struct LineStream {
  let file: Int32
  private(set) var isAtEnd = false
  private let output: (String) -> Child.Output
  private var rest: [UInt8] = []
  private var skips = false

  /// Most bytes of a line; the largest cell of a report is well below.
  private static let limit = 32 << 20

  init(file: Int32, output: @escaping (String) -> Child.Output) {
    self.file = file
    self.output = output
  }

  /// Reads what is there, and sends the lines that it completes.
  mutating func read(_ send: (Child.Output) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(file, &buffer, buffer.count)
    guard count > 0 else {
      if count == 0 || errno != EINTR { isAtEnd = true }
      return
    }
    var piece = buffer[..<count]
    while let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
      rest += piece[..<end]
      sendLine(send)
      piece = piece[(end + 1)...]
    }
    rest += piece
    if rest.count > Self.limit {
      rest = Array("… a line of more than 32 MB was left out".utf8)
      sendLine(send)
      skips = true
    }
    if skips { rest = [] }
  }

  /// Closes the pipe, after a last line without an end.
  mutating func close(_ send: (Child.Output) -> Void) {
    if !rest.isEmpty { sendLine(send) }
    Foundation.close(file)
    isAtEnd = true
  }

  private mutating func sendLine(_ send: (Child.Output) -> Void) {
    if !skips { send(output(String(decoding: rest, as: UTF8.self))) }
    rest = []
    skips = false
  }
}
