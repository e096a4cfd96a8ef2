import Foundation
import Learning
import Testing

/// ZIP files as Python's standard library reads them, names, checksums and contents.
@Suite struct ZIPWriterTests {
  private static func withFile(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("a.zip"))
  }

  /// What a Python program prints about a file.
  private static func python(_ program: String, _ file: URL) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n\(program)", file.path,
    ]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// The published value of the algorithm for the text 123456789.
  @Test func theChecksumIsTheStandards() {
    #expect(CRC32.of(Data("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of(Data()) == 0)
  }

  @Test func everyEntryComesBack() throws {
    try Self.withFile { url in
      var file = try ZIPWriter(url)
      try file.add("a/η.bin", Data([0, 1, 2, 255]))
      try file.add("empty", Data())
      try file.close()
      let found = try Self.python("print(z.testzip(), [(n, list(z.read(n))) for n in z.namelist()])", url)
      #expect(found == "None [('a/η.bin', [0, 1, 2, 255]), ('empty', [])]\n")
    }
  }

  /// More entries than the number in the end record of a small ZIP file can say.
  @Test(arguments: [65_534, 65_535, 70_001]) func manyEntries(_ count: Int) throws {
    try Self.withFile { url in
      var file = try ZIPWriter(url)
      for i in 0..<count { try file.add("run/\(i)", Data("\(i)".utf8)) }
      try file.close()
      let found = try Self.python(
        "n = z.namelist(); print(len(n), all(z.read(f'run/{i}') == str(i).encode() for i in range(len(n))))", url)
      #expect(found == "\(count) True\n")
    }
  }

  /// Entries around the offset of 4 GiB, after a gap that takes no space on the disk.
  @Test(arguments: [-30, -1, 0, 1] as [Int64]) func entriesBeyondFourGibibytes(_ difference: Int64) throws {
    try Self.withFile { url in
      var file = try ZIPWriter(url, after: UInt64(Int64(UInt32.max) + difference - 36))
      for name in ["a", "b", "c"] { try file.add(name, Data("\(name)text!".utf8)) }
      try file.close()
      let found = try Self.python("print(z.testzip(), [z.read(n) for n in z.namelist()])", url)
      #expect(found == "None [b'atext!', b'btext!', b'ctext!']\n")
    }
  }

  @Test func arraysHaveTheirShapes() {
    func text(_ data: Data) -> String { String(decoding: data.dropFirst(10).prefix { $0 != 10 }, as: UTF8.self) }
    #expect(text(NPY.file([1.5], shape: [])).contains("'<f8', 'fortran_order': False, 'shape': (), }"))
    #expect(text(NPY.file([1, 2], shape: [2])).contains("'<i8', 'fortran_order': False, 'shape': (2,), }"))
    #expect(text(NPY.file(["ab", "η", ""], shape: [3])).contains("'<U2'"))
    #expect(
      NPY.file(["ab", "η", ""], shape: [3]).suffix(24) == Data([97, 0, 0, 0, 98, 0, 0, 0, 0xB7, 3]) + Data(count: 14))
    for data in [NPY.file([""], shape: [1]), NPY.header(.float64, shape: [10, 20, 30])] {
      #expect((10 + Int(data[8]) + 256 * Int(data[9])) % 64 == 0)
    }
  }
}
