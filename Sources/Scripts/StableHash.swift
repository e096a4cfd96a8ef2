import Studies

/// Digests that are the same in every process.
package enum StableHash {
  /// SHA-256 in hexadecimal digits.
  package static func long(_ text: String) -> String { Digest.sha256(text) }

  /// The first eight hexadecimal digits.
  static func short(_ text: String) -> String { String(long(text).prefix(8)) }
}
