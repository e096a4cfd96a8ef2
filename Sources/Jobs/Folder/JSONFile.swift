package import Foundation
import Learning

/// Values in JSON files.
package enum JSONFile {
  /// The text of a value; the same value gives the same text.
  /// - Throws: what encoding throws.
  package static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }

  /// Reads a value.
  /// - Throws: `Mistake` where the file is missing or is not of this form.
  package static func read<T: Decodable>(_ type: T.Type, from file: URL) throws -> T {
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw Mistake(
        .data, at: file.path, value: "", rule: "there is no such file, or it cannot be read",
        remedy: "Name a plan in a job folder: output/jobs/NAME-…/plan-001.json")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw Mistake(
        .data, at: file.path, value: "", rule: "it is not a file of this program's jobs",
        remedy: "Send the sweep again: descent submit NAME")
    }
  }
}
