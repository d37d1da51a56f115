import ArgumentParser
import GPUML

/// `gpuml infer`
struct Infer: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts with a trained model.",
    discussion: "Writes a row for each example, in the order of the input.")

  @Option(help: ArgumentHelp("A run folder or a model's file.", valueName: "run"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "What to predict: a CSV, TSV, JSON Lines, NPY or IDX file, digits, or - for standard input.",
      valueName: "source"))
  var input: String

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Where predictions go; standard output by default.", valueName: "file"))
  var destination: String?

  @Option(help: "How many examples are run at a time.")
  var batchSize = 256

  @Option(help: ArgumentHelp("Tell the K most probable classes.", valueName: "k"))
  var topK: Int?

  @Flag(help: "Tell the probability of every class.")
  var proba = false

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size: \(batchSize) is below 1") }
    if let topK, topK < 1 { throw ValidationError("--top-k: \(topK) is below 1") }
  }

  func execute() async throws {
    // Whatever is wrong with the files shows before a device is opened.
    let content = try ModelContent(path: model)
    let writer = try writer(content)
    let data = try Dataset.load(
      input, for: content.preprocessing, classes: content.knownClasses, onNote: output.tell)
    var sink = try ResultSink(path: destination)
    let choice = try device.chooseForInference(
      content.graph, batch: min(data.count, batchSize))
    output.warn(choice.warning)
    output.note(choice.reason)
    let loaded = try await Model(content, context: device.open(choice, output))
    try sink.write(writer.header ?? "")
    try await loaded.predict(loaded.prepared(data), batchSize: batchSize) {
      try sink.write(writer.lines($0))
    }
    try sink.finish()
  }

  private func writer(_ content: ModelContent) throws -> PredictionWriter {
    if content.task == .regress, proba || topK != nil {
      throw CommandError.invalidFlag(
        name: proba ? "proba" : "top-k", reason: "the model predicts numbers, not classes")
    }
    return PredictionWriter(
      isJSON: output.json, topCount: min(topK ?? 0, content.classNames.count),
      tellsProbabilities: proba, classNames: content.classNames)
  }
}

extension ModelContent {
  /// The classes' names; nil if numbers are predicted.
  var knownClasses: [String]? { task == .classify ? classNames : nil }
}
