import Foundation

/// JSON objects on a line.
enum JSONLine {
  static func text(_ fields: [String: Any]) -> String {
    guard
      let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  static func fields(_ text: String) -> [String: Any]? {
    guard text.first == "{" else { return nil }
    return (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }
}
