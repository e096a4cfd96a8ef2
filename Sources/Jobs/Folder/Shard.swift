package import Foundation
import Studies

/// Finished runs of a chunk: an archive of its own in one file, whose name has a digest of its content.
package struct Shard: Hashable, Sendable {
  package let url: URL
  /// The chunk: `001-0007`.
  package let chunk: String
  private let digest: String
  private static let digits = 32

  /// The shard of a file; `nil` where the name is not that of a shard.
  package init?(_ url: URL) {
    let name = url.lastPathComponent
    guard !name.hasPrefix("."), name.hasSuffix(".sqlite") else { return nil }
    let parts = name.dropLast(7).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].count == Self.digits else { return nil }
    (self.url, chunk, digest) = (url, "\(parts[0])-\(parts[1])", String(parts[2]))
  }

  /// Whether the file has the bytes that a worker has published.
  package var isWhole: Bool { (try? Digest.sha256(ofFile: url).prefix(Self.digits)).map { $0 == digest } ?? false }

  /// Copies a closed archive into a folder, under the name of its chunk and its content.
  /// - Throws: `Mistake` where it cannot be copied.
  package static func publish(_ file: URL, chunk: String, to folder: URL) throws -> URL {
    let digest = try Digest.sha256(ofFile: file).prefix(digits)
    let target = folder.appendingPathComponent("\(chunk)-\(digest).sqlite")
    try DurableFile.copy(file, to: target)
    return target
  }

  /// Moves the file to another folder of the job; another process may have done so.
  package func move(to folder: URL) { rename(url.path, folder.appendingPathComponent(url.lastPathComponent).path) }
}
