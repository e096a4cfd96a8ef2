import FlyingFox
import FlyingSocks
import Foundation
import Learning
import Synchronization

/// The HTTP server of a page, on the loopback interface alone.
package struct PageServer: Sendable {
  package let access: Access
  private let session: NotebookSession
  private let server: HTTPServer

  private init(_ session: NotebookSession, access: Access, server: HTTPServer) {
    self.session = session
    self.access = access
    self.server = server
  }

  /// Serves, looks at the file and tells the pages that the program is there, until the task is cancelled.
  package func serve() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while !Task.isCancelled {
          try await Task.sleep(for: .milliseconds(100))
          await session.look()
        }
      }
      group.addTask {
        while !Task.isCancelled {
          try await Task.sleep(for: .seconds(2))
          await session.beat()
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Opens a port: the one that is asked for, or the one of the last time, or any.
  /// - Throws: `Mistake` if the port that is asked for is not free, or none is.
  package static func listening(
    to session: NotebookSession, assets: PageAssets, port: UInt16?, memory: PageMemory
  ) async throws -> PageServer {
    let former = memory.read()
    let token = former?.token ?? Access.randomToken()
    let ports = port.map { [$0] } ?? ([former?.port].compactMap(\.self) + (0..<8).map { _ in freePort() })
    for port in ports {
      let access = Access(token: token, port: port)
      let server = HTTPServer(
        address: try .inet(ip4: "127.0.0.1", port: port), timeout: 60, logger: .disabled,
        handler: PageRoutes(session: session, access: access, assets: assets))
      guard await isListening(server) else { continue }
      memory.write(PageMemory.Place(port: port, token: token))
      return PageServer(session, access: access, server: server)
    }
    throw Mistake(
      .environment, at: "--port", value: port.map(String.init) ?? "", rule: "the port is not free",
      remedy: "Leave the option out: the program finds a free port")
  }

  /// Starts a server. Its task ends with the program.
  /// - Returns: whether its port could be opened.
  private static func isListening(_ server: HTTPServer) async -> Bool {
    let hasFailed = Flag()
    Task {
      try? await server.run()
      hasFailed.raise()
    }
    while !hasFailed.isRaised {
      if await server.isListening { return true }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
  }

  /// A port that is free now.
  private static func freePort() -> UInt16 {
    guard let socket = try? Socket(domain: AF_INET), let any = try? sockaddr_in.inet(ip4: "127.0.0.1", port: 0),
      (try? socket.bind(to: any)) != nil, case .ip4(_, let port)? = try? socket.sockname()
    else { return UInt16.random(in: 49_152...65_000) }
    try? socket.close()
    return port
  }
}
