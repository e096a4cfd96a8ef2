import ArgumentParser
import Foundation
import Learning

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a new experiment to edit.")

  @Argument(help: ArgumentHelp("Name in lower case with hyphens: weight-decay.", valueName: "name"))
  var name: String

  func run() throws {
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    let isKebab = words.allSatisfy { word in
      !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
    }
    guard isKebab, name.first?.isLetter == true else {
      throw Mistake(
        at: "new", value: name, rule: "a name has lower-case words, joined by hyphens",
        remedy: "Write descent new weight-decay")
    }
    let library = ScriptLibrary()
    guard !(library.names + Program.catalogue.names).contains(name) else {
      throw Mistake(at: "new", value: name, rule: "an experiment has this name already", remedy: "Choose another name")
    }
    // "Study" keeps the type apart from those that experiments use: a struct Curve would hide the plot of that name.
    let type = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Study"
    // In a project among its experiments, elsewhere in the working directory.
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let folder = !Program.isScripted ? Program.catalogue.folder : library.isAround ? library.folder : here
    let source = folder.appendingPathComponent("\(type).swift")
    guard !FileManager.default.fileExists(atPath: source.path) else {
      throw Mistake(
        .output, at: source.path, value: "", rule: "the file exists already", remedy: "Choose another name")
    }
    do {
      try Data(Self.template(type: type, name: name).utf8).write(to: source, options: .atomic)
    } catch {
      throw Mistake(
        .output, at: source.path, value: "\(error.localizedDescription)", rule: "the experiment could not be written",
        remedy: "Check the folder's permissions")
    }
    Console.line("wrote \(source.relative)")
    Console.line("edit it, then: descent run \(library.isAround ? name : source.relative)")
  }

  private static func template(type: String, name: String) -> String {
    """
    import Descent

    /// \(name.replacing("-", with: " ").capitalizedFirst): what is the question?
    struct \(type): Experiment {
      static let name = "\(name)"
      let title = "What is the question?"

      var setup: Setup {
        Setup(
          data: .xor,
          network: .mlp(hidden: 4, activation: .tanh, output: .sigmoid),
          loss: .meanSquaredError,
          optimizer: .gradientDescent(learningRate: 1),
          initialization: .fanIn(scale: 1),
          batch: .full,
          stop: .after(steps: 2_000))
      }

      var sweep: [Axis] {
        Vary(.learningRate, over: [0.3, 1, 3])
        Seeds(0..<16)
      }

      var report: [Cell] {
        Note("State the question here, and what is trained to answer it.")
        Figure("Loss") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
          .yScale(.log)
        Note { results in
          "Solved (E < 0.01): \\(try results.share(of: .finalLoss, below: 0.01))."
        }
        Expect(.share(of: .finalLoss, below: 0.01), atLeast: 0.5)
      }
    }

    """
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
