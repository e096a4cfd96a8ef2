import CPlatform
package import Foundation

/// The shared libraries of this process.
package enum LoadedLibraries {
  /// Those that a machine of the same system may lack, under the names by which the loader looks for them. The C library and its loader
  /// belong to the system, and fit each other only.
  package static var toCopy: [URL] {
    var paths: [String] = []
    withUnsafeMutablePointer(to: &paths) { list in
      descent_each_library(
        { path, list in
          guard let path, let list else { return }
          list.assumingMemoryBound(to: [String].self).pointee.append(String(cString: path))
        }, list)
    }
    return paths.map { URL(fileURLWithPath: $0) }.filter { url in
      let name = url.lastPathComponent
      return name.contains(".so") && name != "object.so" && !isOfSystem(name)
    }
  }

  private static let system = [
    "ld-linux", "linux-vdso", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libresolv.so", "libnss_",
    "libutil.so", "libmvec.so",
  ]

  static func isOfSystem(_ name: String) -> Bool { system.contains { name.hasPrefix($0) } }
}
