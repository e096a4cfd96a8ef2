import Foundation
import Scripts

/// Notices that a file of a script was saved.
struct SourceWatch {
  private let place: URL
  private var known: [String: Date]

  init(_ place: URL) {
    self.place = place
    known = Self.dates(place)
  }

  /// The name of a file that was changed, added or removed since the last call.
  mutating func change() -> String? {
    let now = Self.dates(place)
    defer { known = now }
    return Set(now.keys).union(known.keys).sorted().first { now[$0] != known[$0] }
  }

  private static func dates(_ place: URL) -> [String: Date] {
    let pairs = (Script(place)?.files ?? []).compactMap { file -> (String, Date)? in
      let date = (try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate]) as? Date
      return date.map { (file.lastPathComponent, $0) }
    }
    return Dictionary(pairs, uniquingKeysWith: { a, _ in a })
  }
}
