// swift-tools-version: 6.2
import PackageDescription

/// The modules whose loops are vector code: optimised in debug builds too, for the CPU they are built on.
var vectorFlags = ["-O", "-enforce-exclusivity=unchecked"]
#if arch(x86_64)
  if Context.environment["DESCENT_BASELINE"] == nil {
    vectorFlags += ["-Xcc", "-march=native", "-Xcc", "-mprefer-vector-width=512"]
  }
#endif
/// Gaps between rows are poisoned for AddressSanitizer: see `Tests/checked`.
let isChecked = Context.environment["DESCENT_CHECKED"] != nil
let vectors: [SwiftSetting] = [.unsafeFlags(vectorFlags)] + (isChecked ? [.define("DESCENT_CHECKED")] : [])

let package = Package(
  name: "Descent",
  products: [
    .executable(name: "descent", targets: ["descent-main"]),
    .executable(name: "descent-notebook", targets: ["descent-notebook"]),
    .library(name: "Descent", targets: ["Descent"]),
    .library(name: "DescentCLI", targets: ["DescentCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
  ],
  targets: [
    // Numbers and training.
    .target(name: "CLanes", path: "Sources/Shims/CLanes"),
    .target(name: "Lanes", dependencies: ["CLanes"], swiftSettings: vectors),
    .target(
      name: "Engine", dependencies: ["Lanes", "CLanes"], exclude: ["Glossary.md"], swiftSettings: vectors),
    .target(name: "Learning", dependencies: ["Engine", "Lanes"], swiftSettings: vectors),

    // The engine for a page, whose compiled form is the file in CPageEngine: `Tests/page-engine` makes it and compares it.
    .target(name: "PageEngine", dependencies: ["Engine", "Lanes"], exclude: ["build"]),
    .target(
      name: "CPageEngine", path: "Sources/Shims/CPageEngine", exclude: ["engine.wasm.gz", "engine-fused.wasm.gz"]),

    .target(name: "Textbook"),
    .target(name: "Lectures", dependencies: ["Textbook", "Learning", "Studies"]),

    // Sweeps, and where their results are kept.
    .systemLibrary(
      name: "CGLib", path: "Sources/Shims/CGLib", pkgConfig: "glib-2.0", providers: [.apt(["libglib2.0-dev"])]),
    .target(name: "Studies", dependencies: ["Learning", "Lanes", "CGLib"]),
    .target(
      name: "RunArchive",
      dependencies: [
        "Studies", "Learning", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: vectors),

    // A sweep as chunks that other machines train.
    .target(name: "Jobs", dependencies: ["Studies", "Learning", "CPlatform"]),

    // The landscape of minima.
    .systemLibrary(
      name: "CLAPACK", path: "Sources/Shims/CLAPACK", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .target(name: "Landscape", dependencies: ["Lanes", "Learning", "CLAPACK"], swiftSettings: vectors),

    // Pictures.
    .target(name: "Plotting"),
    .systemLibrary(
      name: "CPango", path: "Sources/Shims/CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
    .target(name: "CairoCanvas", dependencies: ["Plotting", "CPango"]),

    // gnuplot: a look in the terminal, and scripts for those who want to go on drawing.
    .target(
      name: "CGnuplot", path: "Sources/Shims/CGnuplot",
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"), .linkedLibrary("boost_filesystem"),
      ]),
    .target(name: "Gnuplot", dependencies: ["Plotting", "CGnuplot"]),

    // Numbers of a sweep, their pictures, and the document that both become.
    .target(name: "Analysis", dependencies: ["Learning", "Landscape", "Studies"]),
    .target(name: "Documents", dependencies: ["Plotting", "CPageEngine"]),
    .target(
      name: "Figures",
      dependencies: ["Lanes", "Learning", "PageEngine", "Landscape", "Studies", "Analysis", "Plotting", "Documents"]),
    .target(
      name: "Reporting",
      dependencies: [
        "Learning", "Studies", "RunArchive", "Analysis", "Plotting", "Documents", "Figures", "CairoCanvas", "CPlatform",
        "Gnuplot",
      ]),
    .target(
      name: "Descent",
      dependencies: ["Engine", "Learning", "Studies", "Plotting", "Landscape", "Analysis", "Documents", "Figures"]),
    .target(name: "CPlatform", path: "Sources/Shims/CPlatform"),
    // Experiments as scripts: compiled alone, loaded into the program, run in a child process.
    .target(name: "Scripts", dependencies: ["Learning", "Studies", "Figures", "CPlatform"]),
    .target(
      name: "DescentCLI",
      dependencies: [
        "Descent", "Lanes", "Learning", "Studies", "RunArchive", "Lectures", "Analysis", "Documents", "Figures",
        "Plotting", "Reporting", "Gnuplot", "CairoCanvas", "CPlatform", "Scripts", "Jobs",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The live page: a program of its own, so that the build of `descent` does without the HTTP server.
    .target(
      name: "Notebook",
      dependencies: [
        "CPlatform", "Documents", "Learning",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    .executableTarget(
      name: "descent-notebook",
      dependencies: ["Notebook", "Learning", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Sources/NotebookProgram"),

    // Programs. The symbols of `descent` are visible to the scripts that it loads.
    .executableTarget(
      name: "descent-main", dependencies: ["DescentCLI", "Textbook"], path: "Sources/Main",
      linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),
    .executableTarget(
      name: "descent-bench",
      dependencies: [
        "Learning", "Lanes", "Landscape", "Studies", "RunArchive", "Plotting", "CairoCanvas", "CPlatform", "PageCases",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks"),

    // Tests, one target a module, and the real binary from outside.
    .testTarget(name: "LanesTests", dependencies: ["Lanes"]),
    .target(name: "PageCases", dependencies: ["Engine", "PageEngine"], path: "Tests/PageCases"),
    .testTarget(name: "PageEngineTests", dependencies: ["Engine", "PageEngine", "PageCases", "CPageEngine"]),
    .testTarget(name: "LearningTests", dependencies: ["Learning", "Textbook"]),
    .testTarget(name: "StudiesTests", dependencies: ["Studies", "Lanes", "Learning", "Textbook"]),
    .testTarget(
      name: "RunArchiveTests",
      dependencies: ["RunArchive", "Studies", "Learning", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "JobsTests", dependencies: ["Jobs", "RunArchive", "Studies", "Learning"]),
    .testTarget(name: "PlottingTests", dependencies: ["Plotting", "CairoCanvas", "Gnuplot"]),
    .testTarget(name: "ScriptsTests", dependencies: ["Scripts"]),
    .testTarget(name: "LecturesTests", dependencies: ["Lectures", "Learning", "Studies"]),
    .testTarget(name: "LandscapeTests", dependencies: ["Landscape", "Learning"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "Plotting"]),
    // Sweeps whose numbers the tests write down themselves.
    .target(name: "Planted", dependencies: ["Analysis", "Learning", "Studies"], path: "Tests/Planted"),
    .testTarget(
      name: "AnalysisTests", dependencies: ["Analysis", "Planted", "Landscape", "Lanes", "Learning", "Studies"]),
    .testTarget(
      name: "FiguresTests",
      dependencies: [
        "Analysis", "Documents", "Figures", "Planted", "PageEngine", "Landscape", "Learning", "Plotting", "Studies",
      ]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Analysis", "CairoCanvas", "Documents", "Figures", "Planted", "Reporting", "Learning", "Plotting", "Studies",
      ]),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "Descent", "Analysis", "Documents", "Figures", "Reporting", "RunArchive", "Studies", "Learning", "Plotting",
      ]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["Descent", "Analysis", "Figures", "Reporting", "RunArchive", "Studies", "Learning"]),
    .testTarget(
      name: "DescentCLITests",
      dependencies: ["DescentCLI", "Studies", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .testTarget(
      name: "NotebookTests",
      dependencies: [
        "Notebook", "Documents", "Learning", .product(name: "FlyingFox", package: "FlyingFox"),
      ]),
    .testTarget(name: "EndToEndTests"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17)

/// The test targets to which a build is confined, with all that they need: the engine and what drives it where it is
/// checked, since a sanitised build takes its time; those of `Tests/mutations`.
let confined =
  isChecked
  ? ["LanesTests", "LearningTests", "StudiesTests", "LandscapeTests"]
  : Context.environment["DESCENT_TESTS"]?.split(separator: ",").map(String.init) ?? []

if !confined.isEmpty {
  var kept = Set(confined)
  func dependencies(_ target: Target) -> [String] {
    target.dependencies.compactMap { if case .byNameItem(let name, _) = $0 { name } else { nil } }
  }
  while true {
    let reached = package.targets.filter { kept.contains($0.name) }.flatMap(dependencies)
    guard !kept.isSuperset(of: reached) else { break }
    kept.formUnion(reached)
  }
  package.targets = package.targets.filter { kept.contains($0.name) }
  package.products = []
  // None of these needs a package of others.
  package.dependencies = []
}

for target in package.targets where target.type != .system {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
    ]
}

// Modules without long computations are not optimised: the first build is shorter, and a report takes as long as before. The page
// Architecture has the figures. The scripts build with `-Xswiftc -Onone`, for the sake of the packages of others: only their
// own manifests could ask for that. The flag comes after every flag of this manifest but those for the frontend.
let unoptimized: Set = [
  "DescentCLI", "Documents", "Figures", "Gnuplot", "Lectures", "Notebook", "Reporting", "Scripts",
]
for target in package.targets where target.type != .system && target.type != .test {
  let flags = unoptimized.contains(target.name) ? ["-Onone"] : ["-Xfrontend", "-O"]
  target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(flags, .when(configuration: .release))]
}

// Warnings of the testing library's macros would count in tests.
for target in package.targets where target.type != .system && target.type != .test {
  target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
}
