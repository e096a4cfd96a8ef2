/// Writes the tables of a document for LaTeX with booktabs: one text per table, to be read with `\input`.
package struct LatexTables {
  /// A writer of tables.
  package init() {}

  /// The file names, without extension, and the texts, in the order of the document.
  package func all(_ document: Document) -> [(name: String, text: String)] {
    document.nodes.compactMap { node -> Document.Table? in
      switch node {
      case .table(let table): table
      case .heading, .paragraph, .list, .code, .figure, .verdict, .rule, .provenance: nil
      }
    }.enumerated().map { index, table in
      (Document.Figure.name(index + 1, table.caption.isEmpty ? "table" : table.caption.plain), text(table, index + 1))
    }
  }

  private func text(_ table: Document.Table, _ number: Int) -> String {
    func row(_ cells: [[Inline]]) -> String { "    " + cells.map(Latex.text).joined(separator: " & ") + " \\\\" }
    let alignment = table.columns.map { $0.kind == .number ? "r" : "l" }.joined()
    var lines = ["% Needs \\usepackage{booktabs}.", "\\begin{table}", "  \\centering"]
    if !table.caption.isEmpty { lines.append("  \\caption{\(Latex.text(table.caption))}") }
    lines += ["  \\label{tab:\(number)}", "  \\begin{tabular}{\(alignment)}", "    \\toprule"]
    lines += [row(table.columns.map(\.title)), "    \\midrule"]
    lines += table.rows.map(row)
    lines += ["    \\bottomrule", "  \\end{tabular}", "\\end{table}"]
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Words as LaTeX, for any of its engines: characters that pdfLaTeX does not know are commands.
enum Latex {
  static func text(_ content: [Inline]) -> String {
    content.map { inline in
      switch inline {
      case .text(let text), .math(let text): escaped(text)
      case .code(let text): "\\texttt{\(escaped(text))}"
      case .strong(let inner): "\\textbf{\(text(inner))}"
      case .emphasis(let inner): "\\emph{\(text(inner))}"
      case .superscript(let inner): "\\textsuperscript{\(text(inner))}"
      case .subscript(let inner): "\\textsubscript{\(text(inner))}"
      case .link(let inner, _): text(inner)
      }
    }.joined()
  }

  /// Runs of raised or lowered characters become one exponent or index, so that 10⁻⁴ is 10$^{-4}$.
  static func escaped(_ text: String) -> String {
    var result = ""
    var pending: (sign: String, text: String)?
    func flush() {
      if let pending { result += "$\(pending.sign){\(pending.text)}$" }
      pending = nil
    }
    for character in text {
      let moved = raised[character].map { ("^", $0) } ?? lowered[character].map { ("_", $0) }
      guard let (sign, plain) = moved else {
        flush()
        result += commands[character] ?? String(character)
        continue
      }
      if pending?.sign != sign { flush() }
      pending = (sign, (pending?.text ?? "") + plain)
    }
    flush()
    return result
  }

  private static let raised: [Character: String] = pairs("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀˡ", "0123456789-+nTl")
  private static let lowered: [Character: String] = pairs("₀₁₂₃₄₅₆₇₈₉₋₊ₐₑₖₗₘₙₓᵢⱼ", "0123456789-+aeklmnxij")

  private static func pairs(_ from: String, _ to: String) -> [Character: String] {
    Dictionary(uniqueKeysWithValues: zip(from, to).map { ($0, String($1)) })
  }

  private static let commands: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "$|$", "\"": "''",
    "−": "$-$", "–": "--", "—": "---", "·": "$\\cdot$", "×": "$\\times$", "∞": "$\\infty$", "≤": "$\\le$",
    "≥": "$\\ge$", "≈": "$\\approx$", "≠": "$\\ne$", "±": "$\\pm$", "→": "$\\to$", "∇": "$\\nabla$",
    "∂": "$\\partial$", "‖": "$\\|$", "√": "$\\surd$", "∈": "$\\in$", "½": "$\\frac{1}{2}$", "°": "$^{\\circ}$",
    "…": "\\ldots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "✓": "$\\surd$", "★": "$\\star$", "•": "$\\bullet$",
    "\u{00A0}": "~", "\u{202F}": "\\,", "\u{2009}": "\\,", "\n": " ", "′": "$'$", "⟨": "$\\langle$", "⟩": "$\\rangle$",
    "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\varepsilon$", "ζ": "$\\zeta$",
    "η": "$\\eta$", "θ": "$\\theta$", "ι": "$\\iota$", "κ": "$\\kappa$", "λ": "$\\lambda$", "μ": "$\\mu$",
    "ν": "$\\nu$", "ξ": "$\\xi$", "π": "$\\pi$", "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "φ": "$\\varphi$",
    "ϕ": "$\\phi$", "χ": "$\\chi$", "ψ": "$\\psi$", "ω": "$\\omega$", "Γ": "$\\Gamma$", "Δ": "$\\Delta$",
    "Θ": "$\\Theta$", "Λ": "$\\Lambda$", "Ξ": "$\\Xi$", "Π": "$\\Pi$", "Σ": "$\\Sigma$", "Φ": "$\\Phi$",
    "Ψ": "$\\Psi$", "Ω": "$\\Omega$",
  ]
}
