import Foundation
import Scripts
import Testing

/// Which files are scripts.
@Suite struct ScriptFolderTests {
  @Test func aFolderHoldsFilesAndFoldersOfFiles() throws {
    try Scratch.with { scratch in
      try scratch.write("B.swift", "struct B: Experiment {}")
      try scratch.write("A/Two.swift", "struct Two: Experiment {}")
      try scratch.write("A/One.swift", "struct One: Experiment {}")
      try scratch.write("data/table.csv", "")
      try scratch.write("data/Helper.swift", "struct Helper: Experiment {}")
      try scratch.write("run", "#!/bin/bash")
      try scratch.write(".hidden.swift", "struct Hidden: Experiment {}")
      let folder = ScriptFolder(scratch.folder)
      #expect(folder.scripts.map(\.url.lastPathComponent) == ["A", "B.swift"])
      #expect(folder.scripts[0].files.map(\.lastPathComponent) == ["One.swift", "Two.swift"])
      #expect(folder.declaring("two").map(\.url.lastPathComponent) == ["A"])
      #expect(folder.declaring("three").isEmpty)
    }
  }

  @Test func whatIsNoScriptIsRefused() throws {
    try Scratch.with { scratch in
      #expect(Script(scratch.folder) == nil, "an empty folder")
      let notes = try scratch.write("notes.txt", "")
      #expect(Script(notes) == nil)
      #expect(Script(scratch.folder.appendingPathComponent("None.swift")) == nil)
    }
  }

  /// Two scripts of one name can be loaded into one process.
  @Test func modulesOfOneNameDiffer() throws {
    try Scratch.with { scratch in
      let (a, b) = (try scratch.script("a/my-lab.swift", ""), try scratch.script("b/my-lab.swift", ""))
      #expect(a.module != b.module)
      #expect(a.module.hasPrefix("Script_my_lab_") && a.module.wholeMatch(of: /\w+/) != nil)
    }
  }
}
