import Foundation

/// What tells one state of a file from another without reading it: size and date.
package enum FileStamp {
  package static func of(_ path: String) -> String {
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    let date = (facts?[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
    return "\(facts?[.size] ?? 0) \(date)"
  }
}
