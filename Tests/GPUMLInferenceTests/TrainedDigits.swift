import GPUML

/// A model that several tests use, trained once.
struct TrainedDigits: Sendable {
  let file: ModelFile

  /// Two epochs are enough to be right most of the time.
  static let shared = Task {
    let data = try Dataset.load("digits")
    let model = try ModelPreset(parsing: "mlp:32").build(for: data)
    var configuration = TrainingConfiguration()
    configuration.epochs = 4
    configuration.learningRate = 0.01
    let trainer = Trainer(model, context: try context(), configuration: configuration)
    return TrainedDigits(file: try await trainer.fit(data).modelFile())
  }

  static func context() throws -> DeviceContext {
    try DeviceContext(device: Device.select(for: .inference).device)
  }
}
