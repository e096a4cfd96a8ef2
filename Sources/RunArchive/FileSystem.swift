import Foundation

/// What the file system of an archive can do.
///
/// A write-ahead log needs memory that all processes map from one file. Network file systems cannot share it between machines, and some cannot map it
/// at all. Source: "Write-Ahead Logging", https://sqlite.org/wal.html.
package enum FileSystem {
  /// Why a folder cannot have a write-ahead log: "nfs4"; `nil` where it can.
  static func obstacle(in folder: String) -> String? {
    let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
    if let kind = kind(of: folder, mounts), isShared(kind) { return kind }
    return mapsSharedMemory(in: folder) ? nil : "without shared memory"
  }

  /// File systems whose files other machines may use at the same time. Of those in user space (FUSE), sshfs is one; what the others do is not known.
  package static func isShared(_ kind: String) -> Bool {
    networks.contains(kind) || kind == "fuse" || kind.hasPrefix("fuse.")
  }

  private static let networks: Set = [
    "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "lustre", "gpfs", "9p", "ceph", "beegfs", "afs", "coda", "ocfs2",
    "gfs2", "panfs", "pvfs2", "orangefs", "ncpfs", "glusterfs",
  ]

  /// The kind of the file system of a folder, by the number of its device in the list of mounts. Source: proc_pid_mountinfo(5).
  package static func kind(of folder: String, _ mounts: String) -> String? {
    var status = stat()
    guard stat(folder, &status) == 0 else { return nil }
    let device = UInt64(status.st_dev)
    let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
    let minor = device & 0xFF | (device >> 12) & ~0xFF
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, fields[2] == "\(major):\(minor)", let dash = fields.firstIndex(of: "-"),
        dash + 1 < fields.count
      else { continue }
      return String(fields[dash + 1])
    }
    return nil
  }

  /// Whether a file of the folder can be mapped into memory, as SQLite maps the index of its log. A folder that cannot be written is not tested.
  private static func mapsSharedMemory(in folder: String) -> Bool {
    let path = "\(folder)/.descent-\(getpid())-\(UUID().uuidString.prefix(8))"
    let file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return true }
    defer {
      close(file)
      unlink(path)
    }
    let size = 32_768
    guard ftruncate(file, off_t(size)) == 0 else { return true }
    guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED else {
      return false
    }
    munmap(memory, size)
    return true
  }
}
