/// A report as plain values: what a page says, apart from how it is set. Every writer (pages, HTML, Markdown) goes through the same nodes.
public struct Document: Hashable, Sendable {
  public var title: String
  public var nodes: [Node]

  public init(title: String, nodes: [Node] = []) {
    self.title = title
    self.nodes = nodes
  }

  /// One piece of a document. A writer switches over all of them, without a `default`: a new kind of node is a compile error in
  /// every writer that does not know it.
  public enum Node: Hashable, Sendable {
    /// Level 1 is the title of the document.
    case heading(level: Int, [Inline])
    case paragraph([Inline], Tone = .body)
    case list([ListItem])
    case code(String)
    case table(Table)
    case figure(Figure)
    case verdict(Verdict)
    case rule
    /// By what, when and where the runs were trained.
    case provenance([Inline])
  }

  /// How much weight a paragraph has.
  public enum Tone: Hashable, Sendable {
    case body
    /// Small print below a title.
    case detail
    /// What a reader must not overlook.
    case notice
  }

  public struct ListItem: Hashable, Sendable {
    /// The number of an item of a numbered list; `nil` for a bullet.
    public var number: Int?
    public var content: [Inline]
    public var items: [ListItem]

    public init(number: Int? = nil, _ content: [Inline], items: [ListItem] = []) {
      self.number = number
      self.content = content
      self.items = items
    }
  }

  /// A claim with its outcome and the numbers it rests on.
  public struct Verdict: Hashable, Sendable {
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
      case passed, failed, untested
    }

    public var outcome: Outcome
    /// What a reader sees for the outcome: "pass".
    public var word: String
    public var claim: [Inline]
    public var evidence: [Inline]

    public init(_ outcome: Outcome, word: String, claim: [Inline], evidence: [Inline]) {
      self.outcome = outcome
      self.word = word
      self.claim = claim
      self.evidence = evidence
    }
  }
}
