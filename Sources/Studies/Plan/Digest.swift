import CGLib
package import Foundation
import Learning

/// SHA-256, by GLib (which Pango needs in any case).
package enum Digest {
  /// In hexadecimal digits.
  package static func sha256(_ text: String) -> String {
    let hasher = Hasher()
    hasher.add(text)
    return hasher.finish()
  }

  /// The digest of a file, read in parts, in hexadecimal digits.
  /// - Throws: what reading the file throws.
  package static func sha256(ofFile file: URL) throws -> String {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let hasher = Hasher()
    while let part = try handle.read(upToCount: 1 << 22), !part.isEmpty { hasher.add(part) }
    return hasher.finish()
  }

  /// The digest of bytes, in hexadecimal digits.
  package static func sha256(_ bytes: Data) -> String {
    let hasher = Hasher()
    hasher.add(bytes)
    return hasher.finish()
  }

  /// A digest of a data set's content: every number's bits, sizes, names of classes.
  static func sha256(of data: Dataset) -> String {
    let hasher = Hasher()
    hasher.add("\(data.inputCount) \(data.outputCount) \(data.training.count) \(data.validation?.count ?? 0)\n")
    if let classes = data.classes { hasher.add("\(classes)\n") }
    // Such data were trained with another gradient before class weights existed.
    if !data.hasUnitTargets { hasher.add("weighted targets\n") }
    // What a set without a test part, and with targets in their own unit, does not have leaves its digest as it was.
    if let test = data.test { hasher.add("test \(test.count)\n") }
    hasher.add(data.preparation.targetDeviations)
    for part in [data.training, data.validation, data.test].compactMap(\.self) {
      hasher.add(part.inputs)
      hasher.add(part.targets)
    }
    return hasher.finish()
  }

  /// The digest of a text that many texts begin with: only their ends are left to digest.
  final class Beginning: @unchecked Sendable {
    // Not changed after `init`: every end is added to a copy. So threads may share it.
    private let hasher: Hasher

    init(_ text: String) {
      hasher = Hasher()
      hasher.add(text)
    }

    deinit { hasher.discard() }

    /// The digest of the whole text, in hexadecimal digits.
    func sha256(_ end: String) -> String {
      let whole = hasher.copy()
      whole.add(end)
      return whole.finish()
    }
  }

  private struct Hasher {
    private let checksum: OpaquePointer?

    init() { checksum = g_checksum_new(G_CHECKSUM_SHA256) }

    private init(_ checksum: OpaquePointer?) { self.checksum = checksum }

    func copy() -> Hasher { Hasher(g_checksum_copy(checksum)) }

    func add(_ text: String) { add(bytes: Array(text.utf8)) }

    func add(_ data: Data) {
      data.withUnsafeBytes { bytes in
        g_checksum_update(checksum, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
      }
    }

    func add(_ numbers: [Double]) {
      numbers.withUnsafeBytes { bytes in
        g_checksum_update(checksum, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
      }
    }

    private func add(bytes: [UInt8]) { g_checksum_update(checksum, bytes, bytes.count) }

    func discard() { g_checksum_free(checksum) }

    /// Ends the hasher and returns the digest.
    func finish() -> String {
      defer { discard() }
      return g_checksum_get_string(checksum).map { String(cString: $0) } ?? ""
    }
  }
}
