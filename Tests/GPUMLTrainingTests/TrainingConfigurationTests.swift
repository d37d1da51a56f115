import GPUMLTraining
import Testing

@Suite struct TrainingConfigurationTests {
  @Test("the defaults are valid")
  func defaults() throws { try TrainingConfiguration().validate() }

  private static let invalid:
    [(key: String, change: @Sendable (inout TrainingConfiguration) -> Void)] = [
      ("epochs", { $0.epochs = 0 }),
      ("epochs", { $0.epochs = -1 }),
      ("epochs", { $0.epochs = .max }),
      ("lr", { $0.learningRate = 0 }),
      ("lr", { $0.learningRate = -0.1 }),
      ("lr", { $0.learningRate = .nan }),
      ("lr", { $0.learningRate = 1e300 }),
      ("lr", { $0.learningRate = 1e-300 }),
      ("batch-size", { $0.batchSize = 0 }),
      ("batch-size", { $0.batchSize = .min }),
      ("warmup-epochs", { $0.warmupEpochs = -1 }),
      ("warmup-epochs", { $0.warmupEpochs = 30 }),
      (
        "warmup-epochs",
        {
          $0.warmupEpochs = 2
          $0.schedule = .oneCycle
        }
      ),
      ("val-split", { $0.validationSplit = 1 }),
      ("val-split", { $0.validationSplit = .nan }),
      ("test-split", { $0.testSplit = -0.5 }),
      ("val-split", { $0.testSplit = 0.9 }),
      ("patience", { $0.patience = 0 }),
      ("time-limit", { $0.timeLimit = .zero }),
      ("accumulate", { $0.accumulation = 0 }),
      ("clip-norm", { $0.clipNorm = 0 }),
      ("clip-norm", { $0.clipNorm = .infinity }),
      ("clip-norm", { $0.clipNorm = 1e-300 }),
      ("ema", { $0.averageDecay = 1 }),
      ("ema", { $0.averageDecay = -0.1 }),
      ("label-smoothing", { $0.labelSmoothing = 1 }),
      ("label-smoothing", { $0.labelSmoothing = .nan }),
      ("class-weights", { $0.classWeights = .explicit([]) }),
      ("class-weights", { $0.classWeights = .explicit([0, 0]) }),
      ("class-weights", { $0.classWeights = .explicit([1, -1]) }),
      ("lr-schedule", { $0.schedule = .step(epochs: 0, factor: 0.5) }),
      ("lr-schedule", { $0.schedule = .step(epochs: 1, factor: 0) }),
    ]

  @Test("a value that cannot be is refused by its name", arguments: invalid.indices)
  func invalidValues(place: Int) throws {
    let (key, change) = Self.invalid[place]
    var configuration = TrainingConfiguration()
    change(&configuration)
    let error = #expect(throws: TrainingError.self) { try configuration.validate() }
    let line = String(describing: try #require(error))
    #expect(line.hasPrefix("\(key): ") && !line.contains("\n"))
    #expect(error?.exitCode == 78)
  }

  @Test("optimizers are found by name", arguments: Optimizers.names)
  func optimizers(name: String) throws {
    let optimizer = try Optimizers.named(name, settings: ["weight_decay": 0.25])
    #expect(optimizer.name == name)
    #expect(optimizer.settings.contains { $0.name == "weight_decay" && $0.value == 0.25 })
    #expect(Optimizers.named("adadelta") == nil)
  }
}
