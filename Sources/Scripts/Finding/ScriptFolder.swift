package import Foundation

/// The scripts of a folder: every Swift file in it, and every folder in it that holds Swift files.
package struct ScriptFolder: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  /// The scripts, in the order of their names.
  package var scripts: [Script] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") && $0 != "data" }.compactMap { name in
      let place = url.appendingPathComponent(name)
      return name.hasSuffix(".swift") || !name.contains(".") ? Script(place) : nil
    }
  }

  /// The scripts that declare an experiment of a name, as far as their text shows it.
  package func declaring(_ name: String) -> [Script] {
    scripts.filter { script in DeclaredNames(script).names.contains(name) }
  }
}
