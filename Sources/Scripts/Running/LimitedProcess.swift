import CPlatform
package import Foundation
import Learning

/// A program under limits of time, memory and files, in namespaces of its own where the system allows it: for code that somebody
/// else has written.
package struct LimitedProcess: Sendable {
  /// What a program may use.
  package struct Limits: Codable, Hashable, Sendable {
    /// Seconds from start to end.
    package var seconds: Double
    /// Seconds of processor time of one process.
    package var processorSeconds: Int
    /// Bytes of memory for the data of one process.
    package var memory: Int
    /// Bytes of all files in the scratch folder together, and of each.
    package var fileBytes: Int
    /// Files and folders in the scratch folder.
    package var fileCount: Int

    package init(seconds: Double, processorSeconds: Int, memory: Int, fileBytes: Int, fileCount: Int) {
      self.seconds = seconds
      self.processorSeconds = processorSeconds
      self.memory = memory
      self.fileBytes = fileBytes
      self.fileCount = fileCount
    }
  }

  /// Why a program was ended by its parent.
  package enum Stop: Sendable {
    /// It ran longer than it may.
    case time
    /// Its files are larger, or more, than they may be.
    case files
    /// The parent was asked to end.
    case cancelled
  }

  /// How a program has ended.
  package struct Ending: Sendable {
    /// The exit code; `nil` after a signal.
    package let code: Int32?
    /// The signal that ended it.
    package let signal: Int32?
    /// Why the parent ended it; `nil` if it ended without the parent.
    package let stop: Stop?
    /// Seconds from start to end.
    package let seconds: Double
  }

  /// The folder in which the program runs; the only one in which an isolated program can write.
  private let scratch: URL
  private let hidden: [URL]
  private let isIsolated: Bool
  private let limits: Limits

  package init(scratch: URL, hidden: [URL] = [], isIsolated: Bool, limits: Limits) {
    self.scratch = scratch
    self.hidden = hidden
    self.isIsolated = isIsolated
    self.limits = limits
  }

  /// Whether the system isolates programs: a trial.
  package static func isIsolationAvailable(in folder: URL) -> Bool {
    let limits = Limits(seconds: 10, processorSeconds: 10, memory: 1 << 30, fileBytes: 1 << 20, fileCount: 10)
    let trial = LimitedProcess(scratch: folder, isIsolated: true, limits: limits)
    let ending = try? trial.run(["/bin/true"], environment: [:])
    return ending?.code == 0
  }

  /// Runs a program to its end. The calling thread waits.
  /// - Parameters:
  ///   - input: what it reads, at most some kilobytes.
  ///   - output: a file for what it prints and for its errors; `nil` drops them.
  ///   - isCancelled: asked several times per second; `true` ends the program.
  /// - Throws: `Mistake` where it cannot be started.
  package func run(
    _ command: [String], environment: [String: String], input: Data = Data(), output: URL? = nil, errors: URL? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> Ending {
    let reader = Pipe()
    reader.fileHandleForWriting.write(input)
    try? reader.fileHandleForWriting.close()
    let sinks = try [output, errors].map { try Self.sink($0) }
    defer { for sink in sinks { close(sink) } }
    let began = ContinuousClock.now
    let child = start(command, environment, [reader.fileHandleForReading.fileDescriptor] + sinks)
    guard child > 0 else { throw Self.refused(command, code: -child) }
    var stop: Stop?
    var rounds = 0
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child || (ended < 0 && errno != EINTR) { break }
      rounds += 1
      if stop == nil {
        stop = isCancelled() ? .cancelled : reason(after: (ContinuousClock.now - began).seconds, rounds)
        if stop != nil { end(child) }
      }
      usleep(rounds < 50 ? 2_000 : 20_000)
    }
    // What it has left running in its group.
    kill(-child, SIGKILL)
    let signal = status & 0x7f
    return Ending(
      code: signal == 0 ? status >> 8 & 0xff : nil, signal: signal == 0 ? nil : signal, stop: stop,
      seconds: (ContinuousClock.now - began).seconds)
  }

  private func end(_ child: Int32) {
    kill(-child, SIGKILL)
    kill(child, SIGKILL)
  }

  private func reason(after seconds: Double, _ rounds: Int) -> Stop? {
    if seconds > limits.seconds { return .time }
    return rounds % 10 == 0 && isOverFull ? .files : nil
  }

  /// Whether the scratch folder holds more than it may.
  private var isOverFull: Bool {
    var (bytes, count) = (0, 0)
    let files = FileManager.default.enumerator(at: scratch, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      var facts = stat()
      guard lstat(file.path, &facts) == 0 else { continue }
      bytes += Int(facts.st_blocks) * 512
      count += 1
      if bytes > limits.fileBytes || count > limits.fileCount { return true }
    }
    return false
  }

  private func start(_ command: [String], _ environment: [String: String], _ files: [Int32]) -> Int32 {
    scratch.path.withCString { scratch in
      CStrings.with(hidden.map(\.path)) { hidden in
        CStrings.with(command) { words in
          CStrings.with(environment.map { "\($0)=\($1)" }) { variables in
            var most = descent_limits()
            most.scratch = scratch
            most.is_isolated = isIsolated ? 1 : 0
            most.memory = UInt64(limits.memory)
            most.file_size = UInt64(limits.fileBytes)
            most.seconds = UInt64(limits.processorSeconds)
            (most.open_files, most.processes) = (256, 256)
            return hidden.withUnsafeBufferPointer { hidden in
              most.hidden = hidden.baseAddress
              return descent_start_limited(command[0], words, variables, &most, files)
            }
          }
        }
      }
    }
  }

  private static func sink(_ file: URL?) throws -> Int32 {
    let path = file?.path ?? "/dev/null"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Mistake(
        .output, at: path, value: String(cString: strerror(errno)), rule: "the file cannot be written",
        remedy: "Check the disk and the permissions of the folder")
    }
    return descriptor
  }

  private static func refused(_ command: [String], code: Int32) -> Mistake {
    Mistake(
      .environment, at: command.first ?? "", value: String(cString: strerror(code)),
      rule: "the process cannot be started", remedy: "Close other programs, or raise the limit of processes")
  }
}

/// Texts as a list of C strings that ends with a null pointer.
enum CStrings {
  static func with<T>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}

extension Duration {
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
