import Figures
import Foundation
import Studies

/// What the process of a submission tells the grader, one line each.
enum MarkRecord: Codable {
  /// A claim was judged.
  case claim(JudgedClaim)
  /// The claims of a part could not be judged, and why.
  case refused(part: Int, steps: Bool, messages: [String])
  /// Every claim was judged.
  case judged
  /// A page was written: its name in the results and its path in the scratch folder.
  case page(name: String, path: String)
  /// The student's report could not be written.
  case withoutReport(why: String)
}

/// A claim with its outcome for one submission.
struct JudgedClaim: Codable {
  /// The position of the claim's type in the lecturer's file, and of the claim in it.
  let part: Int
  let index: Int
  let outcome: String
  let evidence: String
  let mark: Event.Mark
}

/// The channel from the process of a submission to the grader. Each line carries a digest of a secret and of its content. The code of a
/// submission does not have the secret, so that a line that it writes itself does not count.
struct MarkChannel {
  private let file: URL
  private let secret: String

  /// The secret is read before the code of a submission is loaded, from the standard input, which is then at its end.
  nonisolated(unsafe) static var received = ""

  static func receive() {
    received = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
  }

  init(_ file: URL, secret: String) {
    self.file = file
    self.secret = secret
  }

  /// A secret that nobody guesses.
  static func newSecret() -> String { (0..<4).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined() }

  func send(_ record: MarkRecord) throws {
    let json = String(decoding: try Self.encoder.encode(record), as: UTF8.self)
    let line = Data("\(seal(json)) \(json)\n".utf8)
    if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: line)
    try handle.close()
  }

  /// The records that carry the right digest.
  func records() -> [MarkRecord] {
    guard let data = Self.content(of: file) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0] == seal(String(parts[1])) else { return nil }
      return try? Self.decoder.decode(MarkRecord.self, from: Data(parts[1].utf8))
    }
  }

  private func seal(_ json: String) -> String { Digest.sha256("\(secret)\n\(json)\n\(secret)") }

  /// A regular file of at most 32 MB; a link or a device that a submission has put in its place is not followed.
  static func content(of file: URL, limit: Int = 32 << 20) -> Data? {
    let descriptor = open(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= limit else { return nil }
    return try? handle.readToEnd() ?? Data()
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    // JSON has no infinity.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
