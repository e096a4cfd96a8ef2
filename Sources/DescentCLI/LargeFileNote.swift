import Foundation
import Learning

/// Prints how much of a large file has been read.
enum LargeFileNote {
  static func tell(_ progress: DataFiles.Progress) {
    guard Console.isErrorTerminal || progress.bytesRead >= progress.byteCount else { return }
    let (read, whole) = (progress.bytesRead >> 20, progress.byteCount >> 20)
    FileHandle.standardError.write(Data("reading \(progress.path): \(read) of \(whole) MiB\n".utf8))
  }
}
