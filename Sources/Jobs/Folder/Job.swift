import Foundation
import Studies

/// Everything that the runs of a sweep depend on, as it was when the sweep was submitted. Written once, into the folder of the job.
package struct Job: Codable, Hashable, Sendable {
  /// A file of the job folder.
  package struct File: Codable, Hashable, Sendable {
    /// Its path in the job folder.
    package var name: String
    /// SHA-256 of its content.
    package var digest: String
    /// The path by which the experiment reads it, if it is a file of data.
    package var path: String?

    /// A file with its digest.
    package init(name: String, digest: String, path: String? = nil) {
      (self.name, self.digest, self.path) = (name, digest, path)
    }
  }

  /// Raised when the files of a job folder change.
  package static let currentVersion = 1

  /// Version of the files in the job folder.
  package var version = currentVersion
  /// Name of the experiment.
  package var experiment: String
  /// The values that `--set` has changed, as they were typed.
  package var settings: [String]
  /// The seeds of `--seeds`, as they were typed.
  package var seeds: String?
  /// Version of the training semantics.
  package var semantics: Int
  /// Number of runs of the whole sweep.
  package var runs: Int
  /// Digest of the keys of all runs, in the order of the plan.
  package var keys: String
  /// The programs, each built for other processors; the first that runs on a machine is used.
  package var programs: [File]
  /// The shared libraries of the programs.
  package var libraries: [File]
  /// The compiled scripts: the folders of their objects.
  package var scripts: [File]
  /// Copies of the files of data.
  package var data: [File]
  /// An archive of the runs that others start from.
  package var starts: File?
  /// The commit of the sources, which does not decide the name of the folder.
  package var revision: String

  /// A job without its files.
  package init(
    experiment: String, settings: [String], seeds: String?, semantics: Int, runs: Int, keys: String, revision: String
  ) {
    (self.experiment, self.settings, self.seeds, self.semantics) = (experiment, settings, seeds, semantics)
    (self.runs, self.keys, self.revision) = (runs, keys, revision)
    (programs, libraries, scripts, data) = ([], [], [], [])
  }

  /// The name of the job's folder: that of the experiment with a digest of the content.
  /// - Throws: what encoding throws.
  package func folderName() throws -> String {
    var content = self
    content.revision = ""
    let digest = Digest.sha256(try JSONFile.data(content))
    return "\(experiment)-\(digest.prefix(12))"
  }
}
