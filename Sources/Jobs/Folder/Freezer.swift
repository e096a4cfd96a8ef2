package import Foundation
import Learning
import Studies

/// Copies what the runs of a job depend on into a new folder, which gets its name when it is complete.
package struct Freezer {
  /// The folder of all jobs.
  private let jobs: URL
  /// The new folder.
  private let workshop: URL
  private var job: Job
  /// Files of other jobs, by digest and name: equal ones share their blocks on the disk.
  private let known: [String: URL]

  /// Begins a folder.
  /// - Throws: `Mistake` where it cannot be written.
  package init(_ job: Job, output: URL) throws {
    self.job = job
    jobs = output.appendingPathComponent("jobs")
    workshop = jobs.appendingPathComponent(".new-\(UUID().uuidString)")
    known = Self.files(of: JobFolder.all(in: output))
    try Self.writing(jobs) {
      for folder in JobFolder(workshop).workFolders
        + ["programs", "lib", "scripts", "data"].map(workshop.appendingPathComponent)
      {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
    }
  }

  /// Copies a program.
  /// - Parameter name: `1-native`; the programs are tried in the order of their names.
  package mutating func add(program: URL, as name: String) throws {
    job.programs.append(try copy(program, to: "programs/\(name)/descent"))
  }

  /// Copies shared libraries.
  package mutating func add(libraries: [URL]) throws {
    for library in libraries {
      job.libraries.append(try copy(library, to: "lib/\(library.lastPathComponent)"))
    }
  }

  /// Copies the folder of a compiled script.
  package mutating func add(script: URL, key: String) throws {
    for name in ["object.so", "script.json"] {
      let file = try copy(script.appendingPathComponent(name), to: "scripts/\(key)/\(name)")
      if name == "object.so" { job.scripts.append(file) }
    }
  }

  /// Copies a file of data.
  /// - Parameter path: the path by which the experiment reads it.
  package mutating func add(data: URL, path: String) throws {
    let name = "data/\(ChunkPlan.padded(job.data.count + 1, 3))-\(data.lastPathComponent)"
    var file = try copy(data, to: name)
    file.path = path
    job.data.append(file)
  }

  /// Copies an archive of runs that others start from. Their keys tell it from another one.
  package mutating func add(starts: URL, keys: [String]) throws {
    job.starts = try copy(starts, to: "starts.sqlite")
    job.starts?.digest = Digest.sha256(keys.joined(separator: "\n"))
  }

  /// Writes the rest, and gives the folder its name. A folder of the same content that is there already stays.
  package func finish(keys: KeyList) throws -> JobFolder {
    let folder = JobFolder(jobs.appendingPathComponent(try job.folderName()))
    if FileManager.default.fileExists(atPath: folder.jobFile.path) {
      discard()
      return folder
    }
    let new = JobFolder(workshop)
    try DurableFile.write(keys.bytes, to: new.keyFile)
    for (name, text) in [("descent", JobScripts.launcher), ("work", JobScripts.work), ("slurm.sh", JobScripts.slurm)] {
      try DurableFile.write(Data(text.utf8), to: new.file(name))
      chmod(new.file(name).path, 0o755)
    }
    try DurableFile.write(try JSONFile.data(job), to: new.jobFile)
    if rename(workshop.path, folder.url.path) != 0 {
      discard()
      // Another process may have been faster.
      guard FileManager.default.fileExists(atPath: folder.jobFile.path) else { throw Self.unwritable(folder.url) }
    }
    return folder
  }

  /// Removes the unfinished folder.
  package func discard() { try? FileManager.default.removeItem(at: workshop) }

  private func copy(_ source: URL, to name: String) throws -> Job.File {
    let digest = try Self.reading(source) { try Digest.sha256(ofFile: source) }
    let target = workshop.appendingPathComponent(name)
    try Self.writing(target) {
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      if let twin = known["\(digest) \(target.lastPathComponent)"], link(twin.path, target.path) == 0 { return }
      try FileManager.default.copyItem(at: source.resolvingSymlinksInPath(), to: target)
    }
    return Job.File(name: name, digest: digest)
  }

  private static func files(of folders: [JobFolder]) -> [String: URL] {
    var found: [String: URL] = [:]
    for folder in folders {
      guard let job = try? folder.job() else { continue }
      for file in job.programs + job.libraries + job.scripts {
        found["\(file.digest) \(folder.file(file.name).lastPathComponent)"] = folder.file(file.name)
      }
    }
    return found
  }

  private static func reading<T>(_ file: URL, _ body: () throws -> T) throws -> T {
    do { return try body() } catch {
      throw Mistake(
        .environment, at: file.path, value: "", rule: "the file cannot be read, and the workers need a copy of it",
        remedy: "Check its permissions")
    }
  }

  private static func writing(_ file: URL, _ body: () throws -> Void) throws {
    do { try body() } catch let mistake as Mistake { throw mistake } catch { throw unwritable(file) }
  }

  private static func unwritable(_ file: URL) -> Mistake {
    Mistake(
      .output, at: file.path, value: "", rule: "the job folder cannot be written",
      remedy: "Check the disk and the permissions of the folder, or choose another with --output")
  }
}
