import GPUMLFormats

extension TrainingEvent {
  /// The event as one line of JSON for scripts; nil for progress, which they are not told.
  ///
  /// Numbers that are not finite are left out, as JSON has none.
  /// - Parameters:
  ///   - folder: Where the run's files are.
  ///   - device: The device's name.
  package func json(folder: String, device: String) throws -> String? {
    let fields: [Field]
    switch self {
    case .progress: return nil
    case .start(let start):
      fields = [
        ("event", .string("start")), ("schema", .integer(1)), ("device", .string(device)),
        ("parameters", .integer(Int64(start.parameterCount))),
        ("examples", .integer(Int64(start.exampleCount))),
        ("validation_examples", .integer(Int64(start.validationCount))),
        ("epochs", .integer(Int64(start.epochs))),
        ("batch_size", .integer(Int64(start.batchSize))),
      ]
    case .epoch(let report):
      fields =
        [
          ("event", .string("epoch")), ("schema", .integer(1)),
          ("epoch", .integer(Int64(report.epoch))), ("epochs", .integer(Int64(report.epochs))),
        ] + Self.numbers(report.metrics)
        + Self.numbers([
          ("learning_rate", report.learningRate), ("seconds", report.seconds),
          ("samples_per_second", report.samplesPerSecond),
        ])
    case .checkpoint(let checkpoint):
      fields = [
        ("event", .string("checkpoint")), ("schema", .integer(1)),
        ("epoch", .integer(Int64(checkpoint.epoch))),
        ("model", .string(folder + "/" + RunFolder.modelName)),
      ]
    case .done(let result):
      fields =
        [
          ("event", .string("done")), ("schema", .integer(1)), ("run", .string(folder)),
          ("model", .string(folder + "/" + RunFolder.modelName)), ("device", .string(device)),
          ("ending", .string(result.ending.rawValue)),
          ("epochs", .integer(Int64(result.epochs.count))),
          ("best_epoch", .integer(Int64(result.bestEpoch))),
        ] + Self.numbers(result.best?.metrics ?? [])
        + Self.numbers(result.test?.metrics(prefix: "test_") ?? [])
        + Self.numbers([
          ("seconds", result.seconds), ("samples_per_second", result.samplesPerSecond),
        ])
    }
    return try StrictJSON.Value.object(
      fields.map { StrictJSON.Member(key: $0.key, value: $0.value) }
    ).serialized()
  }

  private typealias Field = (key: String, value: StrictJSON.Value)

  private static func numbers(_ values: [(name: String, value: Double)]) -> [Field] {
    values.filter(\.value.isFinite).map { ($0.name, .double($0.value)) }
  }
}
