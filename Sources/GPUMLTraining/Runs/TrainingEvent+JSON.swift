import GPUMLFormats

extension TrainingEvent {
  /// The event as one line of JSON for scripts; nil for progress, which they are not told.
  ///
  /// Numbers that are not finite are left out, as JSON has none.
  /// - Parameters:
  ///   - folder: Where the run's files are.
  ///   - device: The device's name.
  package func json(folder: String, device: String) throws -> String? {
    guard let fields = fields(folder: folder, device: device) else { return nil }
    return try StrictJSON.Value.object(
      fields.map { StrictJSON.Member(key: $0.key, value: $0.value) }
    ).serialized()
  }

  private func fields(folder: String, device: String) -> [Field]? {
    let fields: [Field]
    switch self {
    case .progress: return nil
    case .fold(let number, _, let event):
      return Self.fields(ofFold: number, event, folder: folder, device: device)
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
        + Self.fields(result.crossValidation)
        + Self.numbers(result.test?.metrics(prefix: "test_") ?? [])
        + Self.numbers([
          ("seconds", result.seconds), ("samples_per_second", result.samplesPerSecond),
        ])
    }
    return fields
  }

  /// A fold's epochs are told with its number; its end is an event of its own.
  private static func fields(
    ofFold number: Int, _ event: TrainingEvent, folder: String, device: String
  ) -> [Field]? {
    let place: [Field] = [("fold", .integer(Int64(number)))]
    switch event {
    case .epoch: return event.fields(folder: folder, device: device).map { $0 + place }
    case .done(let result):
      return [("event", .string("fold")), ("schema", .integer(1))] + place
        + [("best_epoch", .integer(Int64(result.bestEpoch)))]
        + numbers(result.best?.metrics ?? []) + numbers([("seconds", result.seconds)])
    default: return nil
    }
  }

  /// The means over the folds under the metrics' names, with `_std` their deviations.
  private static func fields(_ crossValidation: CrossValidation?) -> [Field] {
    guard let crossValidation else { return [] }
    return [("folds", .integer(Int64(crossValidation.folds.count)))]
      + numbers(
        crossValidation.summaries.flatMap {
          [($0.name, $0.mean), ($0.name + "_std", $0.deviation)]
        })
  }

  private typealias Field = (key: String, value: StrictJSON.Value)

  private static func numbers(_ values: [(name: String, value: Double)]) -> [Field] {
    values.filter(\.value.isFinite).map { ($0.name, .double($0.value)) }
  }
}
