package import ArgumentParser

/// `descent`, the root of all commands.
package struct DescentCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "descent",
    abstract: "A lab for gradient descent: declare an experiment in Swift, run it by name, read the report.",
    discussion: "Shell completion: descent --generate-completion-script bash (or zsh, fish).",
    version: "0.1.0",
    subcommands: [
      ListCommand.self, PlanCommand.self, RunCommand.self, RenderCommand.self, CompareCommand.self,
      ExportCommand.self, PredictCommand.self, ShowCommand.self, WatchCommand.self, CheckCommand.self, NewCommand.self,
      LabelsCommand.self, DataCommand.self, NotebookCommand.self, GradeCommand.self, DescribeCommand.self,
      MarkCommand.self, ArchiveCommand.self, SubmitCommand.self, WorkerCommand.self, StatusCommand.self,
      CollectCommand.self,
    ])

  package init() {}
}
