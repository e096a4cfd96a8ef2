public import Foundation

/// Where experiments keep their files, and how much of a file is read.
public struct DataFiles: Sendable {
  /// Folders searched in turn for a relative path.
  public let folders: [URL]
  /// Largest size of a data set's numbers, in bytes; a quarter of the machine's memory unless given.
  ///
  /// Splitting a data set and training on it need further copies of the numbers.
  public var memoryLimit: Int
  /// Called after every 16 MiB of a file, so that a program can report progress.
  public var progress: (@Sendable (Progress) -> Void)?

  /// Called with the place of every file that is looked for, so that a program knows which files its results depend on.
  package var found: (@Sendable (_ path: String, _ place: URL) -> Void)?
  /// Files that are read instead of those that their paths lead to, by the path as a data source writes it: copies that no edit reaches.
  package var copies: [String: URL] = [:]

  /// How much of a file has been read.
  public struct Progress: Hashable, Sendable {
    /// The path as the data source names it.
    public let path: String
    /// Bytes read so far.
    public let bytesRead: Int
    /// Bytes of the whole file.
    public let byteCount: Int
  }

  /// Files in folders, with a limit of memory in bytes and a listener.
  public init(folders: [URL], memoryLimit: Int? = nil, progress: (@Sendable (Progress) -> Void)? = nil) {
    self.folders = folders
    self.memoryLimit = memoryLimit ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 4)
    self.progress = progress
  }

  func url(for path: String) -> URL {
    let url = place(of: path)
    found?(path, url)
    return url
  }

  private func place(of path: String) -> URL {
    if let copy = copies[path] { return copy }
    if path.hasPrefix("/") { return URL(fileURLWithPath: path) }
    let candidates = folders.map { $0.appendingPathComponent(path) }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates.first
      ?? URL(fileURLWithPath: path)
  }

  /// - Throws: `Mistake` where `samples` rows of `width` numbers of 8 bytes exceed `memoryLimit`.
  func checkSize(samples: Int, width: Int, at place: String) throws {
    let (numbers, overflow) = samples.multipliedReportingOverflow(by: width)
    guard !overflow, numbers <= memoryLimit / 8, samples <= Int(Int32.max) else {
      throw Mistake(
        .data, at: place,
        value: "\(samples) samples of \(width) numbers\(overflow ? "" : ", \(Self.size(8 * Double(numbers)))")",
        rule: "the numbers of a data set take at most \(Self.size(Double(memoryLimit)))",
        remedy: "Use fewer samples or fewer columns")
    }
  }

  /// A size in bytes with three digits and its unit.
  static func size(_ bytes: Double) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = bytes
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    return String(format: "%.\(digits)f ", value) + units[unit]
  }
}
