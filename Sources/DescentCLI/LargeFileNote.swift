import Foundation
import Learning

/// Says how far the reading of a large file is, so that nobody takes it for a program that hangs.
enum LargeFileNote {
  static func tell(_ progress: DataFiles.Progress) {
    guard isatty(STDERR_FILENO) == 1 || progress.bytesRead >= progress.byteCount else { return }
    let (read, whole) = (progress.bytesRead >> 20, progress.byteCount >> 20)
    FileHandle.standardError.write(Data("reading \(progress.path): \(read) of \(whole) MiB\n".utf8))
  }
}
