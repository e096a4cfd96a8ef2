import Foundation
import Testing

/// The page on the architecture names every module of the package.
@Suite struct ArchitectureTests {
  @Test func everyModuleIsInTheTable() throws {
    let manifest = try Pages.text(Pages.root.appendingPathComponent("Package.swift"))
    let modules = manifest.matches(of: /\.(?:target|systemLibrary|executableTarget)\(\s*name: "([A-Za-z-]+)"/)
      .map { String($0.output.1) }
    let table = try Pages.page("ModuleMap").split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(modules.count > 15)
    for module in modules {
      #expect(table.contains { $0.split(separator: "|")[0].contains("`\(module)`") }, "\(module)")
    }
  }
}
