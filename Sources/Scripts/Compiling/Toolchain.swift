import CPlatform
package import Foundation
import Learning

/// The Swift compiler, and the modules of this build of Descent.
package struct Toolchain: Sendable {
  /// `usr` of the toolchain: the folder of `bin` and `lib`.
  private let root: URL
  /// The program that loads the scripts; its modules are beside it.
  private let program: URL
  /// The folder of the package: the C headers of its modules are found from here.
  private let package: URL

  /// - Throws: `Mistake` where there is no compiler, or where the modules of this program are not beside it.
  package init(program: URL = Self.currentProgram) throws {
    let compiler = try Self.compiler()
    root = compiler.deletingLastPathComponent().deletingLastPathComponent()
    self.program = program
    let modules = program.deletingLastPathComponent().appendingPathComponent("Modules/Descent.swiftmodule")
    guard FileManager.default.fileExists(atPath: modules.path), let package = Self.folder(of: program) else {
      throw Mistake(
        .environment, at: modules.path, value: "",
        rule: "experiments are compiled against Descent's modules, and there are none",
        remedy: "Run descent from the folder in which it was built: experiments/run")
    }
    self.package = package
  }

  /// The path of the running program, without links.
  package static var currentProgram: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }

  /// What decides, beside a script's text, which code the compiler makes.
  var identity: String {
    [frontend, program].map { "\($0.path) \(FileStamp.of($0.path))" }.joined(separator: "\n")
  }

  /// The folder of the program, where compiled scripts are kept.
  var programFolder: URL { program.deletingLastPathComponent() }

  private var frontend: URL { root.appendingPathComponent("bin/swift-frontend") }
  private var libraries: URL { root.appendingPathComponent("lib/swift/linux") }

  /// The commands that turn sources into a shared object, one after the other.
  func commands(_ job: CompileJob) -> [[String]] {
    let modules = programFolder.appendingPathComponent("Modules").path
    let shims = package.appendingPathComponent("Sources/Shims")
    var compile = [frontend.path, "-frontend", "-c"] + job.sources.map(\.path)
    compile += ["-target", Self.target, "-disable-objc-interop", "-swift-version", "6", "-parse-as-library"]
    compile += ["-module-name", job.module, job.isOptimized ? "-O" : "-Onone"]
    // The types stay in optimised code, which nothing in the script refers to.
    compile += ["-enable-testing"]
    // Lines, so that a trap can be named by its place.
    compile += ["-gline-tables-only", "-debug-info-format=dwarf", "-dwarf-version=4"]
    compile += ["-I", modules, "-module-cache-path", job.moduleCache.path]
    compile += ["-I", shims.appendingPathComponent("CLAPACK").path, "-I", shims.appendingPathComponent("CGLib").path]
    // The C targets that modules of `import Descent` import; SwiftPM has written their module maps.
    for target in ["CLanes", "CPageEngine"] {
      compile += ["-I", shims.appendingPathComponent("\(target)/include").path]
      compile += [
        "-Xcc", "-fmodule-map-file=\(programFolder.appendingPathComponent("\(target).build/module.modulemap").path)",
      ]
    }
    compile += Self.packageFlags.flatMap { ["-Xcc", $0] }
    compile += ["-const-gather-protocols-file", job.protocols.path, "-emit-const-values-path", job.values.path]
    compile += ["-diagnostic-style", "llvm", "-o", job.code.path]
    let clang = root.appendingPathComponent("bin/clang").path
    let start = libraries.appendingPathComponent("\(Self.architecture)/swiftrt.o").path
    return [
      compile,
      [root.appendingPathComponent("bin/swift-autolink-extract").path, job.code.path, "-o", job.links.path],
      [
        clang, "-shared", "-fuse-ld=lld", "-Wl,--build-id=none", start, job.code.path, "@\(job.links.path)", "-L",
        libraries.path,
        "-Wl,-rpath,\(libraries.path)",
        "-o", job.object.path,
      ],
    ]
  }

  #if arch(x86_64)
    private static let architecture = "x86_64"
  #else
    private static let architecture = "aarch64"
  #endif
  private static let target = "\(architecture)-unknown-linux-gnu"

  /// Where the headers of GLib are: its module is a part of ours.
  private static let packageFlags: [String] = {
    let output = Subprocess.output(["pkg-config", "--cflags", "glib-2.0"]) ?? ""
    return output.split(whereSeparator: \.isWhitespace).map(String.init).filter { $0.hasPrefix("-I") }
  }()

  /// The compiler that belongs to the libraries with which this program runs; else the first on the PATH.
  private static func compiler() throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map {
      URL(fileURLWithPath: String($0))
    }
    for folder in [librariesOfThisProcess?.appendingPathComponent("../../../bin")].compactMap(\.self) + folders {
      let binary = folder.appendingPathComponent("swiftc").standardizedFileURL.resolvingSymlinksInPath()
      let frontend = binary.deletingLastPathComponent().appendingPathComponent("swift-frontend")
      if FileManager.default.isExecutableFile(atPath: frontend.path) { return binary }
    }
    throw Mistake(
      .environment, at: "PATH", value: "swiftc", rule: "experiments are compiled by Swift, and it is not on the PATH",
      remedy: "Install Swift 6.3 or add its folder to the PATH: https://www.swift.org/install/linux")
  }

  /// The folder of the Swift runtime library.
  private static var librariesOfThisProcess: URL? {
    descent_library_of("swift_retain").map { URL(fileURLWithPath: String(cString: $0)).deletingLastPathComponent() }
  }

  /// The folder of the package that this program was built from; the program's own where there is none.
  package static var packageFolder: URL {
    folder(of: currentProgram) ?? currentProgram.deletingLastPathComponent()
  }

  private static func folder(of program: URL) -> URL? {
    var folder = program.deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Sources/Shims").path) { return folder }
      folder.deleteLastPathComponent()
    }
    return nil
  }
}

/// The files of one compilation.
struct CompileJob {
  let sources: [URL]
  let module: String
  let isOptimized: Bool
  /// A folder of its own, removed afterwards.
  let folder: URL
  /// Where the compiler keeps what it has made of C headers, for all scripts.
  let moduleCache: URL

  /// The protocols whose conformances the compiler lists, and its list.
  var protocols: URL { folder.appendingPathComponent("protocols.json") }
  var values: URL { folder.appendingPathComponent("values.json") }
  var code: URL { folder.appendingPathComponent("code.o") }
  var links: URL { folder.appendingPathComponent("links") }
  var object: URL { folder.appendingPathComponent("object.so") }
}
