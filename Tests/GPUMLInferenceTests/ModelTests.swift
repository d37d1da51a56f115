import GPUML
import GPUMLSystem
import TestSupport
import Testing

@Suite("Model")
struct ModelTests {
  @Test("a loaded model predicts what its training measured")
  func agreesWithTraining() async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    let data = try Dataset.digits()
    let evaluation = try await model.evaluate(data)
    #expect(evaluation.count == data.count)
    #expect(try #require(evaluation.accuracy) > 0.8)
    let predictions = try await model.predict(data)
    guard case .classes(let labels, let names) = data.labels else {
      Issue.record("the digits have no classes")
      return
    }
    let right = zip(predictions.labels, labels).count { $0 == names[Int($1)] }
    #expect(Double(right) / Double(data.count) == evaluation.accuracy)
    #expect(evaluation.confusion?.total == data.count)
  }

  @Test("a row of a batch is predicted like the row alone", arguments: [1, 7, 100])
  func rowsAreIndependent(batchSize: Int) async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    let data = try Dataset.digits().subset(Array(0..<23))
    let together = try await model.predict(data, batchSize: 23)
    let apart = try await model.predict(data, batchSize: batchSize)
    #expect(apart.count == together.count)
    for (left, right) in zip(apart.outputs, together.outputs) {
      #expect(abs(left - right) <= 1e-5)
    }
  }

  @Test("one example as numbers, its classes in order of probability")
  func oneExample() async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    guard case .uint8(let pixels) = try Dataset.digits().features else {
      Issue.record("the digits are no bytes")
      return
    }
    let prediction = try await model.predict(pixels.prefix(64).map { Float($0) })
    #expect(prediction.label == "0")
    let top = prediction.top(10)
    #expect(top.count == 10)
    #expect(top.map(\.probability) == top.map(\.probability).sorted(by: >))
    #expect(abs(top.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    #expect(prediction.value == nil)
    #expect(prediction.top(0).isEmpty)
  }

  @Test("a model saved and loaded gives the same bits")
  func roundTrip() async throws {
    let trained = try await TrainedDigits.shared.value
    try await TemporaryFolder.use { folder in
      let path = folder + "/model.safetensors"
      try trained.file.save(to: path)
      let context = try TrainedDigits.context()
      let data = try Dataset.digits().subset(Array(0..<50))
      let fromFile = try await Model.load(path, context: context).predict(data)
      let fromFolder = try await Model.load(folder, context: context).predict(data)
      let direct = try await Model(trained.file, context: context).predict(data)
      #expect(fromFile == direct)
      #expect(fromFolder == direct)
    }
  }

  @Test("a model of numbers predicts and is measured in the targets' unit")
  func regression() async throws {
    let count = 200
    let values = (0..<count).map { Float($0) / 100 - 1 }
    let data = try Dataset(
      features: .float32(values), featureShape: [1],
      labels: .targets(values.map { 1000 + 300 * $0 }), count: count)
    var configuration = TrainingConfiguration()
    configuration.epochs = 40
    configuration.learningRate = 0.05
    let context = try TrainedDigits.context()
    let result = try await Trainer(
      ModelPreset.linear.build(featureShape: [1], outputs: 1), context: context,
      configuration: configuration
    ).fit(train: data, scaling: TargetScaling(center: 1000, scale: 170))
    let model = try await Model(result.modelFile(), context: context)
    #expect(model.task == .regress)
    let evaluation = try await model.evaluate(data)
    #expect(try #require(evaluation.r2) > 0.9)
    #expect(evaluation.accuracy == nil)
    let prediction = try await model.predict([0.5])
    #expect(abs(try #require(prediction.value) - 1150) < 100)
    #expect(prediction.top(3).isEmpty)
  }

  @Test(
    "examples of another width name both widths",
    arguments: [[Float](), [1], [Float](repeating: 0, count: 65)])
  func wrongWidth(features: [Float]) async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    let error = await #expect(throws: InferenceError.self) {
      try await model.predict(features)
    }
    let text = "\(try #require(error))"
    #expect(text.contains("\(features.count)") && text.contains("64"))
  }

  @Test("labels that are missing, foreign or numbers are told")
  func wrongLabels() async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    let pixels = Dataset.Features.uint8([UInt8](repeating: 0, count: 64))
    let names = (0..<11).map(String.init)
    for labels in [Dataset.Labels.none, .targets([1]), .classes([10], names: names)] {
      let data = try Dataset(
        features: pixels, featureShape: [1, 8, 8], labels: labels, count: 1)
      await #expect(throws: InferenceError.self) { try await model.evaluate(data) }
    }
  }

  @Test("no examples are no predictions, and nothing to measure")
  func empty() async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    let none = try Dataset.digits().subset([])
    #expect(try await model.predict(none).count == 0)
    await #expect(throws: InferenceError.self) { try await model.evaluate(none) }
  }

  @Test("many tasks predict on one model at once")
  func concurrent() async throws {
    let trained = try await TrainedDigits.shared.value
    let model = try await Model(trained.file, context: try TrainedDigits.context())
    let data = try Dataset.digits().subset(Array(0..<16))
    let expected = try await model.predict(data)
    try await withThrowingTaskGroup(of: Predictions.self) { group in
      for _ in 0..<16 { group.addTask { try await model.predict(data) } }
      for try await predictions in group { #expect(predictions == expected) }
    }
  }
}
