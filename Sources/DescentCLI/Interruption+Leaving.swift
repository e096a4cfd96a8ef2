import Analysis
import Documents
import Figures
import Foundation
import Reporting
import Studies

extension Interruption {
  /// Runs work that may end at any time: reading an archive, composing and writing a report. A signal ends the process
  /// with a message. Files that are being moved into their folder arrive first; others keep their former content.
  static func leaving<T>(_ listener: any EventListener, _ body: () throws -> T) rethrows -> T {
    try handling(
      {
        OutputFolder.leaving {
          listener.hear(.failed(message: "interrupted; files that were not written yet are unchanged"))
          _exit(ExitStatus.interrupted)
        }
      }, during: body)
  }
}
