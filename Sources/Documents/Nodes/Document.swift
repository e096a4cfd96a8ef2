/// A report as plain values, independent of the output format. Every writer (pages, HTML, Markdown) writes the same nodes.
public struct Document: Hashable, Sendable {
  /// The title of the document.
  public var title: String
  /// The pieces, in the order of the page.
  public var nodes: [Node]
  /// The runs that figures show one by one.
  public var runs = Runs()

  /// A document of pieces.
  public init(title: String, nodes: [Node] = []) {
    self.title = title
    self.nodes = nodes
  }

  /// One piece of a document. Writers switch over all kinds without a `default`, so that a new kind is a compile error in every
  /// writer that lacks it.
  public enum Node: Hashable, Sendable {
    /// A heading; level 1 is the title of the document.
    case heading(level: Int, [Inline])
    /// A paragraph.
    case paragraph([Inline], Tone = .body)
    /// A list, numbered or with bullets.
    case list([ListItem])
    /// Lines of code.
    case code(String)
    /// A table.
    case table(Table)
    /// Charts with their caption.
    case figure(Figure)
    /// A claim with its outcome.
    case verdict(Verdict)
    /// A horizontal line.
    case rule
    /// The revision, the time and the machine with which the runs were trained.
    case provenance([Inline])
  }

  /// The emphasis of a paragraph.
  public enum Tone: Hashable, Sendable {
    /// Ordinary text.
    case body
    /// Small text below a title.
    case detail
    /// A warning.
    case notice
  }

  /// An item of a list, with items below it.
  public struct ListItem: Hashable, Sendable {
    /// The number of an item of a numbered list; `nil` for a bullet.
    public var number: Int?
    /// The text of the item.
    public var content: [Inline]
    /// The items of the list below this one.
    public var items: [ListItem]

    /// An item of a list.
    public init(number: Int? = nil, _ content: [Inline], items: [ListItem] = []) {
      self.number = number
      self.content = content
      self.items = items
    }
  }

  /// A claim with its outcome and its evidence.
  public struct Verdict: Hashable, Sendable {
    /// The outcomes of a claim.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
      /// One of three outcomes.
      case passed, failed, untested
    }

    /// The outcome of the claim.
    public var outcome: Outcome
    /// The displayed word for the outcome: "PASS".
    public var word: String
    /// The claim in words.
    public var claim: [Inline]
    /// The numbers that decided.
    public var evidence: [Inline]

    /// A claim with its outcome.
    public init(_ outcome: Outcome, word: String, claim: [Inline], evidence: [Inline]) {
      self.outcome = outcome
      self.word = word
      self.claim = claim
      self.evidence = evidence
    }
  }
}
