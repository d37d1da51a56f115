import ArgumentParser
import GPUML
import GPUMLSystem

/// `gpuml report`
struct Report: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a run's page again, or one that compares several runs.",
    usage: "gpuml report <run> ... [--output <file>] [--force] [<options>]",
    discussion: """
      A run's page is written to report.html in its folder, from the files that are there: neither \
      the data nor the device is needed. A comparison is written to report.html in the current \
      folder.
      """)

  @Argument(help: ArgumentHelp("The run folders; of two or more, a comparison.", valueName: "run"))
  var runs: [String]

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Where the page goes instead.", valueName: "file"))
  var destination: String?

  @Flag(help: "Overwrite a file that is there; a run's own page always is.")
  var force = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let reports = try runs.map { try RunReport(contentsOf: $0) }
    let isOne = reports.count == 1
    let own = runs.prefix(1).map { ($0.hasSuffix("/") ? $0 : $0 + "/") + RunReport.pageName }
    let path = destination ?? (isOne ? own.first : nil) ?? RunReport.pageName
    if !force, destination != nil || !isOne, try FileBytes.kind(of: path) != nil {
      throw SystemError.cannotCreate(path: path, reason: "it exists; --force overwrites it")
    }
    let page = isOne ? reports[0].html : RunComparison(reports).html
    try AtomicFile.write(Array(page.utf8), to: path)
    try Console.standardOutput(output.json ? json(reports, path).text() : path)
  }

  private func json(_ reports: [RunReport], _ path: String) -> JSONLine {
    var line = JSONLine()
    line.add("report", path)
    line.add("runs", .array(reports.map { json($0).value }))
    if reports.count > 1 {
      line.add(
        "differing_settings",
        .array(RunComparison(reports).differences.map { .string($0.key) }))
    }
    return line
  }

  private func json(_ report: RunReport) -> JSONLine {
    var line = JSONLine()
    line.add("run", report.path)
    line.add("epochs", report.epochs.rows.count)
    line.add("best_epoch", report.bestEpoch)
    line.add(report.metrics)
    if let facts = report.facts {
      line.add("ending", facts.ending)
      line.add("seconds", facts.seconds)
      line.add("samples_per_second", facts.samplesPerSecond)
    }
    return line
  }
}
