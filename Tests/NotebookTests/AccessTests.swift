import Notebook
import Testing

/// Who may use the page.
@Suite struct AccessTests {
  private static let token = String(repeating: "a", count: 64)
  private static let access = Access(token: token, port: 8123)
  private static let cookie = "other=1; descent-8123=\(token)"

  private static func request(
    isReading: Bool = true, host: String? = "127.0.0.1:8123", origin: String? = nil, site: String? = nil,
    cookies: String? = cookie, token: String? = nil
  ) -> Access.Request {
    Access.Request(
      isReading: isReading, host: host, origin: origin, fetchSite: site, cookies: cookies, token: token)
  }

  @Test func theOwnPageMayReadAndWrite() {
    #expect(Self.access.refusal(of: Self.request()) == nil)
    #expect(Self.access.refusal(of: Self.request(host: "localhost:8123", site: "same-origin")) == nil)
    let write = Self.request(isReading: false, origin: "http://127.0.0.1:8123", site: "same-origin")
    #expect(Self.access.refusal(of: write) == nil)
    #expect(Self.access.refusal(of: Self.request(cookies: nil, token: Self.token)) == nil)
  }

  @Test(arguments: [
    nil, "127.0.0.1", "127.0.0.1:8124", "evil.example:8123", "127.0.0.1:8123.evil.example", "0.0.0.0:8123",
  ])
  func anotherHostIsRefused(_ host: String?) {
    #expect(Self.access.refusal(of: Self.request(host: host)) == .host)
  }

  @Test(arguments: [
    "null", "http://evil.example", "http://localhost:8123", "https://127.0.0.1:8123", "http://127.0.0.1:81",
  ])
  func anotherOriginIsRefused(_ origin: String) {
    for isReading in [true, false] {
      #expect(Self.access.refusal(of: Self.request(isReading: isReading, origin: origin)) == .origin)
    }
  }

  @Test func aChangeNeedsAnOriginAndASiteOfItsOwn() {
    #expect(Self.access.refusal(of: Self.request(isReading: false)) == .origin)
    for site in ["cross-site", "same-site"] {
      #expect(Self.access.refusal(of: Self.request(site: site)) == .origin)
      // A link may open the page, with the token.
      #expect(Self.access.refusal(of: Self.request(site: site, cookies: nil, token: Self.token)) == nil)
    }
  }

  @Test func withoutTheTokenNothingIsShown() {
    let almost = String(Self.token.dropLast()) + "b"
    for cookies in [
      nil, "", "descent-8123=", "descent-8123=\(almost)", "descent-8124=\(Self.token)", "x\(Self.cookie)y",
    ] {
      #expect(Self.access.refusal(of: Self.request(cookies: cookies)) == .token, "\(cookies ?? "none")")
    }
    #expect(Self.access.refusal(of: Self.request(cookies: nil, token: almost)) == .token)
    #expect(Self.access.refusal(of: Self.request(cookies: nil, token: "")) == .token)
  }

  @Test func theCookieIsForThisPageAlone() {
    let parts = Self.access.cookie.split(separator: ";").map { $0.drop { $0 == " " } }
    #expect(parts.first == "descent-8123=\(Self.token)")
    #expect(parts.contains("HttpOnly") && parts.contains("SameSite=Strict") && !Self.access.cookie.contains("Domain"))
  }

  @Test func tokensAreLongAndNew() {
    let tokens = (0..<50).map { _ in Access.randomToken() }
    #expect(Set(tokens).count == 50 && tokens.allSatisfy { $0.count == 64 && $0.allSatisfy(\.isHexDigit) })
  }
}
