import Foundation

/// Runs a program to its end and takes what it wrote.
package enum Subprocess {
  package struct Result {
    package let status: Int32
    package let output: String
    package let errors: String

    /// What a program left when it ended.
    package init(status: Int32, output: String, errors: String) {
      self.status = status
      self.output = output
      self.errors = errors
    }
  }

  /// - Returns: `nil` where the program could not be started.
  package static func run(_ command: [String]) -> Result? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    guard (try? process.run()) != nil else { return nil }
    // The second pipe is read by another thread, so that neither fills up.
    let reader = PipeReader(errors.fileHandleForReading)
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let messages = String(decoding: reader.data(), as: UTF8.self)
    process.waitUntilExit()
    let isKilled = process.terminationReason == .uncaughtSignal
    return Result(
      status: isKilled ? 128 + process.terminationStatus : process.terminationStatus, output: text, errors: messages)
  }

  /// What a program printed; `nil` where it failed.
  static func output(_ command: [String]) -> String? {
    run(command).flatMap { $0.status == 0 ? $0.output : nil }
  }
}

/// Reads a pipe to its end on another thread.
final class PipeReader: Sendable {
  private let done = DispatchSemaphore(value: 0)
  nonisolated(unsafe) private var content = Data()

  init(_ handle: FileHandle) {
    Thread.detachNewThread {
      self.content = handle.readDataToEndOfFile()
      self.done.signal()
    }
  }

  /// What came, once the other end is closed. To be called once.
  func data() -> Data {
    done.wait()
    return content
  }
}
