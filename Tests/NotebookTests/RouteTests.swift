import FlyingFox
import Foundation
import Notebook
import Testing

/// What the server answers, request by request.
@Suite struct RouteTests {
  private static let token = String(repeating: "c", count: 64)

  private struct Site {
    let scratch: Scratch
    let session: NotebookSession
    let routes: PageRoutes
    let version: String

    init(codeMirror: String = PageAssets.codeMirror) throws {
      scratch = try Scratch()
      let script = try ScriptFile(path: try scratch.write("let a = 1\n", to: "Study.swift"))
      version = try script.content()?.version ?? ""
      session = try NotebookSession(.init(script: script, program: try scratch.program("exit 0")))
      routes = PageRoutes(
        session: session, access: Access(token: token, port: 80), assets: PageAssets(codeMirror: codeMirror))
    }

    func request(
      _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], headers: [HTTPHeader: String] = [:],
      body: String = ""
    ) async throws -> HTTPResponse {
      let known: [HTTPHeader: String] = [
        .host: "127.0.0.1:80", HTTPHeader("Origin"): "http://127.0.0.1:80", .cookie: "descent-80=\(token)",
        .contentLength: "\(body.utf8.count)",
      ]
      return try await routes.handleRequest(
        HTTPRequest(
          method: method, version: .http11, path: path, query: query.map { .init(name: $0.0, value: $0.1) },
          headers: known.merging(headers) { $1 }, body: Data(body.utf8)))
    }
  }

  private static func body(_ text: String, over base: String) -> String {
    let data = try? JSONEncoder().encode(["text": text, "base": base])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  @Test func thePageIsServedWithACookieAndAPolicy() async throws {
    let site = try Site()
    let page = try await site.request(.GET, "/", query: [("token", Self.token)], headers: [.cookie: ""])
    #expect(page.statusCode == .ok)
    #expect(page.headers[.setCookie]?.contains("HttpOnly; SameSite=Strict") == true)
    let policy = try #require(page.headers[HTTPHeader("Content-Security-Policy")])
    #expect(policy.hasPrefix("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:;"))
    #expect(policy.contains("frame-ancestors 'none'"))
    let text = String(decoding: try await page.bodyData, as: UTF8.self)
    #expect(text.contains("<title>Study.swift – Descent</title>") && !text.contains(Self.token))
    // Everything that the page asks for is there, and nothing is on another host.
    let links = text.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.output.1) }
    #expect(links.count >= 5 && links.allSatisfy { $0.hasPrefix("/") && !$0.hasPrefix("//") })
    for link in links { #expect(try await site.request(.GET, link).statusCode == .ok, "\(link)") }
  }

  @Test func withoutTheEditorThereIsATextFieldAndAMessage() async throws {
    let site = try Site(codeMirror: "/nonexistent")
    let text = String(decoding: try await site.request(.GET, "/").bodyData, as: UTF8.self)
    #expect(text.contains("apt-get install libjs-codemirror") && !text.contains("codemirror.js"))
    #expect(try await site.request(.GET, "/codemirror/lib/codemirror.js").statusCode == .notFound)
  }

  @Test(arguments: [
    "/Study.swift", "/source", "/../Study.swift", "/codemirror/../../../../etc/passwd",
    "/codemirror/lib/../lib/codemirror.js",
    "//etc/passwd", "/codemirror/package.json", "/%2e%2e/etc/passwd",
  ])
  func noOtherFileIsServed(_ path: String) async throws {
    let site = try Site()
    let answer = try await site.request(.GET, path)
    #expect(answer.statusCode == .notFound)
    #expect(try await answer.bodyData.isEmpty)
  }

  @Test func strangersAreRefused() async throws {
    let site = try Site()
    let strangers: [([HTTPHeader: String], HTTPStatusCode)] = [
      ([.cookie: ""], .unauthorized), ([.host: "evil.example"], .forbidden),
      ([HTTPHeader("Origin"): "http://evil.example"], .forbidden),
      ([HTTPHeader("Sec-Fetch-Site"): "cross-site"], .forbidden),
    ]
    for (headers, status) in strangers {
      for (method, path) in [
        (HTTPMethod.GET, "/"), (.GET, "/events"), (.GET, "/ping"), (.PUT, "/source"), (.POST, "/run"),
      ] {
        let body = Self.body("evil", over: site.version)
        let answer = try await site.request(method, path, headers: headers, body: body)
        #expect(answer.statusCode == status, "\(method) \(path)")
        #expect(answer.headers[.setCookie] == nil)
      }
    }
    #expect(try site.scratch.text("Study.swift") == "let a = 1\n")
    // The token opens the page, and no other address.
    let run = try await site.request(.POST, "/run", query: [("token", Self.token)], headers: [.cookie: ""])
    #expect(run.statusCode == .unauthorized)
  }

  @Test func savingWritesTheScriptAlone() async throws {
    let site = try Site()
    let saved = try await site.request(.PUT, "/source", body: Self.body("let b = 2\n", over: site.version))
    #expect(saved.statusCode == .ok)
    #expect(try site.scratch.text("Study.swift") == "let b = 2\n")
    let again = try await site.request(.PUT, "/source", body: Self.body("mine", over: site.version))
    let fields = try JSONSerialization.jsonObject(with: try await again.bodyData) as? [String: Any]
    #expect(again.statusCode == .conflict && fields?["text"] as? String == "let b = 2\n")
    #expect(try site.scratch.text("Study.swift") == "let b = 2\n")
    for wrong in ["", "{}", "[]", "{\"text\":1,\"base\":\"\"}", "{\"text\":\"x\"}"] {
      #expect(try await site.request(.PUT, "/source", body: wrong).statusCode == .badRequest)
    }
    let large = try await site.request(.PUT, "/source", headers: [.contentLength: "99999999"])
    #expect(large.statusCode == .payloadTooLarge)
    let names = try FileManager.default.contentsOfDirectory(atPath: site.scratch.folder)
    #expect(names.filter { !$0.hasPrefix("descent-") } == ["Study.swift"])
  }

  @Test func eventsAreAStreamOfTheState() async throws {
    let site = try Site()
    let answer = try await site.request(.GET, "/events")
    #expect(answer.headers[.contentType] == "text/event-stream")
    guard case .httpBody(let body) = answer.payload else { return }
    var text = ""
    for try await piece in body {
      text += String(decoding: piece, as: UTF8.self)
      if text.contains("\"ready\"") { break }
    }
    #expect(text.contains("data: {\"event\":\"hello\",\"file\":\"Study.swift\"") && text.contains("}\n\n"))
  }
}
