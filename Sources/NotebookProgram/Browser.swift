import Foundation

/// The browser of the desktop.
enum Browser {
  /// Opens an address, if there is a desktop.
  static func open(_ address: String) {
    let environment = ProcessInfo.processInfo.environment
    guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard let program = folders.map({ "\($0)/xdg-open" }).first(where: FileManager.default.isExecutableFile) else {
      return
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [address]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try? process.run()
  }
}
