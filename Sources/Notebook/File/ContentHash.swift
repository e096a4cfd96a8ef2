/// A hash of a text, which tells the versions of a file apart: FNV-1a with 64 bits, and the number of bytes.
enum ContentHash {
  static func text(of text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return "\(String(hash, radix: 16))-\(text.utf8.count)"
  }
}
