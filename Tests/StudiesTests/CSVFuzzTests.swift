import Foundation
import Learning
import Testing

/// Thousands of damaged CSV files, with a fixed seed: each is refused with a mistake in the data, or read as a slow and
/// simple parser reads it.
@Suite struct CSVFuzzTests {
  private static let seeds: [CSVFixture] = {
    var classes = CSVFixture("a,b,y\n1,2,3\n4,5,3.0\n7,8, 9\n10,11,-1e1\n")
    classes.targetIsClass = true
    var chosen = CSVFixture("note,a,\"b, c\",y,z\r\n\"x, \"\"q\"\"\",1,2,3,4\r\n\"é\nü\",5,6,7,8\r\n")
    chosen.inputs = ["b, c", "a"]
    chosen.targets = ["y", "z"]
    return [
      CSVFixture("a,b,y\n1,2.5,3\n-4e1,5,6\n.7,8.,9\n"), CSVFixture("\u{FEFF}a,y\n1,red\n2,green\n\n3,red\n"), classes,
      chosen,
    ]
  }()

  /// Bytes that mean something to the format or its encoding.
  private static let special = Array(",\"\n\r\t .+-eExX0123456789;aéyn".utf8) + [0, 0x80, 0xC3, 0xE2, 0xEF, 0xFF]

  private static func damaged(_ bytes: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let i = Int.random(in: 0...bytes.count, using: &generator)
      let j = Int.random(in: 0...bytes.count, using: &generator)
      let byte = special.randomElement(using: &generator) ?? 0
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes.insert(byte, at: i)
      case 1 where i < bytes.count: bytes[i] = byte
      case 2 where i < bytes.count: bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 3 where i < bytes.count: bytes.remove(at: i)
      case 4: bytes.insert(contentsOf: bytes[min(i, j)..<max(i, j)].prefix(12), at: i)
      default: bytes.removeSubrange(min(i, j)..<min(max(i, j), min(i, j) + 5))
      }
    }
    return bytes
  }

  @Test(arguments: 0..<4) func damageIsRefusedOrReadAsASimpleParserReadsIt(_ index: Int) throws {
    var generator = SplitMix(state: UInt64(1000 + index))
    var read = 0
    for _ in 0..<1500 {
      var file = Self.seeds[index]
      file.bytes = Self.damaged(file.bytes, &generator)
      let expected = SimpleCSV.read(file)
      let shown = String(decoding: file.bytes, as: UTF8.self).debugDescription
      do {
        let data = try file.read()
        read += 1
        let found = SimpleCSV(
          inputs: data.training.inputs, targets: SimpleCSV.targets(of: data), inputNames: data.inputNames)
        #expect(found == expected, "\(shown)")
      } catch let mistake as Mistake {
        #expect(mistake.kind == .data && expected == nil, "\(shown): \(mistake)")
        #expect(mistake.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(shown)")
      }
    }
    // Both outcomes occur: neither a reader that refuses all nor one that accepts all passes.
    #expect(read > 100 && read < 1400, "\(read) of 1500 files were read")
  }
}

/// A CSV parser of its own, as plain as possible: the whole text, character by character, into texts.
private struct SimpleCSV: Equatable {
  enum Target: Equatable {
    case number(Double)
    case label(String)
  }

  var inputs: [Double]
  var targets: [Target]
  var inputNames: [String]

  /// Targets as numbers, or as the name of the class whose output is 1.
  static func targets(of data: Dataset) -> [Target] {
    let width = data.outputCount
    guard case .oneHot(let names) = data.classes else { return data.training.targets.map { .number($0) } }
    return (0..<data.training.count).map { row in
      let targets = data.training.targets[row * width..<(row + 1) * width]
      #expect(targets.reduce(0, +) == 1 && targets.allSatisfy { $0 == 0 || $0 == 1 })
      return .label(names[(targets.firstIndex(of: 1) ?? row * width) - row * width])
    }
  }

  static func read(_ file: CSVFixture) -> SimpleCSV? {
    guard let rows = rows(file.bytes)?.filter({ $0 != [""] }), rows.count > 1 else { return nil }
    let header = rows[0].map { $0.trimmingCharacters(in: .whitespaces) }
    guard rows.allSatisfy({ $0.count == header.count }), Set(header).count == header.count else { return nil }
    let targets = file.targets.compactMap { header.firstIndex(of: $0) }
    let inputs =
      file.inputs.isEmpty
      ? header.indices.filter { !targets.contains($0) } : file.inputs.compactMap { header.firstIndex(of: $0) }
    guard targets.count == file.targets.count, !inputs.isEmpty, file.inputs.isEmpty || inputs.count == file.inputs.count
    else { return nil }
    let samples = rows.dropFirst()
    let x = samples.flatMap { row in inputs.map { number(row[$0]) } }
    let t = samples.flatMap { row in targets.map { row[$0].trimmingCharacters(in: .whitespaces) } }
    guard let values = self.targets(t, areClasses: file.targetIsClass, alone: targets.count == 1),
      !x.contains(nil)
    else { return nil }
    return SimpleCSV(inputs: x.compactMap(\.self), targets: values, inputNames: inputs.map { header[$0] })
  }

  private static func targets(_ texts: [String], areClasses: Bool, alone: Bool) -> [Target]? {
    let numbers = texts.map(number)
    if !areClasses, !numbers.contains(nil) { return numbers.map { .number($0 ?? 0) } }
    let words = ["nan", "inf", "infinity"].flatMap { [$0, "-" + $0, "+" + $0] }
    let isNamed = texts.allSatisfy { text in
      let isNumber = number(text) != nil
      return !text.isEmpty && !words.contains(text.lowercased()) && !isTooLarge(text) && (areClasses || !isNumber)
    }
    guard alone, isNamed else { return nil }
    let labels = zip(texts, numbers).map { text, value in
      value.map { $0 == 0 ? "0" : "\($0)".replacing(/\.0$/, with: "") } ?? text
    }
    return Set(labels).count > 1 ? labels.map { .label($0) } : nil
  }

  private static func isTooLarge(_ text: String) -> Bool { isDecimal(text) && number(text) == nil }

  private static func isDecimal(_ text: String) -> Bool {
    text.wholeMatch(of: /[+\-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+\-]?[0-9]+)?/) != nil
  }

  private static func number(_ field: String) -> Double? {
    let text = field.trimmingCharacters(in: .whitespaces)
    guard isDecimal(text), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The rows of a file; `nil` where it is no text, or quotes are wrong.
  private static func rows(_ bytes: [UInt8]) -> [[String]]? {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return nil }
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    var rows: [[String]] = [[]]
    var field = ""
    var i = 0
    func at(_ k: Int) -> Unicode.Scalar? { k < scalars.count ? scalars[k] : nil }
    while i < scalars.count {
      // One field, with what ends it.
      if at(i) == "\"" {
        i += 1
        while at(i) != "\"" || at(i + 1) == "\"" {
          guard let scalar = at(i) else { return nil }
          field.unicodeScalars.append(scalar)
          i += scalar == "\"" ? 2 : 1
        }
        i += 1
        if let end = at(i), ![",", "\r", "\n"].contains(end) { return nil }
      } else {
        while let scalar = at(i), ![",", "\r", "\n"].contains(scalar) {
          if scalar == "\"" { return nil }
          field.unicodeScalars.append(scalar)
          i += 1
        }
      }
      rows[rows.count - 1].append(field)
      field = ""
      let end = at(i)
      i += end == "\r" && at(i + 1) == "\n" ? 2 : 1
      if end == "," { if i >= scalars.count { rows[rows.count - 1].append("") } } else if end != nil { rows.append([]) }
    }
    return rows.filter { !$0.isEmpty }
  }
}
