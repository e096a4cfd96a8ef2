import Foundation
import Scripts
import Testing

/// The cache of compiled scripts.
@Suite struct ObjectCacheTests {
  static func add(_ key: String, to cache: ObjectCache, size: Int = 10) throws -> CompiledScript {
    let source = URL(fileURLWithPath: "/x/\(key).swift")
    let script = CompiledScript(key: key, object: cache.object(key), source: source, files: [source], experiments: [])
    let workshop = try cache.workshop()
    try Data(count: size).write(to: workshop.appendingPathComponent("object.so"))
    try cache.add(script, from: workshop)
    return script
  }

  @Test func anEntryIsFoundWithItsNotes() throws {
    try Scratch.with { scratch in
      let cache = ObjectCache(folder: scratch.folder)
      #expect(cache.entry("a") == nil)
      let script = try Self.add("a", to: cache)
      #expect(cache.entry("a") == script)
      cache.keep(Data("text".utf8), as: "note", of: script)
      #expect(cache.note("note", of: script) == Data("text".utf8))
      #expect(cache.note("other", of: script) == nil)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path) == ["a"], "no workshop is left")
    }
  }

  @Test func anEntryWithoutItsObjectIsNoneAndIsReplaced() throws {
    try Scratch.with { scratch in
      let cache = ObjectCache(folder: scratch.folder)
      let script = try Self.add("a", to: cache)
      try FileManager.default.removeItem(at: script.object)
      #expect(cache.entry("a") == nil)
      let again = try Self.add("a", to: cache)
      #expect(cache.entry("a") == again)
    }
  }

  @Test func theSecondOfTwoAtOnceFindsTheFirst() throws {
    try Scratch.with { scratch in
      let cache = ObjectCache(folder: scratch.folder)
      _ = try Self.add("a", to: cache, size: 10)
      let script = try Self.add("a", to: cache, size: 20)
      #expect(try Data(contentsOf: script.object).count == 10)
    }
  }

  @Test func whatIsOldOrTooMuchIsRemovedTheOldestFirst() throws {
    try Scratch.with { scratch in
      let cache = ObjectCache(folder: scratch.folder)
      func age(_ name: String, days: Double) throws {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -days * 86_400)],
          ofItemAtPath: scratch.folder.appendingPathComponent(name).path)
      }
      for (key, days, size) in [
        ("old", 31.0, 10), ("large", 2, 300 << 20), ("larger", 1, 200 << 20), ("young", 0.5, 10),
      ] {
        _ = try Self.add(key, to: cache, size: size)
        try age(key, days: days)
      }
      try scratch.write(".new-left/file", "")
      try age(".new-left", days: 1)
      try scratch.write("ModuleCache/file", "")
      try age("ModuleCache", days: 90)
      _ = try Self.add("last", to: cache)
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).sorted()
      #expect(left == ["ModuleCache", "larger", "last", "young"])
    }
  }
}
