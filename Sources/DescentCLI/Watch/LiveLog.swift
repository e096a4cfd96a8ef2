import Analysis
import Documents
import Figures
import Foundation
import Gnuplot
import Reporting
import Studies
import Synchronization

/// The losses of runs that are being trained, in a file beside the reports: one terminal trains, another watches.
struct LiveLog: Sendable {
  let name: String
  let url: URL

  init(_ name: String, output: URL) {
    self.name = name
    url = output.appendingPathComponent(".live").appendingPathComponent("\(name).csv")
  }

  private static let header = "run,step,loss\n"

  /// Empties the log. If the file cannot be written, training continues without it.
  func clear() {
    let folder = url.deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard let handle = open(O_RDWR | O_CREAT) else { return }
    defer { try? handle.close() }
    guard Self.isLog(handle), ftruncate(handle.fileDescriptor, 0) == 0, (try? handle.seek(toOffset: 0)) != nil else {
      return
    }
    try? handle.write(contentsOf: Data(Self.header.utf8))
  }

  func append(_ samples: [Event.Sample]) {
    guard let handle = open(O_RDWR | O_APPEND) else { return }
    defer { try? handle.close() }
    guard Self.isLog(handle) else { return }
    try? handle.write(contentsOf: Data(samples.map { "\($0.run),\($0.step),\($0.loss)\n" }.joined().utf8))
  }

  /// The file of the log. It is opened for writing only if it is a regular file of this user with one name: in a folder that
  /// several people share, a link could redirect the writing.
  private func open(_ flags: Int32) -> FileHandle? {
    guard let folder = FolderHandle(url.deletingLastPathComponent().path) else { return nil }
    let isWriting = flags & O_ACCMODE != O_RDONLY
    let file = openat(
      folder.descriptor, url.lastPathComponent, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
    guard file >= 0 else { return nil }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      !isWriting || (status.st_uid == geteuid() && status.st_nlink == 1)
    else { return nil }
    return handle
  }

  /// Whether a file is empty or begins like a live log; any other file is not ours.
  private static func isLog(_ handle: FileHandle) -> Bool {
    guard (try? handle.seek(toOffset: 0)) != nil, let head = try? handle.read(upToCount: header.utf8.count) ?? Data()
    else { return false }
    return head.isEmpty || head == Data(header.utf8)
  }

  /// When the log was last written; `nil` if there is none.
  var changed: Date? {
    (try? FileManager.default.attributesOfItem(atPath: url.path)[.modificationDate]) as? Date
  }

  func read() -> [Event.Sample] {
    guard let handle = open(O_RDONLY) else { return [] }
    defer { try? handle.close() }
    // The last part is enough. Its first line may be incomplete, and is left out like the header.
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 1 << 20 ? size - 1 << 20 : 0)
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: ",")
      guard fields.count == 3, let run = Int(fields[0]), let step = Int(fields[1]), let loss = Double(fields[2]) else {
        return nil
      }
      return Event.Sample(run: run, step: step, loss: loss)
    }
  }
}

/// Writes the live log, and passes every event on.
final class LiveListener: EventListener {
  private let log: LiveLog
  private let next: any EventListener
  private let picture: LivePicture?

  init(_ log: LiveLog, picture: LivePicture?, next: any EventListener) {
    self.log = log
    self.next = next
    self.picture = picture
  }

  func hear(_ event: Event) {
    switch event {
    case .planned: log.clear()
    case .observed(let name, let samples):
      log.append(samples)
      picture?.draw(log.read(), title: name, every: 0.5)
    default: break
    }
    next.hear(event)
  }
}

/// Draws loss curves in the terminal, over the former ones.
final class LivePicture: Sendable {
  private let kind: TerminalPicture.Kind
  private let last = Mutex<ContinuousClock.Instant?>(nil)

  init(_ kind: TerminalPicture.Kind) { self.kind = kind }

  /// - Parameter every: draws only if so many seconds have passed since the last picture; 0 always.
  func draw(_ samples: [Event.Sample], title: String, every seconds: Double) {
    let isDue = last.withLock { last in
      guard last.map({ .now - $0 >= .seconds(seconds) }) ?? true else { return false }
      last = .now
      return true
    }
    guard isDue else { return }
    let runs = Dictionary(grouping: samples, by: \.run).filter { $0.value.count > 1 }
    // The runs with the most samples so far.
    let shown = runs.keys.sorted { (runs[$0]?.count ?? 0, $0) > (runs[$1]?.count ?? 0, $1) }.prefix(6).sorted()
    let curves = shown.map { run in
      TerminalPicture.Curve(
        title: "run \(run)", points: (runs[run] ?? []).sorted { $0.step < $1.step }.map { (Double($0.step), $0.loss) })
    }
    draw(curves, title: title)
  }

  func draw(_ curves: [TerminalPicture.Curve], title: String) {
    guard !curves.isEmpty else { return }
    if Console.isTerminal { Console.write("\u{1B}[2J\u{1B}[H") }
    TerminalPicture(kind, columns: min(Console.width, 160), rows: 24)
      .draw(curves, title: title, x: "step", y: "batch loss E")
  }
}
