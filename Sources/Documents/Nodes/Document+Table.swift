extension Document {
  /// A table whose columns say what they hold.
  public struct Table: Hashable, Sendable {
    /// The caption; empty for none.
    public var caption: [Inline]
    /// The columns.
    public var columns: [Column]
    /// One cell a column; a row that is too short ends in empty cells.
    public var rows: [[[Inline]]]

    /// A table of rows of cells.
    public init(caption: [Inline] = [], columns: [Column], rows: [[[Inline]]]) {
      self.caption = caption
      self.columns = columns
      self.rows = rows.map { row in columns.indices.map { $0 < row.count ? row[$0] : [] } }
    }
  }

  /// A column of a table. A plain string is a column of text: `["class", .number("runs"), .number("time", unit: "s")]`.
  public struct Column: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The kinds of columns.
    public enum Kind: Hashable, Sendable {
      /// Words, set flush left.
      case text
      /// Numbers, set flush right.
      case number
    }

    /// The title of the column.
    public var title: [Inline]
    /// Whether the column holds words or numbers.
    public var kind: Kind

    /// A column with its title.
    public init(_ title: [Inline], _ kind: Kind) {
      self.title = title
      self.kind = kind
    }

    /// A column of words.
    public init(stringLiteral title: String) { self = .text(title) }

    /// A column of words; the title may hold Markdown.
    public static func text(_ title: String) -> Column { Column(Markdown.inlines(title), .text) }

    /// A column of numbers, in a unit where they have one.
    public static func number(_ title: String, unit: String = "") -> Column {
      Column(Markdown.inlines(unit.isEmpty ? title : "\(title) in \(unit)"), .number)
    }
  }
}
