package import FlyingFox
import Foundation
import Learning

/// Answers the requests of a page. The addresses are a fixed list: none of them becomes the path of a file.
package struct PageRoutes: HTTPHandler {
  private let session: NotebookSession
  private let access: Access
  private let assets: PageAssets

  package init(session: NotebookSession, access: Access, assets: PageAssets) {
    self.session = session
    self.access = access
    self.assets = assets
  }

  package func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    var response = try await answer(request)
    for (name, value) in Self.headers { response.headers[HTTPHeader(name)] = value }
    return response
  }

  /// No code but that of the page itself and of its engine, nothing from the network, and no other site may embed the page.
  private static let headers = [
    "Content-Security-Policy":
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
  ]

  private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
    let token = request.query.first { $0.name == "token" }?.value
    let refusal = access.refusal(
      of: Access.Request(
        isReading: request.method == .GET || request.method == .HEAD, host: request.headers[.host],
        origin: request.headers[HTTPHeader("Origin")], fetchSite: request.headers[HTTPHeader("Sec-Fetch-Site")],
        cookies: request.headers[.cookie], token: request.path == "/" ? token : nil))
    if let refusal { return refused(refusal) }
    switch (request.method, request.path) {
    case (.GET, "/"):
      var response = Self.response(assets.page(session.configuration.script.name))
      response.headers[.setCookie] = access.cookie
      return response
    case (.GET, "/events"):
      return HTTPResponse(
        statusCode: .ok, headers: [.contentType: "text/event-stream"],
        body: HTTPBodySequence(from: EventBody(await session.open()), suggestedBufferSize: 1 << 16))
    case (.GET, "/ping"): return HTTPResponse(statusCode: .noContent)
    case (.GET, let path):
      guard let asset = assets.asset(path) else { return HTTPResponse(statusCode: .notFound) }
      return Self.response(asset)
    case (.PUT, "/source"): return try await save(request)
    case (.POST, "/run"):
      await session.start()
      return HTTPResponse(statusCode: .noContent)
    case (.POST, "/stop"):
      await session.stop()
      return HTTPResponse(statusCode: .noContent)
    default: return HTTPResponse(statusCode: .methodNotAllowed)
    }
  }

  private func refused(_ refusal: Access.Refusal) -> HTTPResponse {
    guard refusal == .token else { return HTTPResponse(statusCode: .forbidden) }
    return Self.response(assets.locked, status: .unauthorized)
  }

  private static func response(_ asset: PageAssets.Asset, status: HTTPStatusCode = .ok) -> HTTPResponse {
    HTTPResponse(statusCode: status, headers: [.contentType: asset.type], body: asset.data)
  }

  // MARK: Saving

  private struct SaveRequest: Decodable {
    var text: String
    /// The version that the page knows.
    var base: String
  }

  private func save(_ request: HTTPRequest) async throws -> HTTPResponse {
    let most = 8 * ScriptFile.limit
    guard let count = request.headers[.contentLength].flatMap({ Int($0) }), count <= most else {
      return Self.json(["message": "A script has at most 2 MB."], status: .payloadTooLarge)
    }
    guard let wanted = try? JSONDecoder().decode(SaveRequest.self, from: try await request.bodyData),
      wanted.text.utf8.count <= ScriptFile.limit
    else { return Self.json(["message": "A script is text of at most 2 MB."], status: .badRequest) }
    do {
      switch try await session.save(wanted.text, over: wanted.base) {
      case .saved(let content): return Self.json(["version": content.version])
      case .conflict(let present):
        return Self.json(
          ["version": present?.version ?? "", "text": present?.text ?? "", "isRemoved": present == nil],
          status: .conflict)
      }
    } catch let mistake as Mistake {
      return Self.json(["message": mistake.description], status: .internalServerError)
    }
  }

  private static func json(_ fields: [String: Any], status: HTTPStatusCode = .ok) -> HTTPResponse {
    HTTPResponse(
      statusCode: status, headers: [.contentType: "application/json"], body: Data(JSONLine.text(fields).utf8))
  }
}
