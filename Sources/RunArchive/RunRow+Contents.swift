import Learning

/// The contents of a run are read for every run of a report: byte by byte, since splitting a text takes several times as long.
extension RunRow.Contents {
  /// - Returns: `nil` where a line is not as `text` writes it, or where a step number would overflow.
  init?(_ text: String) {
    var (own, widths, bestStep) = (nil as Part?, nil as [Int]?, nil as Int?)
    var series: [String: Part] = [:]
    var text = text
    let isSound = text.withUTF8 { bytes -> Bool in
      var rest = Text(bytes)
      while let line = rest.next(until: UInt8(ascii: "\n")) {
        var fields = line
        guard let name = fields.next(until: Text.blank), let first = fields.next(until: Text.blank) else {
          return false
        }
        if let part = Self.part(first, &fields) {
          if name == "parameters" { own = part } else { series[name.string] = part }
        } else if name == "layers", fields.isEmpty {
          widths = first == "none" ? [] : first.string.split(separator: "-").compactMap { Int($0) }
        } else if name == "best-step", fields.isEmpty, let step = first.integer {
          bestStep = step
        } else {
          return false
        }
      }
      return true
    }
    guard isSound, let own, series.keys.allSatisfy({ Quantity(name: $0) != nil }) else { return nil }
    (parameters, self.widths, self.bestStep, self.series) = (own, widths, bestStep, series)
  }

  /// A part whose distance in steps has been read: its length and its checksum follow.
  private static func part(_ every: Text, _ rest: inout Text) -> Part? {
    guard let count = rest.next(until: Text.blank)?.integer, let sum = rest.next(until: Text.blank)?.checksum,
      rest.isEmpty, let every = every.integer, every >= 1, count <= 1 << 40,
      !every.multipliedReportingOverflow(by: max(1, count)).overflow
    else { return nil }
    return Part(every: every, count: count, checksum: sum)
  }

  /// Bytes of a text that stays where it is.
  private struct Text {
    static let blank = UInt8(ascii: " ")

    private var bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isEmpty: Bool { bytes.isEmpty }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes the text before the next mark, and the mark; `nil` at the end.
    mutating func next(until mark: UInt8) -> Text? {
      guard !bytes.isEmpty else { return nil }
      let end = bytes.firstIndex(of: mark) ?? bytes.count
      defer { bytes = UnsafeBufferPointer(rebasing: bytes[min(end + 1, bytes.count)...]) }
      return Text(UnsafeBufferPointer(rebasing: bytes[..<end]))
    }

    static func == (text: Text, other: StaticString) -> Bool {
      text.bytes.count == other.utf8CodeUnitCount
        && other.withUTF8Buffer { zip(text.bytes, $0).allSatisfy { $0 == $1 } }
    }

    /// A number in decimal digits; `nil` for anything else.
    var integer: Int? {
      guard !bytes.isEmpty else { return nil }
      var value = 0
      for byte in bytes {
        let digit = Int(byte) - 48
        let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, isLarger) = tens.addingReportingOverflow(digit)
        guard (0...9).contains(digit), !isTooLarge, !isLarger else { return nil }
        value = sum
      }
      return value
    }

    /// A number in 16 hexadecimal digits; `nil` for anything else.
    var checksum: UInt64? {
      guard bytes.count == 16 else { return nil }
      var value: UInt64 = 0
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - 87)
        default: return nil
        }
      }
      return value
    }
  }
}
