import ArgumentParser
import GPUML

/// `gpuml infer`
struct Infer: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts with a trained model.",
    discussion: """
      Writes a row for each example, in the order of the input. A table is read and predicted some rows \
      at a time, so that it may be larger than memory; files and tables of a database appear whole or \
      not at all, standard output as the rows are predicted.
      """)

  @Option(help: ArgumentHelp("A run folder or a model's file.", valueName: "run"))
  var model: String

  @Option(
    help: ArgumentHelp(
      """
      What to predict: a CSV, TSV, JSON Lines, NPY or IDX file, digits, \(DataOptions.databaseHelp), or \
      - for standard input.
      """,
      valueName: "source"))
  var input: String

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      """
      Where predictions go; standard output by default. A name that ends in .npy gives an array of \
      classes' indices, of numbers or with --proba of probabilities, .jsonl JSON Lines, \
      .tsv TSV, sqlite:PATH?table=NAME a table of a database, any other CSV. A file that is there is replaced.
      """,
      valueName: "file"))
  var destination: String?

  @Flag(help: "Replace a table of a database that is there.")
  var force = false

  @Option(help: "How many examples are run at a time.")
  var batchSize = 256

  @Option(help: ArgumentHelp("Tell the K most probable classes.", valueName: "k"))
  var topK: Int?

  @Flag(help: "Tell the probability of every class.")
  var proba = false

  @Flag(help: "Predict each row of a table as it comes, without waiting for a batch to fill.")
  var stream = false

  @OptionGroup(title: "Device") var device: DeviceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size: \(batchSize) is below 1") }
    if let topK, topK < 1 { throw ValidationError("--top-k: \(topK) is below 1") }
  }

  func execute() async throws {
    // Whatever is wrong with the files shows before a device is opened.
    let content = try ModelContent(path: model)
    let place = try PredictionDestination(destination)
    try checkFlags(content, place)
    try place.check(against: [input, model, "\(model)/model.safetensors"])
    // Until here nothing has been made: a signal ends the process as it does other programs.
    if case .file = place {
      try await Interruption().cancelling { try await predict(content, to: place) }
    } else {
      try await predict(content, to: place)
    }
  }

  private func predict(_ content: ModelContent, to place: PredictionDestination) async throws {
    let reader = try DatasetReader(input, for: content.preprocessing, onNote: output.tell)
    let count = try await reader.readAhead(
      stream ? batchSize : content.pieceSize(batchSize: batchSize), waits: !stream)
    let writer = try writer(content, to: place)
    let choice = try device.chooseForInference(content.graph, batch: min(count, batchSize))
    output.warn(choice.warning)
    output.note(choice.reason)
    let loaded = try await Model(content, context: device.open(choice, output))
    try await loaded.predict(reader, batchSize: batchSize, asTheyCome: stream) {
      try writer.write($0)
    }
    try writer.finish()
    for note in await reader.notes { output.tell(note) }
  }

  private func checkFlags(_ content: ModelContent, _ place: PredictionDestination) throws {
    func refuse(_ name: String, _ reason: String) -> CommandError {
      .invalidFlag(name: name, reason: reason)
    }
    if content.task == .regress, proba || topK != nil {
      throw refuse(proba ? "proba" : "top-k", "the model predicts numbers, not classes")
    }
    if place.isArray, topK != nil { throw refuse("top-k", "an array has no room for labels") }
    if output.json, !place.isText { throw refuse("json", "what is written is no text") }
  }

  private func writer(
    _ content: ModelContent, to place: PredictionDestination
  ) throws -> any PredictionWriter {
    let table = PredictionTable(
      classNames: content.classNames, width: content.outputWidth,
      topCount: min(topK ?? 0, content.classNames.count), tellsProbabilities: proba)
    switch place {
    case .standardOutput:
      return PredictionText(table, isJSON: output.json, to: try ResultSink(path: nil))
    case .database(let address):
      return try PredictionRows(table, to: address, replaces: force)
    case .file(let path) where place.isArray:
      return try PredictionArray(
        path, width: content.outputWidth, isIndices: content.task == .classify && !proba)
    case .file(let path):
      return PredictionText(
        table, isJSON: output.json || place.isJSONLines, separator: place.separator,
        to: try ResultSink(path: path))
    }
  }
}

extension ModelContent {
  /// The classes' names; nil if numbers are predicted.
  var knownClasses: [String]? { task == .classify ? classNames : nil }
}
