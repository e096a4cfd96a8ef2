/// A report as plain values, independent of the output format. Every writer (pages, HTML, Markdown) writes the same nodes.
public struct Document: Hashable, Sendable {
  /// The title of the document.
  package var title: String
  /// The pieces, in the order of the page.
  package var nodes: [Node]
  /// The runs that figures show one by one.
  package var runs = Runs()

  /// A document of pieces.
  package init(title: String, nodes: [Node] = []) {
    self.title = title
    self.nodes = nodes
  }

  /// One piece of a document. Writers switch over all kinds without a `default`, so that a new kind is a compile error in every
  /// writer that lacks it.
  package enum Node: Hashable, Sendable {
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
  package enum Tone: Hashable, Sendable {
    /// Ordinary text.
    case body
    /// Small text below a title.
    case detail
    /// A warning.
    case notice
  }

  /// An item of a list, with items below it.
  package struct ListItem: Hashable, Sendable {
    /// The number of an item of a numbered list; `nil` for a bullet.
    package var number: Int?
    /// The text of the item.
    package var content: [Inline]
    /// The items of the list below this one.
    package var items: [ListItem]

    /// An item of a list.
    package init(number: Int? = nil, _ content: [Inline], items: [ListItem] = []) {
      self.number = number
      self.content = content
      self.items = items
    }
  }

  /// A claim with its outcome and its evidence.
  package struct Verdict: Hashable, Sendable {
    /// The outcomes of a claim.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
      /// One of three outcomes.
      case passed, failed, untested
    }

    /// The outcome of the claim.
    package var outcome: Outcome
    /// The displayed word for the outcome: "PASS".
    package var word: String
    /// The claim in words.
    package var claim: [Inline]
    /// The numbers that decided.
    package var evidence: [Inline]

    /// A claim with its outcome.
    package init(_ outcome: Outcome, word: String, claim: [Inline], evidence: [Inline]) {
      self.outcome = outcome
      self.word = word
      self.claim = claim
      self.evidence = evidence
    }
  }
}
