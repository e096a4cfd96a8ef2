import ArgumentParser
import RunArchive
import Studies

struct ArchiveCompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Compress the curves of older versions, and give unused space back to the disk.",
    discussion: "The disk needs space for a copy of the archive meanwhile.")

  @OptionGroup var place: OutputOptions

  func run() throws {
    let done = try Archive.compact(path: try place.presentArchive())
    Console.line("before  \(SizeText.of(done.before))")
    Console.line("after   \(SizeText.of(done.after))")
    if done.compressed > 0 {
      Console.line("\(NumberText.grouped(done.compressed)) series of an older version compressed")
    }
  }
}
