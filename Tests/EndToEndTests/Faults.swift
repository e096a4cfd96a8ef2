import Foundation
import Testing

/// Faults of the machine, put between the program and the C library by a small library that is loaded before it.
enum Faults {
  /// - `FAULT_KILL_MOVE=n`: the process is killed at its n-th move of a file out of a folder.
  /// - `FAULT_READ=n`: from the n-th read of the archive on, the disk reports errors.
  /// - `FAULT_CLOCK=1`: a third of a second after the start, the clock steps back an hour.
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <signal.h>
    #include <stdatomic.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/syscall.h>
    #include <time.h>
    #include <unistd.h>

    static long number(const char *name) { const char *text = getenv(name); return text ? atol(text) : 0; }

    int renameat(int a, const char *from, int b, const char *to) {
      static atomic_long count;
      if (atomic_fetch_add(&count, 1) + 1 == number("FAULT_KILL_MOVE")) raise(SIGKILL);
      return syscall(SYS_renameat, a, from, b, to);
    }

    static int isArchive(int file) {
      char link[64], path[4096];
      snprintf(link, sizeof link, "/proc/self/fd/%d", file);
      ssize_t length = readlink(link, path, sizeof path - 1);
      if (length < 0) return 0;
      path[length] = 0;
      return strstr(path, "descent.sqlite") != NULL && strstr(path, "-lock") == NULL;
    }

    static int fails(int file) {
      static atomic_long count;
      long first = number("FAULT_READ");
      if (first == 0 || !isArchive(file)) return 0;
      if (atomic_fetch_add(&count, 1) + 1 < first) return 0;
      errno = EIO;
      return 1;
    }

    ssize_t pread64(int file, void *to, size_t count, off64_t at) {
      return fails(file) ? -1 : syscall(SYS_pread64, file, to, count, at);
    }
    ssize_t pread(int file, void *to, size_t count, off_t at) { return pread64(file, to, count, at); }
    ssize_t read(int file, void *to, size_t count) { return fails(file) ? -1 : syscall(SYS_read, file, to, count); }

    int clock_gettime(clockid_t clock, struct timespec *time) {
      static atomic_llong start;
      int result = syscall(SYS_clock_gettime, clock, time);
      if (clock == CLOCK_REALTIME && number("FAULT_CLOCK")) {
        struct timespec now;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
        long long nanoseconds = now.tv_sec * 1000000000LL + now.tv_nsec, zero = 0;
        atomic_compare_exchange_strong(&start, &zero, nanoseconds);
        if (nanoseconds - atomic_load(&start) > 300000000LL) time->tv_sec -= 3600;
      }
      return result;
    }
    """

  /// The environment in which the program meets faults; `nil` where there is no C compiler.
  static func environment(_ p: Program, _ faults: [String: String]) throws -> [String: String]? {
    let library = p.folder.appendingPathComponent("faults.so")
    if !FileManager.default.fileExists(atPath: library.path) {
      let file = p.folder.appendingPathComponent("faults.c")
      try Data(source.utf8).write(to: file)
      guard
        ["clang", "cc"].contains(where: {
          BadInputTests.shell($0, "-shared", "-fPIC", "-O1", "-o", library.path, file.path, "-ldl") == 0
        })
      else { return nil }
    }
    return faults.merging(["LD_PRELOAD": library.path]) { $1 }
  }
}

extension Program {
  /// Runs SQL on the archive.
  func sql(_ statement: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()",
      file("descent.sqlite").path, statement,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// The content of every regular file below a folder of the output, by its path.
  func contents(_ folder: String) throws -> [String: Data] {
    let root = file(folder).path
    var found: [String: Data] = [:]
    for path in FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? [] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
      if attributes[.type] as? FileAttributeType == .typeRegular {
        found[path] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)"))
      }
    }
    return found
  }
}
