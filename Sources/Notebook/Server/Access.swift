/// Who may use the page: a browser on this computer that has opened the address with the token, and no other site in it.
package struct Access: Sendable {
  /// What a request says of its origin.
  package struct Request: Sendable {
    package var isReading: Bool
    package var host: String?
    package var origin: String?
    package var fetchSite: String?
    package var cookies: String?
    package var token: String?

    package init(
      isReading: Bool, host: String?, origin: String? = nil, fetchSite: String? = nil, cookies: String? = nil,
      token: String? = nil
    ) {
      self.isReading = isReading
      self.host = host
      self.origin = origin
      self.fetchSite = fetchSite
      self.cookies = cookies
      self.token = token
    }
  }

  /// Why a request is refused.
  package enum Refusal: Hashable, Sendable {
    /// A name that leads to this computer, in a page of somebody else.
    case host
    /// A page of another site.
    case origin
    /// Without the token.
    case token
  }

  package let token: String
  package let port: UInt16

  package init(token: String, port: UInt16) {
    self.token = token
    self.port = port
  }

  /// A token that cannot be guessed: 256 random bits.
  package static func randomToken() -> String {
    (0..<4).map { _ in
      let word = String(UInt64.random(in: 0 ... .max), radix: 16)
      return String(repeating: "0", count: 16 - word.count) + word
    }.joined()
  }

  /// The address to open.
  package var address: String { "http://127.0.0.1:\(port)/?token=\(token)" }

  /// Cookies of one host are shared by all ports: the name tells the pages of several scripts apart.
  private var cookieName: String { "descent-\(port)" }

  /// The cookie that a page gets with the token: no script reads it, and no request of another site carries it.
  package var cookie: String { "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict" }

  /// The reason to refuse a request; `nil` for one that may pass.
  package func refusal(of request: Request) -> Refusal? {
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = request.host, hosts.contains(host) else { return .host }
    if let origin = request.origin {
      guard origin == "http://\(host)" else { return .origin }
    } else if !request.isReading {
      // A browser names the origin of every request that changes something.
      return .origin
    }
    if let site = request.fetchSite, !["same-origin", "none"].contains(site) {
      // A link of another site may open the page, which then shows that it has no token.
      guard request.isReading && request.token != nil else { return .origin }
    }
    return isKnown(request) ? nil : .token
  }

  private func isKnown(_ request: Request) -> Bool {
    let cookies = (request.cookies ?? "").split(separator: ";").map { $0.drop { $0 == " " } }
    let values = cookies.filter { $0.hasPrefix("\(cookieName)=") }.map { $0.dropFirst(cookieName.count + 1) }
    return (values.map(String.init) + [request.token].compactMap(\.self)).contains(where: isToken)
  }

  /// Compares in a time that does not depend on where the first difference is.
  private func isToken(_ text: String) -> Bool {
    let (given, wanted) = (Array(text.utf8), Array(token.utf8))
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
