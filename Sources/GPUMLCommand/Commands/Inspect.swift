import ArgumentParser
import GPUML

/// `gpuml inspect`
struct Inspect: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a model takes, computes and gives.",
    usage: "gpuml inspect <model> [<options>]")

  @Argument(help: "A run folder or a model's file.")
  var model: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let facts = try ModelFacts(ModelContent(path: model))
    try Console.standardOutput(output.json ? facts.json().text() : facts.text)
  }
}
