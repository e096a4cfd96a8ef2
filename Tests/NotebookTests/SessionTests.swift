import Foundation
import Notebook
import Testing

/// A session with programs of the shell instead of `descent`.
@Suite struct SessionTests {
  typealias Fields = [String: Any]

  private struct Place {
    let scratch: Scratch
    let session: NotebookSession

    init(_ program: String, memory: UInt64 = 0) throws {
      scratch = try Scratch()
      let script = try ScriptFile(path: try scratch.write("let a = 1\n", to: "Study.swift"))
      session = try NotebookSession(
        NotebookSession.Configuration(
          script: script, program: try scratch.program(program), memory: memory, grace: .milliseconds(200)))
    }

    /// Runs the script to its end.
    /// - Returns: what a page is told, without greeting and heartbeat.
    func run(while body: (NotebookSession) async throws -> Void = { _ in }) async throws -> [Fields] {
      let stream = await session.open()
      await session.start()
      try await body(session)
      return await SessionTests.events(stream)
    }
  }

  /// The events up to the end of a run.
  private static func events(_ stream: AsyncStream<String>) async -> [Fields] {
    var all: [Fields] = []
    var isPresent = false
    for await line in stream {
      guard let fields = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? Fields else { continue }
      let name = fields["event"] as? String
      if isPresent && name != "beat" { all.append(fields) }
      // What comes before is the state that the page has found.
      if name == "ready" { isPresent = true }
      if isPresent && name == "ended" { break }
    }
    return all
  }

  /// The state that a page finds when it opens.
  private static func state(_ session: NotebookSession) async -> [Fields] {
    var all: [Fields] = []
    for await line in await session.open() {
      guard let fields = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? Fields else { continue }
      if fields["event"] as? String == "ready" { break }
      if fields["event"] as? String != "hello" { all.append(fields) }
    }
    return all
  }

  private static func names(_ events: [Fields]) -> [String] { events.compactMap { $0["event"] as? String } }

  private static func message(_ events: [Fields]) -> String {
    events.filter { $0["event"] as? String == "problem" }.compactMap { $0["message"] as? String }.joined(
      separator: "\n")
  }

  @Test func theProgramGetsTheFileAndItsLinesReachThePage() async throws {
    let place = try Place(
      """
      echo '{"event":"report","experiment":"a","title":"A","cells":1}'
      echo "$*"
      echo '{"event":"cell","experiment":"a","index":0,"html":"<p>x</p>"}'
      """)
    let events = try await place.run()
    #expect(Self.names(events) == ["began", "report", "printed", "cell", "ended"])
    let words = "run \(place.scratch.path("Study.swift")) --json --cells --format png,html"
    #expect(events[2]["text"] as? String == words)
    #expect(events.last?["outcome"] as? String == "finished")
  }

  @Test func aPageThatOpensLaterGetsTheSameState() async throws {
    let place = try Place(
      """
      echo '{"event":"planned","experiment":"a","runs":4,"cached":0,"steps":8}'
      for i in 1 2 3; do echo '{"event":"progressed","experiment":"a","runsDone":'$i'}'; done
      echo '{"event":"report","experiment":"a","title":"A","cells":2}'
      echo '{"event":"cell","experiment":"a","index":0,"html":"one"}'
      echo '{"event":"cell","experiment":"a","index":1,"html":"two"}'
      """)
    _ = try await place.run()
    let later = await Self.state(place.session)
    #expect(Self.names(later) == ["began", "planned", "progressed", "report", "cell", "cell", "ended"])
    #expect(later[2]["runsDone"] as? Int == 3, "the last of its kind")
    #expect(later[4]["html"] as? String == "one" && later[5]["html"] as? String == "two")
  }

  @Test func cellsThatAreNoLongerInTheFileAreForgottenAfterARunThatFinished() async throws {
    let place = try Place(
      """
      n=$(wc -c < "$2")
      echo '{"event":"report","experiment":"a","title":"A","cells":'$n'}'
      i=0; while [ $i -lt $n ]; do echo '{"event":"cell","experiment":"a","index":'$i',"html":"'$n'"}'; i=$((i+1)); done
      [ $n -ne 2 ]
      """)
    func cells() async -> [String] {
      await Self.state(place.session).compactMap { $0["html"] as? String }
    }
    _ = try await place.run()
    #expect(await cells() == Array(repeating: "10", count: 10))
    try place.scratch.write("ab", to: "Study.swift")
    _ = try await place.run()
    #expect(await cells() == ["2", "2"] + Array(repeating: "10", count: 8), "after a failure the others stay")
    try place.scratch.write("abc", to: "Study.swift")
    _ = try await place.run()
    #expect(await cells() == ["3", "3", "3"])
  }

  @Test func aTrapNamesItsLine() async throws {
    let place = try Place("echo 'Study/Study.swift:7: Fatal error: Index out of range' >&2; kill -ILL $$")
    let events = try await place.run()
    let problem = try #require(events.first { $0["event"] as? String == "problem" })
    #expect(problem["line"] as? Int == 7 && problem["file"] as? String == "Study/Study.swift")
    #expect(problem["message"] as? String == "Fatal error: Index out of range")
    #expect(events.last?["outcome"] as? String == "failed")
  }

  @Test func everyEndIsExplained() async throws {
    for (program, words) in [
      ("kill -SEGV $$", "SIGSEGV"), ("kill -KILL $$", "run out of memory"), ("kill -TRAP $$", "limit of 2 GB"),
      ("echo 'error: wrong' >&2; exit 64", "wrong"), ("echo noise >&2; exit 3", "noise"),
      ("exit 3", "without a message"),
    ] {
      let events = try await Place(program, memory: 2_000_000_000).run()
      #expect(Self.message(events).contains(words), "\(program): \(Self.message(events))")
      #expect(events.last?["outcome"] as? String == "failed")
    }
    let scratch = try Scratch()
    let script = try ScriptFile(path: try scratch.write("", to: "A.swift"))
    let session = try NotebookSession(.init(script: script, program: scratch.path("nothing")))
    let stream = await session.open()
    await session.start()
    #expect(Self.message(await Self.events(stream)).contains("No such file"))
  }

  @Test func aLoopThatIgnoresSignalsIsKilledWithAllThatItStarted() async throws {
    let place = try Place(
      "trap '' INT TERM; (trap '' INT TERM; echo $$ > \"$2.child\"; while :; do sleep 0.05; done) & while :; do sleep 0.05; done"
    )
    let events = try await place.run { session in
      #expect(await eventually { FileManager.default.fileExists(atPath: place.scratch.path("Study.swift.child")) })
      await session.stop()
    }
    #expect(events.last?["outcome"] as? String == "stopped")
    let process = Int32(try place.scratch.text("Study.swift.child").trimmingCharacters(in: .whitespacesAndNewlines))
    #expect(await eventually { kill(process ?? 0, 0) != 0 })
  }

  @Test func controlCIsTheFirstSignal() async throws {
    let place = try Place("trap 'echo kept; exit 130' INT; echo ready; while :; do sleep 0.02; done")
    let events = try await place.run { session in
      try await Task.sleep(for: .milliseconds(300))
      await session.stop()
    }
    #expect(events.contains { $0["text"] as? String == "kept" })
    #expect(events.last?["outcome"] as? String == "stopped")
  }

  /// The limit holds for the script and for what it starts.
  @Test func memoryIsLimited() async throws {
    let place = try Place("ulimit -d; exec python3 -c 'b = bytearray(800_000_000)'", memory: 400_000_000)
    let events = try await place.run()
    #expect(events.contains { $0["text"] as? String == "390625" }, "kilobytes")
    #expect(Self.message(events).contains("MemoryError"))
  }

  @Test func noOpenFileIsInherited() async throws {
    let secret = FileHandle(forReadingAtPath: "/etc/hostname")
    defer { try? secret?.close() }
    let events = try await Place("ls /proc/self/fd | tr '\\n' ' '").run()
    // The last one is that of the listing.
    #expect(events.contains { $0["text"] as? String == "0 1 2 3 " }, "\(events)")
  }

  @Test func endlessPrintingKeepsTheEndAlone() async throws {
    let place = try Place("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done")
    _ = try await place.run()
    let later = await Self.state(place.session)
    let printed = try #require(later.first { $0["event"] as? String == "printed" })
    let text = try #require(printed["text"] as? String)
    #expect(printed["lines"] as? Int == 5000 && text.hasSuffix("line 4999") && text.split(separator: "\n").count <= 300)
  }

  /// A page that opens in the middle of a long training gets the whole curves, thinned out.
  @Test func curvesStaySmallAndWhole() async throws {
    let place = try Place(
      """
      awk 'BEGIN { for (i = 0; i < 4000; i++) printf "{\\"event\\":\\"observed\\",\\"experiment\\":\\"a\\",\
      \\"samples\\":[{\\"run\\":3,\\"step\\":%d,\\"loss\\":0.5}]}\\n", i }'
      echo drawn; sleep 60
      """)
    await place.session.start()
    #expect(await eventually { await Self.isPrinted("drawn", by: place.session) })
    let state = await Self.state(place.session)
    let observed = try #require(state.first { $0["event"] as? String == "observed" })
    let samples = try #require(observed["samples"] as? [Fields])
    let steps = samples.compactMap { $0["step"] as? Int }
    #expect((64...257).contains(steps.count) && steps == steps.sorted())
    #expect(steps.first == 0 && (steps.last ?? 0) > 3_900 && samples.allSatisfy { $0["run"] as? Int == 3 })
    await place.session.leave()
  }

  @Test func savingRunsTheNewTextAndStopsTheOldRun() async throws {
    let place = try Place("cat \"$2\"; grep -q wait \"$2\" && sleep 3600; exit 0")
    let stream = await place.session.open()
    let first = try #require(try ScriptFile(path: place.scratch.path("Study.swift")).content())
    guard case .saved(let second) = try await place.session.save("wait\n", over: first.version) else { return }
    #expect(await eventually { await Self.isPrinted("wait", by: place.session) })
    _ = try await place.session.save("done\n", over: second.version)
    var outcomes: [String] = []
    for await line in stream {
      guard let fields = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? Fields,
        fields["event"] as? String == "ended"
      else { continue }
      outcomes.append(fields["outcome"] as? String ?? "")
      if outcomes.count == 2 { break }
    }
    #expect(outcomes == ["replaced", "finished"])
    #expect(await Self.isPrinted("done", by: place.session))
  }

  private static func isPrinted(_ text: String, by session: NotebookSession) async -> Bool {
    await state(session).contains { $0["text"] as? String == text }
  }

  @Test(arguments: ["in place", "renamed"]) func anotherEditorIsNoticed(_ kind: String) async throws {
    let place = try Place("cat \"$2\"")
    let stream = await place.session.open()
    await place.session.look()
    if kind == "renamed" {
      rename(try place.scratch.write("other\n", to: "new"), place.scratch.path("Study.swift"))
    } else {
      // Emptied first, as some editors do: the empty text is not run.
      try place.scratch.write("", to: "Study.swift")
      await place.session.look()
      try place.scratch.write("other\n", to: "Study.swift")
    }
    await place.session.look()
    await place.session.look()
    let events = await Self.events(stream)
    #expect(Self.names(events) == ["source", "began", "printed", "ended"])
    #expect(events[0]["text"] as? String == "other\n")
    for _ in 0..<3 { await place.session.look() }
    #expect(await Self.state(place.session).first?["run"] as? Int == 1, "one run")
  }
}
