import ArgumentParser
import GPUML

/// `gpuml eval`
struct Eval: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a trained model on labelled data.")

  @Option(help: ArgumentHelp("A run folder or a model's file.", valueName: "run"))
  var model: String

  @Option(
    help: ArgumentHelp(
      """
      What to measure on: digits, a folder with MNIST's files, a CSV, TSV, JSON Lines, NPY or IDX file, \
      \(DataOptions.databaseHelp), or -.
      """,
      valueName: "source"))
  var data: String

  @Option(
    help: ArgumentHelp("The column of labels; the one trained on by default.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("The labels of an NPY or IDX file, as another.", valueName: "file"))
  var labels: String?

  @Option(help: "How many examples are run at a time.")
  var batchSize = 256

  @Option(
    help: ArgumentHelp(
      "Among how many of the most probable classes the right one counts as found; 5 by default from ten classes on.",
      valueName: "k"))
  var topK: Int?

  @Option(
    help: ArgumentHelp(
      "Exit with 2 if a metric is below a value, as in accuracy=0.95.", valueName: "metric=value"))
  var failUnder: [MetricBound] = []

  @Option(
    help: ArgumentHelp(
      "Exit with 2 if loss, rmse or mae is above a value, as in rmse=3.", valueName: "metric=value")
  )
  var failOver: [MetricBound] = []

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size: \(batchSize) is below 1") }
    if let topK, topK < 1 { throw ValidationError("--top-k: \(topK) is below 1") }
  }

  func execute() async throws {
    let content = try ModelContent(path: model)
    try checkTopK(content)
    let examples = try Dataset.load(
      data, for: content.preprocessing, classes: content.knownClasses, isLabelled: true,
      options: LoadOptions(target: target, labelsFile: labels), onNote: output.tell)
    let choice = try device.choose(.inference)
    output.warn(choice.warning)
    output.note(choice.reason)
    let loaded = try await Model(content, context: device.open(choice, output))
    let evaluation = try await loaded.evaluate(examples, batchSize: batchSize, topK: topK)
    let report = EvaluationReport(evaluation, classNames: content.classNames)
    let bounds = failUnder.map { ($0, MetricBound.Side.under) } + failOver.map { ($0, .over) }
    let failures = try bounds.filter { try !$0.0.holds($0.1, for: report.metrics) }
    try Console.standardOutput(output.json ? report.json().text() : report.text)
    for (bound, side) in failures {
      Console.standardError("gpuml: \(bound.text(side)) does not hold")
    }
    if !failures.isEmpty { throw ExitCode(2) }
  }

  private func checkTopK(_ content: ModelContent) throws {
    guard let topK else { return }
    let classes = content.classNames.count
    if classes == 0 {
      throw CommandError.invalidFlag(name: "top-k", reason: "the model predicts numbers")
    }
    if topK > classes {
      throw CommandError.invalidFlag(
        name: "top-k", reason: "\(topK) is more than the model's \(classes) classes")
    }
  }
}
