import Foundation
import Learning
package import Studies

extension Archive {
  /// The parameters of a run after its training, with the widths of its layers; `nil` where there is no run with this key.
  /// - Throws: `Mistake` where the archive cannot be read, the run is damaged, or an older version stored it without widths.
  package func state(of key: String) throws -> StoredRun.State? {
    guard let parameters = try finalParameters(of: [key])[key], let summary = try summaries([key])[key] else {
      return nil
    }
    let row = try read { db in
      var damage = Damage()
      return try RunRow.fetch(db, [key], &damage).first
    }
    guard let widths = row?.contents.widths else {
      throw Mistake(
        .data, at: "start", value: key, rule: "an older version stored the run, without the widths of its layers",
        remedy: "Run its experiment once, which adds them: descent run NAME")
    }
    return StoredRun.State(widths: widths, parameters: parameters, hasDiverged: summary.hasDiverged)
  }
}
