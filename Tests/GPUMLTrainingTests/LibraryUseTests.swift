import GPUMLData
import GPUMLDevice
import GPUMLGraph
import GPUMLNN
import GPUMLRuntime
import GPUMLTraining
import Testing

/// What a user of the library writes who keeps the loop.
@Suite struct LibraryUseTests {
  @Test("a loop of one's own needs a step, a store and a session")
  func ownLoop() async throws {
    let step = try TrainStep(
      Linear(inputs: 2, outputs: 2), loss: .crossEntropy, optimizer: .sgd(momentum: 0.9),
      featureShape: [2])
    let context = try DeviceContext(device: Device.select(for: .training).device)
    let store = try VariableStore(context, variables: step.variables, seed: 1)
    let session = try Session(step.training, store: store)
    try store.setLearningRate(0.3)
    for epoch in 0..<10 {
      let batches = try BatchLoader(
        Points(count: 64), batchSize: 32, shuffledBy: (seed: 1, epoch: epoch))
      for try await batch in batches { _ = try await session.run(step.inputs(batch)) }
    }
    let measured = try await Evaluator(step, store: store).evaluate(Points(count: 64, seed: 2))
    #expect(try #require(measured.accuracy) > 0.9)
  }
}
