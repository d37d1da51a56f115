import Foundation
import GPUML
import TestSupport
import Testing

@Suite("README")
struct ReadmeTests {
  @Test(
    "the samples of README are the code that these tests run",
    arguments: ["training", "loop", "computation"])
  func samplesAgree(name: String) throws {
    // Only the file lies elsewhere here, and what is printed.
    try DocumentedSample.check(
      name, in: "README.md", source: "\(#filePath)",
      replacements: [("\"digits.safetensors\"", "file")])
  }

  @Test("the sample of training and predicting runs")
  func training() async throws {
    try await TemporaryFolder.use { folder in
      let file = folder + "/digits.safetensors"
      try await ReadmeTests.train(file)
      #expect(FileManager.default.fileExists(atPath: file))
    }
  }

  @Test("the sample of a loop of one's own runs")
  func loop() async throws { try await ReadmeTests.ownLoop() }

  @Test("the sample of a computation runs")
  func computation() async throws { try await ReadmeTests.compute() }

  private static func compute() async throws {
    // sample: computation
    let x = try Tensor.input("x", shape: [.symbol("batch"), 3, 28])
    let scores = try Tensor.einsum("bij,bkj->bik", x, x).softmax(axis: -1)
    let slope = try gradients(of: scores.variance(), withRespectTo: [x])[0]
    let graph = try Graph(outputs: [.init("scores", scores), .init("slope", slope)])

    let device = try DeviceContext(device: Device.select(for: .training).device)
    let session = try Session(graph, store: VariableStore(device, variables: []))
    let ones = try HostTensor([Float](repeating: 1, count: 2 * 3 * 28), shape: [2, 3, 28])
    print(try await session.run(["x": ones])["scores"]?.shape ?? [])
    // end
    #expect(try await session.run(["x": ones])["scores"]?.shape == [2, 3, 3])
  }

  private static func train(_ file: String) async throws {
    // sample: training
    let data = try Dataset.load("digits")
    let model = try Sequential {
      try Flatten()
      try Linear(inputs: 64, outputs: 128)
      Activation.relu
      try Linear(inputs: 128, outputs: 10)
    }
    let trainer = try Trainer(model)
    let result = try await trainer.fit(data, epochs: 10) { print($0) }
    try result.save(to: file)

    let digits = try await Model.load(file)
    let predictions = try await digits.predict(data.train)
    for score in predictions[0].top(3) { print(score.label, score.probability) }
    // end
    #expect((result.best?.validation?.accuracy ?? 0) > 0.9)
  }

  private static func ownLoop() async throws {
    // sample: loop
    let data = try Dataset.load("digits")
    let source = try PreparedDataset(data.train, data.preprocessing())
    let model = try ModelPreset.mlp.build(for: data)
    let step = try TrainStep(
      model, loss: .crossEntropy, optimizer: .adam(), featureShape: source.featureShape)

    let context = try DeviceContext(device: Device.select(for: .training).device)
    let store = try VariableStore(context, variables: step.variables, seed: 1)
    try store.setLearningRate(0.002)
    let session = try Session(step.training, store: store)
    for epoch in 0..<3 {
      let batches = try BatchLoader(source, batchSize: 64, shuffledBy: (seed: 1, epoch: epoch))
      for try await batch in batches {
        let outputs = try await session.run(step.inputs(batch))
        print(epoch, try outputs["loss"]?.values(as: Float.self) ?? [])
      }
    }
    print(try await Evaluator(step, store: store).evaluate(source).accuracy ?? 0)
    // end
    #expect(try await Evaluator(step, store: store).evaluate(source).accuracy ?? 0 > 0.8)
  }
}
