import Foundation
import Learning
import Notebook
import Testing

/// The server on its port.
@Suite struct ServerTests {
  private static func connects(to address: String, port: UInt16) -> Bool {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(file) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    inet_pton(AF_INET, address, &place.sin_addr)
    return withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    } == 0
  }

  private static func server(_ scratch: Scratch, port: UInt16? = nil) async throws -> PageServer {
    let path = scratch.path("Study.swift")
    if !FileManager.default.fileExists(atPath: path) { try scratch.write("", to: "Study.swift") }
    let script = try ScriptFile(path: path)
    let session = try NotebookSession(.init(script: script, program: "/bin/true"))
    return try await PageServer.listening(
      to: session, assets: PageAssets(), port: port, memory: PageMemory(script: script, folder: scratch.folder))
  }

  @Test func itListensOnTheLoopbackInterfaceAlone() async throws {
    let server = try await Self.server(Scratch())
    #expect(Self.connects(to: "127.0.0.1", port: server.access.port))
    // Every other address of the loopback network would be open if all interfaces were.
    #expect(!Self.connects(to: "127.0.0.2", port: server.access.port))
  }

  @Test func thePlaceOfTheLastTimeIsKept() async throws {
    let scratch = try Scratch()
    let first = try await Self.server(scratch)
    let script = try ScriptFile(path: scratch.path("Study.swift"))
    let memory = PageMemory(script: script, folder: scratch.folder)
    #expect(memory.read() == PageMemory.Place(port: first.access.port, token: first.access.token))
    // Its port is taken: another port, the same token.
    let second = try await Self.server(scratch)
    #expect(second.access.port != first.access.port && second.access.token == first.access.token)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("descent"))
    let file = scratch.path("descent/\(names.first ?? "")")
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
    // What others may have read is not used again.
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    #expect(memory.read() == nil)
  }

  @Test func aTakenPortIsAMistake() async throws {
    let scratch = try Scratch()
    let server = try await Self.server(scratch)
    let mistake = await #expect(throws: Mistake.self) {
      try await Self.server(scratch, port: server.access.port)
    }
    #expect(mistake?.place == "--port" && mistake?.value == "\(server.access.port)")
  }
}
