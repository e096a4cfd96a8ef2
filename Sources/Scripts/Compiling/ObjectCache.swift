package import Foundation

/// Compiled scripts by the digest of what they are made from. Several processes may use it at once: an entry is a folder that is
/// moved into place when it is whole.
package struct ObjectCache: Sendable {
  /// Where entries are looked for.
  private let folders: [URL]
  /// Where new ones are made.
  private let folder: URL
  /// The time after which an unused entry is removed, and the size above which the oldest ones are.
  private static let (age, size) = (30.0 * 86_400, 400 << 20)

  /// Beside the program, so that whatever removes the build removes them too. A user who may not write there makes entries of
  /// their own in the cache folder, or else in a folder for temporary files.
  package init(beside program: URL = Toolchain.currentProgram) {
    let files = FileManager.default
    let near = program.deletingLastPathComponent().appendingPathComponent("scripts")
    let caches = files.urls(for: .cachesDirectory, in: .userDomainMask).map {
      $0.appendingPathComponent("descent/scripts")
    }
    let temporary = files.temporaryDirectory.appendingPathComponent("descent-scripts-\(geteuid())")
    let own = ([near] + caches + [temporary]).first(where: Self.isOurs)
    folder = own ?? temporary
    modules = folder.appendingPathComponent(Self.modules)
    folders = own == near ? [near] : [near, folder]
  }

  /// A cache in a folder of its own.
  /// - Parameter modules: the compiler's own cache; in the folder unless given.
  package init(folder: URL, modules: URL? = nil) {
    self.folder = folder
    self.modules = modules ?? folder.appendingPathComponent(Self.modules)
    folders = [folder]
  }

  /// Whether this user can write in a folder, or make it. What others can write in is not loaded into our process.
  private static func isOurs(_ folder: URL) -> Bool {
    try? FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    var status = stat()
    return lstat(folder.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
      && status.st_mode & 0o022 == 0 && access(folder.path, W_OK) == 0
  }

  /// The entry of a key, if it is whole. Marks it as used.
  package func entry(_ key: String) -> CompiledScript? {
    for place in folders.map({ $0.appendingPathComponent(key) }) {
      guard let script = Self.entry(at: place) else { continue }
      utimensat(AT_FDCWD, place.path, nil, 0)
      return script
    }
    return nil
  }

  /// The entry in a folder, if it is whole. Its object is the one beside its description: the folder may be a copy.
  package static func entry(at place: URL) -> CompiledScript? {
    let object = place.appendingPathComponent("object.so")
    guard let data = FileManager.default.contents(atPath: place.appendingPathComponent("script.json").path),
      let script = try? JSONDecoder().decode(CompiledScript.self, from: data),
      FileManager.default.fileExists(atPath: object.path)
    else { return nil }
    return CompiledScript(
      key: script.key, object: object, source: script.source, files: script.files, experiments: script.experiments,
      markings: script.markings)
  }

  /// A folder in which an entry is made. It becomes the entry, or is removed.
  package func workshop() throws -> URL {
    let place = folder.appendingPathComponent(".new-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    return place
  }

  /// The compiler's own cache. It is not shared with the package manager's, whose paths may be written differently.
  package let modules: URL
  private static let modules = "ModuleCache"

  /// Where the object of a key is once it has been added.
  package func object(_ key: String) -> URL { folder.appendingPathComponent(key).appendingPathComponent("object.so") }

  /// Makes an entry of a workshop; that of another process, if it was faster, stays.
  package func add(_ script: CompiledScript, from workshop: URL) throws {
    try JSONEncoder().encode(script).write(to: workshop.appendingPathComponent("script.json"))
    let place = folder.appendingPathComponent(script.key)
    if rename(workshop.path, place.path) != 0 {
      if entry(script.key) == nil {
        // An incomplete one: removed, and replaced.
        try? FileManager.default.removeItem(at: place)
        guard rename(workshop.path, place.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
      } else {
        try? FileManager.default.removeItem(at: workshop)
      }
    }
    clean(keeping: script.key)
  }

  // MARK: What is known of an entry besides its code

  /// A text that was computed from an entry, such as its summary.
  package func note(_ name: String, of script: CompiledScript) -> Data? {
    FileManager.default.contents(atPath: noteURL(name, script).path)
  }

  /// Keeps a text with an entry; without room for it, it is computed again next time.
  package func keep(_ note: Data, as name: String, of script: CompiledScript) {
    try? note.write(to: noteURL(name, script), options: .atomic)
  }

  private func noteURL(_ name: String, _ script: CompiledScript) -> URL {
    script.object.deletingLastPathComponent().appendingPathComponent(name)
  }

  // MARK: Cleaning

  /// Removes entries that were not used for long, and the oldest ones of too many; what a killed process has left, too.
  private func clean(keeping key: String) {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
    var entries = names.filter { $0 != key && $0 != Self.modules }.map { name -> (url: URL, used: Date, size: Int) in
      let place = folder.appendingPathComponent(name)
      let used = (try? files.attributesOfItem(atPath: place.path)[.modificationDate]) as? Date
      let contents = (try? files.contentsOfDirectory(atPath: place.path)) ?? []
      let sizes = contents.map { file in
        ((try? files.attributesOfItem(atPath: place.appendingPathComponent(file).path)[.size]) as? Int) ?? 0
      }
      return (place, used ?? .distantPast, sizes.reduce(0, +))
    }
    entries.sort { $0.used > $1.used }
    var total = 0
    for entry in entries {
      total += entry.size
      let limit = entry.url.lastPathComponent.hasPrefix(".") ? 3600 : Self.age
      if total > Self.size || entry.used.timeIntervalSinceNow < -limit { try? files.removeItem(at: entry.url) }
    }
  }
}
