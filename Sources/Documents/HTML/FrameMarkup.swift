/// The markup of several frames of one picture: what all have in common once, and between it slots whose content changes.
///
/// Markup is read as lines: an element, the beginning of a group (`<g …>`) or its end (`</g>`).
package struct FrameMarkup {
  /// The different contents of slots.
  package private(set) var parts: [String] = []
  /// For each frame, the index of the content of every slot.
  package private(set) var frames: [[Int]]
  private var known: [String: Int] = [:]
  private var root: [Item] = []

  private indirect enum Node {
    case leaf(String)
    case group(String, [Node])

    /// By what equal places of two frames are found.
    var key: String {
      switch self {
      case .leaf(let line), .group(let line, _): line
      }
    }

    var text: String {
      switch self {
      case .leaf(let line): line + "\n"
      case .group(let head, let inner): head + "\n" + inner.map(\.text).joined() + "</g>\n"
      }
    }
  }

  private indirect enum Item {
    case common(String)
    case group(String, [Item])
    case slot(Int)
  }

  /// - Parameter pictures: the inside of the picture of each frame.
  package init(_ pictures: [String]) {
    frames = Array(repeating: [], count: pictures.count)
    root = merge(pictures.map(Self.nodes))
  }

  /// The inside of a picture with the slots of one frame filled in.
  package func markup(showing frame: Int) -> String { markup(root, frame) }

  private func markup(_ items: [Item], _ frame: Int) -> String {
    items.map { item in
      switch item {
      case .common(let line): line + "\n"
      case .group(let head, let inner): head + "\n" + markup(inner, frame) + "</g>\n"
      case .slot(let slot): "<g class=\"slot\">\n\(parts[frames[frame][slot]])</g>\n"
      }
    }.joined()
  }

  // MARK: Reading

  private static func nodes(_ text: String) -> [Node] {
    var open: [(head: String, inner: [Node])] = [("", [])]
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("<g ") {
        open.append((line, []))
      } else if line == "</g>", open.count > 1 {
        let group = open.removeLast()
        open[open.count - 1].inner.append(.group(group.head, group.inner))
      } else {
        open[open.count - 1].inner.append(.leaf(line))
      }
    }
    return open[0].inner
  }

  // MARK: Merging

  private mutating func merge(_ lists: [[Node]]) -> [Item] {
    let keys = lists.map { $0.map(\.key) }
    var common = keys.first ?? []
    for list in keys.dropFirst() where list != common { common = Self.common(common, list) }
    var at = Array(repeating: 0, count: lists.count)
    var items: [Item] = []
    for key in common {
      let ends = lists.indices.map { frame in keys[frame][at[frame]...].firstIndex(of: key) ?? lists[frame].count }
      addSlot(zip(lists, zip(at, ends)).map { Array($0[$1.0..<$1.1]) }, to: &items)
      items.append(matched(key, zip(lists, ends).map { $0[$1] }))
      at = ends.map { $0 + 1 }
    }
    addSlot(zip(lists, at).map { Array($0[$1...]) }, to: &items)
    return items
  }

  private mutating func matched(_ key: String, _ nodes: [Node]) -> Item {
    let inner = nodes.compactMap { if case .group(_, let inner) = $0 { inner } else { nil } }
    return inner.count == nodes.count ? .group(key, merge(inner)) : .common(key)
  }

  /// A slot, where at least one frame has something here that not all have.
  private mutating func addSlot(_ contents: [[Node]], to items: inout [Item]) {
    guard contents.contains(where: { !$0.isEmpty }) else { return }
    items.append(.slot(frames.first?.count ?? 0))
    for (frame, nodes) in contents.enumerated() {
      let text = nodes.map(\.text).joined()
      if known[text] == nil {
        known[text] = parts.count
        parts.append(text)
      }
      frames[frame].append(known[text] ?? 0)
    }
  }

  /// The longest common subsequence of two lists.
  static func common(_ a: [String], _ b: [String]) -> [String] {
    var head = 0
    while head < min(a.count, b.count), a[head] == b[head] { head += 1 }
    var tail = 0
    while tail < min(a.count, b.count) - head, a[a.count - 1 - tail] == b[b.count - 1 - tail] { tail += 1 }
    let (x, y) = (Array(a[head..<a.count - tail]), Array(b[head..<b.count - tail]))
    return a[..<head] + longest(x, y) + a[(a.count - tail)...]
  }

  /// By dynamic programming; where the table would be too large, nothing is common.
  private static func longest(_ a: [String], _ b: [String]) -> [String] {
    guard !a.isEmpty, !b.isEmpty, a.count * b.count <= 4_000_000 else { return [] }
    var lengths = Array(repeating: [Int32](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in a.indices.reversed() {
      for j in b.indices.reversed() {
        lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
      }
    }
    var (i, j) = (0, 0)
    var result: [String] = []
    while i < a.count, j < b.count {
      if a[i] == b[j] {
        result.append(a[i])
        (i, j) = (i + 1, j + 1)
      } else if lengths[i + 1][j] >= lengths[i][j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return result
  }
}
