import Foundation
import PageCases

/// The runs that a page is compared by, with their results, as float64 numbers in the order of bytes of this machine.
enum PageCaseFile {
  static func write(to path: String) throws {
    let data = PageCases.numbers().withUnsafeBytes { Data($0) }
    try data.write(to: URL(fileURLWithPath: path))
  }
}
