package import Foundation
import Learning
import RunArchive
import Synchronization

/// A folder with the files of one report or export, which may also contain other files.
///
/// A manifest in the folder lists the files of the last update. Only these files are replaced or removed, and only if their
/// content has not changed. Other files are kept. If one of them has the name of a file to be written, nothing is written.
///
/// An update is first written to a hidden folder inside, then moved file by file, the manifest last. If the process is killed
/// before the first move, the former files remain. If it is killed later, `.descent-exchange` remains, and the next update
/// completes the interrupted one first.
package struct OutputFolder: Sendable {
  package let url: URL
  /// The files of an earlier version, which wrote no manifest.
  private let adopts: @Sendable (FolderHandle) -> [String]
  private let remedy: String
  /// What the command line has changed of the declaration whose files are written.
  private let changes: [String]

  static let stagingPrefix = ".descent-new-"
  static let exchange = ".descent-exchange"

  package init(
    _ url: URL, remedy: String = "Move it away, or choose another folder with --output", changes: [String] = [],
    adopts: @escaping @Sendable (FolderHandle) -> [String] = { _ in [] }
  ) {
    self.url = url
    self.remedy = remedy
    self.changes = changes
    self.adopts = adopts
  }

  // MARK: Checks before the work

  /// Checks that files can be written, without changing anything.
  /// - Parameter paths: paths inside the folder, of one or two components.
  package func check(_ paths: [String]) throws {
    guard try exists() else { return }
    let folder = try handle()
    let former = try manifest(folder)
    for path in paths { try check(path, folder, former) }
  }

  /// Whether the folder exists.
  private func exists() throws -> Bool {
    switch FolderHandle.entry(url.path) {
    case .absent: return false
    case .folder: return true
    case let entry: throw inTheWay(url.path, entry.words, "a folder of this name has to be written")
    }
  }

  private func handle() throws -> FolderHandle {
    guard let folder = FolderHandle(url.path) else { throw OutputError.mistake(url.path) }
    return folder
  }

  /// The manifest of the last update, or one with the files of an earlier version.
  private func manifest(_ folder: FolderHandle) throws -> Manifest {
    switch folder.entry(Manifest.name) {
    case .absent:
      let known = adopts(folder)
      return Manifest(files: Dictionary(known.compactMap { path in Self.mark(path, folder).map { (path, $0) } }) { $1 })
    case .file:
      guard let data = folder.content(Manifest.name), let manifest = Manifest(data) else {
        throw inTheWay(
          path(Manifest.name), "a file with other content", "the list of the folder's own files has this name")
      }
      return manifest
    case let entry:
      throw inTheWay(path(Manifest.name), entry.words, "the list of the folder's own files has this name")
    }
  }

  /// Throws if an entry is not an unchanged file of the last update.
  private func check(_ name: String, _ folder: FolderHandle, _ former: Manifest) throws {
    let rule = "a file of this name has to be written"
    let (sub, last) = Self.parts(name)
    var place = folder
    if let sub {
      switch folder.entry(sub) {
      case .absent: return
      case .folder: break
      case let entry: throw inTheWay(path(sub), entry.words, "a folder of this name has to be written")
      }
      guard let inner = folder.folder(sub) else { throw OutputError.mistake(path(sub)) }
      place = inner
    }
    switch place.entry(last) {
    case .absent: return
    case .file:
      guard let mark = former.files[name] else {
        throw inTheWay(path(name), "a file that this program did not write", rule)
      }
      guard place.mark(last) == mark else {
        throw inTheWay(path(name), "a file that was changed after it was written", rule)
      }
    case let entry: throw inTheWay(path(name), entry.words, rule)
    }
  }

  /// Whether the folder has files of an unchanged declaration, which those of a changed one must not replace.
  package var hasWholeDeclaration: Bool {
    guard let folder = FolderHandle(url.path), let manifest = try? manifest(folder) else { return false }
    return manifest.changes == nil && !manifest.files.isEmpty
  }

  // MARK: The update

  /// Writes files: all of them or, on an error, none.
  /// - Parameters:
  ///   - isReplaced: whether a file of the last update is removed if it is not written again.
  ///   - write: writes the files into the folder that it is given.
  package func update(replacing isReplaced: (String) -> Bool = { _ in true }, _ write: (URL) throws -> Void) throws {
    _ = try exists()
    try OutputError.during(url.path) {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    let staging = try Self.locked(try handle()) { try Staging(in: url, $0) }
    defer {
      staging.remove()
      // Removes the folder if it is empty: it did not exist before, and nothing was written.
      rmdir(url.path)
    }
    try OutputError.during(url.path) { try write(staging.url) }
    let written = try staging.manifest()
    try Self.exchanging.withLock { _ in
      try Self.locked(try handle()) { folder in
        try recover(folder)
        let former = try manifest(folder)
        for path in written.files.keys.sorted() { try check(path, folder, former) }
        let kept = former.files.filter { !isReplaced($0.key) }
        let next = Manifest(files: kept.merging(written.files) { $1 }, changes: changes)
        try OutputError.during(url.path) { try next.json.write(to: staging.url.appendingPathComponent(Manifest.name)) }
        guard renameat(folder.descriptor, staging.name, folder.descriptor, Self.exchange) == 0 else {
          throw OutputError.mistake(url.path)
        }
        try complete(folder, former: former)
      }
    }
  }

  private static func locked<T>(_ folder: FolderHandle, _ body: (FolderHandle) throws -> T) rethrows -> T {
    folder.lock()
    defer { folder.unlock() }
    return try body(folder)
  }

  /// Completes the update of a killed process, and removes the staging folders of killed processes.
  private func recover(_ folder: FolderHandle) throws {
    for name in folder.names where name.hasPrefix(Self.stagingPrefix) {
      // A running process holds the lock of its staging folder. Folders of other users are kept.
      guard let staging = folder.folder(name), staging.isOwn, staging.tryLock() else { continue }
      try? FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
    switch folder.entry(Self.exchange) {
    case .absent: return
    case .folder:
      if unlinkat(folder.descriptor, Self.exchange, AT_REMOVEDIR) == 0 { return }
      let former = try manifest(folder)
      try complete(folder, former: former)
    case let entry:
      throw inTheWay(path(Self.exchange), entry.words, "files are stored there during an update")
    }
  }

  /// Moves the staged files into the folder, removes former files that were not written again, and moves the manifest last.
  private func complete(_ folder: FolderHandle, former: Manifest) throws {
    guard let source = folder.folder(Self.exchange), let data = source.content(Manifest.name),
      let next = Manifest(data)
    else {
      throw inTheWay(
        path(Self.exchange), "a folder with other content", "files are stored there during an update")
    }
    for name in next.files.keys.sorted() { try move(name, from: source, to: folder, former) }
    for name in former.files.keys.sorted() where next.files[name] == nil { remove(name, from: folder, former) }
    guard renameat(source.descriptor, Manifest.name, folder.descriptor, Manifest.name) == 0 else {
      throw OutputError.mistake(url.path)
    }
    for name in source.names { unlinkat(source.descriptor, name, AT_REMOVEDIR) }
    unlinkat(folder.descriptor, Self.exchange, AT_REMOVEDIR)
  }

  private func move(_ name: String, from source: FolderHandle, to folder: FolderHandle, _ former: Manifest) throws {
    let (sub, last) = Self.parts(name)
    guard let origin = sub.map({ source.folder($0) }) ?? source, case .file = origin.entry(last) else {
      return  // Kept from before, or moved already.
    }
    try check(name, folder, former)
    var target = folder
    if let sub {
      if folder.entry(sub) == .absent { mkdirat(folder.descriptor, sub, 0o777) }
      guard let inner = folder.folder(sub) else { throw OutputError.mistake(path(sub)) }
      target = inner
    }
    guard renameat(origin.descriptor, last, target.descriptor, last) == 0 else { throw OutputError.mistake(path(name)) }
  }

  /// Removes an unchanged file of the last update, and its folder if that is empty now.
  private func remove(_ name: String, from folder: FolderHandle, _ former: Manifest) {
    let (sub, last) = Self.parts(name)
    guard let place = sub.map({ folder.folder($0) }) ?? folder, let mark = former.files[name], place.mark(last) == mark
    else { return }
    unlinkat(place.descriptor, last, 0)
    if let sub { unlinkat(folder.descriptor, sub, AT_REMOVEDIR) }
  }

  // MARK: Interruption

  private static let exchanging = Mutex<Void>(())

  /// Runs `body`, which ends the process, while no files are being moved.
  package static func leaving(_ body: () -> Never) -> Never {
    exchanging.withLock { _ in
      Staging.removeAll()
      body()
    }
  }

  // MARK: Words

  private func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  private func inTheWay(_ place: String, _ value: String, _ rule: String) -> Mistake {
    Mistake(.output, at: place, value: value, rule: "\(rule); nothing was written", remedy: remedy)
  }

  static func parts(_ path: String) -> (folder: String?, name: String) {
    let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
    return parts.count == 2 ? (parts[0], parts[1]) : (nil, path)
  }

  private static func mark(_ path: String, _ folder: FolderHandle) -> FileMark? {
    let (sub, last) = parts(path)
    return (sub.map { folder.folder($0) } ?? folder)?.mark(last)
  }
}

/// The list of the files of the last update.
struct Manifest: Codable {
  static let name = ".descent-manifest.json"

  var note = "Descent replaces or removes only the files listed here, and only while they are as it wrote them."
  /// Paths inside the folder, of one or two components.
  var files: [String: FileMark]
  /// What the command line had changed of the declaration; `nil` for an unchanged one, and in the lists of older versions.
  var changes: [String]?

  init(files: [String: FileMark], changes: [String] = []) {
    self.files = files
    self.changes = changes.isEmpty ? nil : changes
  }

  /// Reads a manifest; `nil` if the content is not one, or if a path in it leads out of the folder.
  init?(_ data: Data) {
    guard let read = try? JSONDecoder().decode(Manifest.self, from: data), read.files.keys.allSatisfy(Self.isSafe)
    else { return nil }
    self = read
  }

  private static func isSafe(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("\0") }
  }

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self) + Data("\n".utf8)
    }
  }
}

/// A hidden folder with a random name, locked until its process ends.
private final class Staging {
  let name: String
  let url: URL
  private let handle: FolderHandle

  private static let all = Mutex<Set<String>>([])

  /// - Parameter folder: the enclosing folder, which is locked so that no other process removes the new folder as abandoned.
  init(in url: URL, _ folder: FolderHandle) throws {
    let random = String(UInt64.random(in: 0 ... .max), radix: 36)
    name = OutputFolder.stagingPrefix + random
    self.url = url.appendingPathComponent(name)
    guard mkdirat(folder.descriptor, name, 0o777) == 0, let handle = folder.folder(name) else {
      throw OutputError.mistake(url.path)
    }
    self.handle = handle
    handle.lock()
    let path = self.url.path
    Self.all.withLock { _ = $0.insert(path) }
  }

  /// The fingerprints of all staged files.
  func manifest() throws -> Manifest {
    var files: [String: FileMark] = [:]
    for name in handle.names {
      if let inner = handle.folder(name) {
        for last in inner.names { files["\(name)/\(last)"] = inner.mark(last) }
      } else {
        files[name] = handle.mark(name)
      }
    }
    return Manifest(files: files)
  }

  func remove() {
    let path = url.path
    try? FileManager.default.removeItem(at: url)
    Self.all.withLock { _ = $0.remove(path) }
  }

  static func removeAll() {
    for path in all.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
