import ArgumentParser
import GPUML

/// `gpuml data`
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Looks at data before it is learned from.",
    subcommands: [DataInspect.self])
}

/// `gpuml data inspect`
struct DataInspect: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Shows what a data source holds.",
    usage: "gpuml data inspect <source> [<options>]",
    discussion: "Tells types, missing values, ranges, class balance, duplicates and suspects.")

  @Argument(
    help: """
      digits, a folder with MNIST's files, a CSV, TSV, JSON Lines, NPY or IDX file, \
      \(DataOptions.databaseHelp), or - for standard input.
      """)
  var source: String

  @OptionGroup var label: LabelOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let options = LoadOptions(
      target: label.target, task: label.task ?? .automatic, labelsFile: label.labels)
    let report = DataReport(try DataSummary(of: source, options: options))
    try Console.standardOutput(output.json ? report.json().text() : report.text)
  }
}
