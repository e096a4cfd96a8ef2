import Analysis
import Documents
import Figures
import Foundation
import Reporting
import Studies

extension Interruption {
  /// Runs work that may end at any moment: reading an archive, composing and writing a report. A signal ends the process
  /// with a word; files that are just being moved into their place arrive first, and former ones stay otherwise.
  static func leaving<T>(_ listener: any EventListener, _ body: () throws -> T) rethrows -> T {
    try handling(
      {
        OutputFolder.leaving {
          listener.hear(.failed(message: "interrupted; what had not been written yet stays as it was"))
          _exit(ExitStatus.interrupted)
        }
      }, during: body)
  }
}
