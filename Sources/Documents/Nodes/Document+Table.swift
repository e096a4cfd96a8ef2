extension Document {
  /// A table with typed columns.
  package struct Table: Hashable, Sendable {
    /// The caption; empty for none.
    package var caption: [Inline]
    /// The columns.
    package var columns: [Column]
    /// One cell per column; missing cells at the end of a row are empty.
    package var rows: [[[Inline]]]

    /// A table of rows of cells.
    package init(caption: [Inline] = [], columns: [Column], rows: [[[Inline]]]) {
      self.caption = caption
      self.columns = columns
      self.rows = rows.map { row in columns.indices.map { $0 < row.count ? row[$0] : [] } }
    }
  }

  /// A column of a table. A string literal is a column of text: `["class", .number("runs"), .number("time", unit: "s")]`.
  public struct Column: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The kinds of columns.
    package enum Kind: Hashable, Sendable {
      /// Words, aligned left.
      case text
      /// Numbers, aligned right.
      case number
    }

    /// The title of the column.
    package var title: [Inline]
    /// Whether the column holds words or numbers.
    package var kind: Kind

    /// A column with its title.
    package init(_ title: [Inline], _ kind: Kind) {
      self.title = title
      self.kind = kind
    }

    /// A column of words.
    public init(stringLiteral title: String) { self = .text(title) }

    /// A column of words; the title is Markdown.
    public static func text(_ title: String) -> Column { Column(Markdown.inlines(title), .text) }

    /// A column of numbers with an optional unit.
    public static func number(_ title: String, unit: String = "") -> Column {
      Column(Markdown.inlines(unit.isEmpty ? title : "\(title) in \(unit)"), .number)
    }
  }
}
