import Foundation
import Learning
import RunArchive
import Studies
import Testing

/// Archives on file systems that cannot share memory. Tests/fuse does the same with the program on a mounted file system.
@Suite struct ExclusiveTests {
  static func mode(_ path: String) throws -> UInt8 {
    let head = try #require(try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: 20))
    return head[18]
  }

  @Test func theKindOfTheJournalFollowsTheFileSystem() throws {
    try ArchiveTests.withFolder { path in
      do {
        let archive = try Archive(path: path, obstacle: "nfs4")
        #expect(archive.note?.contains("nfs4") == true && archive.note?.contains("one process at a time") == true)
        try archive.save(DamageTests.records)
      }
      #expect(try Self.mode(path) == 1)
      #expect(!FileManager.default.fileExists(atPath: path + "-shm"))
      let truth: [String: String]
      do {
        let archive = try Archive(path: path, obstacle: "nfs4")
        #expect(archive.note == nil, "it is said once")
        truth = try DamageTests.everything(archive)
      }
      // Copied to a local disk, it has a log; copied back, it has none.
      do {
        let archive = try Archive(path: path, obstacle: nil)
        #expect(try DamageTests.everything(archive) == truth)
      }
      #expect(try Self.mode(path) == 2)
      do {
        let archive = try Archive(path: path, obstacle: "nfs4")
        #expect(archive.note != nil)
        #expect(try DamageTests.everything(archive) == truth)
      }
      #expect(try Self.mode(path) == 1)
    }
  }

  @Test func thisFolderCanHaveALog() throws {
    try ArchiveTests.withFolder { path in
      let archive = try Archive(path: path)
      #expect(archive.note == nil)
      #expect(try Self.mode(path) == 2)
    }
  }

  /// The lines are of proc_pid_mountinfo(5), with the device of this folder.
  @Test func theKindIsThatOfTheDevice() throws {
    try ArchiveTests.withFolder { path in
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      var status = stat()
      #expect(stat(folder, &status) == 0)
      let device = "\((status.st_dev >> 8) & 0xFFF):\(status.st_dev & 0xFF)"
      let mounts = """
        21 1 0:999 / /proc rw - proc proc rw
        22 1 \(device) / /home rw,relatime shared:1 master:2 - fuse.sshfs me@host:/home rw
        """
      #expect(FileSystem.kind(of: folder, mounts) == "fuse.sshfs")
      #expect(FileSystem.kind(of: folder, "") == nil && FileSystem.kind(of: folder + "/none", mounts) == nil)
    }
    for kind in ["nfs", "nfs4", "cifs", "lustre", "gpfs", "fuse", "fuse.sshfs", "9p"] {
      #expect(FileSystem.isShared(kind))
    }
    for kind in ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk"] { #expect(!FileSystem.isShared(kind)) }
  }
}
