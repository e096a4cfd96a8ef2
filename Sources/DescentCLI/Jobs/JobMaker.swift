import Figures
import Foundation
import Jobs
import Learning
import RunArchive
import Scripts
import Studies
import Synchronization

/// Makes the folder of a job: copies of everything that its runs depend on.
struct JobMaker {
  let session: Session
  let sweep: SweepOptions
  let output: URL
  let archivePath: String
  /// A build for processors without the instructions of this one.
  let baseline: URL?

  /// Makes the folder, or finds the one that has the same content.
  /// - Throws: `Mistake` where something cannot be copied.
  func folder(_ keys: KeyList) throws -> JobFolder {
    let job = Job(
      experiment: session.name, settings: sweep.settings, seeds: sweep.seeds, semantics: TrainingSemantics.version,
      runs: session.plan.runCount, keys: keys.digest,
      revision: Provenance.current(root: Program.catalogue.root).revision)
    var freezer = try Freezer(job, output: output)
    do {
      try freezer.add(program: Toolchain.currentProgram, as: "1-this")
      if let baseline { try freezer.add(program: baseline, as: "2-baseline") }
      try freezer.add(libraries: LoadedLibraries.toCopy)
      for script in Program.scripts { try freezer.add(script: script.entry, key: script.key) }
      let sources = try Sources(self)
      for (path, file) in sources.files { try freezer.add(data: file, path: path) }
      try add(sources.starts, to: &freezer)
      return try freezer.finish(keys: keys)
    } catch {
      freezer.discard()
      throw error
    }
  }

  /// Copies the runs of the archive that others start from into an archive of the job.
  private func add(_ starts: [String], to freezer: inout Freezer) throws {
    guard !starts.isEmpty, let archive = try Archive.existing(path: archivePath) else { return }
    let scratch = try Here.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let file = scratch.appendingPathComponent("starts.sqlite")
    let copy = try Archive(path: file.path)
    try copy.add(starts, of: archive)
    try copy.close()
    try Archive.seal(file.path)
    try freezer.add(starts: file, keys: starts)
  }

  /// What the sweep reads while it is planned.
  private struct Sources {
    /// The files, by the paths of the declaration.
    let files: [(String, URL)]
    /// The keys of the runs that others start from.
    let starts: [String]

    init(_ maker: JobMaker) throws {
      let found = Mutex<[String: URL]>([:])
      let asked = Mutex<Set<String>>([])
      var files = Program.catalogue.files
      files.found = { path, place in found.withLock { $0[path] = place } }
      let archive = try Archive.existing(path: maker.archivePath)
      let study = try maker.session.experiment.study(applying: try maker.sweep.overrides())
      let stored: StoredRuns = { key in
        asked.withLock { _ = $0.insert(key) }
        return try archive?.state(of: key)
      }
      _ = try Plan(study, files: files, archive: stored)
      self.files = found.withLock { found in found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
      starts = asked.withLock { $0.sorted() }
    }
  }
}

/// The build for every x86-64 processor, beside that for this one.
enum BaselineProgram {
  /// - Parameter path: the program; `nil` for the one that `experiments/run` makes.
  /// - Throws: `Mistake` where there is none, or where the sources have changed since it was built.
  static func find(_ path: String?) throws -> URL {
    let package = Toolchain.packageFolder
    let program =
      path.map { URL(fileURLWithPath: $0) } ?? package.appendingPathComponent(".build/baseline/release/descent")
    let remedy =
      "Build it: experiments/run submit NAME --baseline, or DESCENT_BASELINE=1 swift build -c release --product descent "
      + "--scratch-path .build/baseline"
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw Mistake(
        .environment, at: program.path, value: "", rule: "there is no program for other processors", remedy: remedy)
    }
    let built = date(program)
    let newer = sources(package).first { date($0) > built }
    guard path != nil || newer == nil else {
      throw Mistake(
        .environment, at: program.path, value: newer?.lastPathComponent ?? "",
        rule: "the program for other processors is older than the sources", remedy: remedy)
    }
    return program.resolvingSymlinksInPath()
  }

  private static func sources(_ package: URL) -> [URL] {
    let all = FileManager.default.enumerator(
      at: package.appendingPathComponent("Sources"), includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { ["swift", "c", "h"].contains($0.pathExtension) }
  }

  private static func date(_ file: URL) -> Date {
    (try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date) ?? .distantPast
  }
}
