import Foundation
import Plotting

/// The notes of a picture as JSON: what neighbours share, the words before their numbers, is written once.
///
///     [[["step: ", "loss: "], [603, 1170, "1", "0.7637", 1423, 1173, "3", "0.7529"]], …]
///
/// Places are in tenths of a point. The page's script puts the notes together again.
enum HTMLNotes {
  private struct Group: Encodable {
    var heads: [String]
    var values: [Value] = []

    func encode(to encoder: any Encoder) throws {
      var pair = encoder.unkeyedContainer()
      try pair.encode(heads)
      try pair.encode(values)
    }
  }

  private enum Value: Encodable {
    case place(Int)
    case text(String)

    func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .place(let tenths): try value.encode(tenths)
      case .text(let text): try value.encode(text)
      }
    }
  }

  static func json(_ notes: [(place: Point, text: String)]) -> String {
    var groups: [Group] = []
    for note in notes {
      let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false).map(parts)
      let heads = lines.map(\.head)
      if groups.last?.heads != heads { groups.append(Group(heads: heads)) }
      groups[groups.count - 1].values += [.place(tenths(note.place.x)), .place(tenths(note.place.y))]
      groups[groups.count - 1].values += lines.map { .text($0.value) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // Whole numbers and text can always be encoded.
    guard let data = try? encoder.encode(groups) else { return "[]" }
    // A note must not end the element that holds it.
    return String(decoding: data, as: UTF8.self).replacing("<", with: "\\u003c")
  }

  private static func parts(_ line: Substring) -> (head: String, value: String) {
    guard let end = line.ranges(of: ": ").last?.upperBound else { return ("", String(line)) }
    return (String(line[..<end]), String(line[end...]))
  }

  private static func tenths(_ value: Double) -> Int { Int((10 * value).rounded()) }
}
